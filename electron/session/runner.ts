/** One session: the loop of turns and actions as a state machine, every change of it an event (architecture.md). */
import { assertNever } from "../../shared/assert-never.ts";
import type { Size } from "../../shared/geometry.ts";
import type { EventBodies, ParsedCall, SessionConfig, StreamUpdate } from "../../shared/session-event.ts";
import { innerPhase, type SessionView } from "../../shared/session-view.ts";
import type { CallResult, Conversation, TurnOutcome, UserContent } from "../claude/claude.ts";
import type { Computer } from "../computer/computer.ts";
import { type DecisionRequest, type Gate, REFUSAL_WORDS } from "../gate/gate.ts";
import { Control, Stopped } from "./control.ts";
import { LimitWatch } from "./limits.ts";
import { endOpenCalls } from "./open-calls.ts";
import type { Recorder, Sight } from "./recorder.ts";
import { HALTED } from "./result-text.ts";
import { finish, runStep, type StepDeps, type StepState } from "./step.ts";

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
};

/** The answer to something the operator asked for. */
export type Reply = { readonly ok: true } | { readonly ok: false; readonly error: string };

const OK: Reply = { ok: true };

type Finished = Extract<TurnOutcome, { kind: "finished" }>;

export class Runner {
  readonly #deps: RunnerDeps;
  readonly #control = new Control();
  readonly #limits: LimitWatch;
  readonly #space: Size;
  #turn = 0;
  #seen: Sight | null = null;
  #cursor: StepState["cursor"] = null;
  #notes: string[] = [];
  #reply: string | null = null;
  #finishAsked = false;
  #turnCut: AbortController | null = null;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#space = deps.started.space;
    this.#limits = new LimitWatch(deps.config.limits, deps.now);
  }

  get view(): SessionView {
    return this.#deps.recorder.view;
  }

  /** Runs the session to its end; resolves when `session.ended` is on disk. Rejects only when the record can't be written. */
  async run(): Promise<void> {
    const { recorder, config, started } = this.#deps;
    recorder.emit({ type: "session.started", body: { config, ...started } });
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
    const { phase } = this.view;
    if (phase.kind === "ended" || phase.kind === "stopping") return { ok: false, error: "The session has ended." };
    if (phase.kind === "paused") return { ok: false, error: "The session is paused already." };
    this.#pause({ why: "operator", detail: null });
    return OK;
  }

  resume(): Reply {
    if (this.view.phase.kind !== "paused") return { ok: false, error: "The session is not paused." };
    this.#limits.extend();
    this.#deps.recorder.emit({ type: "session.resumed", body: {} });
    this.#limits.paused(false);
    this.#deps.gate.suspend(false);
    this.#control.resume();
    return OK;
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
    if (innerPhase(this.view.phase).kind !== "answered")
      return { ok: false, error: "Claude has not answered yet; stop the session instead." };
    this.#finishAsked = true;
    this.#control.wake();
    return OK;
  }

  /** Continues an answered session with another message. */
  reply(text: string): Reply {
    if (innerPhase(this.view.phase).kind !== "answered")
      return { ok: false, error: "There is no answer to reply to; add a note instead." };
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

  /** Ends the wait before a retry, or tries a failed turn again. */
  tryNow(): Reply {
    const { phase } = this.view;
    if (phase.kind === "paused" && phase.why === "error") return this.resume();
    this.#deps.conversation.hurry();
    return OK;
  }

  decide(request: DecisionRequest): Reply {
    const refusal = this.#deps.gate.decide(request);
    return refusal === null ? OK : { ok: false, error: REFUSAL_WORDS[refusal] };
  }

  shown(proposal: string, rev: number, digest: string): Reply {
    const refusal = this.#deps.gate.shown(proposal, rev, digest);
    return refusal === null ? OK : { ok: false, error: REFUSAL_WORDS[refusal] };
  }

  /** The window was reloaded or closed: nothing counts until the card has been painted again. */
  windowGone(): void {
    this.#deps.gate.unshow();
  }

  async #loop(): Promise<void> {
    const first = await this.#look();
    this.#seen = first;
    let content: UserContent | null = { kind: "task", text: this.#deps.config.task, image: first.image };
    for (;;) {
      this.#turn += 1;
      const turn: Finished = await this.#takeTurn(content);
      if (turn.stopReason === "refusal") {
        throw new Stopped("refused", turn.text || "Claude declined to go on with this task.");
      }
      if (turn.stopReason === "pause_turn") {
        // The API asks for the history again as it is.
        content = null;
        continue;
      }
      if (turn.calls.length > 0) {
        content = await this.#answerCalls(turn.calls);
        continue;
      }
      const reply = await this.#answered();
      if (reply === null) return;
      const sight = await this.#look();
      this.#seen = sight;
      content = { kind: "reply", text: reply, image: sight.image };
    }
  }

  /** One request and its whole response; a failed one pauses and is tried again when resumed. */
  async #takeTurn(content: UserContent | null): Promise<Finished> {
    const { recorder, conversation } = this.#deps;
    const appended = content === null ? [] : [conversation.say(content)];
    const turn = this.#turn;
    for (;;) {
      await this.#control.pass();
      await this.#withinLimits();
      recorder.emit({ type: "turn.started", body: { turn, appended, screenshot: this.#seen?.image.ref ?? null } });
      const begun = this.#deps.now();
      const outcome = await this.#control.cuttable("stop", (signal) => this.#send(turn, signal));
      this.#control.check();
      switch (outcome.kind) {
        case "finished": {
          const { message, stopReason, calls, thinking, text, usage, costUsd } = outcome;
          const durationMs = this.#deps.now() - begun;
          recorder.emit({
            type: "turn.finished",
            body: { turn, message, stopReason, calls, thinking, text, usage, costUsd, durationMs },
          });
          return outcome;
        }
        case "failed":
          recorder.emit({ type: "turn.failed", body: { turn, error: outcome.error, attempts: outcome.attempts } });
          if (this.#deps.exitWhenDone) throw new Stopped("api_error", outcome.error.message);
          this.#pause({ why: "error", detail: `${outcome.error.message} ${outcome.error.advice}` });
          break;
        case "stopped":
          // Cut by a pause while it waited to retry: sent again once resumed.
          break;
        default:
          assertNever(outcome);
      }
    }
  }

  async #send(turn: number, signal: AbortSignal): Promise<TurnOutcome> {
    const { recorder, stream, conversation } = this.#deps;
    const cut = new AbortController();
    this.#turnCut = cut;
    let reason = "";
    try {
      return await conversation.turn({
        signal: AbortSignal.any([signal, cut.signal]),
        onThinking: (delta) => stream({ kind: "thinking", turn, delta }),
        onText: (delta) => stream({ kind: "text", turn, delta }),
        onRetry: (attempt, why, until) => {
          reason = why;
          const next = { turn, attempt: attempt + 1, reason: why, until: new Date(until).toISOString() };
          recorder.emit({ type: "api.retrying", body: next });
          if (this.#control.paused) cut.abort();
        },
        onAttempt: (attempt) => {
          recorder.emit({ type: "api.retrying", body: { turn, attempt, reason, until: null } });
          stream({ kind: "restart", turn, attempt });
        },
      });
    } finally {
      this.#turnCut = null;
    }
  }

  /** Takes every call of a turn in order; stops at the first that was not done. */
  async #answerCalls(calls: readonly ParsedCall[]): Promise<UserContent> {
    const results: CallResult[] = [];
    let latest: Sight | null = this.#seen;
    let halted = false;
    let endsWithScreenshot = false;
    for (const [index, call] of calls.entries()) {
      const place = { turn: this.#turn, index, call };
      await this.#control.pass();
      const state = await this.#state(latest);
      if (halted) {
        results.push(finish(this.#deps, state, place, { outcome: "skipped", text: HALTED }).result);
        continue;
      }
      await this.#withinLimits();
      const end = await runStep(this.#stepDeps(), state, place);
      results.push(end.result);
      this.#cursor = end.cursor;
      latest = end.latest;
      halted = !end.ok;
      endsWithScreenshot = end.screenshot !== null;
      this.#deps.gate.flush();
    }
    await this.#control.pass();
    const sight = latest ?? (await this.#look());
    const shown = endsWithScreenshot ? results : withScreenshot(results, sight);
    if (shown.some((result) => result.images.includes(sight.image))) this.#seen = sight;
    const notes = this.#notes;
    this.#notes = [];
    return { kind: "results", results: shown, notes };
  }

  async #answered(): Promise<string | null> {
    if (this.#deps.exitWhenDone) return null;
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

  async #look(): Promise<Sight> {
    return await this.#deps.recorder.keepLook(await this.#deps.computer.look(this.#space, []));
  }

  #stepDeps(): StepDeps {
    const { recorder, computer, gate, config, settleMs, sha256, now, stream } = this.#deps;
    return {
      session: this.view.id,
      recorder,
      computer,
      gate,
      control: this.#control,
      mode: config.mode,
      operator: config.operator,
      settleMs,
      sha256,
      now,
      stream,
    };
  }

  #pause(body: EventBodies["session.paused"]): void {
    const before = this.view.phase.kind;
    this.#control.pause();
    this.#deps.gate.suspend(true);
    this.#limits.paused(true);
    this.#deps.recorder.emit({ type: "session.paused", body });
    if (before === "retrying") this.#turnCut?.abort();
  }
}

/** Puts the newest picture on the batch's last success: it saves Claude a round trip. */
function withScreenshot(results: readonly CallResult[], sight: Sight): readonly CallResult[] {
  const last = results.findLastIndex((result) => !result.isError);
  return results.map((result, i) => (i === last ? { ...result, images: [...result.images, sight.image] } : result));
}
