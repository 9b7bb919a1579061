import { useState } from "react";
import { isOver, type SessionView, stepId, stepOf } from "../../shared/session-view.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { StepDetail } from "../ui/StepDetail.tsx";
import { StepLine } from "../ui/StepLine.tsx";

type Props = { readonly view: SessionView };

/** So many of the newest are there: rows nobody sees would make each step of a long session cost more than the last. */
const AT_ONCE = 50;

/** The steps so far, newest first. One opens over the view, so that the card's picture never shows another step. */
export function Steps({ view }: Props) {
  const [opened, setOpened] = useState<string | null>(null);
  const [most, setMost] = useState(AT_ONCE);
  const over = isOver(view.phase);
  const past = view.steps.map((step, i) => ({ step, number: i + 1 })).filter(({ step }) => step.status !== "upcoming");
  const earlier = Math.max(0, past.length - most);
  const step = opened === null ? null : stepOf(view, opened);
  return (
    <ScrollBox label="Steps so far" className="steps">
      {past.length === 0 ? <p className="small dim steps-none">No steps yet.</p> : null}
      <ol aria-label="Steps" reversed>
        {past
          .slice(earlier)
          .reverse()
          .map(({ step, number }) => (
            <li key={stepId(step)}>
              <StepLine step={step} number={number} over={over} onOpen={() => setOpened(stepId(step))} />
            </li>
          ))}
      </ol>
      {earlier === 0 ? null : (
        <button type="button" className="link-button small" onClick={() => setMost(most + AT_ONCE)}>
          Show {Math.min(AT_ONCE, earlier)} of {earlier} earlier steps
        </button>
      )}
      {step === null ? null : (
        <Dialog title={`Step ${view.steps.indexOf(step) + 1}`} onClose={() => setOpened(null)}>
          <StepDetail step={step} over={over} turn={view.turns.find((turn) => turn.turn === step.turn) ?? null} />
        </Dialog>
      )}
    </ScrollBox>
  );
}
