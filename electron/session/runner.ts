/** One session: its parts, its start and end, and what the operator can ask of it; every change of it an event (architecture.md). */
import type { MessagePortMain } from "electron";
import type { Action } from "../../shared/action.ts";
import { assertNever } from "../../shared/assert-never.ts";
import type { Given } from "../../shared/ipc.ts";
import type { LeaseVerb } from "../../shared/ipc-policy.ts";
import type { Rule } from "../../shared/policy/format.ts";
import { typedTexts } from "../../shared/redact.ts";
import type { EventBodies, PauseReason, SessionConfig, StoredEvent, StreamUpdate } from "../../shared/session-event.ts";
import { currentStep, isOver, type SessionView, stepId } from "../../shared/session-view.ts";
import type { Conversation } from "../claude/claude.ts";
import type { Computer, HeardByExecutor } from "../computer/computer.ts";
import { AutoApproval } from "../gate/auto-approval.ts";
import type { DecisionRequest, Gate } from "../gate/gate.ts";
import { Control, Stopped } from "./control.ts";
import { Decisions } from "./decisions.ts";
import { HandOver } from "./hand-over.ts";
import { LimitWatch } from "./limits.ts";
import { Looker } from "./looker.ts";
import { endOpenCalls } from "./open-calls.ts";
import { OperatorWords } from "./operator-words.ts";
import type { Recorder } from "./recorder.ts";
import { type Renewable, Renewal } from "./renewal.ts";
import { ENDED, OK, type Reply } from "./reply.ts";
import { TaskLoop } from "./task-loop.ts";
import { TrustChanges } from "./trust-changes.ts";
import { TurnTaker } from "./turns.ts";

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
  /** The same as `computer`, where a desktop that is lost can be had anew; null where its end is the session's. */
  readonly renewable?: Renewable | null;
  /** Longest wait for a still screen after an action, ms. */
  readonly settleMs: number;
  /** True when the session goes on after a crash: the recorder has its events, the conversation its history. */
  readonly goesOn: boolean;
  /** For such a session: notes that no request has carried yet. */
  readonly openNotes: readonly string[];
};

const TOUCH_WORDS = {
  key: "You pressed a key while the action ran.",
  button: "You pressed a mouse button while the action ran.",
  pointer: "You moved the mouse while the action ran.",
} as const;

export class Runner {
  readonly #deps: RunnerDeps;
  readonly #control = new Control();
  readonly #limits: LimitWatch;
  readonly #trust: AutoApproval;
  readonly #words: OperatorWords;
  readonly #handOver: HandOver;
  readonly #decisions: Decisions;
  readonly #changes: TrustChanges;
  readonly #turns: TurnTaker;
  readonly #loop: TaskLoop;
  readonly #renewal: Renewal | null;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    const { config, recorder, computer, conversation, gate, stream, sha256, now, exitWhenDone, settleMs, goesOn } =
      deps;
    const { space } = deps.started;
    const control = this.#control;
    const here = config.where.kind === "this";
    this.#limits = new LimitWatch(config.limits, now);
    this.#trust = new AutoApproval({ trust: () => recorder.view.trust, emit: (change) => recorder.emit(change), now });
    const trust = this.#trust;
    this.#changes = new TrustChanges(recorder, trust);
    this.#words = new OperatorWords(recorder, control, deps.openNotes);
    const words = this.#words;
    const asksWhenUnseen = here && !exitWhenDone;
    const pause = (body: EventBodies["session.paused"]) => this.#pause(body);
    const looker = new Looker({ computer, recorder, control, space, settleMs, asksWhenUnseen, pause });
    this.#handOver = new HandOver({
      recorder,
      computer,
      control,
      looker,
      words,
      space,
      watchable: !here,
      resume: () => this.#resume({}),
      isLost: () => this.#renewal?.isLost ?? false,
      fail: (detail) => this.stop("error", detail),
    });
    this.#decisions = new Decisions({
      recorder,
      gate,
      trust,
      sha256,
      space,
      cursor: () => this.#loop.cursor,
      facts: () => this.#loop.seen?.facts ?? null,
    });
    this.#turns = new TurnTaker({
      recorder,
      conversation,
      stream,
      now,
      exitWhenDone,
      control,
      cursor: () => this.#loop.cursor,
      withinLimits: () => this.#withinLimits(),
      pauseForError: (detail) => this.#pause({ why: "error", detail }),
    });
    this.#loop = new TaskLoop({
      task: config.task,
      space,
      control,
      looker,
      handOver: this.#handOver,
      words,
      decisions: this.#decisions,
      changes: this.#changes,
      turns: this.#turns,
      step: {
        session: recorder.view.id,
        recorder,
        computer,
        gate,
        control,
        trust,
        operator: config.operator,
        settleMs,
        sha256,
        now,
        stream,
        takeAhead: (proposal) => this.#decisions.takeAhead(proposal),
        withdrawAhead: (reason) => this.#decisions.withdrawAhead(reason),
        handedBack: () => this.#handOver.waited(),
      },
      withinLimits: () => this.#withinLimits(),
      goesOn,
      exitWhenDone,
    });
    const { renewable = null } = deps;
    const resume = (body: EventBodies["session.resumed"]) => {
      this.#loop.desktopRenewed();
      this.#limits.extend();
      this.#resume(body);
    };
    this.#renewal = renewable === null ? null : new Renewal({ renewable, view: () => recorder.view, pause, resume });
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
      await this.#loop.run();
      ended = new Stopped("finished");
    } catch (error) {
      const { stopped } = this.#control;
      // A look that waited for a desktop to come back ends with the session, and is no reason for its end.
      if (error instanceof Stopped) ended = error;
      else if (stopped !== null && this.#renewal?.isLost) ended = stopped;
      else ended = new Stopped("error", error instanceof Error ? error.message : String(error));
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
    if (isOver(phase)) return ENDED;
    if (phase.kind === "paused") return { ok: false, error: "The session is paused already." };
    if (phase.kind === "takenOver") return { ok: false, error: "You have control; hand back first." };
    this.#pause({ why, detail });
    return OK;
  }

  /** Goes on after a pause; where the desktop was lost, once there is a new one. */
  resume(): Reply {
    if (this.view.phase.kind !== "paused") return { ok: false, error: "The session is not paused." };
    if (this.#renewal?.isLost) return this.#renewal.begin();
    this.#limits.extend();
    this.#resume({});
    return OK;
  }

  /** The desktop ended, or answers no more. */
  lost(why: string): void {
    this.#renewal?.lost(why);
  }

  #resume(body: EventBodies["session.resumed"]): void {
    this.#deps.recorder.emit({ type: "session.resumed", body });
    this.#limits.paused(false);
    this.#deps.gate.suspend(false);
    this.#control.resume();
  }

  /** Ends the session now, in any phase; the last input event is out when the executor has answered. */
  stop(why: "stopped" | "app_closed" | "error" = "stopped", detail: string | null = null): Reply {
    if (isOver(this.view.phase)) return OK;
    // First the hands, then the record: a slow disk must not delay a stop.
    this.#control.stop(why, detail);
    this.#renewal?.giveUp();
    this.#deps.gate.withdraw();
    this.#deps.recorder.emit({ type: "session.stopping", body: { why } });
    return OK;
  }

  /** Ends a session whose task is answered. */
  finish(): Reply {
    return this.#words.finish();
  }

  /** Continues an answered session with another message. */
  reply(text: string): Reply {
    return this.#words.reply(text);
  }

  /** Gives Claude a note with the next results. */
  note(text: string): Reply {
    return this.#words.note(text);
  }

  /** Keeps typed text out of the record from here on: what waits at the gate, and all that is typed later. */
  markSecret(): Reply {
    if (isOver(this.view.phase)) return ENDED;
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

  /** One decision on the proposal at the gate; an edit is validated and judged anew first. */
  decide(request: DecisionRequest): Reply {
    return this.#decisions.decide(request);
  }

  /** A chord of the operator's, on what is displayed. */
  decideByChord(kind: "approve" | "reject" | "take_over"): Reply {
    return this.#decisions.decideByChord(kind);
  }

  /** Approves the waiting proposal and the steps after it that `steps` names, each by the digest of what is displayed. */
  decideBatch(
    rev: number,
    steps: readonly { readonly proposal: string; readonly digest: string }[],
    given?: Given,
  ): Reply {
    return this.#decisions.decideBatch(rev, steps, given);
  }

  shown(proposal: string, rev: number, digest: string): Reply {
    return this.#decisions.shown(proposal, rev, digest);
  }

  /** Approve is being held, or waits for Confirm. */
  pressed(proposal: string, rev: number, digest: string): Reply {
    return this.#decisions.pressed(proposal, rev, digest);
  }

  /** The window was reloaded or closed: nothing counts until the card has been painted again. */
  windowGone(): void {
    this.#deps.gate.unshow();
  }

  /** One click on the lease. Nothing of it while an action runs. */
  lease(verb: LeaseVerb): Reply {
    return this.#changes.lease(verb);
  }

  /** Adds a rule to this session: at once, or with Claude's next turn while a batch runs. */
  addRule(rule: Rule): Reply {
    return this.#changes.addRule(rule);
  }

  /** Gives the operator control where no proposal waits: the runner holds, and nothing is cut. */
  takeOver(): Reply {
    return this.#handOver.start();
  }

  /** The operator gives the desktop back, with an optional note for Claude. */
  handBack(note: string | null): Reply {
    return this.#handOver.handBack(note);
  }

  /** From here on no picture of the desktop is taken, for nobody: the operator logs in, say. Until `resumeCapture`. */
  pauseCapture(): Reply {
    return this.#handOver.pauseCapture();
  }

  resumeCapture(): Reply {
    return this.#handOver.resumeCapture();
  }

  /** The operator's own hand on the desktop, while they have control. */
  async hand(action: Action): Promise<Reply> {
    return await this.#handOver.act(action);
  }

  /**
   * Shows the desktop as it is, and as it changes, to who has the other end of `port`, and to nobody else; null ends that. A
   * port that is refused is closed. Nothing of it is recorded.
   */
  watch(port: MessagePortMain | null): Reply {
    return this.#handOver.watch(port);
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

  #pause(body: EventBodies["session.paused"]): void {
    const before = this.view.phase.kind;
    this.#control.pause();
    if (body.why === "person") this.#trust.surprise("You took the mouse or the keyboard.");
    this.#decisions.withdrawAhead("The session was paused.");
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
