/** The texts Claude reads in tool_results, word for word (design: interfaces.md, "Results Claude reads"). */
import { type Action, describe, doneText } from "../../shared/action.ts";
import type { Point } from "../../shared/geometry.ts";

export const HALTED = "Not executed: an earlier computer action in this turn failed.";
export const TAKEN_OVER = "The operator performed this step by hand.";
export const AFTER_TAKE_OVER = "Not executed: the operator took over; the new screenshot shows the result.";
export const NOBODY = "No operator is present to approve this action; it was NOT executed.";
export const WATCH_ONLY = "Watch only: this action was NOT executed.";
export const NO_CURSOR = "coordinate: is missing; there is no cursor position yet, so say where";

/** What an action that ran tells Claude. `edited` is the proposed action when the operator changed it. */
export function doneResult(executed: Action, cursor: Point | null, edited: Action | null): string {
  if (edited !== null) {
    return `The operator changed this action before it ran. Proposed: ${describe(edited)}. Executed: ${describe(executed)}.`;
  }
  if (executed.action === "cursor_position" && cursor !== null) return `X=${cursor[0]},Y=${cursor[1]}`;
  return doneText(executed);
}

export function rejectedResult(reason: string | null): string {
  return `The operator rejected this action; it was NOT executed. Reason: ${reason ?? "none given"}`;
}

/** @param reason the rule's reason, or its id */
export function deniedResult(reason: string): string {
  return `A rule denied this action; it was NOT executed. Reason: ${reason}`;
}

/** Said with a fresh picture when a new epoch begins: the summary holds no picture. */
export const SUMMARIZED =
  "The conversation up to here was summarized to save room. Go on with the task. The screenshot shows the desktop as it is now.";

/** Said with a fresh picture when a session goes on after a crash. */
export const GOES_ON =
  "The session was interrupted and now goes on with a fresh desktop: what was open before is gone, and there is no cursor position yet. The screenshot shows it as it is now.";

/** Said with a fresh picture when the desktop was lost and had anew. */
export const FRESH_DESKTOP =
  "The desktop ended in the middle of the session and was started again with the same programs: what was open before is gone, and there is no cursor position yet. The screenshot shows it as it is now.";

/** @param progress e.g. `after 37 of 412 characters` */
export function interruptedResult(progress: string): string {
  return `Interrupted by the operator ${progress}; keys released.`;
}
