/** One session: the loop of turns and actions as a state machine, every change of it an event (architecture.md). */
import { type Action, boundsError, usesCursor } from "../../shared/action.ts";
import { assertNever } from "../../shared/assert-never.ts";
import { plannedProposal, stepsAhead } from "../../shared/batch.ts";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import type { Size } from "../../shared/geometry.ts";
import type { Given } from "../../shared/ipc.ts";
import type { LeaseVerb } from "../../shared/ipc-policy.ts";
import type { Rule } from "../../shared/policy/format.ts";
import { typedTexts } from "../../shared/redact.ts";
import { type RiskLevel, riskOfProposal } from "../../shared/risk.ts";
import type {
  EventBodies,
  ParsedCall,
  PauseReason,
  Proposal,
  SessionConfig,
  StoredEvent,
  StreamUpdate,
} from "../../shared/session-event.ts";
import { currentStep, type SessionView, stepId, stepOf } from "../../shared/session-view.ts";
import type { CallResult, Conversation, UserContent } from "../claude/claude.ts";
import { type Computer, ComputerError, type HeardByExecutor, type Look, type Picture } from "../computer/computer.ts";
import { AutoApproval } from "../gate/auto-approval.ts";
import { type DecisionRequest, type Gate, REFUSAL_WORDS } from "../gate/gate.ts";
import { Control, Stopped } from "./control.ts";
import { LimitWatch } from "./limits.ts";
import { momentOf } from "./moment.ts";
import { endOpenCalls } from "./open-calls.ts";
import type { Recorder, Sight } from "./recorder.ts";
import { AFTER_TAKE_OVER, GOES_ON, HALTED, NO_CURSOR, SUMMARIZED } from "./result-text.ts";
import { finish, runStep, type StepDeps, type StepState } from "./step.ts";
import { type Finished, type Next, TurnTaker } from "./turns.ts";

export type RunnerDeps = {
  readonly config: SessionConfig;
  readonly recorder: Recorder;
  readonly computer: Computer;
  readonly conversation: Conversation;
  readonly gate: Gate;
  readonly stream: (update: StreamUpdate) => void;
  readonly sha256: (text: string) => string;
  /** ms since 1970. */
  readonly now: () => number;
  /** What `session.started` says beside the configuration. */
  readonly started: Omit<EventBodies["session.started"], "config">;
  /** Finish by itself once Claude has answered; end at a limit or an API error instead of asking. */
  readonly exitWhenDone: boolean;
  /** Longest wait for a still screen after an action, ms. */
  readonly settleMs: number;
  /** True when the session goes on after a crash: the recorder has its events, the conversation its history. */
  readonly goesOn: boolean;
  /** For such a session: notes that no request has carried yet. */
  readonly openNotes: readonly string[];
};

/** The answer to something the operator asked for. */
export type Reply = { readonly ok: true } | { readonly ok: false; readonly error: string };

const OK: Reply = { ok: true };

/** A look that is not part of an action waits no longer for a still screen, ms. */
const LONGEST_LOOK = 2000;
const TOUCH_WORDS = {
  key: "You pressed a key while the action ran.",
  button: "You pressed a mouse button while the action ran.",
  pointer: "You moved the mouse while the action ran.",
} as const;

export class Runner {
  readonly #deps: RunnerDeps;
  readonly #control = new Control();
  readonly #limits: LimitWatch;
  readonly #space: Size;
  #turn = 0;
  /** Steps approved on the storyboard whose turn has not come. */
  readonly #ahead = new Set<string>();
  /** The operator has handed back; the one who waits takes it. */
  #handedBack = false;
  #handBackNote: string | null = null;
  /** How often the operator took over, or paused capture: what was being looked at then is not kept. */
  #takeOvers = 0;
  #capturePauses = 0;
  /** How the operator left the desktop, when that was after Claude's last picture. */
  #leftBehind: Sight | null = null;
  #seen: Sight | null = null;
  #cursor: StepState["cursor"] = null;
  #notes: string[] = [];
  #reply: string | null = null;
  /** An answer has been replied to, or finished with; one of them counts. */
  #replied = false;
  #finishAsked = false;
  readonly #turns: TurnTaker;
  readonly #trust: AutoApproval;
  /** Rules the operator added while a batch runs: they count from the next turn. */
  #newRules: Rule[] = [];
  #inBatch = false;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#space = deps.started.space;
    this.#notes = [...deps.openNotes];
    this.#limits = new LimitWatch(deps.config.limits, deps.now);
    const { recorder, conversation, stream, now, exitWhenDone } = deps;
    this.#trust = new AutoApproval({
      trust: () => recorder.view.trust,
      emit: (change) => recorder.emit(change),
      now,
    });
    this.#turns = new TurnTaker({
      recorder,
      conversation,
      stream,
      now,
      exitWhenDone,
      control: this.#control,
      cursor: () => this.#cursor,
      withinLimits: () => this.#withinLimits(),
      pauseForError: (detail) => this.#pause({ why: "error", detail }),
    });
  }

  get view(): SessionView {
    return this.#deps.recorder.view;
  }

  /** Runs the session to its end; resolves when `session.ended` is on disk. Rejects only when the record can't be written. */
  async run(): Promise<void> {
    const { recorder, config, started } = this.#deps;
    if (this.#deps.goesOn) {
      recorder.emit({ type: "session.resumed", body: { desktop: started.desktop } });
    } else {
      recorder.emit({ type: "session.started", body: { config, ...started } });
    }
    let ended: Stopped;
    try {
      await this.#loop();
      ended = new Stopped("finished");
    } catch (error) {
      ended =
        error instanceof Stopped ? error : new Stopped("error", error instanceof Error ? error.message : String(error));
      if (!(error instanceof Stopped)) this.#control.stop("error", ended.detail);
    }
    await this.#deps.computer.releaseAll().catch(() => undefined);
    this.#deps.gate.flush();
    const end = { type: "session.ended", body: { reason: ended.why, detail: ended.detail } } as const;
    recorder.emit(...endOpenCalls(this.view), end);
  }

  /** Holds the session where it is; a running action is cut, and everything it held is released. */
  pause(): Reply {
    return this.pauseFor("operator", null);
  }

  /** The same for a reason that is not the operator's wish; `detail` is for the operator. */
  pauseFor(why: PauseReason, detail: string | null): Reply {
    const { phase } = this.view;
    if (phase.kind === "ended" || phase.kind === "stopping") return { ok: false, error: "The session has ended." };
    if (phase.kind === "paused") return { ok: false, error: "The session is paused already." };
    if (phase.kind === "takenOver") return { ok: false, error: "You have control; hand back first." };
    this.#pause({ why, detail });
    return OK;
  }

  resume(): Reply {
    if (this.view.phase.kind !== "paused") return { ok: false, error: "The session is not paused." };
    this.#limits.extend();
    this.#resume();
    return OK;
  }

  #resume(): void {
    this.#deps.recorder.emit({ type: "session.resumed", body: {} });
    this.#limits.paused(false);
    this.#deps.gate.suspend(false);
    this.#control.resume();
  }

  /** Ends the session now, in any phase; the last input event is out when the executor has answered. */
  stop(why: "stopped" | "app_closed" | "error" = "stopped", detail: string | null = null): Reply {
    const { phase } = this.view;
    if (phase.kind === "ended" || phase.kind === "stopping") return OK;
    // First the hands, then the record: a slow disk must not delay a stop.
    this.#control.stop(why, detail);
    this.#deps.gate.withdraw();
    this.#deps.recorder.emit({ type: "session.stopping", body: { why } });
    return OK;
  }

  /** Ends a session whose task is answered. */
  finish(): Reply {
    if (this.view.phase.kind !== "answered")
      return { ok: false, error: "Claude has not answered yet; stop the session instead." };
    if (this.#replied) return { ok: false, error: "Your reply is on its way." };
    this.#replied = true;
    this.#finishAsked = true;
    this.#control.wake();
    return OK;
  }

  /** Continues an answered session with another message. */
  reply(text: string): Reply {
    if (this.view.phase.kind !== "answered")
      return { ok: false, error: "There is no answer to reply to; add a note instead." };
    if (this.#replied) return { ok: false, error: "Your reply is on its way." };
    this.#replied = true;
    this.#reply = text;
    this.#control.wake();
    return OK;
  }

  /** Gives Claude a note with the next results. */
  note(text: string): Reply {
    const { phase } = this.view;
    if (phase.kind === "ended" || phase.kind === "stopping") return { ok: false, error: "The session has ended." };
    this.#notes.push(text);
    this.#deps.recorder.emit({ type: "note.added", body: { text } });
    return OK;
  }

  /** Keeps typed text out of the record from here on: what waits at the gate, and all that is typed later. */
  markSecret(): Reply {
    const { phase } = this.view;
    if (phase.kind === "ended" || phase.kind === "stopping") return { ok: false, error: "The session has ended." };
    if (this.#deps.recorder.secret) return OK;
    const step = currentStep(this.view);
    this.#deps.recorder.markSecret(step === null ? null : stepId(step), typedTexts([step?.proposal, step?.call]));
    return OK;
  }

  /** Stored events of this session with what was kept out of the record; see Recorder.live. */
  live(stored: readonly StoredEvent[]): readonly StoredEvent[] {
    return this.#deps.recorder.live(stored);
  }

  /** Ends the wait before a retry, or tries a failed turn again. */
  tryNow(): Reply {
    const { phase } = this.view;
    if (phase.kind === "paused" && phase.why === "error") return this.resume();
    this.#deps.conversation.hurry();
    return OK;
  }

  /** One decision on the proposal at the gate; an edit is validated and judged anew first. */
  decide(request: DecisionRequest): Reply {
    const problem = request.decision.kind === "edit" ? this.#editProblem(request.decision.action) : null;
    if (problem !== null) return { ok: false, error: problem };
    const { decision } = request;
    const refusal = this.#deps.gate.decide(request, this.#isRisky(decision.kind === "edit" ? decision.action : null));
    return refusal === null ? OK : { ok: false, error: REFUSAL_WORDS[refusal] };
  }

  /** A chord of the operator's, on what is displayed. */
  decideByChord(kind: "approve" | "reject" | "take_over"): Reply {
    const decision = kind === "reject" ? { kind, reason: null } : { kind };
    const refusal = this.#deps.gate.decideByChord(decision, this.#isRisky(null));
    if (refusal === "not_held")
      return { ok: false, error: "This is risky: press the same keys once more to approve it." };
    return refusal === null ? OK : { ok: false, error: REFUSAL_WORDS[refusal] };
  }

  /** What the executor heard at the desktop and has obeyed already: here it becomes the session's state. */
  heard(heard: HeardByExecutor): void {
    switch (heard.kind) {
      case "stop":
        this.stop();
        return;
      case "person":
        this.pauseFor("person", TOUCH_WORDS[heard.touch]);
        return;
      case "deaf":
        this.stop("error", `Stop can no longer be heard on this desktop: ${heard.why}`);
        return;
      default:
        assertNever(heard);
    }
  }

  /** One click on the lease. Nothing of it while an action runs. */
  lease(verb: LeaseVerb): Reply {
    const problem = this.#whyNoChange() ?? this.#trust.lease(verb);
    return problem === null ? OK : { ok: false, error: problem };
  }

  /** Adds a rule to this session: at once, or with Claude's next turn while a batch runs. */
  addRule(rule: Rule): Reply {
    if (this.#newRules.some(({ id }) => id === rule.id))
      return { ok: false, error: `There is a rule "${rule.id}" already.` };
    const ended = this.#whyNoChange();
    if (ended !== null) return { ok: false, error: ended };
    if (this.#inBatch) {
      this.#newRules.push(rule);
      return OK;
    }
    const problem = this.#trust.addRule(rule);
    return problem === null ? OK : { ok: false, error: problem };
  }

  #whyNoChange(): string | null {
    const { kind } = this.view.phase;
    if (kind === "ended" || kind === "stopping") return "The session has ended.";
    return kind === "executing" ? "An action is running; wait until it is done." : null;
  }

  /** Approves the waiting proposal and the steps after it that `steps` names, each by the digest of what is displayed. */
  decideBatch(
    rev: number,
    steps: readonly { readonly proposal: string; readonly digest: string }[],
    given: Given = "pressed",
  ): Reply {
    const { gate, sha256, recorder } = this.#deps;
    const waiting = currentStep(this.view)?.proposal ?? null;
    const [first, ...later] = steps;
    if (first === undefined || waiting === null || this.view.phase.kind !== "deciding")
      return { ok: false, error: REFUSAL_WORDS.nothing_waits };
    const ahead = stepsAhead(this.view, waiting);
    let risky = this.#isRisky(null);
    for (const [i, { proposal, digest }] of later.entries()) {
      const step = ahead[i];
      const planned = step === undefined ? null : plannedProposal(waiting, step);
      if (planned === null || planned.id !== proposal) return { ok: false, error: REFUSAL_WORDS.other_proposal };
      if (sha256(digestText(digestInputOf(this.view.id, planned))) !== digest)
        return { ok: false, error: REFUSAL_WORDS.digest_mismatch };
      risky ||= this.#riskOf(planned, null) === "risky";
    }
    const approve = { kind: "approve" } as const;
    const refusal = gate.decide({ ...first, rev, decision: approve, given }, risky);
    if (refusal !== null) return { ok: false, error: REFUSAL_WORDS[refusal] };
    const made = later.map(({ proposal, digest }) => {
      const body = { proposal, rev: 1, digest, decision: approve, by: { kind: "operator" }, latencyMs: 0 } as const;
      return { type: "decision.made", body } as const;
    });
    recorder.emit(...made);
    for (const { proposal } of later) this.#ahead.add(proposal);
    return OK;
  }

  /** Gives the operator control where no proposal waits: the runner holds, and nothing is cut. */
  takeOver(): Reply {
    const { phase } = this.view;
    const { kind } = phase.kind === "paused" ? phase.before : phase;
    if (kind !== "thinking" && kind !== "retrying" && kind !== "answered")
      return { ok: false, error: "You can take over while Claude thinks, has answered, or a proposal waits." };
    this.#control.hold(true);
    this.#takeOvers += 1;
    if (phase.kind === "paused") this.#resume();
    this.#deps.recorder.emit({ type: "takeover.started", body: { proposal: null } });
    void this.#handedBackSight().then(
      (sight) => {
        this.#leftBehind = sight;
        this.#control.hold(false);
      },
      (error: unknown) => {
        if (!(error instanceof Stopped)) this.stop("error", error instanceof Error ? error.message : String(error));
      },
    );
    return OK;
  }

  /** The operator gives the desktop back, with an optional note for Claude. */
  handBack(note: string | null): Reply {
    if (!this.#hasControl()) return { ok: false, error: "You do not have control." };
    if (this.view.captureOff)
      return { ok: false, error: "Capture is paused. Resume it first: handing back takes a picture for Claude." };
    if (note !== null) this.note(note);
    this.#handedBack = true;
    this.#handBackNote = note;
    this.#control.wake();
    return OK;
  }

  /** From here on no picture of the desktop is taken, for nobody: the operator logs in, say. Until `resumeCapture`. */
  pauseCapture(): Reply {
    if (!this.#hasControl()) return { ok: false, error: "You do not have control." };
    if (this.view.captureOff) return { ok: false, error: "Capture is paused already." };
    this.#capturePauses += 1;
    this.#deps.recorder.emit({ type: "capture.paused", body: {} });
    return OK;
  }

  resumeCapture(): Reply {
    if (!this.view.captureOff) return { ok: false, error: "Capture is not paused." };
    if (!this.#hasControl()) return { ok: false, error: "You do not have control." };
    this.#deps.recorder.emit({ type: "capture.resumed", body: {} });
    return OK;
  }

  /** The operator's own hand on the desktop, while they have control. */
  async hand(action: Action): Promise<Reply> {
    if (!this.#hasControl()) return { ok: false, error: "You do not have control." };
    const outside = boundsError(action, this.#space);
    if (outside !== null) return { ok: false, error: outside };
    try {
      await this.#deps.computer.hand(action, this.#space);
      return OK;
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** The desktop as it is now, while the operator has control; not part of the record. */
  async glance(): Promise<Picture | null> {
    // Where the operator sits at the desktop, they see it.
    if (!this.#hasControl() || this.view.captureOff || this.#deps.config.where.kind === "this") return null;
    const pauses = this.#capturePauses;
    const { picture } = await this.#deps.computer.look(this.#space, []);
    return this.#capturePauses === pauses ? picture : null;
  }

  shown(proposal: string, rev: number, digest: string): Reply {
    const refusal = this.#deps.gate.shown(proposal, rev, digest);
    return refusal === null ? OK : { ok: false, error: REFUSAL_WORDS[refusal] };
  }

  /** Approve is being held, or waits for Confirm. */
  pressed(proposal: string, rev: number, digest: string): Reply {
    const refusal = this.#deps.gate.pressed(proposal, rev, digest);
    return refusal === null ? OK : { ok: false, error: REFUSAL_WORDS[refusal] };
  }

  /** The window was reloaded or closed: nothing counts until the card has been painted again. */
  windowGone(): void {
    this.#deps.gate.unshow();
  }

  async #loop(): Promise<void> {
    let next: Next | null = this.#deps.goesOn ? await this.#goOn() : await this.#begin();
    while (next !== null) {
      this.#turn = next.turn;
      const turn = await this.#turns.take(next, this.#seen?.image.ref ?? null);
      this.#replied = false;
      next = await this.#after(turn);
    }
  }

  async #begin(): Promise<Next> {
    const first = await this.#look();
    this.#seen = first;
    return { turn: 1, content: { kind: "task", text: this.#deps.config.task, image: first.image }, already: [] };
  }

  /** Where a session that a crash interrupted goes on: every open call is answered on record already. */
  async #goOn(): Promise<Next | null> {
    const last = this.view.turns.at(-1);
    if (last === undefined) return await this.#begin();
    const sight = await this.#look();
    this.#seen = sight;
    this.#turn = last.turn;
    const context = { text: GOES_ON, image: sight.image };
    if (last.stopReason === null)
      return { turn: last.turn, content: { kind: "context", ...context }, already: last.appended };
    if (last.calls === 0) return await this.#nextAfterAnswer(last.stopReason);
    const results = this.view.steps
      .filter((step) => step.turn === last.turn)
      .map(({ call, result }) => ({
        call,
        text: result?.text ?? HALTED,
        isError: result?.isError ?? true,
        images: [],
      }));
    const notes = this.#takeNotes();
    return { turn: last.turn + 1, content: { kind: "results", results, notes, context }, already: [] };
  }

  /** What follows a turn; null when the session is finished. */
  async #after(turn: Finished): Promise<Next | null> {
    if (turn.stopReason === "refusal") {
      this.#trust.surprise("Claude declined to go on.");
      throw new Stopped("refused", turn.text || "Claude declined to go on with this task.");
    }
    if (turn.calls.length > 0) {
      this.#inBatch = true;
      const content = await this.#answerCalls(turn.calls);
      this.#inBatch = false;
      for (const rule of this.#newRules.splice(0)) this.#trust.addRule(rule);
      return { turn: this.#turn + 1, content, already: [] };
    }
    return await this.#nextAfterAnswer(turn.stopReason);
  }

  async #nextAfterAnswer(stopReason: string | null): Promise<Next | null> {
    const turn = this.#turn + 1;
    // The API asks for the history again as it is.
    if (stopReason === "pause_turn") return { turn, content: null, already: [] };
    // The API summarized the history; the next request begins a new epoch.
    if (stopReason === "compaction") return await this.#newEpoch(turn);
    const reply = await this.#answered(stopReason);
    if (reply === null) return null;
    await this.#control.pass();
    await this.#withinLimits();
    const sight = await this.#look();
    this.#seen = sight;
    this.#leftBehind = null;
    const notes = this.#takeNotes().map((note) => `Note from the operator: ${note}`);
    return { turn, content: { kind: "reply", text: [reply, ...notes].join("\n\n"), image: sight.image }, already: [] };
  }

  async #newEpoch(turn: number): Promise<Next> {
    await this.#control.pass();
    const sight = this.#takeLeftBehind() ?? (await this.#look());
    this.#seen = sight;
    return { turn, content: { kind: "context", text: SUMMARIZED, image: sight.image }, already: [] };
  }

  /** Takes every call of a turn in order; stops at the first that was not done. */
  async #answerCalls(calls: readonly ParsedCall[]): Promise<UserContent> {
    const results: CallResult[] = [];
    let latest: Sight | null = this.#seen;
    let halted: string | null = null;
    let endsWithScreenshot = false;
    let newest: Sight | null = null;
    for (const [index, call] of calls.entries()) {
      const place = { turn: this.#turn, index, call };
      await this.#control.pass();
      if (halted !== null) {
        results.push(
          finish(this.#deps, await this.#state(this.#seen), place, { outcome: "skipped", text: halted }).result,
        );
        continue;
      }
      await this.#withinLimits();
      const state = await this.#state(this.#takeLeftBehind() ?? latest);
      const end = await runStep(this.#stepDeps(), state, place);
      results.push(end.result);
      this.#cursor = end.cursor;
      latest = end.latest;
      if (!end.ok) halted = HALTED;
      else if (end.outcome === "taken_over") halted = AFTER_TAKE_OVER;
      if (halted !== null) this.#withdrawAhead("The batch was halted.");
      endsWithScreenshot = end.screenshot !== null;
      if (end.screenshot !== null) newest = end.screenshot;
      this.#deps.gate.flush();
    }
    await this.#control.pass();
    await this.#withinLimits();
    const left = this.#takeLeftBehind();
    const sight = left ?? (endsWithScreenshot ? newest : latest) ?? (await this.#look());
    const shown = endsWithScreenshot && left === null ? results : withScreenshot(results, sight);
    if (shown.some(({ images }) => images.some(({ ref }) => ref.sha256 === sight.image.ref.sha256))) this.#seen = sight;
    return { kind: "results", results: shown, notes: this.#takeNotes(), context: null };
  }

  async #answered(stopReason: string | null): Promise<string | null> {
    if (this.#deps.exitWhenDone) {
      if (stopReason === "end_turn" || stopReason === "stop_sequence") return null;
      throw new Stopped("error", `Claude's turn ended with ${stopReason ?? "no stop reason"}; nothing of it was run.`);
    }
    await this.#control.until(() => this.#reply !== null || this.#finishAsked);
    const reply = this.#reply;
    this.#reply = null;
    return reply;
  }

  async #withinLimits(): Promise<void> {
    for (;;) {
      const reached = this.#limits.reached(this.view);
      if (reached === null) return;
      this.#deps.recorder.emit({ type: "limit.reached", body: { limit: reached.limit, value: reached.value } });
      if (this.#deps.exitWhenDone) throw new Stopped("limit", reached.words);
      this.#pause({ why: "limit", detail: reached.words });
      await this.#control.pass();
    }
  }

  async #state(latest: Sight | null): Promise<StepState> {
    const now = latest ?? (await this.#look());
    return { space: this.#space, cursor: this.#cursor, seen: this.#seen ?? now, latest: now };
  }

  /**
   * What Claude is shown: the desktop once it is still, as after an action. On the operator's own desktop a display may be
   * switched off, black, or covered by a question of ours: that pauses and asks.
   */
  async #look(): Promise<Sight> {
    for (;;) {
      await this.#control.pass();
      const takeOvers = this.#takeOvers;
      const look = await this.#unkeptLook(() => this.#control.pass());
      // The operator took over meanwhile: what it shows may be theirs alone, and is old once they hand back.
      if (this.#takeOvers === takeOvers) return await this.#deps.recorder.keepLook(look);
    }
  }

  /** @param passed waits until the operator has lifted a pause */
  async #unkeptLook(passed: () => Promise<void>): Promise<Look> {
    const { computer, config, exitWhenDone, settleMs } = this.#deps;
    for (;;) {
      try {
        return await computer.look(this.#space, [], Math.min(settleMs, LONGEST_LOOK));
      } catch (error) {
        const waits = error instanceof ComputerError && error.code !== "executor_died" && config.where.kind === "this";
        if (!waits || exitWhenDone) throw error;
        this.#pause({ why: error.code === "no_monitor" ? "display" : "capture", detail: error.message });
        await passed();
      }
    }
  }

  #takeLeftBehind(): Sight | null {
    const sight = this.#leftBehind;
    this.#leftBehind = null;
    return sight;
  }

  #takeNotes(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  #hasControl(): boolean {
    const { phase } = this.view;
    const { kind } = phase.kind === "paused" ? phase.before : phase;
    return kind === "takenOver" && !this.#handedBack;
  }

  /** Waits for the hand-back and records how the operator left the desktop. */
  async #handedBackSight(): Promise<Sight> {
    this.#handedBack = false;
    await this.#control.until(() => this.#handedBack);
    await this.#deps.computer.releaseAll();
    // The operator's hold ends with this look, so only a pause is waited for.
    const look = await this.#unkeptLook(() => this.#control.until(() => !this.#control.paused));
    const sight = await this.#deps.recorder.keepLook(look);
    this.#deps.recorder.emit({ type: "takeover.ended", body: { note: this.#handBackNote, after: sight.image.ref } });
    this.#handedBack = false;
    return sight;
  }

  #withdrawAhead(reason: string): void {
    const withdrawn = [...this.#ahead].map((proposal) => {
      return { type: "decision.withdrawn", body: { proposal, rev: 1, reason } } as const;
    });
    this.#ahead.clear();
    if (withdrawn.length > 0) this.#deps.recorder.emit(...withdrawn);
  }

  /** Why an edited action can't run, in words that name the field; null when it can. */
  #editProblem(action: Action): string | null {
    const outside = boundsError(action, this.#space);
    if (outside !== null) return outside;
    if (usesCursor(action) && this.#cursor === null) return NO_CURSOR;
    // The windows under other points are looked up at precheck: what is denied for want of knowing is not refused here.
    const facts = this.#seen?.facts;
    if (facts === undefined) return null;
    const around = { space: this.#space, cursor: this.#cursor, said: "", returned: false };
    const verdict = this.#trust.judge(action, momentOf(action, { ...facts, targets: [], controls: [] }, around));
    const known = verdict.looks?.some((look) => look.effect === "deny" && look.matched && !look.unknown) ?? true;
    return verdict.effect === "deny" && known ? verdict.explanation : null;
  }

  /** Whether approving what waits, or `edited` in its place, takes more than a press. */
  #isRisky(edited: Action | null): boolean {
    const waiting = currentStep(this.view)?.proposal ?? null;
    return waiting !== null && this.#riskOf(waiting, edited) === "risky";
  }

  #riskOf(proposal: Proposal, edited: Action | null): RiskLevel {
    const step = stepOf(this.view, proposal.id);
    const turn = this.view.turns.find((each) => each.turn === proposal.turn) ?? null;
    return riskOfProposal(proposal, step, turn, edited ?? proposal.action).level;
  }

  #stepDeps(): StepDeps {
    const { recorder, computer, gate, config, settleMs, sha256, now, stream } = this.#deps;
    return {
      session: this.view.id,
      recorder,
      computer,
      gate,
      control: this.#control,
      trust: this.#trust,
      operator: config.operator,
      settleMs,
      sha256,
      now,
      stream,
      takeAhead: (proposal) => this.#ahead.delete(proposal),
      withdrawAhead: (reason) => this.#withdrawAhead(reason),
      handedBack: () => this.#handedBackSight(),
    };
  }

  #pause(body: EventBodies["session.paused"]): void {
    const before = this.view.phase.kind;
    this.#control.pause();
    if (body.why === "person") this.#trust.surprise("You took the mouse or the keyboard.");
    this.#withdrawAhead("The session was paused.");
    this.#deps.gate.suspend(true);
    this.#limits.paused(true);
    try {
      this.#deps.recorder.emit({ type: "session.paused", body });
    } catch (error) {
      // A pause nobody could see or lift would hold the session for ever.
      this.#control.stop("error", error instanceof Error ? error.message : String(error));
      throw error;
    }
    if (before === "retrying") this.#turns.cutRetry();
  }
}

/** Puts the newest picture on the batch's last success: it saves Claude a round trip. */
function withScreenshot(results: readonly CallResult[], sight: Sight): readonly CallResult[] {
  const last = results.findLastIndex((result) => !result.isError);
  const has = results[last]?.images.some((image) => image.ref.sha256 === sight.image.ref.sha256) ?? false;
  if (has) return results;
  return results.map((result, i) => (i === last ? { ...result, images: [...result.images, sight.image] } : result));
}
