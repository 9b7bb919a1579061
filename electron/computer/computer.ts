/**
 * What the session asks of a desktop. The real one is an executor in a utility process (remote-computer.ts); unit tests
 * bring a fake. Points and sizes say their space: screenshot space (px of the picture Claude saw) unless noted.
 */
import type { MessagePortMain } from "electron";
import type { Action } from "../../shared/action.ts";
import type { WindowInfo } from "../../shared/digest.ts";
import type { Display, Point, Size } from "../../shared/geometry.ts";
import type { SeenControl } from "../../shared/policy/facts.ts";
import type { ReturnReason } from "../../shared/session-event.ts";

/** A picture ready to be stored and sent: PNG bytes, their SHA-256, size in px. */
export type Picture = { readonly png: Uint8Array; readonly sha256: string; readonly size: Size };

/**
 * A window with its place (`bounds` in physical px of the desktop) and the name of its program's executable, without the
 * folder; null, or absent, when the system does not tell.
 */
export type WindowFacts = WindowInfo & { readonly bounds: Display; readonly exe?: string | null };

/** What is true of the desktop at one moment. */
export type DesktopFacts = {
  readonly display: Display;
  /** The top-level window that has the keyboard focus. */
  readonly focus: WindowFacts | null;
  /** The top-level window under each point of an action, in the order of `pointsOf` (Claude's cursor when it has none). */
  readonly targets: readonly (WindowFacts | null)[];
  /**
   * The control under each point, in the order of `targets`, and the one with the keyboard focus. Absent or null where
   * the accessibility bus did not say within 50 ms: nothing may rely on it being there.
   */
  readonly controls?: readonly (SeenControl | null)[] | undefined;
  readonly focusControl?: SeenControl | null | undefined;
};

/** One look at the desktop: a picture in screenshot space and the facts of the same moment. */
export type Look = { readonly picture: Picture; readonly facts: DesktopFacts };

export type PerformRequest = {
  /** For progress messages only. */
  readonly proposal: string;
  readonly action: Action;
  /** Screenshot space of the action's coordinates. */
  readonly space: Size;
  /** Claude's cursor before the action; null before it has one. */
  readonly cursor: Point | null;
  /** What the fresh frame is compared with: the display, window in front and frame (by picture hash) of the proposal. */
  readonly expected: {
    readonly display: Display;
    readonly window: WindowInfo | null;
    readonly target: WindowInfo | null;
    readonly picture: string;
  };
  /** How long to wait for a still screen afterwards, ms. */
  readonly settleMs: number;
};

/** The `progress` of an action that was cut before its first input. */
export const NOTHING_SENT = "before anything was sent";

export type PerformHooks = {
  /** Asked with the facts of the precheck's frame; false sends nothing and returns the proposal with `policy`. */
  readonly confirm: (facts: DesktopFacts) => boolean;
  /** Called when the precheck has passed, before the first input, and then as characters or repeats go out. */
  readonly onProgress: (done: number, total: number) => void;
  /** Aborting cuts the action before its next primitive and releases every held key and button. */
  readonly signal: AbortSignal;
};

export type PerformResult =
  /** Nothing was sent. */
  | { readonly kind: "returned"; readonly reason: ReturnReason; readonly detail: string; readonly now: Look | null }
  | {
      readonly kind: "done";
      readonly cursor: Point | null;
      /** The settled screen; null when the action only looked. */
      readonly after: Look | null;
      /** The picture that is the result (`screenshot`, `zoom`). A screenshot comes with the facts of its moment. */
      readonly image: Picture | null;
      readonly facts: DesktopFacts;
      readonly durationMs: number;
    }
  /** Something was or may have been sent before it went wrong; everything is released. */
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly cursor: Point | null;
      readonly after: Look | null;
      readonly durationMs: number;
    }
  /**
   * Cut by the signal, or by the person at the desktop; `progress` completes "Interrupted by the operator ...", e.g. `after 37 of 412
   * characters`. What the executor cuts of itself has `failed`, unless nothing was sent.
   */
  | {
      readonly kind: "interrupted";
      readonly progress: string;
      readonly cursor: Point | null;
      readonly durationMs: number;
    };

/** What the executor heard by itself and has already obeyed: everything is cut and let go when main learns of it. */
export type HeardByExecutor =
  /** The stop chord. */
  | { readonly kind: "stop" }
  /** The person at this desktop reached for mouse or keyboard while an action ran. */
  | { readonly kind: "person"; readonly touch: "key" | "button" | "pointer" }
  /** Nothing can be heard any more; no further action will run. */
  | { readonly kind: "deaf"; readonly why: string };

export interface Computer {
  /** Called for each thing heard, on the operator's own desktop alone. */
  onHeard(listener: (heard: HeardByExecutor) => void): void;
  /** The display's geometry now. Rejects with a ComputerError when the desktop can't be used. */
  display(): Promise<Display>;
  /**
   * Takes a picture scaled to `space`, with the window facts under `points`.
   * @param settleMs how long to wait for a still screen first, ms; without it, none
   */
  look(space: Size, points: readonly Point[], settleMs?: number): Promise<Look>;
  /** The facts of a look without its picture; on the operator's own desktop nothing moves for it. */
  facts(space: Size, points: readonly Point[]): Promise<DesktopFacts>;
  /** Prechecks and performs one action, once. Never rejects for what a desktop may do; rejects when the executor died. */
  perform(request: PerformRequest, hooks: PerformHooks): Promise<PerformResult>;
  /**
   * The operator's own hand, while they have control: performs an action at once, without precheck and without settling.
   * Never for anything Claude asked for. Rejects with a ComputerError in words when it could not.
   */
  hand(action: Action, space: Size): Promise<void>;
  /**
   * Sends the desktop as it is and as it changes, in pictures of `space` px, through `port` from here on; to nobody else. Null:
   * no more of it. For desktops of their own alone.
   */
  watch(port: MessagePortMain | null, space: Size): void;
  /** Releases every key and button held by us. */
  releaseAll(): Promise<void>;
  /** Ends the executor, everything released. */
  close(): Promise<void>;
}

/**
 * What goes wrong with a desktop: `no_display` can't be reached, `no_monitor` is switched off, `black_capture` shows nothing,
 * `no_permission` refuses captures, `wayland` is a session that can't be worked on.
 */
export const COMPUTER_ERROR_CODES = [
  "no_display",
  "no_monitor",
  "black_capture",
  "no_permission",
  "wayland",
  "executor_died",
  "unsupported",
  "capture_failed",
  "input_failed",
] as const;

/** An expected failure of the desktop or the executor, in words for the operator. */
export class ComputerError extends Error {
  readonly code: (typeof COMPUTER_ERROR_CODES)[number];
  constructor(code: ComputerError["code"], message: string) {
    super(message);
    this.name = "ComputerError";
    this.code = code;
  }
}
