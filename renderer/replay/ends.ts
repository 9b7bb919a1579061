/** What a reviewer looks for in a step: who decided it, and how it ended. Pure. */
import type { StepView } from "../../shared/session-view.ts";
import { editedFrom } from "../ui/words.ts";

/** `rule` is a rule or the session's mode; `nobody` when it was never decided. */
export type Who = "you" | "rule" | "nobody";
export type End = "done" | "edited" | "hands" | "rejected" | "error" | "none";

export const WHO_WORDS: Readonly<Record<Who, string>> = {
  you: "You",
  rule: "Rules",
  nobody: "Nobody",
};

export const END_NAMES: Readonly<Record<End, string>> = {
  done: "Done",
  edited: "Edited",
  hands: "By hand",
  rejected: "Rejected",
  error: "Error",
  none: "Not run",
};

export function whoDecided(step: StepView): Who {
  if (step.decision === null) return "nobody";
  return step.decision.by.kind === "operator" ? "you" : "rule";
}

export function endOf(step: StepView): End {
  switch (step.status) {
    case "done":
      return editedFrom(step) === null ? "done" : "edited";
    case "taken_over":
      return "hands";
    case "rejected":
    case "denied":
      return "rejected";
    case "failed":
    case "invalid":
    case "interrupted":
      return "error";
    default:
      return "none";
  }
}

/** What the keys `e`, `r` and `x` look for. */
export type Sought = "edit" | "rejection" | "error";

/** Whether a step is one of these; an edit counts whatever became of it. */
function isSought(step: StepView, sought: Sought): boolean {
  switch (sought) {
    case "edit":
      return step.decision?.decision.kind === "edit" || editedFrom(step) !== null;
    case "rejection":
      return endOf(step) === "rejected";
    case "error":
      return endOf(step) === "error";
  }
}

/** The next step after `from` (an index) that is one of these, going on from the first; null when there is none. */
export function nextSought(steps: readonly StepView[], from: number, sought: Sought): number | null {
  for (let i = 1; i <= steps.length; i += 1) {
    const at = (from + i) % steps.length;
    const step = steps[at];
    if (step !== undefined && isSought(step, sought)) return at;
  }
  return null;
}
