import { type SessionView, stepId } from "../../shared/session-view.ts";
import type { NewEvent } from "../journal/journal.ts";
import { HALTED, interruptedResult } from "./result-text.ts";

/** Told to the operator for an action that began and nobody knows how far it got. */
const UNKNOWN =
  "The app ended while this action was running; it may have happened in part. It will not be run again by itself.";

/**
 * The events that give every unanswered tool_use of a session its result, so that its history stays valid for the API.
 * An action that was running is marked as interrupted and is never run again.
 */
export function endOpenCalls(view: SessionView): readonly NewEvent[] {
  const open = view.steps.filter((step) => step.result === null);
  const halted = view.steps.some((step) => step.turn === open[0]?.turn && step.result?.isError === true);
  return open.flatMap((step, i): NewEvent[] => {
    const proposal = stepId(step);
    const running = step.status === "executing";
    const progress = running ? "at an unknown point" : "before anything was sent";
    const cut = i === 0 && !halted;
    const { turn, index, call } = step;
    const finished: NewEvent = {
      type: "action.finished",
      body: {
        proposal,
        turn,
        index,
        toolUseId: call.toolUseId,
        outcome: cut ? "interrupted" : "skipped",
        text: cut ? interruptedResult(progress) : HALTED,
        isError: true,
        after: null,
        image: null,
        cursor: null,
        durationMs: 0,
      },
    };
    return running ? [{ type: "action.interrupted", body: { proposal, detail: UNKNOWN } }, finished] : [finished];
  });
}
