/** The real app for the shield's proof: started on a desktop of the proof's own, decided through its window's own verbs. */

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Transformer } from "@napi-rs/image";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import type { Script } from "../electron/practice/script.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "../electron/practice/server.ts";
import { digestInputOf, digestText } from "../shared/digest.ts";
import type { CountersignApi } from "../shared/ipc.ts";
import type { EventBodies, EventType, StoredEvent } from "../shared/session-event.ts";
import { currentStep, foldSession, type Returned, type SessionView } from "../shared/session-view.ts";

declare global {
  interface Window {
    readonly countersign: CountersignApi;
    /** Input that the page was given. */
    shieldProof?: string[];
  }
}

const ROOT = join(import.meta.dirname, "..");
const INPUT = [
  "pointerdown",
  "pointerup",
  "click",
  "auxclick",
  "contextmenu",
  "wheel",
  "keydown",
  "keyup",
  "beforeinput",
];

export type ShieldApp = {
  readonly page: Page;
  readonly electron: ElectronApplication;
  /** The session as its events say. */
  readonly view: () => Promise<SessionView>;
  /** Waits until the session is in one of these phases. */
  readonly until: (...kinds: readonly string[]) => Promise<SessionView>;
  /** Approves what waits, by the digest of what is shown of it; tries until the card is armed. Returns how often it was refused. */
  readonly approve: () => Promise<number>;
  /** Waits until what is at the gate has come back for the n-th time (from 1), and says why. */
  readonly returned: (n: number) => Promise<Returned>;
  /** The bodies of all events of a type, in order. */
  readonly events: <T extends EventType>(type: T) => Promise<readonly EventBodies[T][]>;
  /** Input events the window's page got since the last call. */
  readonly inputs: () => Promise<readonly string[]>;
  /** The px of a stored picture, three bytes each. */
  readonly pixels: (sha256: string) => Promise<Uint8Array>;
  /** The types of all events so far. */
  readonly types: () => Promise<readonly string[]>;
  readonly settingsFile: string;
  readonly close: () => Promise<void>;
};

/** Starts the app with a session under way. */
export async function startShieldApp(
  env: NodeJS.ProcessEnv,
  script: Script,
  flags: readonly string[],
  settings: object,
): Promise<ShieldApp> {
  const dir = mkdtempSync(join(tmpdir(), "countersign-shield-"));
  writeFileSync(join(dir, "settings.json"), JSON.stringify({ version: 1, ...settings }));
  const server = await startPracticeServer({ script });
  const { ELECTRON_RUN_AS_NODE: _node, ...rest } = env;
  const given = Object.fromEntries(
    Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const electron = await _electron.launch({
    executablePath: process.env.COUNTERSIGN_ELECTRON ?? "",
    args: [ROOT, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), `--user-data-dir=${dir}`, ...flags],
    env: { ...given, ANTHROPIC_API_KEY: PRACTICE_API_KEY, ANTHROPIC_BASE_URL: server.url },
  });
  const page = await electron.firstWindow();
  await page.evaluate((names) => {
    window.shieldProof = [];
    for (const name of names)
      document.addEventListener(name, (event) => void (event.isTrusted && window.shieldProof?.push(name)), true);
  }, INPUT);
  let events: StoredEvent[] = [];
  const view = async () => {
    const fresh = await page.evaluate(async (after) => {
      const { current } = await window.countersign.info();
      return current === null ? null : { current, events: await window.countersign.events(current, after) };
    }, events.length);
    if (fresh === null) throw new Error("no session has started");
    events = [...events, ...fresh.events];
    return foldSession(fresh.current, events);
  };
  const until = async (...kinds: readonly string[]) => {
    for (const end = Date.now() + 60_000; ; ) {
      const now = await view().catch(() => null);
      if (now !== null && kinds.includes(now.phase.kind) && waits(now)) return now;
      if (now?.phase.kind === "ended") throw new Error(`the session ended: ${JSON.stringify(now.phase)}`);
      if (Date.now() > end) throw new Error(`waited for ${kinds.join(" or ")}, it is ${JSON.stringify(now?.phase)}`);
      await sleep(30);
    }
  };
  const approve = async () => {
    const now = await until("deciding");
    const proposal = currentStep(now)?.proposal;
    if (proposal === undefined || proposal === null) throw new Error("nothing waits");
    const digest = createHash("sha256")
      .update(digestText(digestInputOf(now.id, proposal)))
      .digest("hex");
    const request = { session: now.id, proposal: proposal.id, rev: proposal.rev, digest };
    for (let refused = 0, end = Date.now() + 20_000; ; refused += 1) {
      const answer = await page.evaluate(async ({ session, proposal, rev, digest }) => {
        // Something risky wants a press before.
        await window.countersign.pressed(session, proposal, rev, digest);
        const [given, decision] = ["confirmed", { kind: "approve" }] as const;
        return await window.countersign.decide({ session, proposal, rev, digest, decision, given });
      }, request);
      if (answer.ok) return refused;
      if (Date.now() > end) throw new Error(`the approval is refused: ${answer.error}`);
      await sleep(40);
    }
  };
  const returned = async (n: number) => {
    for (const end = Date.now() + 20_000; ; ) {
      const found = (await view()).steps.at(-1)?.returned[n - 1];
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`nothing came back for the ${n}. time`);
      await sleep(30);
    }
  };
  return {
    page,
    electron,
    returned,
    events: async (type) => {
      await view();
      return events.filter((event) => event.type === type).map(({ body }) => body as EventBodies[typeof type]);
    },
    view,
    until,
    approve,
    types: async () => {
      await view();
      return events.map(({ type }) => type);
    },
    settingsFile: join(dir, "settings.json"),
    inputs: () => page.evaluate(() => window.shieldProof?.splice(0) ?? []),
    pixels: async (hash) =>
      new Uint8Array(
        await new Transformer(await readFile(join(dir, "blobs", hash.slice(0, 2), `${hash}.png`))).rawPixels(),
      ),
    close: async () => {
      const child = electron.process();
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await gone;
      }
      await server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Whether what is at the gate waits for somebody: what a rule lets through is there for a moment, too. */
function waits(view: SessionView): boolean {
  return view.phase.kind !== "deciding" || currentStep(view)?.verdict?.effect === "ask";
}
