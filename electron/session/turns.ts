/** Taking turns: one request and its whole response, tried again by itself or by the operator. */

import { assertNever } from "../../shared/assert-never.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point } from "../../shared/geometry.ts";
import { sentence } from "../../shared/sentence.ts";
import type { StoredMessage, StreamUpdate } from "../../shared/session-event.ts";
import type { Conversation, TurnOutcome, UserContent } from "../claude/claude.ts";
import { type Control, Stopped } from "./control.ts";
import type { Recorder } from "./recorder.ts";

/** What the next request adds: new content, or null to send the history as it is. */
export type Next = {
  readonly turn: number;
  readonly content: UserContent | null;
  /** Messages of this turn that are in the history already. */
  readonly already: readonly StoredMessage[];
};

export type Finished = Extract<TurnOutcome, { kind: "finished" }>;

export type TurnDeps = {
  readonly recorder: Recorder;
  readonly conversation: Conversation;
  readonly control: Control;
  readonly stream: (update: StreamUpdate) => void;
  /** ms since 1970. */
  readonly now: () => number;
  /** End at an API error instead of asking. */
  readonly exitWhenDone: boolean;
  /** Waits while a limit holds the session. */
  readonly withinLimits: () => Promise<void>;
  /** Claude's cursor, px in screenshot space; null before it has one. */
  readonly cursor: () => Point | null;
  readonly pauseForError: (detail: string) => void;
};

export class TurnTaker {
  readonly #deps: TurnDeps;
  #cut: AbortController | null = null;

  constructor(deps: TurnDeps) {
    this.#deps = deps;
  }

  /** Ends the wait for a retry without a result; the turn is sent again once the session is resumed. */
  cutRetry(): void {
    this.#cut?.abort();
  }

  /** One request and its whole response; a failed one pauses and is tried again when resumed. */
  async take({ turn, content, already }: Next, screenshot: ImageRef | null): Promise<Finished> {
    const { recorder, conversation } = this.#deps;
    const appended = content === null ? already : [...already, conversation.say(content)];
    for (;;) {
      await this.#deps.control.pass();
      await this.#deps.withinLimits();
      recorder.emit({ type: "turn.started", body: { turn, appended, screenshot } });
      const begun = this.#deps.now();
      const outcome = await this.#deps.control.cuttable("stop", (signal) => this.#send(turn, signal));
      this.#deps.control.check();
      switch (outcome.kind) {
        case "finished": {
          const { message, contentText, stopReason, calls, thinking, text, usage, costUsd } = outcome;
          const durationMs = this.#deps.now() - begun;
          recorder.emit({
            type: "turn.finished",
            body: {
              turn,
              message,
              ...(contentText === undefined ? {} : { contentText }),
              stopReason,
              calls,
              thinking,
              text,
              usage,
              costUsd,
              durationMs,
            },
          });
          return outcome;
        }
        case "failed":
          recorder.emit({ type: "turn.failed", body: { turn, error: outcome.error, attempts: outcome.attempts } });
          if (this.#deps.exitWhenDone) throw new Stopped("api_error", outcome.error.message);
          this.#deps.pauseForError(`${sentence(outcome.error.message)} ${outcome.error.advice}`);
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
    this.#cut = cut;
    let reason = "";
    try {
      return await conversation.turn({
        signal: AbortSignal.any([signal, cut.signal]),
        cursor: this.#deps.cursor(),
        onThinking: (delta) => stream({ kind: "thinking", turn, delta }),
        onText: (delta) => stream({ kind: "text", turn, delta }),
        onRetry: (attempt, why, until) => {
          reason = why;
          const next = { turn, attempt: attempt + 1, reason: why, until: new Date(until).toISOString() };
          recorder.emit({ type: "api.retrying", body: next });
          if (this.#deps.control.paused) cut.abort();
        },
        onAttempt: (attempt) => {
          recorder.emit({ type: "api.retrying", body: { turn, attempt, reason, until: null } });
          stream({ kind: "restart", turn, attempt });
        },
      });
    } finally {
      this.#cut = null;
    }
  }
}
