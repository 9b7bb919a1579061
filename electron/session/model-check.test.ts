/**
 * The runner under all interleavings an arbitrary sequence of moves can bring about: the operator's (decide, edit, reject,
 * batch, take over, pause, resume, stop, reload, reply, note), the API's (turns, faults, retries) and the executor's (done,
 * returned, failed, cut). The conversation is the real one, and every request is checked as strictly as the practice server
 * does. What must hold: no history the API would refuse, no input without a durable and unused approval of exactly that
 * payload, nothing while paused, taken over or after a stop, no picture while the operator has paused capture, and a record that folds to what was live.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Action } from "../../shared/action.ts";
import { plannedProposal, stepsAhead } from "../../shared/batch.ts";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import { chooseModel } from "../../shared/model.ts";
import type { Decision, SessionConfig, StoredEvent } from "../../shared/session-event.ts";
import { currentStep, foldSession, innerPhase } from "../../shared/session-view.ts";
import type { Conversation, ConversationSetup } from "../claude/claude.ts";
import { type ConversationDeps, createConversation, restoreConversation } from "../claude/conversation.ts";
import { systemPrompt } from "../claude/system-prompt.ts";
import type { Look, PerformHooks, PerformRequest, PerformResult } from "../computer/computer.ts";
import { Gate } from "../gate/gate.ts";
import { samplePng } from "../practice/sample-request.ts";
import {
  call,
  httpFault,
  RESET,
  type ScriptEntry,
  stopping,
  text,
  thinking,
  troubled,
  turn,
} from "../practice/script.ts";
import { practiceFetch } from "../practice/test-fetch.ts";
import { Recorder } from "./recorder.ts";
import { openNotes, pastTurns, settleInterrupted } from "./resume.ts";
import { Runner } from "./runner.ts";
import { ASK, FakeComputer, MemoryJournal, SPACE, sha256 } from "./testkit.ts";

/** A desktop whose actions end when the test says so. */
class ManualComputer extends FakeComputer {
  pending: { request: PerformRequest; hooks: PerformHooks; end: (result: PerformResult) => void } | null = null;
  readonly begun: PerformRequest[] = [];
  readonly #pictures = new Map<string, Look>();

  override sight(): Look {
    const plain = super.sight();
    const known = this.#pictures.get(plain.picture.sha256);
    if (known !== undefined) return { ...known, facts: plain.facts };
    const grey = Number.parseInt(plain.picture.sha256.slice(0, 2), 16);
    const png = Buffer.from(samplePng(SPACE.w, SPACE.h, grey), "base64");
    const look = { picture: { png, sha256: sha256(png), size: SPACE }, facts: plain.facts };
    this.#pictures.set(plain.picture.sha256, look);
    return look;
  }

  override async perform(request: PerformRequest, hooks: PerformHooks): Promise<PerformResult> {
    this.checkStarted(request);
    this.begun.push(request);
    return await new Promise((resolve) => {
      const end = (result: PerformResult) => {
        if (this.pending?.request === request) this.pending = null;
        resolve(result);
      };
      this.pending = { request, hooks, end };
      const cut = () =>
        end({ kind: "interrupted", progress: "after 1 of 3 characters", cursor: request.cursor, durationMs: 1 });
      if (hooks.signal.aborted) cut();
      else hooks.signal.addEventListener("abort", cut, { once: true });
    });
  }
}

type Move =
  | {
      readonly kind:
        | "approve"
        | "takeOver"
        | "pause"
        | "resume"
        | "reload"
        | "finish"
        | "control"
        | "handBack"
        | "pauseCapture"
        | "resumeCapture"
        | "hurry"
        | "forge"
        | "crash";
    }
  | { readonly kind: "edit"; readonly x: number }
  | { readonly kind: "reject"; readonly reason: string | null }
  | { readonly kind: "batch"; readonly upTo: number }
  | { readonly kind: "reply" | "note"; readonly text: string }
  | { readonly kind: "executor"; readonly how: "done" | "returned" | "failed" };

const calls = fc.constantFrom(
  call("left_click", { coordinate: [10, 20] }),
  call("double_click", { coordinate: [30, 40] }),
  call("key", { text: "ctrl+s" }),
  call("mouse_move", { coordinate: [50, 60] }),
  call("left_click", { coordinate: [5000, 20] }),
  call("left_click", {}),
  call("screenshot", {}),
  call("type", { text: "abc" }),
  call("wait", { duration: 1 }),
  call("zoom", { region: [0, 0, 100, 100] }),
);

const entries: fc.Arbitrary<ScriptEntry> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(calls, { minLength: 1, maxLength: 4 }).map((parts) => turn(thinking("Hm."), ...parts)),
  },
  { weight: 2, arbitrary: fc.constant(turn(text("Done?"))) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("max_tokens", "pause_turn", "model_context_window_exceeded", "gone_fishing")
      .map((reason) => stopping(reason, turn(text("Well")))),
  },
  { weight: 1, arbitrary: fc.constant(stopping("max_tokens", turn(thinking("Hm."), call("type", { text: "x" })))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<ScriptEntry>(
      httpFault(429, "rate_limit_error", "slow down"),
      httpFault(529, "overloaded_error", "busy"),
      httpFault(401, "authentication_error", "invalid x-api-key"),
      RESET,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      troubled(turn(thinking("Hm."), call("left_click", { coordinate: [1, 2] })), { kind: "cut", after: 5 }),
    ),
  },
);

const choice = chooseModel(ASK.model, null);
if (!choice.ok) throw new Error(choice.error);
const SETUP: ConversationSetup = {
  model: choice.model,
  toolVersion: choice.toolVersion,
  effort: "high",
  onePerTurn: false,
  space: SPACE,
  system: systemPrompt(""),
};

/** The moves that can matter now, the likelier ones several times; now and then one that must be refused. */
function enabled({ runner, computer }: World): readonly Move[] {
  const { phase } = runner.view;
  const always: Move[] = [{ kind: "note", text: "words" }, { kind: "forge" }, { kind: "reload" }, { kind: "crash" }];
  const busy: Move[] = [{ kind: "pause" }, { kind: "control" }, ...always];
  if (computer.pending !== null) {
    const done: Move = { kind: "executor", how: "done" };
    return [
      done,
      done,
      done,
      done,
      done,
      { kind: "executor", how: "returned" },
      { kind: "executor", how: "failed" },
      ...busy,
    ];
  }
  switch (phase.kind) {
    case "deciding": {
      const approve: Move = { kind: "approve" };
      const batch: Move[] = [1, 2, 3].map((upTo) => ({ kind: "batch", upTo }));
      const edits: Move[] = [7, 900, 2000].map((x) => ({ kind: "edit", x }));
      const others: Move[] = [{ kind: "reject", reason: null }, { kind: "takeOver" }];
      return [approve, approve, approve, approve, approve, approve, ...batch, ...edits, ...others, ...busy];
    }
    case "paused": {
      const resume: Move = { kind: "resume" };
      return [resume, resume, resume, resume, { kind: "hurry" }, { kind: "approve" }, { kind: "handBack" }, ...busy];
    }
    case "takenOver":
      return [
        { kind: "handBack" },
        { kind: "handBack" },
        { kind: "handBack" },
        { kind: "pauseCapture" },
        { kind: "resumeCapture" },
        { kind: "approve" },
        { kind: "resume" },
        ...busy,
      ];
    case "answered": {
      const reply: Move = { kind: "reply", text: "words" };
      return [reply, reply, reply, reply, reply, { kind: "approve" }, { kind: "finish" }, ...busy];
    }
    default:
      return [{ kind: "hurry" }, { kind: "hurry" }, { kind: "approve" }, ...busy];
  }
}

class World {
  journal = new MemoryJournal();
  computer = new ManualComputer(this.journal);
  readonly refused: string[] = [];
  readonly script: ScriptEntry[];
  clock = 1_700_000_000_000;
  runner: Runner;
  done: Promise<void> = Promise.resolve();
  /** One API for the whole of a session, crashes included. */
  readonly #fetch = practiceFetch(
    () => this.script.shift() ?? turn(text("The script is over.")),
    ({ error }) => {
      if (error !== null) this.refused.push(error);
    },
  );
  #conversation: Conversation;
  #sleeps: (() => void)[] = [];

  constructor(script: readonly ScriptEntry[]) {
    this.script = [...script];
    this.#conversation = createConversation(SETUP, this.#api());
    this.runner = this.#run(ASK, []);
  }

  #api(): ConversationDeps {
    return {
      apiKey: () => "key",
      baseUrl: "http://127.0.0.1:9",
      fetch: this.#fetch,
      now: () => this.clock,
      random: () => 0,
      sleep: (_ms, signal) =>
        new Promise((resolve) => {
          this.#sleeps.push(resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
        }),
    };
  }

  #run(config: SessionConfig, past: readonly StoredEvent[]): Runner {
    const recorder = new Recorder(this.journal, () => undefined, past);
    const gate = new Gate({
      now: () => this.clock,
      sha256,
      delays: () => ({ armingMs: 300, holdMs: 800, confirmMs: 3000 }),
      isHandNear: () => true,
      onRefused: (proposal, reason, count) =>
        recorder.emit({ type: "decision.refused", body: { proposal, reason, count } }),
    });
    const runner = new Runner({
      config,
      recorder,
      computer: this.computer,
      conversation: this.#conversation,
      gate,
      stream: () => undefined,
      sha256,
      now: () => this.clock,
      started: {
        system: SETUP.system,
        app: "test",
        platform: "test",
        display: { x: 0, y: 0, w: 1280, h: 800, scale: 1 },
        space: SPACE,
        desktop: { display: ":9", pids: [] },
      },
      exitWhenDone: false,
      settleMs: 10,
      goesOn: past.length > 0,
      openNotes: openNotes(past),
    });
    this.done = runner.run();
    return runner;
  }

  /** Lets everything that can happen without another move happen. */
  async settle(): Promise<void> {
    for (let quiet = 0, seq = -1; quiet < 6; ) {
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (this.runner.view.seq === seq) quiet += 1;
      else quiet = 0;
      seq = this.runner.view.seq;
    }
  }

  async move(move: Move): Promise<void> {
    const { runner } = this;
    const waiting = runner.view.phase.kind === "deciding" ? (currentStep(runner.view)?.proposal ?? null) : null;
    const digestOf = (proposal: NonNullable<typeof waiting>) =>
      sha256(digestText(digestInputOf(runner.view.id, proposal)));
    const decide = (decision: Decision) => {
      if (waiting === null) return;
      runner.shown(waiting.id, waiting.rev, digestOf(waiting));
      this.clock += 400;
      runner.decide({ proposal: waiting.id, rev: waiting.rev, digest: digestOf(waiting), decision });
    };
    switch (move.kind) {
      case "approve":
        // Twice in one tick: the second must not count.
        decide({ kind: "approve" });
        return decide({ kind: "approve" });
      case "edit":
        return decide({ kind: "edit", action: { action: "double_click", coordinate: [move.x, 5] } });
      case "reject":
        return decide({ kind: "reject", reason: move.reason });
      case "takeOver":
        return decide({ kind: "take_over" });
      case "batch": {
        if (waiting === null) return;
        runner.shown(waiting.id, waiting.rev, digestOf(waiting));
        this.clock += 400;
        const ahead = stepsAhead(runner.view, waiting).flatMap((step) => plannedProposal(waiting, step) ?? []);
        const steps = [waiting, ...ahead].slice(0, move.upTo + 1).map((p) => ({ proposal: p.id, digest: digestOf(p) }));
        runner.decideBatch(waiting.rev, steps);
        return;
      }
      case "forge":
        runner.decide({ proposal: "1.0", rev: 1, digest: "0".repeat(64), decision: { kind: "approve" } });
        return;
      case "pause":
        runner.pause();
        return;
      case "resume":
        runner.resume();
        return;
      case "reload":
        return runner.windowGone();
      case "finish":
        runner.finish();
        return;
      case "control":
        runner.takeOver();
        return;
      case "handBack":
        runner.handBack("a note");
        return;
      case "pauseCapture":
        runner.pauseCapture();
        return;
      case "resumeCapture":
        runner.resumeCapture();
        return;
      case "hurry":
        runner.tryNow();
        for (const wake of this.#sleeps.splice(0)) wake();
        return;
      case "reply":
        runner.reply(move.text);
        return;
      case "note":
        runner.note(move.text);
        return;
      case "executor":
        return this.#executor(move.how);
      case "crash":
        return await this.#crash();
    }
  }

  #executor(how: "done" | "returned" | "failed"): void {
    const { pending } = this.computer;
    if (pending === null) return;
    const { request, end } = pending;
    if (how === "done") end(this.computer.done(request));
    else if (how === "failed")
      end({ kind: "failed", message: "It went wrong.", cursor: null, after: null, durationMs: 1 });
    else end({ kind: "returned", reason: "pixels", detail: "The target changed.", now: this.computer.sight() });
  }

  /** The process is gone: only the record is left, and a new one goes on with it. */
  async #crash(): Promise<void> {
    if (this.runner.view.phase.kind === "ended") return;
    const journal = this.journal.copy();
    const { images } = this.journal;
    const [runner, done] = [this.runner, this.done];
    settleInterrupted(journal, journal.events);
    runner.stop();
    await done;
    const past = [...journal.events];
    if (foldSession(journal.session, past).phase.kind === "ended") return;
    for (const [hash, png] of images) journal.images.set(hash, png);
    this.journal = journal;
    this.computer = new ManualComputer(journal);
    this.#conversation = await restoreConversation(SETUP, this.#api(), pastTurns(past), async (hash) => {
      const png = journal.images.get(hash);
      if (png === undefined) throw new Error(`no picture ${hash}`);
      return png;
    });
    this.runner = this.#run(ASK, past);
  }

  /** What must hold at every moment. */
  check(): void {
    expect(
      this.refused.filter((error) => !error.startsWith("401") && !error.startsWith("429") && !error.startsWith("529")),
    ).toEqual([]);
    const { phase } = this.runner.view;
    expect(this.computer.forbiddenLooks).toBe(0);
    if (phase.kind === "paused" || phase.kind === "takenOver" || phase.kind === "ended")
      expect(this.computer.pending).toBeNull();
    expect(canonicalJson(foldSession(this.journal.session, this.journal.events))).toBe(canonicalJson(this.runner.view));
    const usable = new Map<string, Action | null>();
    for (const event of this.journal.events) {
      if (event.type === "decision.made") {
        const { proposal, rev, decision } = event.body;
        if (decision.kind === "approve") usable.set(`${proposal} ${rev}`, null);
        if (decision.kind === "edit") usable.set(`${proposal} ${rev}`, decision.action);
      } else if (event.type === "decision.withdrawn") {
        usable.delete(`${event.body.proposal} ${event.body.rev}`);
      } else if (event.type === "action.started") {
        const { proposal, rev, action } = event.body;
        const approved = usable.get(`${proposal} ${rev}`);
        expect([proposal, rev, approved !== undefined]).toEqual([proposal, rev, true]);
        if (approved !== null && approved !== undefined) expect(action).toEqual(approved);
        usable.delete(`${proposal} ${rev}`);
      }
    }
  }
}

const RUNS = Number(process.env.COUNTERSIGN_MODEL_RUNS ?? 60);

it(`holds over ${RUNS} random sessions`, { timeout: 600_000 }, async () => {
  const session = fc.record({
    script: fc.array(entries, { minLength: 2, maxLength: 10 }),
    moves: fc.array(fc.nat(9999), { minLength: 5, maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(session, async ({ script, moves: list }) => {
      const world = new World(script);
      await world.settle();
      for (const each of list) {
        const choices = enabled(world);
        const move = choices[each % choices.length];
        if (move !== undefined) await world.move(move);
        await world.settle();
        world.check();
        if (world.runner.view.phase.kind === "ended") break;
      }
      const inside = innerPhase(world.runner.view.phase).kind;
      world.runner.stop();
      await world.done;
      world.check();
      expect([inside, world.runner.view.phase.kind]).toEqual([inside, "ended"]);
      expect(world.runner.view.steps.filter((step) => step.result === null)).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: false },
  );
});
