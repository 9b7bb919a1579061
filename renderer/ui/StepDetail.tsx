import type { StepView, TurnView } from "../../shared/session-view.ts";
import { ScrollBox } from "./ScrollBox.tsx";
import { StepFacts, StepWords } from "./StepFacts.tsx";
import { StepPictures } from "./StepPictures.tsx";

type Props = {
  readonly step: StepView;
  /** Whether its session is over, so that nothing waits any more. */
  readonly over: boolean;
  readonly turn: TurnView | null;
};

/** Everything recorded of one step. */
export function StepDetail({ step, over, turn }: Props) {
  return (
    <div className="step-detail">
      <StepPictures key={`${step.turn}.${step.index}`} step={step} />
      <ScrollBox label="Facts of this step" className="step-facts">
        <StepFacts step={step} over={over} />
      </ScrollBox>
      <ScrollBox label="What was said and read" className="step-facts step-more">
        <StepWords step={step} turn={turn} />
      </ScrollBox>
    </div>
  );
}
