/** What the input devices of a desktop did, as the X server's raw events tell it, ours left out. */

/**
 * Whose hand: `device` is one that a person touches; `xtest` is another program's synthesised input (an on-screen
 * keyboard, a remote desktop tool), which counts as a person too, but proves nobody's presence.
 */
export type Origin = "device" | "xtest";

export type Heard = {
  readonly from: Origin;
  /** ms of the listener's clock. */
  readonly at: number;
} & (
  | { readonly kind: "key" | "button"; readonly code: number; readonly down: boolean }
  /** px; an absolute device's first place has nothing to be compared with and counts as no way. */
  | { readonly kind: "motion"; readonly dx: number; readonly dy: number }
);
