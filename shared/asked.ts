/** Whether a proposal waits for the operator. Pure: told from the record alone. */
import { type SessionView, stepOf } from "./session-view.ts";

/**
 * True while a proposal is at the gate and only a person can let it pass. What a rule lets through, what is denied, what was
 * approved ahead and what nobody is there for is at the gate for a moment too, and is not meant.
 */
export function isAsked(view: SessionView): boolean {
  const { phase } = view;
  if (phase.kind !== "deciding" || view.config?.operator === false) return false;
  // What came back once is a surprise: no rule lets it pass.
  if (phase.rev > 1) return true;
  const step = stepOf(view, phase.proposal);
  return step?.verdict?.effect === "ask" && step.decision === null;
}
