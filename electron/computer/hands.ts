/** The primitives that actions are made of. Points are physical px of the desktop. */
import type { Point } from "../../shared/geometry.ts";
import type { KeyCombo, Modifier } from "../../shared/keys.ts";
import type { WindowFacts } from "./computer.ts";

export type MouseButton = "left" | "middle" | "right";
export type WheelDirection = "up" | "down" | "left" | "right";
/** Lets go of what was pressed; resolves when the server has seen it. */
export type Release = () => Promise<void>;

/** The top-level window that keys are meant for, by its id; null: none had the focus. */
export type KeysFor = { readonly window: number | null };

/** What stops a primitive of many parts before its next one, and hears of each part. */
export type Cut = {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Looked at right before the first key, and for text before every key; null: whatever has the focus gets them. */
  readonly keysFor: KeysFor | null;
};
export type Ending = { readonly stopped: boolean };

/** What a press of the mouse or a turn of the wheel is for, looked at right before it. */
export type Aim = {
  /** px of the desktop. */
  readonly at: Point;
  /** The top-level window in front there, by its id; null: the bare desktop. */
  readonly window: number | null;
  /** Presses or turns of the same action that went out before. */
  readonly done: number;
};

/** Ms within which two presses are a double click: of the programs there, the shortest that one may go by and the longest. */
export type ClickTimes = { readonly shortest: number; readonly longest: number };

/** Throws when the action was cut: called right before an input goes out, as the looks before it take their time. */
export type LastCheck = () => void;

/** Another window has the keyboard focus than the keys are for. Nothing is held. */
export class FocusMovedError extends Error {
  /** Characters or presses that went out before. */
  readonly done: number;
  constructor(done: number) {
    super("another window took the keyboard focus");
    this.name = "FocusMovedError";
    this.done = done;
  }
}

/** A text with a character that no key can give; nothing was typed. The message names field, character and place. */
export class UntypeableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UntypeableError";
  }
}

/** Another window is in front at the point than the press is for. What went out before is let go by whoever catches it. */
export class AimMovedError extends Error {
  /** Presses or turns that went out before. */
  readonly done: number;
  constructor(done: number) {
    super("another window came under the pointer");
    this.name = "AimMovedError";
    this.done = done;
  }
}

export type Hands = {
  readonly focusWindow: () => Promise<WindowFacts | null>;
  readonly windowAt: (point: Point) => Promise<WindowFacts | null>;
  /** What would change keys on their way to a program (an input method), in words; null when nothing would. */
  readonly inputMethod: () => Promise<string | null>;
  readonly clickTimes: () => Promise<ClickTimes>;
  readonly moveTo: (point: Point, check: LastCheck) => Promise<void>;
  /** Presses where the pointer is; rejects with an AimMovedError when `aim` is not what is there. Null: whatever is. */
  readonly buttonDown: (button: MouseButton, aim: Aim | null, check: LastCheck) => Promise<void>;
  readonly buttonUp: (button: MouseButton) => Promise<void>;
  /** One click of the wheel; may reject like `buttonDown`. */
  readonly wheel: (direction: WheelDirection, aim: Aim | null, check: LastCheck) => Promise<void>;
  /** Presses modifiers and keeps them down; may reject with a FocusMovedError when `keysFor` has not got the focus. */
  readonly holdModifiers: (
    modifiers: readonly Modifier[],
    keysFor: KeysFor | null,
    check: LastCheck,
  ) => Promise<Release>;
  /** Presses the combination `times` times; resolves with whether the signal cut that short. May reject with a FocusMovedError. */
  readonly press: (combo: KeyCombo, times: number, cut: Cut) => Promise<Ending>;
  /** Holds the combination down for `ms`; resolves with whether the signal cut that short. May reject with a FocusMovedError. */
  readonly hold: (combo: KeyCombo, ms: number, cut: Omit<Cut, "onProgress">) => Promise<Ending>;
  /** Types a text; rejects before the first key when a character of it can't be typed, and with a FocusMovedError. */
  readonly type: (text: string, cut: Cut) => Promise<Ending>;
  /** Every key and button that is down, whoever pressed it last: up. */
  readonly releaseAll: () => Promise<void>;
  readonly close: () => Promise<void>;
};
