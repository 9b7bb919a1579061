/** What is drawn on the picture Claude saw, for a step of the record. Pure. */
import { usesCursor } from "../../shared/action.ts";
import type { Point } from "../../shared/geometry.ts";
import type { StepView } from "../../shared/session-view.ts";
import { editMarks, type Mark, marksOf } from "./overlay.ts";
import { editedFrom } from "./words.ts";

export type Drawing = {
  readonly marks: readonly Mark[];
  /** What was proposed, where something else ran: hollow. */
  readonly ghosts: readonly Mark[];
  readonly cursor: Point | null;
};

/** The executed action, else the proposed one; both where they differ. */
export function drawingOfStep(step: StepView): Drawing {
  const edit = step.decision?.decision.kind === "edit" ? step.decision.decision.action : null;
  const action = step.executed ?? edit ?? step.proposal?.action ?? null;
  const cursor = step.proposal?.cursor ?? null;
  if (action === null) return { marks: [], ghosts: [], cursor };
  const proposed = editedFrom(step);
  const into = step.proposal?.window?.class ?? null;
  const drawn =
    proposed === null
      ? { marks: marksOf(action, cursor, into), ghosts: [] }
      : editMarks(proposed, action, cursor, into);
  return { ...drawn, cursor: usesCursor(action) ? null : cursor };
}
