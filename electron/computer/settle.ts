/** Waiting for a still screen after an action. */
import { type Change, ChangeMap } from "./change-map.ts";
import type { Frame } from "./frame.ts";

/** From the start of one grab to the next, ms: programs draw at most 60 times a second, most far less often. */
const GAP = 40;
/** One refresh at 60 Hz, ms: a shorter wait could compare a frame with itself. */
const ONE_FRAME = 16;
/** A program that has drawn nothing this long after the input is taken for one that will not, ms. */
const ANSWER = 240;
/** So long nothing may have changed after a change, ms. */
const QUIET = 110;

export type SettleDeps = {
  readonly grab: () => Promise<Frame>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export type Settled = { readonly frame: Frame; readonly still: boolean };

/**
 * Grabs frames until the screen is still, at most `settleMs`; returns the last one. Still is: nothing changed for a while,
 * carets and small areas that never stop (a spinner, a clock) aside. An abort ends the waiting with a frame of that moment.
 * Never shorter than one frame of the screen.
 */
export async function settle(deps: SettleDeps, settleMs: number, signal: AbortSignal): Promise<Settled> {
  const start = deps.now();
  const end = start + settleMs;
  await deps.sleep(Math.max(ONE_FRAME, Math.min(GAP, settleMs)), signal);
  let asked = deps.now();
  let last = await deps.grab();
  const changes = new ChangeMap(last);
  while (!signal.aborted && deps.now() < end) {
    const next = Math.min(asked + GAP, end);
    await deps.sleep(Math.max(ONE_FRAME, next - deps.now()), signal);
    asked = deps.now();
    last = await deps.grab();
    if (isStill(changes.add(last, asked), start, asked)) return { frame: last, still: true };
  }
  return { frame: last, still: false };
}

function isStill(change: Change, start: number, now: number): boolean {
  return change === null ? now - start >= ANSWER : now - change >= QUIET;
}
