/** Our windows on a desktop that we share with Claude: never seen, never touched (the shield's half in the executor). */
import type { Display, Point, Region } from "../../shared/geometry.ts";
import type { WindowFacts } from "./computer.ts";

export type OwnWindow = { readonly id: number; readonly region: Region };

export type OwnWindows = {
  /**
   * Our windows that touch the display now: their ids and the places they take of it, px of the desktop. Remembers them, and
   * who the focus is to go back to.
   */
  readonly inTheWay: (display: Display) => Promise<readonly OwnWindow[]>;
  /**
   * Resolves when none of our windows is on the display and the window manager has taken that in, with the places that
   * those of the last `inTheWay` left, px of the whole desktop. Rejects with a ComputerError when one stays.
   */
  readonly gone: (display: Display, signal: AbortSignal) => Promise<readonly Region[]>;
  /** Gives the keyboard focus to the program that had it before our window took it; does nothing when we don't have it. */
  readonly focusBack: (signal: AbortSignal) => Promise<void>;
  /** Paints `regions` (px of the desktop) over for a moment: what a program has not repainted is this colour then, not ours. */
  readonly wipe: (regions: readonly Region[], colour: number) => Promise<void>;
  /** Whether a window of ours is on the display now. */
  readonly isOn: (display: Display) => Promise<boolean>;
  /** Whether a window of ours is the one in front at a point of the desktop; null: where the pointer is. */
  readonly isUnder: (point: Point | null) => Promise<boolean>;
  /** The window with the focus, or the one that had it before ours. */
  readonly focusWindow: () => Promise<WindowFacts | null>;
  /** The window in front at a point of the desktop, ours left out. */
  readonly windowAt: (point: Point) => Promise<WindowFacts | null>;
  readonly close: () => void;
};
