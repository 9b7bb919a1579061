/** Waiting for a still screen after an action. */
import { difference } from "./difference.ts";
import type { Frame } from "./frame.ts";

/** Between two frames that are compared, ms. Programs answer an event within two or three refreshes of the screen. */
const GAP = 50;
/** One refresh at 60 Hz, ms: a shorter wait could compare a frame with itself. */
const ONE_FRAME = 16;
/** Two blinking carets are at most this many px; a frame with more changed is moving. */
const STILL = 241;

export type SettleDeps = {
  readonly grab: () => Promise<Frame>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export type Settled = { readonly frame: Frame; readonly still: boolean };

/**
 * Grabs frames until two in a row agree (a blinking caret aside), at most `settleMs`; returns the last one. An abort
 * ends the waiting with a frame of that moment. Never shorter than one frame of the screen.
 */
export async function settle(deps: SettleDeps, settleMs: number, signal: AbortSignal): Promise<Settled> {
  const end = deps.now() + settleMs;
  await deps.sleep(Math.max(ONE_FRAME, Math.min(GAP, settleMs)), signal);
  let last = await deps.grab();
  while (!signal.aborted && deps.now() < end) {
    await deps.sleep(Math.max(ONE_FRAME, Math.min(GAP, end - deps.now())), signal);
    const next = await deps.grab();
    if (agree(last, next)) return { frame: next, still: true };
    last = next;
  }
  return { frame: last, still: false };
}

/** Whether nothing moved between two frames; carets do not count, another size of the display does. */
function agree(a: Frame, b: Frame): boolean {
  if (a.size.w !== b.size.w || a.size.h !== b.size.h) return false;
  return difference(a, b, STILL).count === 0;
}
