/**
 * A process with a running session in it is killed (SIGKILL) at a random moment of a phase; then the record has to be
 * whole, every decision that was told has to be in it, everything that reached the desktop has to have its approval on
 * disk before it and have reached it once, and the session goes on from there or is closed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openStore } from "../electron/journal/store.ts";
import { verifySession } from "../electron/journal/verify.ts";
import { call, type Script, thinking, turn, withSettings } from "../electron/practice/script.ts";
import { startPracticeServer } from "../electron/practice/server.ts";
import { closeInterrupted, settleInterrupted } from "../electron/session/resume.ts";
import { canonicalJson } from "../shared/jcs.ts";
import type { StoredEvent } from "../shared/session-event.ts";
import { foldSession } from "../shared/session-view.ts";
import { type Proof, randomBelow } from "./proof.ts";

const MOMENTS = ["streaming", "deciding", "prechecking", "executing", "writing"] as const;
/** A session is closed after this many kills, and a new one begun. */
const LIVES = 4;
/** A phase is met this soon, or the process has failed, ms. */
const PATIENCE = 60_000;

/** Turn after turn of three actions, for as long as it is asked. */
export const ENDLESS: Script = (_request, n) =>
  withSettings(
    { pace: 2 },
    turn(
      thinking(`Round ${n}: the field is there, so I click into it and type what belongs there.`),
      call("left_click", { coordinate: [10 + (n % 600), 20] }),
      call("type", { text: `round ${n}: Grüße 😀` }),
      call("screenshot"),
    ),
  );

export const PROOFS: readonly Proof[] = [
  { name: "a session killed at any moment", whole: 200, sample: 5, run: (count, seed) => kills(count, seed, 0) },
  {
    name: "a session killed at any moment, with commits of 30 ms",
    whole: 100,
    sample: 3,
    run: (count, seed) => kills(count, seed, 30),
  },
];

async function kills(count: number, seed: number, commitMs: number): Promise<string> {
  const below = randomBelow(seed);
  const dir = mkdtempSync(join(tmpdir(), "countersign-crash-"));
  const server = await startPracticeServer({ script: ENDLESS });
  const found = { kills: new Map<string, number>(), inputs: 0, interrupted: 0, goneOn: 0, sessions: 0 };
  try {
    let lives = 0;
    for (let i = 0; i < count; i += 1) {
      const fresh = lives === 0;
      if (fresh) found.sessions += 1;
      const id = `20261121-crash${String(found.sessions).padStart(3, "0")}`;
      const moment = MOMENTS[i % MOMENTS.length] ?? "executing";
      const said = await killed(
        { dir, url: server.url, seed: seed + i, commitMs, id, fresh },
        moment,
        1 + below(6),
        below(commitMs + 8),
      );
      found.kills.set(moment, (found.kills.get(moment) ?? 0) + 1);
      const words = `kill ${i} while ${moment} of ${id}`;
      const bad = said.find((line) => line.startsWith("bad "));
      if (bad !== undefined) throw new Error(`${words}: ${bad.slice(4)}`);
      lives = (lives + 1) % LIVES;
      const left = await settled(dir, id, said, lives === 0, words);
      found.interrupted += left.interrupted;
      if (!fresh) found.goneOn += 1;
    }
    found.inputs = worldOf(dir).length;
    const refused = server.requests.filter(({ status }) => status >= 400);
    if (refused.length > 0) throw new Error(`the API refused a history: ${refused[0]?.error}`);
  } finally {
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
  const phases = [...found.kills].map(([moment, n]) => `${n} ${moment}`).join(", ");
  return `${count} kills (${phases}), ${found.sessions} sessions gone on with ${found.goneOn} times, ${found.inputs} inputs, ${found.interrupted} actions marked interrupted: nothing lost, nothing twice`;
}

type Life = {
  readonly dir: string;
  readonly url: string;
  readonly seed: number;
  readonly commitMs: number;
  readonly id: string;
  readonly fresh: boolean;
};

/** Runs the session until the `nth` time it comes to `moment`, then kills it after `ms`; what it had said by then. */
async function killed(
  { dir, url, seed, commitMs, id, fresh }: Life,
  moment: string,
  nth: number,
  ms: number,
): Promise<readonly string[]> {
  const entry = join(import.meta.dirname, "crash-child.ts");
  const args = ["--no-warnings", entry, dir, url, String(seed), String(commitMs), id, fresh ? "new" : "on"];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += String(chunk);
  });
  const closed = once(child, "close");
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  let left = nth;
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    if (line !== moment) return;
    left -= 1;
    if (left === 0) setTimeout(() => kill(child), ms);
  });
  const [code, signal] = await closed;
  clearTimeout(late);
  if (signal !== "SIGKILL" || left > 0)
    throw new Error(
      `the session ended by itself (${code ?? signal}), ${lines.slice(-3).join("; ")} ${errors.slice(0, 400)}`,
    );
  return lines;
}

function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
}

export type Input = { readonly session: string; readonly proposal: string; readonly action: unknown };

function worldOf(dir: string): readonly Input[] {
  return inputsIn(join(dir, "world"));
}

/** The inputs that a desktop of crash-child.ts wrote down. */
export function inputsIn(file: string): readonly Input[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Input);
}

/** What the next start of the app finds, and does. Throws an Error for anything that must not be. */
async function settled(
  dir: string,
  id: string,
  said: readonly string[],
  close: boolean,
  words: string,
): Promise<{ readonly interrupted: number }> {
  const wrong = (what: string) => new Error(`${words}: ${what}`);
  const store = openStore(dir);
  try {
    const before = await verifySession(dir, id).catch((error: unknown) => ({
      ok: false as const,
      problem: String(error),
    }));
    if (!before.ok) throw wrong(before.problem);
    const events = store.events(id);
    for (const line of said) {
      const [kind, seq, hash] = line.split(" ");
      if (kind === "said" && events[Number(seq) - 1]?.hash !== hash)
        throw wrong(`event ${seq} was told and is not there`);
    }
    checkInputs(
      worldOf(dir).filter(({ session }) => session === id),
      events,
      wrong,
    );
    if (store.row(id)?.outcome !== "open") throw wrong("is not offered to be gone on with or closed");
    settleInterrupted(store.reopenSession(id, Date.now), events);
    if (close) closeInterrupted(store.reopenSession(id, Date.now));
    const after = await verifySession(dir, id);
    if (!after.ok) throw wrong(`settling it damaged it: ${after.problem}`);
    const view = foldSession(id, store.events(id));
    const unanswered = view.steps.filter(({ result }) => result === null);
    if (unanswered.length > 0) throw wrong(`${unanswered.length} calls have no result on record`);
    return { interrupted: store.eventsOf(id, ["action.interrupted"]).filter(({ seq }) => seq > events.length).length };
  } finally {
    store.close();
  }
}

/** Each input that reached the desktop: its decision and its start on disk before it, the same action, once. */
export function checkInputs(
  inputs: readonly Input[],
  events: readonly StoredEvent[],
  wrong: (what: string) => Error,
): void {
  const seen = new Set<string>();
  for (const { proposal, action } of inputs) {
    if (seen.has(proposal)) throw wrong(`${proposal} reached the desktop twice`);
    seen.add(proposal);
    const started = events.find((event) => event.type === "action.started" && event.body.proposal === proposal);
    if (started?.type !== "action.started") throw wrong(`${proposal} reached the desktop without its action.started`);
    if (canonicalJson(started.body.action) !== canonicalJson(action))
      throw wrong(`${proposal} ran as another action than recorded`);
    const made = events.findLast(
      (event) => event.type === "decision.made" && event.body.proposal === proposal && event.seq < started.seq,
    );
    const kind = made?.type === "decision.made" ? made.body.decision.kind : "nothing";
    if (kind !== "approve" && kind !== "edit") throw wrong(`${proposal} reached the desktop after ${kind}`);
  }
}
