/**
 * A session is a stream of events. Everything anyone sees of one, live or years later, is
 * `events.reduce(reduceSession)` (see session-view.ts). Ticking things (streamed thinking, countdowns, typing
 * progress) are a side channel, `StreamUpdate`, and are never folded.
 */
import type { Action } from "./action.ts";
import type { ImageRef, WindowInfo } from "./digest.ts";
import type { Display, Point, Size } from "./geometry.ts";
import { canonicalJson, type Json } from "./jcs.ts";
import type { Effort, ToolVersion, Usage } from "./model.ts";
import type { Confined, Home } from "./own-desktop.ts";
import type { SeenControl, SeenWindows } from "./policy/facts.ts";
import type { Mode } from "./policy/format.ts";
import type { LeaseAmounts, LeaseState } from "./policy/lease.ts";
import type { Verdict } from "./policy.ts";

/** The version of the event format written by this program. */
export const EVENT_VERSION = 1;

/** What a session ends at; null is no limit. */
export type Limits = { readonly steps: number | null; readonly minutes: number | null; readonly usd: number | null };

/** Where a session works. */
export type Where =
  | {
      readonly kind: "own";
      readonly size: Size;
      /** Command lines. */
      readonly programs: readonly string[];
      /** Records of earlier versions lack it: the operator's. */
      readonly home?: Home;
      /** Null, or absent in records of earlier versions: programs run as any other of the operator's. */
      readonly confined?: Confined | null;
    }
  /** The desktop the operator sits at; `monitor` is the RandR output's name, null for the primary one. */
  | { readonly kind: "this"; readonly monitor: string | null };

/** All that was chosen when a session was started. */
export type SessionConfig = {
  readonly task: string;
  readonly model: string;
  readonly toolVersion: ToolVersion;
  readonly effort: Effort | null;
  /** One action per turn instead of batches. */
  readonly onePerTurn: boolean;
  readonly where: Where;
  readonly mode: Mode;
  readonly limits: Limits;
  /** False with `--no-operator`: what would ask is rejected with a reason. */
  readonly operator: boolean;
  readonly practice: boolean;
  /** The API's address when it is not the default one. */
  readonly baseUrl: string | null;
};

export type EndReason =
  | "finished"
  | "stopped"
  | "limit"
  | "api_error"
  | "refused"
  | "error"
  | "app_closed"
  | "interrupted";

/**
 * `away`: the screen is locked, asleep, behind its screen saver, or another user's. `desktop`: one of Claude's own ended, or a
 * part of it.
 */
export type PauseReason = "operator" | "limit" | "person" | "error" | "display" | "capture" | "away" | "desktop";

/** How one tool_use call ended. `done` includes edited ones. */
export type Outcome =
  | "done"
  | "failed"
  | "rejected"
  | "denied"
  | "nobody"
  | "watch"
  | "skipped"
  | "invalid"
  | "taken_over"
  | "interrupted";

/** Why a proposal came back to the gate without anything having been sent. */
export const RETURN_REASONS = [
  "geometry",
  "window",
  "pixels",
  "focus",
  "policy",
  "paused",
  "late",
  "capture",
  "input_method",
] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/** One message of the conversation with each image replaced by `{type: "image", source: {type: "blob", sha256, ...}}`. */
export type StoredMessage = { readonly role: "user" | "assistant"; readonly content: Json };

/** One tool_use of a turn as the wire module read it. */
export type ParsedCall = {
  readonly toolUseId: string;
  /** The member or tool name as it came. */
  readonly name: string;
  readonly input: Json;
  readonly parsed: { readonly action: Action } | { readonly error: string };
};

/** A proposal as it stands at the gate: what is shown, what is digested. */
export type Proposal = {
  /** `<turn>.<index>`, unique in the session. */
  readonly id: string;
  readonly rev: number;
  readonly turn: number;
  readonly index: number;
  readonly toolUseId: string;
  /** What would run: Claude's action, or what an earlier revision of it was edited to. */
  readonly action: Action;
  /** Claude's own action, when `action` is the operator's edit of it. */
  readonly original: Action | null;
  /** What Claude saw. */
  readonly screenshot: ImageRef;
  /** The desktop as it was when this revision was made, when that differs from what Claude saw. */
  readonly now: ImageRef | null;
  readonly display: Display;
  /** The window in front when this revision was made. */
  readonly window: WindowInfo | null;
  /** The top-level window under the first point, for pointer actions. */
  readonly target: WindowInfo | null;
  /** Every window the action has to do with, as rules see them; records of earlier versions lack it. */
  readonly windows?: SeenWindows;
  /** Whether it goes to a password field; absent when the platform did not tell. */
  readonly password?: boolean;
  /** The controls under the points and the one with the keyboard, where known; absent when nobody asked. */
  readonly controls?: readonly (SeenControl | null)[];
  readonly focusControl?: SeenControl | null;
  readonly cursor: Point | null;
};

export type Decision =
  | { readonly kind: "approve" }
  | { readonly kind: "edit"; readonly action: Action }
  | { readonly kind: "reject"; readonly reason: string | null }
  | { readonly kind: "take_over" };

export type DecidedBy = { readonly kind: "operator" } | { readonly kind: "policy"; readonly rule: string | null };

/** Why a turn failed, in words and for the program. */
export type TurnError = {
  readonly kind:
    | "auth"
    | "permission"
    | "not_found"
    | "invalid_request"
    | "too_large"
    | "rate_limit"
    | "overloaded"
    | "server"
    | "network"
    | "stream_cut"
    | "protocol";
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  readonly message: string;
  /** What the operator can do about it. */
  readonly advice: string;
};

/** A session's own desktop: its X display and its processes. */
export type DesktopNote = { readonly display: string | null; readonly pids: readonly number[] };

/** The body of each event type. Times inside are ISO 8601 UTC; durations ms. */
export type EventBodies = {
  "session.started": {
    config: SessionConfig;
    /** The system prompt, whole: the thinking in the history is bound to it. */
    system: string;
    app: string;
    platform: string;
    /** The display the session works on, and the size of every screenshot Claude gets. */
    display: Display;
    space: Size;
    /** What was started for the session's own desktop, so that it can be ended after a crash. */
    desktop: DesktopNote;
  };
  "session.paused": { why: PauseReason; detail: string | null };
  /** `desktop` is there when the session goes on after a crash, on a fresh desktop. */
  "session.resumed": { desktop?: DesktopNote };
  "session.stopping": { why: EndReason };
  "session.ended": { reason: EndReason; detail: string | null };
  "turn.started": {
    turn: number;
    /** The user message this request adds to the history. */
    appended: readonly StoredMessage[];
    /** The newest screenshot Claude has after this request. */
    screenshot: ImageRef | null;
  };
  "turn.finished": {
    turn: number;
    /** The raw reply, unchanged. */
    message: Json;
    /** The reply's content as JSON with its keys in the order they came: the record sorts them, and thinking is bound to them. */
    contentText?: string;
    stopReason: string | null;
    calls: readonly ParsedCall[];
    thinking: string;
    text: string;
    usage: Usage;
    costUsd: number | null;
    durationMs: number;
  };
  "turn.failed": { turn: number; error: TurnError; attempts: number };
  /** `attempt` (2, 3, ...) starts at `until`; null once it has started. */
  "api.retrying": { turn: number; attempt: number; reason: string; until: string | null };
  "action.proposed": { proposal: Proposal };
  "action.returned": { proposal: Proposal; reason: ReturnReason; detail: string };
  "action.started": { proposal: string; rev: number; action: Action };
  "action.finished": {
    proposal: string;
    turn: number;
    index: number;
    toolUseId: string;
    outcome: Outcome;
    /** The text of the tool_result Claude reads. */
    text: string;
    isError: boolean;
    /** The settled screen afterwards; null when nothing ran or it could not be had. */
    after: ImageRef | null;
    /** The picture that is the result itself (`screenshot`, `zoom`). */
    image: ImageRef | null;
    cursor: Point | null;
    durationMs: number;
  };
  "action.interrupted": { proposal: string; detail: string };
  "policy.evaluated": { proposal: string; rev: number; at: "proposed" | "precheck"; verdict: Verdict };
  "decision.made": {
    proposal: string;
    rev: number;
    digest: string;
    decision: Decision;
    by: DecidedBy;
    latencyMs: number;
  };
  "decision.refused": { proposal: string; reason: string; count: number };
  "decision.withdrawn": { proposal: string; rev: number; reason: string };
  "takeover.started": { proposal: string | null };
  "takeover.ended": { note: string | null; after: ImageRef | null };
  /** The operator wants no picture of the desktop taken while they have control (logging in, say). */
  "capture.paused": Record<string, never>;
  "capture.resumed": Record<string, never>;
  "note.added": { text: string };
  /** From here on the record holds no typed text, no raw reply and no digest of this session (shared/redact.ts). */
  "secret.marked": { proposal: string | null };
  "limit.reached": { limit: "steps" | "minutes" | "usd"; value: number };
  /** `restarted`: a lease begins anew, with `granted`. */
  "lease.changed": { state: LeaseState; why?: string | null; granted?: LeaseAmounts; restarted?: boolean };
  /** The operator changed what passes by itself; `mode` is the whole of it from here on. */
  "policy.changed": { mode: Mode; why: string };
  "display.changed": { display: Display; space: Size };
};

export type EventType = keyof EventBodies;

export type EventOf<T extends EventType> = {
  readonly v: number;
  readonly session: string;
  /** 1, 2, 3, ... without a gap. */
  readonly seq: number;
  /** ISO 8601 in UTC with ms. */
  readonly ts: string;
  readonly type: T;
  readonly body: EventBodies[T];
};

export type SessionEvent = { [T in EventType]: EventOf<T> }[EventType];

/** An event with its links in the chain, as stored. */
export type StoredEvent = SessionEvent & { readonly prevHash: string; readonly hash: string };

/** `prev_hash` of a session's first event. */
export const FIRST_PREV_HASH = "0".repeat(64);

/** The bytes (as text) an event's hash covers: `prev_hash + "\n" + JCS({v, session, seq, ts, type, body})`. */
export function hashText(prevHash: string, event: SessionEvent): string {
  const { v, session, seq, ts, type, body } = event;
  return `${prevHash}\n${canonicalJson({ v, session, seq, ts, type, body })}`;
}

/** What streams to the window while it happens; never stored, never folded. */
export type StreamUpdate =
  | { readonly kind: "thinking"; readonly turn: number; readonly delta: string }
  | { readonly kind: "text"; readonly turn: number; readonly delta: string }
  /** A new attempt began: what was streamed of this turn is void. */
  | { readonly kind: "restart"; readonly turn: number; readonly attempt: number }
  | { readonly kind: "checking"; readonly proposal: string }
  | { readonly kind: "running"; readonly proposal: string; readonly done: number; readonly total: number };
