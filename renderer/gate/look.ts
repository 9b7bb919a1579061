/** Looking closer at an action of the turn before it is approved ahead. */
import type { Point } from "../../shared/geometry.ts";
import { type StepView, stepId } from "../../shared/session-view.ts";
import { type Mark, marksOf } from "../ui/overlay.ts";
import { actionOf, cursorBefore } from "./storyboard.ts";

/** Ids of the chips that were chosen and that the pointer is over; null for none. */
export type Look = { readonly selected: string | null; readonly hovered: string | null };

export const NO_LOOK: Look = { selected: null, hovered: null };

/** The action looked at: the one under the pointer, else the chosen one; null while it is the current one. */
export function lookedAt(look: Look, steps: readonly StepView[], current: StepView | null): StepView | null {
  const id = look.hovered ?? look.selected;
  const step = steps.find((each) => stepId(each) === id) ?? null;
  return step !== null && current !== null && stepId(step) === stepId(current) ? null : step;
}

/** Its marks, each with the action's number, so that nobody takes them for those of the action that waits. */
export function lookMarks(step: StepView | null, steps: readonly StepView[], cursor: Point | null): readonly Mark[] {
  const action = step === null ? null : actionOf(step);
  if (step === null || action === null) return [];
  const name = `action ${step.index + 1}`;
  return marksOf(action, cursorBefore(steps, step, cursor)).flatMap((mark): readonly Mark[] => {
    if (mark.kind === "frame") return [mark, { kind: "badge", at: [mark.region[0], mark.region[1]], label: name }];
    return [{ ...mark, label: mark.label === null ? name : `${name}: ${mark.label}` }];
  });
}
