/** What the session asks of Claude. The real one speaks the Messages API (turn.ts); unit tests bring a scripted one. */

import type { ImageRef } from "../../shared/digest.ts";
import type { Point, Size } from "../../shared/geometry.ts";
import type { Json } from "../../shared/jcs.ts";
import type { Effort, Model, ToolVersion, Usage } from "../../shared/model.ts";
import type { ParsedCall, StoredMessage, TurnError } from "../../shared/session-event.ts";

/** What one conversation is opened with; none of it changes afterwards (thinking is bound to it). */
export type ConversationSetup = {
  readonly model: Model;
  readonly toolVersion: ToolVersion;
  readonly effort: Effort | null;
  /** Size in px of every screenshot sent. */
  readonly space: Size;
  /** The whole system prompt (`systemPrompt` of system-prompt.ts, or the one on record for a session gone on with). */
  readonly system: string;
  /** One action per turn: `tool_choice {type: "auto", disable_parallel_tool_use: true}`. */
  readonly onePerTurn: boolean;
};

/** One turn of an earlier run, as the record has it. */
export type PastTurn = {
  /** The user message it added, images by hash. */
  readonly appended: readonly StoredMessage[];
  /** The raw reply; null for a turn that never got one. */
  readonly message: Json | null;
  /** `contentText` of its outcome; without it the keys of the reply go back in the record's order. */
  readonly contentText?: string;
  readonly stopReason: string | null;
};

/** A picture to put in a message. */
export type SentImage = { readonly ref: ImageRef; readonly png: Uint8Array };

/** One tool_use's answer. `images` go after the text; an error has none. */
export type CallResult = {
  readonly call: ParsedCall;
  readonly text: string;
  readonly isError: boolean;
  readonly images: readonly SentImage[];
};

/** What the next user message says. */
export type UserContent =
  | { readonly kind: "task"; readonly text: string; readonly image: SentImage }
  /** Results for every call of the last turn, in order, then notes. */
  | {
      readonly kind: "results";
      readonly results: readonly CallResult[];
      readonly notes: readonly string[];
      /** After everything else: how things stand now, when they changed outside the session's own actions. */
      readonly context: { readonly text: string; readonly image: SentImage } | null;
    }
  /** A text and a picture to go on with, when no call and no answer is open. */
  | { readonly kind: "context"; readonly text: string; readonly image: SentImage }
  | { readonly kind: "reply"; readonly text: string; readonly image: SentImage | null };

export type TurnHooks = {
  readonly onThinking: (delta: string) => void;
  readonly onText: (delta: string) => void;
  /** A failed attempt: the next one begins at `until` (ms since 1970) unless hurried. */
  readonly onRetry: (attempt: number, reason: string, until: number) => void;
  /** An attempt after the first begins; what streamed before is void. */
  readonly onAttempt: (attempt: number) => void;
  /** Aborting ends the request or the wait at once; the outcome is `stopped`. */
  readonly signal: AbortSignal;
  /** Claude's cursor, px in screenshot space; null before there is one. The oldest tool drags from it. */
  readonly cursor: Point | null;
};

export type TurnOutcome =
  | {
      readonly kind: "finished";
      /**
       * The raw reply, unchanged. With `stopReason` `compaction` it is the summary of everything before it, asked for
       * because the history neared a request's limits; a new epoch begins with it.
       */
      readonly message: Json;
      /** The reply's content as JSON, its keys in the order they came: the record sorts keys, and Claude gets its own back. */
      readonly contentText?: string;
      readonly stopReason: string | null;
      /** The tool_use blocks, in order; empty unless `stopReason` is `tool_use`. */
      readonly calls: readonly ParsedCall[];
      readonly thinking: string;
      readonly text: string;
      readonly usage: Usage;
      readonly costUsd: number | null;
    }
  | { readonly kind: "failed"; readonly error: TurnError; readonly attempts: number }
  | { readonly kind: "stopped" };

/** An append-only conversation about one task. */
export interface Conversation {
  /** Appends a user message; returns it as the journal keeps it (images by hash). */
  say(content: UserContent): StoredMessage;
  /**
   * Sends the whole history and streams one turn. On `finished` the reply has been appended unchanged; on `failed` or
   * `stopped` nothing was, and `turn` may be called again.
   */
  turn(hooks: TurnHooks): Promise<TurnOutcome>;
  /** Ends the wait before the next attempt at once. Does nothing when none is waited for. */
  hurry(): void;
}
