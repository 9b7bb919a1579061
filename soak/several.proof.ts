/**
 * Several sessions at once in the real app, each with a Claude, a desktop and a program of its own, under a policy that asks
 * now and then. Whatever is written into one program, seen on one desktop or decided for one session must never turn up in
 * another, both records must prove whole, and a card must be painted soon after its proposal, however many run beside it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { openStore } from "../electron/journal/store.ts";
import { verifySession } from "../electron/journal/verify.ts";
import { call, type Part, text, thinking, turn } from "../electron/practice/script.ts";
import { PRACTICE_API_KEY, type PracticeServer, startPracticeServer } from "../electron/practice/server.ts";
import type { Policy } from "../shared/policy/format.ts";
import type { StoredEvent } from "../shared/session-event.ts";
import { type DebuggedApp, startDebuggedApp, startInMousepad } from "./debugged-app.ts";
import type { Proof } from "./proof.ts";

const WHOLE = 200;

export const PROOFS: readonly Proof[] = [
  { name: "several sessions at once: no cross-talk, and a card in time", whole: WHOLE, sample: 10, run: several },
];

/** ms from a proposal to its painted card; a sample beside other work, and four sessions, are held to four times that. */
const PAINTED = 100;
/** ms for which the hands have to be still before the gate moves by itself (renderer/store/mover.ts). */
const STILL = 1000;
/** No step takes so long, ms. */
const STUCK = 60_000;

const POLICY: Policy = {
  version: 1,
  name: "Several",
  rules: [
    { id: "look", effect: "allow", actions: ["screenshot", "zoom", "cursor_position", "wait"] },
    { id: "work", effect: "allow", actions: ["left_click", "type", "key"], app: ["mousepad"] },
  ],
};

/** Five steps that write one word into the session's own file; the last is asked for, as no rule is about it. */
const CYCLE: readonly ((word: string, n: number) => Part)[] = [
  () => call("left_click", { coordinate: [640, 400] }),
  () => call("key", { text: "ctrl+End" }),
  (word) => call("type", { text: `${word} ` }),
  () => call("key", { text: "ctrl+s" }),
  (_word, n) => call("mouse_move", { coordinate: [500 + (n % 200), 380] }),
];

type One = {
  readonly name: string;
  readonly file: string;
  readonly server: PracticeServer;
  readonly asked: () => number;
  session: string;
};

/** Two sessions of `count` steps each; run whole, four of a quarter as many as well. */
async function several(count: number): Promise<string> {
  const two = await together(2, count);
  return count < WHOLE ? two : `${two}; ${await together(4, Math.floor(count / 4))}`;
}

async function together(sessions: number, count: number): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "countersign-several-"));
  const desktop = await startTestDesktop();
  const all: One[] = [];
  let app: DebuggedApp | null = null;
  try {
    for (let i = 0; i < sessions; i += 1) all.push(await oneOf(String.fromCharCode(65 + i), dir, count));
    const [first] = all;
    const env = { ...desktop.env, ANTHROPIC_API_KEY: PRACTICE_API_KEY, ANTHROPIC_BASE_URL: first?.server.url };
    app = await startDebuggedApp(join(dir, "data"), env);
    await noteCards(app);
    const began = performance.now();
    for (const one of all) one.session = await start(app, one);
    await operate(app, all);
    const seconds = (performance.now() - began) / 1000;
    const painted = await cardTimes(app, all);
    await app.close();
    app = null;
    const records = await recordsOf(join(dir, "data"), all, count);
    const cards = paintedWords(painted, count < WHOLE ? PAINTED * 4 : PAINTED);
    const pace = `${((seconds * 1000) / (count * sessions)).toFixed(0)} ms a step`;
    return `${sessions} sessions of ${count} steps, ${pace}, load ${loadavg()[0]?.toFixed(1)}: ${records}; ${cards}`;
  } finally {
    await app?.close();
    for (const { server } of all) await server.close();
    await desktop.close();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A Claude of its own for one session, and a file that only this session is to write. */
async function oneOf(name: string, dir: string, count: number): Promise<One> {
  let asked = 0;
  const server = await startPracticeServer({
    keepsBodies: false,
    script: () => {
      const part = CYCLE[asked % CYCLE.length]?.(`${name}${Math.floor(asked / CYCLE.length)}`, asked);
      asked += 1;
      if (asked > count || part === undefined) return turn(text(`That was all of ${name}.`));
      return turn(thinking(`${name}, step ${asked}.`), part);
    },
  });
  const file = join(dir, `of-${name}.txt`);
  writeFileSync(file, "");
  return { name, file, server, asked: () => asked, session: "" };
}

/** Starts a session from the window, with the key and the address of its own Claude. */
async function start(app: DebuggedApp, one: One): Promise<string> {
  const { name, file, server } = one;
  type Answer = { readonly ok: boolean; readonly error?: string };
  const key = JSON.stringify([PRACTICE_API_KEY, { baseUrl: server.url, name }]);
  const added = await app.page.value<Answer>(`window.countersign.setKey(...${key})`);
  if (!added.ok) throw new Error(`the key of ${name} was not taken: ${added.error}`);
  return await startInMousepad(app, { task: taskOf(one), file, policy: POLICY });
}

function taskOf({ name }: One): string {
  return `Session ${name}`;
}

/** What the page noted: when each proposal that asks was told and its card painted, and when a decision was told. */
type Notes = {
  /** By session; the times in order, and which session was in the gate then. */
  readonly proposed: Record<string, { readonly at: number; readonly shown: string }[]>;
  readonly painted: { readonly at: number; readonly task: string }[];
  readonly decided: { readonly at: number; readonly session: string }[];
  readonly pressed: number[];
};

/** Notes in the page when things happen there; a card counts as painted when its arming begins, after its pictures and two frames. */
async function noteCards({ page }: DebuggedApp): Promise<void> {
  await page.value(`(() => {
    const notes = { proposed: {}, painted: [], decided: [], pressed: [] };
    globalThis.notes = notes;
    const now = () => performance.timeOrigin + performance.now();
    const shown = () => document.querySelector(".top-task-text")?.textContent ?? "";
    window.countersign.onEvents(({ session, events }) => {
      for (const { type, ts, body } of events) {
        if (type === "policy.evaluated" && body.at === "proposed" && body.verdict.effect === "ask")
          (notes.proposed[session] ??= []).push({ at: Date.parse(ts), shown: shown() });
        if (type === "decision.made" && body.by.kind === "operator") notes.decided.push({ at: now(), session });
      }
    });
    window.addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && notes.pressed.push(now()), true);
    let card = null;
    new MutationObserver(() => {
      const arming = document.querySelector('.approve[data-arming="true"]');
      if (arming !== null && arming !== card) notes.painted.push({ at: now(), task: shown() });
      if (arming !== null) card = arming;
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-arming"] });
    return true;
  })()`);
}

/** Approves every card by its key, whichever session it is of, and finishes each that has answered, until none is open. */
async function operate(app: DebuggedApp, all: readonly One[]): Promise<void> {
  const { page } = app;
  let before = "";
  let moved = Date.now();
  for (;;) {
    const asked = all.map((one) => one.asked());
    const state = await page.value<{ readonly ready: boolean; readonly open: number }>(`(async () => {
      [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Finish")?.click();
      const ready = document.querySelector('.approve[aria-disabled="false"]') !== null;
      return { ready, open: (await window.countersign.info()).open.length };
    })()`);
    if (state.open === 0) return;
    if (state.ready) {
      for (const type of ["rawKeyDown", "keyUp"])
        await page.send("Input.dispatchKeyEvent", {
          type,
          modifiers: 2,
          key: "Enter",
          code: "Enter",
          windowsVirtualKeyCode: 13,
        });
    }
    const now = `${asked} ${state.ready}`;
    if (now !== before) moved = Date.now();
    before = now;
    if (Date.now() - moved > STUCK) {
      const seen = await page.value<string>("document.body.innerText.replace(/\\s+/g, ' ').slice(0, 600)");
      throw new Error(`stuck after ${asked.join(" and ")} steps: ${seen}`);
    }
    await sleep(40);
  }
}

/** ms from when a card could be shown to its paint: its proposal, the decision before it, or the hands being still. */
async function cardTimes({ page }: DebuggedApp, all: readonly One[]): Promise<readonly number[]> {
  const { proposed, painted, decided, pressed } = await page.value<Notes>("globalThis.notes");
  const next = new Map<string, number>();
  const idOf = new Map(all.map((one) => [taskOf(one), one.session]));
  return painted.flatMap(({ at, task }) => {
    const session = idOf.get(task) ?? "";
    const own = proposed[session] ?? [];
    const i = next.get(session) ?? 0;
    const proposal = own[i];
    if (proposal === undefined || proposal.at > at) return [];
    next.set(session, i + 1);
    if (proposal.shown === task) return [at - proposal.at];
    const decision = decided.filter((each) => each.at < at && each.at > proposal.at).at(-1)?.at ?? null;
    const touch = pressed.filter((each) => each < at).at(-1) ?? 0;
    return [at - (decision ?? Math.max(proposal.at, touch + STILL))];
  });
}

function paintedWords(times: readonly number[], most: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  const share = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  const words = `${times.length} cards painted after ${share(0.5).toFixed(0)} ms (p50), ${share(0.95).toFixed(0)} (p95), ${share(1).toFixed(0)} at most`;
  // Of a few cards the 95th in a hundred is the slowest, which tells of the machine: the sample judges the middle one.
  const judged = times.length < 20 ? share(0.5) : share(0.95);
  if (!(judged < most)) throw new Error(`cards come late: ${words}`);
  return words;
}

/** Proves every record whole, and that nothing of one session is in another. */
async function recordsOf(dir: string, all: readonly One[], count: number): Promise<string> {
  const store = openStore(dir, { readOnly: true });
  const of = new Map<One, readonly StoredEvent[]>();
  let events = 0;
  let blobs = 0;
  try {
    for (const one of all) {
      const verified = await verifySession(dir, one.session);
      if (!verified.ok) throw new Error(`the record of ${one.name} is damaged: ${verified.problem}`);
      events += verified.events;
      blobs += verified.blobs;
      of.set(one, store.events(one.session));
    }
  } finally {
    store.close();
  }
  const pictures = new Map<string, string>();
  for (const [one, recorded] of of) {
    crossTalk(one, recorded, all, count);
    for (const picture of picturesIn(recorded)) {
      const other = pictures.get(picture);
      if (other !== undefined && other !== one.name)
        throw new Error(`a picture of ${other} is in the record of ${one.name}`);
      pictures.set(picture, one.name);
    }
    const words = Array.from({ length: Math.floor(count / CYCLE.length) }, (_, n) => `${one.name}${n} `).join("");
    const written = readFileSync(one.file, "utf8");
    if (written !== words) throw new Error(`the file of ${one.name} has ${JSON.stringify(written)}`);
    const refused = one.server.requests.filter(({ status }) => status !== 200);
    if (refused.length > 0)
      throw new Error(`${one.name}: ${refused.length} requests were refused: ${refused[0]?.error}`);
  }
  return `${events} events verified with ${blobs} pictures, no cross-talk, every file as it should be`;
}

/** Throws when the record of one session has steps, windows, texts or decisions that are not its own. */
function crossTalk(one: One, events: readonly StoredEvent[], all: readonly One[], count: number): void {
  const others = all.filter((each) => each !== one);
  let ends = 0;
  let asked = 0;
  for (const event of events) {
    if (event.session !== one.session) throw new Error(`${one.name} has an event of session ${event.session}`);
    const words = JSON.stringify(event.body);
    const foreign = others.find(({ file, name }) => words.includes(file) || words.includes(`${name}, step `));
    if (foreign !== undefined)
      throw new Error(`${one.name}, event ${event.seq} (${event.type}) has words of ${foreign.name}`);
    if (event.type === "action.finished") {
      ends += 1;
      if (event.body.outcome !== "done")
        throw new Error(`${one.name}, step ${event.body.proposal}: ${event.body.text}`);
    }
    if (event.type === "decision.made" && event.body.by.kind === "operator") asked += 1;
    // Main may count the arming delay a moment longer than the page, and says so; nothing else is to be refused.
    if (event.type === "decision.refused" && event.body.reason !== "not_armed")
      throw new Error(`${one.name}: a decision was refused: ${event.body.reason}`);
  }
  if (ends !== count) throw new Error(`${one.name} has ${ends} of ${count} steps on record`);
  const expected = Math.floor(count / CYCLE.length);
  if (asked !== expected) throw new Error(`${one.name}: ${asked} steps of ${expected} were decided by the operator`);
}

/** The names of all pictures in a record. */
function picturesIn(events: readonly StoredEvent[]): ReadonlySet<string> {
  return new Set([...JSON.stringify(events).matchAll(/"sha256":"([0-9a-f]{64})"/g)].map(([, hash]) => hash ?? ""));
}
