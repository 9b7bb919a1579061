import type { StepView } from "../../shared/session-view.ts";
import { formatDuration, formatTime } from "./format.ts";
import { StepOutcome } from "./StepOutcome.tsx";
import { decidedLine, editedFrom, sentenceOf, shownStatus } from "./words.ts";

type Props = {
  readonly step: StepView;
  readonly number: number;
  /** Whether its session is over, so that nothing waits any more. */
  readonly over: boolean;
  readonly selected?: boolean;
  readonly onOpen: () => void;
};

/** One step in one line: what, how it ended, who decided, when, how long. */
export function StepLine({ step, number, over, selected = false, onOpen }: Props) {
  const when = step.startedAt ?? step.endedAt;
  return (
    <button type="button" className="step-line" aria-current={selected ? "true" : undefined} onClick={onOpen}>
      <span className="step-number dim mono">{number}</span>
      <span className="step-sentence" title={sentenceOf(step)}>
        {editedFrom(step) === null ? null : <span className="dim">Edited: </span>}
        {sentenceOf(step)}
      </span>
      <StepOutcome status={shownStatus(step, over)} />
      <span className="step-who small dim" title={decidedLine(step)}>
        {decidedLine(step)}
      </span>
      <span className="step-when small dim">
        {when === null ? "" : formatTime(when)}
        {step.executed !== null && step.endedAt !== null ? `, took ${formatDuration(step.durationMs)}` : ""}
      </span>
    </button>
  );
}
