import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { SESSION, tickingClock } from "./sample-session.ts";
import { openStore } from "./store.ts";
import { verifySession } from "./verify.ts";

const url = (file: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, file)).href);

/** Appends for ever: approvals in pairs, with a new picture each. Says how many events are on disk after each append. */
const WRITER = `
import { openStore } from ${url("store.ts")};
import { SESSION, approvedEvents, finishedEvent, samplePicture, startedEvent, turnEvents } from ${url("sample-session.ts")};
const journal = openStore(process.argv[1]).createSession(SESSION, Date.now);
const say = (events) => process.stdout.write(events.at(-1).seq + "\\n");
say(journal.append([startedEvent()]));
const action = { action: "type", text: "x".repeat(500) };
for (let turn = 1; ; turn += 1) {
  const { bytes, ref } = samplePicture(turn, 20_000);
  await journal.putImage(bytes, ref);
  say(journal.append(turnEvents(turn, ref, action)));
  say(journal.append(approvedEvents(turn, action)));
  say(journal.append([finishedEvent(turn, "done", ref)]));
}`;

it("loses nothing it said was on disk when its process is killed in the middle", { timeout: 60_000 }, async () => {
  for (const enough of [5, 60, 170]) {
    const dir = mkdtempSync(join(tmpdir(), "crash-"));
    try {
      const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, dir], {
        env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      let errors = "";
      child.stderr.on("data", (chunk) => {
        errors += String(chunk);
      });
      const last = () => Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1));
      child.stdout.on("data", (chunk) => {
        said += String(chunk);
        if (last() >= enough) child.kill("SIGKILL");
      });
      const [code, signal] = await once(child, "close");
      expect([code, signal], errors).toEqual([null, "SIGKILL"]);

      const store = openStore(dir);
      const [left] = store.openSessions();
      expect(left).toMatchObject({ id: SESSION, outcome: "open" });
      const result = await verifySession(dir, SESSION);
      expect(result).toMatchObject({ ok: true });
      const events = store.events(SESSION);
      expect(events.length).toBeGreaterThanOrEqual(last());
      // A commit is whole or not there: never a decision without the start of its action.
      expect(events.at(-1)?.type).not.toBe("decision.made");
      const journal = store.reopenSession(SESSION, tickingClock());
      journal.append([{ type: "session.ended", body: { reason: "interrupted", detail: null } }]);
      expect(await verifySession(dir, SESSION)).toMatchObject({ ok: true, events: events.length + 1 });
      store.close();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
});
