/** Words for an action that was ended because its keys or presses would have gone to another window. */
import type { Action } from "../../shared/action.ts";
import type { DesktopFacts } from "./computer.ts";
import { AimMovedError, type FocusMovedError } from "./hands.ts";
import { partsOf } from "./perform-action.ts";
import { windowText } from "./precheck.ts";

/** Before anything of it went out. */
export const MOVED = {
  focus: "The keyboard focus moved right before the first key.",
  window: "Another window came under the pointer right before it was pressed.",
} as const;

/** What became of keys whose window lost the focus in the middle, of presses when another window came under the pointer. */
export function strayedText(
  strayed: FocusMovedError | AimMovedError,
  action: Action,
  facts: DesktopFacts | null,
): string {
  const parts = `${strayed.done} of ${partsOf(action)}`;
  if (strayed instanceof AimMovedError) {
    const what = action.action === "scroll" ? "Scrolling stopped" : "Clicking stopped";
    const taker = facts?.targets[0] ?? null;
    const who = taker === null ? "another window" : `another window (${windowText(taker)})`;
    return `${what} after ${parts}: ${who} came under the pointer.`;
  }
  const focus = facts?.focus ?? null;
  const taker = focus === null ? "the window lost" : `another window (${windowText(focus)}) took`;
  if (action.action === "hold_key") return `The keys were let go early: ${taker} the keyboard focus.`;
  return action.action === "type"
    ? `Typing stopped after ${parts} characters: ${taker} the keyboard focus.`
    : `Pressing stopped after ${parts} key presses: ${taker} the keyboard focus.`;
}
