/** Whether the operator needs the app's window, on the desktop they share with Claude. */
import { LOOK_ONLY } from "../../shared/action.ts";
import { isAsked } from "../../shared/asked.ts";
import type { SessionView } from "../../shared/session-view.ts";

/**
 * True whenever something waits for the operator or can be read: a proposal, an answer, a pause, the end. While Claude
 * thinks and acts it is what it was for the last decision on an action: a rule's keeps the window away, so that an automatic
 * run does not flicker; the operator's brings it back after each action. Looks change nothing.
 */
export function windowWanted(view: SessionView): boolean {
  if (!goesOn(view)) return true;
  const acted = view.steps.filter(
    (step) => step.decision !== null && step.executed !== null && !LOOK_ONLY.has(step.executed.action),
  );
  const by = acted.at(-1)?.decision?.by.kind ?? (view.config?.operator === false ? "policy" : "operator");
  return by === "operator";
}

/** Whether the session goes on by itself. */
function goesOn(view: SessionView): boolean {
  const { phase } = view;
  switch (phase.kind) {
    case "thinking":
    case "retrying":
    case "executing":
      return true;
    case "deciding":
      return !isAsked(view);
    default:
      return false;
  }
}
