/** The primitives that actions are made of. Points are physical px of the desktop. */
import type { Point } from "../../shared/geometry.ts";
import type { KeyCombo, Modifier } from "../../shared/keys.ts";
import type { WindowFacts } from "./computer.ts";

export type MouseButton = "left" | "middle" | "right";
export type WheelDirection = "up" | "down" | "left" | "right";
/** Lets go of what was pressed; resolves when the server has seen it. */
export type Release = () => Promise<void>;

/** What stops a primitive of many parts before its next one, and hears of each part. */
export type Cut = { readonly signal: AbortSignal; readonly onProgress: (done: number, total: number) => void };
export type Ending = { readonly stopped: boolean };

export type Hands = {
  readonly focusWindow: () => Promise<WindowFacts | null>;
  readonly windowAt: (point: Point) => Promise<WindowFacts | null>;
  readonly moveTo: (point: Point) => Promise<void>;
  readonly buttonDown: (button: MouseButton) => Promise<void>;
  readonly buttonUp: (button: MouseButton) => Promise<void>;
  /** One click of the wheel. */
  readonly wheel: (direction: WheelDirection) => Promise<void>;
  readonly holdModifiers: (modifiers: readonly Modifier[]) => Promise<Release>;
  /** Presses the combination `times` times; resolves with whether the signal cut that short. */
  readonly press: (combo: KeyCombo, times: number, cut: Cut) => Promise<Ending>;
  /** Holds the combination down for `ms`; resolves with whether the signal cut that short. */
  readonly hold: (combo: KeyCombo, ms: number, signal: AbortSignal) => Promise<Ending>;
  /** Types a text; rejects before the first key when a character of it can't be typed. */
  readonly type: (text: string, cut: Cut) => Promise<Ending>;
  /** Every key and button that is down, whoever pressed it last: up. */
  readonly releaseAll: () => Promise<void>;
  readonly close: () => Promise<void>;
};
