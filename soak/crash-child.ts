/**
 * A process with one real session in it, to be killed: the real manager, runner, gate, conversation and record; a desktop
 * that writes down every input that reached it; an operator who decides by chance. What it does goes out line by line.
 * Arguments: folder, address of the API, seed, ms of each commit, id of the session, `new` or `on`.
 */
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createConversation, restoreConversation } from "../electron/claude/conversation.ts";
import { systemPrompt } from "../electron/claude/system-prompt.ts";
import type {
  Computer,
  DesktopFacts,
  Look,
  PerformHooks,
  PerformRequest,
  PerformResult,
} from "../electron/computer/computer.ts";
import { encodePng } from "../electron/computer/png.ts";
import type { SessionJournal } from "../electron/journal/journal.ts";
import { openStore } from "../electron/journal/store.ts";
import { PRACTICE_API_KEY } from "../electron/practice/server.ts";
import { SessionManager } from "../electron/session/manager.ts";
import { digestInputOf, digestText } from "../shared/digest.ts";
import type { StartRequest } from "../shared/ipc.ts";
import type { Decision } from "../shared/session-event.ts";
import { currentStep, innerPhase, type SessionView } from "../shared/session-view.ts";
import { randomBelow } from "./proof.ts";

const [dir = "", baseUrl = "", seed = "0", commitMs = "0", id = "", how = "new"] = process.argv.slice(2);
const below = randomBelow(Number(seed));
const SIZE = { w: 640, h: 480 };
const DISPLAY = { x: 0, y: 0, ...SIZE, scale: 1 };
const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

/** One word a line: `streaming`, `deciding`, ...; `said SEQ HASH` once an event is on disk; `bad ...`. */
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** A desktop of coloured pixels. An input is a line in `world`: written at once, as a pressed key is. */
class World implements Computer {
  #colour = below(0xffffff);

  onHeard(): void {}
  async display() {
    return DISPLAY;
  }
  async look(): Promise<Look> {
    const pixels = new Uint32Array(SIZE.w * SIZE.h).fill(this.#colour);
    const png = await encodePng(pixels, SIZE);
    return { picture: { png, sha256: sha256(png), size: SIZE }, facts: await this.facts() };
  }
  async facts(): Promise<DesktopFacts> {
    const window = { id: 7, pid: 70, class: "Mousepad", title: "Notes", bounds: DISPLAY };
    return { display: DISPLAY, focus: window, targets: [window] };
  }
  async perform({ proposal, action, cursor }: PerformRequest, hooks: PerformHooks): Promise<PerformResult> {
    say("prechecking");
    await sleep(below(6));
    const facts = await this.facts();
    if (!hooks.confirm(facts)) return { kind: "returned", reason: "policy", detail: "not confirmed", now: null };
    hooks.onProgress(0, 1);
    say("executing");
    appendFileSync(
      process.env.COUNTERSIGN_WORLD ?? join(dir, "world"),
      `${JSON.stringify({ session: id, proposal, action })}\n`,
    );
    await sleep(below(8));
    this.#colour = (this.#colour + 0x010305) & 0xffffff;
    const after = await this.look();
    const image = action.action === "screenshot" ? after.picture : null;
    return { kind: "done", cursor, after, image, facts, durationMs: 5 };
  }
  async hand(): Promise<void> {}
  watch(): void {}
  async releaseAll(): Promise<void> {}
  async close(): Promise<void> {}
}

/** As long as a slow disk takes; the process can be killed in it, before and after the commit. */
function block(): void {
  const ms = Number(commitMs);
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms / 2);
}

const store = openStore(dir, {
  aroundCommit: (commit) => {
    block();
    commit();
    block();
  },
});

/** Says when a picture is being written. */
function heard(journal: SessionJournal): SessionJournal {
  return {
    session: journal.session,
    append: (events) => journal.append(events),
    putImage: async (png, ref) => {
      say("writing");
      await journal.putImage(png, ref);
    },
  };
}

const api = { baseUrl, key: () => PRACTICE_API_KEY };
const conversation = {
  apiKey: api.key,
  baseUrl,
  now: Date.now,
  sleep: async (ms: number) => void (await sleep(ms)),
  random: Math.random,
};
let deciding = "";

const manager: SessionManager = new SessionManager({
  createSession: (session) => heard(store.createSession(session, Date.now)),
  reopenSession: (session) => heard(store.reopenSession(session, Date.now)),
  eventsOf: (session) => store.events(session),
  startDesktop: async () => ({
    display: ":0",
    authority: "",
    monitor: null,
    pids: [],
    onDied: () => undefined,
    stop: async () => undefined,
  }),
  startComputer: async () => new World(),
  openConversation: (setup) => createConversation(setup, conversation),
  restoreConversation: (setup, _api, past) =>
    restoreConversation(setup, conversation, past, (hash) => store.readImage(hash)),
  systemPrompt,
  publish: (view, events) => {
    for (const { seq, hash } of events) say(`said ${seq} ${hash}`);
    const phase = innerPhase(view.phase);
    if (phase.kind === "answered") say(`bad Claude answered: ${view.turns.at(-1)?.text}`);
    if (phase.kind === "paused") say(`bad paused: ${phase.detail}`);
    if (view.phase.kind === "paused" && view.phase.why === "error") say(`bad ${view.phase.detail}`);
    if (phase.kind !== "deciding") return;
    const waiting = `${phase.proposal} ${phase.rev}`;
    if (waiting === deciding) return;
    deciding = waiting;
    say("deciding");
    setTimeout(() => decide(view), 1 + below(15));
  },
  stream: (_session, { kind }) => {
    if (kind === "thinking") say("streaming");
  },
  onOpen: () => undefined,
  onBroken: (_view, error) => say(`bad ${String(error)}`),
  onTrouble: (error) => say(`bad ${String(error)}`),
  isHandNear: () => true,
  settings: () => ({ armingMs: 0, holdMs: 0, confirmMs: 3000, settleMs: 10, instructions: "" }),
  newId: () => id,
  now: Date.now,
  ticks: () => performance.now(),
  sha256,
  app: "soak",
  platform: "soak",
});

function decide(view: SessionView): void {
  const runner = manager.runner(id);
  const proposal = currentStep(runner?.view ?? view)?.proposal;
  if (runner === null || proposal === null || proposal === undefined) return;
  const digest = sha256(digestText(digestInputOf(id, proposal)));
  runner.shown(proposal.id, proposal.rev, digest);
  const answer = runner.decide({
    proposal: proposal.id,
    rev: proposal.rev,
    digest,
    decision: chosen(),
    given: "confirmed",
  });
  if (!answer.ok) {
    deciding = "";
    setTimeout(() => decide(view), 5);
  }
}

function chosen(): Decision {
  const n = below(10);
  if (n === 0) return { kind: "reject", reason: "not this one" };
  return n === 1 ? { kind: "edit", action: { action: "type", text: `edited ${below(1000)}` } } : { kind: "approve" };
}

const options = { api, operator: true, exitWhenDone: false, practice: false, onEnded: () => process.exit(0) };
const request: StartRequest = {
  task: "Keep going",
  model: "claude-opus-5-5",
  toolVersion: null,
  effort: null,
  onePerTurn: false,
  where: { kind: "own", size: SIZE, programs: [], home: { kind: "operator" }, confined: null },
  mode: { kind: "ask", askAll: true },
  limits: { steps: null, minutes: null, usd: null },
};
const started = how === "on" ? await manager.reopen(id, options) : await manager.start(request, options);
say(started.ok ? "started" : `bad ${started.error}`);
