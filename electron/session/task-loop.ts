/** The loop of a session: a turn of Claude's, its calls in order, their results, and again until Claude has answered. */
import type { Point, Size } from "../../shared/geometry.ts";
import type { ParsedCall } from "../../shared/session-event.ts";
import type { CallResult, UserContent } from "../claude/claude.ts";
import { type Control, Stopped } from "./control.ts";
import type { Decisions } from "./decisions.ts";
import type { HandOver } from "./hand-over.ts";
import type { Looker } from "./looker.ts";
import type { OperatorWords } from "./operator-words.ts";
import type { Sight } from "./recorder.ts";
import { AFTER_TAKE_OVER, FRESH_DESKTOP, GOES_ON, HALTED, SUMMARIZED } from "./result-text.ts";
import { runStep } from "./step.ts";
import type { StepDeps, StepState } from "./step-deps.ts";
import { finish } from "./step-end.ts";
import type { TrustChanges } from "./trust-changes.ts";
import type { Finished, Next, TurnTaker } from "./turns.ts";

export type TaskLoopDeps = {
  readonly task: string;
  readonly space: Size;
  readonly control: Control;
  readonly looker: Looker;
  readonly handOver: HandOver;
  readonly words: OperatorWords;
  readonly decisions: Decisions;
  readonly changes: TrustChanges;
  readonly turns: TurnTaker;
  /** What each step is given. */
  readonly step: StepDeps;
  /** Waits while a limit holds the session. */
  readonly withinLimits: () => Promise<void>;
  /** True when the session goes on after a crash. */
  readonly goesOn: boolean;
  /** Finish by itself once Claude has answered. */
  readonly exitWhenDone: boolean;
};

export class TaskLoop {
  readonly #deps: TaskLoopDeps;
  #turn = 0;
  #seen: Sight | null = null;
  #cursor: Point | null = null;
  /** The desktop is another one than Claude was told of. */
  #fresh = false;

  constructor(deps: TaskLoopDeps) {
    this.#deps = deps;
  }

  /** Claude's cursor, px in screenshot space; null before it has one. */
  get cursor(): Point | null {
    return this.#cursor;
  }

  /** What Claude saw last; null before the first look. */
  get seen(): Sight | null {
    return this.#seen;
  }

  /** There is a new desktop in the place of one that was lost. */
  desktopRenewed(): void {
    this.#fresh = true;
    this.#cursor = null;
    this.#deps.handOver.takeLeftBehind();
  }

  /** Runs until the session is finished. Throws Stopped when it has to end in another way. */
  async run(): Promise<void> {
    const { turns, words, goesOn } = this.#deps;
    let next: Next | null = goesOn ? await this.#goOn() : await this.#begin();
    while (next !== null) {
      this.#turn = next.turn;
      const turn = await turns.take(next, this.#seen?.image.ref ?? null);
      words.turnTaken();
      next = await this.#after(turn);
    }
  }

  async #begin(): Promise<Next> {
    const { image } = await this.#look();
    return { turn: 1, content: { kind: "task", text: this.#deps.task, image }, already: [] };
  }

  /** Where a session that a crash interrupted goes on: every open call is answered on record already. */
  async #goOn(): Promise<Next | null> {
    const { view } = this.#deps.step.recorder;
    const last = view.turns.at(-1);
    if (last === undefined) return await this.#begin();
    const { image } = await this.#look();
    this.#turn = last.turn;
    const context = { text: GOES_ON, image };
    if (last.stopReason === null)
      return { turn: last.turn, content: { kind: "context", ...context }, already: last.appended };
    if (last.calls === 0) return await this.#nextAfterAnswer(last.stopReason);
    const results = view.steps
      .filter((step) => step.turn === last.turn)
      .map(({ call, result }) => ({
        call,
        text: result?.text ?? HALTED,
        isError: result?.isError ?? true,
        images: [],
      }));
    const notes = this.#deps.words.takeNotes();
    return { turn: last.turn + 1, content: { kind: "results", results, notes, context }, already: [] };
  }

  /** What follows a turn; null when the session is finished. */
  async #after(turn: Finished): Promise<Next | null> {
    const { changes, step } = this.#deps;
    if (turn.stopReason === "refusal") {
      step.trust.surprise("Claude declined to go on.");
      throw new Stopped("refused", turn.text || "Claude declined to go on with this task.");
    }
    if (turn.calls.length > 0) {
      changes.batchBegins();
      const content = await this.#answerCalls(turn.calls);
      changes.batchEnds();
      return { turn: this.#turn + 1, content, already: [] };
    }
    return await this.#nextAfterAnswer(turn.stopReason);
  }

  async #nextAfterAnswer(stopReason: string | null): Promise<Next | null> {
    const { control, words, handOver } = this.#deps;
    const turn = this.#turn + 1;
    // The API asks for the history again as it is.
    if (stopReason === "pause_turn") return { turn, content: null, already: [] };
    // The API summarized the history; the next request begins a new epoch.
    if (stopReason === "compaction") return await this.#newEpoch(turn);
    const reply = await this.#answered(stopReason);
    if (reply === null) return null;
    await control.pass();
    await this.#deps.withinLimits();
    const { image } = await this.#look();
    handOver.takeLeftBehind();
    const notes = words.takeNotes().map((note) => `Note from the operator: ${note}`);
    const text = [...this.#takeFresh(), reply, ...notes].join("\n\n");
    return { turn, content: { kind: "reply", text, image }, already: [] };
  }

  async #newEpoch(turn: number): Promise<Next> {
    await this.#deps.control.pass();
    this.#seen = this.#deps.handOver.takeLeftBehind() ?? (await this.#look());
    const text = [...this.#takeFresh(), SUMMARIZED].join("\n\n");
    return { turn, content: { kind: "context", text, image: this.#seen.image }, already: [] };
  }

  /** Takes every call of a turn in order; stops at the first that was not done. */
  async #answerCalls(calls: readonly ParsedCall[]): Promise<UserContent> {
    const { control, handOver, decisions, words, step, withinLimits } = this.#deps;
    const results: CallResult[] = [];
    let latest: Sight | null = this.#seen;
    let halted: string | null = null;
    let endsWithScreenshot = false;
    let newest: Sight | null = null;
    for (const [index, call] of calls.entries()) {
      const place = { turn: this.#turn, index, call };
      await control.pass();
      if (halted !== null) {
        const state = await this.#state(this.#seen);
        results.push(finish(step, state, place, { outcome: "skipped", text: halted }).result);
        continue;
      }
      await withinLimits();
      const state = await this.#state(handOver.takeLeftBehind() ?? latest);
      const end = await runStep(step, state, place);
      results.push(end.result);
      this.#cursor = end.cursor;
      latest = end.latest;
      if (!end.ok) halted = HALTED;
      else if (end.outcome === "taken_over") halted = AFTER_TAKE_OVER;
      if (halted !== null) decisions.withdrawAhead("The batch was halted.");
      endsWithScreenshot = end.screenshot !== null;
      if (end.screenshot !== null) newest = end.screenshot;
      step.gate.flush();
    }
    await control.pass();
    await withinLimits();
    if (this.#fresh) {
      // Whatever pictures the results had are of a desktop that is gone.
      const { image } = await this.#look();
      const context = { text: this.#takeFresh().join(""), image };
      return { kind: "results", results, notes: words.takeNotes(), context };
    }
    const left = handOver.takeLeftBehind();
    const sight = left ?? (endsWithScreenshot ? newest : latest) ?? (await this.#deps.looker.look());
    const shown = endsWithScreenshot && left === null ? results : withScreenshot(results, sight);
    if (shown.some(({ images }) => images.some(({ ref }) => ref.sha256 === sight.image.ref.sha256))) this.#seen = sight;
    return { kind: "results", results: shown, notes: words.takeNotes(), context: null };
  }

  /** The operator's reply to Claude's answer; null when the session is finished. */
  async #answered(stopReason: string | null): Promise<string | null> {
    if (!this.#deps.exitWhenDone) return await this.#deps.words.waited();
    if (stopReason === "end_turn" || stopReason === "stop_sequence") return null;
    throw new Stopped("error", `Claude's turn ended with ${stopReason ?? "no stop reason"}; nothing of it was run.`);
  }

  async #state(latest: Sight | null): Promise<StepState> {
    const now = latest ?? (await this.#deps.looker.look());
    return { space: this.#deps.space, cursor: this.#cursor, seen: this.#seen ?? now, latest: now };
  }

  /** What Claude has to be told of its desktop, once. */
  #takeFresh(): readonly string[] {
    const fresh = this.#fresh;
    this.#fresh = false;
    return fresh ? [FRESH_DESKTOP] : [];
  }

  /** A look that Claude is shown. */
  async #look(): Promise<Sight> {
    this.#seen = await this.#deps.looker.look();
    return this.#seen;
  }
}

/** Puts the newest picture on the batch's last success: it saves Claude a round trip. */
function withScreenshot(results: readonly CallResult[], sight: Sight): readonly CallResult[] {
  const last = results.findLastIndex((result) => !result.isError);
  const has = results[last]?.images.some((image) => image.ref.sha256 === sight.image.ref.sha256) ?? false;
  if (has) return results;
  return results.map((result, i) => (i === last ? { ...result, images: [...result.images, sight.image] } : result));
}
