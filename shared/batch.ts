/** A turn as a storyboard: what the steps after the waiting one would be, as they can be approved ahead. */
import type { Proposal } from "./session-event.ts";
import { type SessionView, type StepView, stepId } from "./session-view.ts";

/**
 * A later step of the turn as the storyboard shows it while `waiting` is at the gate: on the picture Claude saw, before
 * anything of it is known. An approval given ahead is bound to the digest of this. Null for a call that can't run.
 */
export function plannedProposal(waiting: Proposal, step: StepView): Proposal | null {
  const { parsed, toolUseId } = step.call;
  if (!("action" in parsed)) return null;
  const { turn, index } = step;
  return {
    ...waiting,
    id: stepId(step),
    rev: 1,
    turn,
    index,
    toolUseId,
    action: parsed.action,
    original: null,
    now: null,
    target: null,
  };
}

/** The steps of the waiting proposal's turn that come after it, in order, as long as each can run. */
export function stepsAhead(view: SessionView, waiting: Proposal): readonly StepView[] {
  const later = view.steps.filter((step) => step.turn === waiting.turn && step.index > waiting.index);
  const broken = later.findIndex((step) => "error" in step.call.parsed);
  return broken < 0 ? later : later.slice(0, broken);
}
