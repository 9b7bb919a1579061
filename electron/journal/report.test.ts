import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodePng } from "../computer/png.ts";
import { writeReport } from "./report.ts";
import {
  approvedEvents,
  finishedEvent,
  proposedEvent,
  recordSample,
  rejectedEvents,
  SESSION,
  samplePicture,
  startedEvent,
  tickingClock,
  turnEvents,
} from "./sample-session.ts";
import { sha256Hex } from "./sha256.ts";
import { type JournalStore, openStore } from "./store.ts";

const EVIL = "20261121-evil0001";
/** What would run, load or break out if it were not escaped. */
const INJECTION =
  '</style></title><script>alert(1)</script><img src=x onerror="alert(2)"><svg/onload=alert(3)>\'"`]]>--><a href="javascript:alert(4)">\u202e\u0000';

let dir = "";
let store: JournalStore;
let report = "";

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "report-"));
  store = openStore(dir, { now: tickingClock(Date.UTC(2026, 10, 23)) });
  await recordSample(store.createSession(SESSION, tickingClock()), { turns: 3, end: true });
  const journal = store.createSession(EVIL, tickingClock());
  journal.append([startedEvent(INJECTION)]);
  const png = await encodePng(new Uint32Array(64 * 48).fill(0x3050a0), { w: 64, h: 48 });
  const ref = { sha256: sha256Hex(png), w: 64, h: 48 };
  await journal.putImage(png, ref);
  const action = { action: "type", text: INJECTION } as const;
  journal.append(turnEvents(1, ref, action, { action: "left_click", coordinate: [10, 20] }));
  journal.append([proposedEvent(1, ref, action)]);
  journal.append(approvedEvents(1, action, { by: { kind: "policy", rule: INJECTION } }));
  journal.append([finishedEvent(1, "done", ref)]);
  journal.append([proposedEvent(1, ref, { action: "left_click", coordinate: [10, 20] }, 1)]);
  journal.append(rejectedEvents(1, INJECTION, 1));
  journal.append([{ type: "session.ended", body: { reason: "error", detail: INJECTION } }]);
  store.addReview({ type: "note.added", body: { session: EVIL, step: "1.0", text: INJECTION } });
  store.addReview({ type: "step.flagged", body: { session: EVIL, step: "1.0", on: true } });
  report = await reported(EVIL, null);
});
afterAll(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function reported(session: string, steps: readonly string[] | null): Promise<string> {
  const path = join(dir, "report.html");
  await writeReport(store, dir, session, path, { steps, now: Date.UTC(2026, 10, 24) });
  return readFileSync(path, "utf8");
}

it("lets nothing recorded out of its text: no element, no attribute, no address of its own", () => {
  const tags = new Set([...report.matchAll(/<\/?([a-zA-Z!][\w-]*)/g)].map(([, tag]) => tag?.toLowerCase()));
  const ours =
    "!doctype html head meta title style body main p h1 table tr th td section h2 h3 article blockquote div figure figcaption svg image use g circle path code br a span";
  expect([...tags].filter((tag) => !ours.split(" ").includes(tag ?? ""))).toEqual([]);
  expect(report).not.toMatch(/<[^>]*\son\w+=/i);
  expect(report).not.toMatch(/(href|src)="(?!#|data:image\/png;base64,)/);
  expect(report.match(/<style>/g)).toHaveLength(1);
  expect(report).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  for (const hidden of ["\u202e", "\u0000"]) expect(report).not.toContain(hidden);
});

it("forbids the browser all but its own style and pictures inside", () => {
  expect(report).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'">/,
  );
  const style = /<style>([\s\S]*?)<\/style>/.exec(report)?.[1] ?? "";
  expect(report).toContain(`'sha256-${Buffer.from(sha256Hex(style), "hex").toString("base64")}'`);
});

it("prints the head, what was decided and why, notes and flags", async () => {
  const whole = await reported(SESSION, null);
  expect(whole).toContain(store.events(SESSION).at(-1)?.hash ?? "none");
  expect(whole).toContain("The record is whole");
  expect(whole).toContain("Rejected by the operator, after 0.9 s, reason: not that one");
  expect(report).toContain('<a href="#step-1.0">1.0</a>');
  expect(report).toContain('class="flag"');
  expect(report.match(/data:image\/png/g)).toHaveLength(1);
});

it("shows what Claude saw with the point at every step, each picture's bytes once", async () => {
  const whole = await reported(SESSION, null);
  const steps = whole.split("<article ").slice(1);
  expect(steps.every((step) => step.includes('aria-label="What Claude saw"'))).toBe(true);
  const bytes = [...whole.matchAll(/<image id="(picture-[0-9a-f]{64})"/g)].map(([, id]) => id);
  expect(new Set(bytes).size).toBe(bytes.length);
  const uses = [...whole.matchAll(/<use href="#(picture-[0-9a-f]{64})"/g)].map(([, id]) => id);
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((id) => !bytes.includes(id))).toEqual([]);
});

it("reports chosen steps only, and a damaged record as damaged", async () => {
  const some = await reported(SESSION, ["2.0"]);
  expect(some).toContain('id="step-2.0"');
  expect(some).not.toContain('id="step-1.0"');
  expect(some).toMatch(/A part of the session.*\n.*This report has 1 of \d steps/);
  await expect(reported(SESSION, ["9.9"])).rejects.toThrow(/no step 9\.9/);
  rmSync(store.imagePath(samplePicture(2).ref.sha256));
  const damaged = await reported(SESSION, null);
  expect(damaged).toContain("The record is damaged");
});
