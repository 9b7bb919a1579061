import { useEffect, useRef } from "react";
import { type StepView, stepId } from "../../shared/session-view.ts";
import { StepOutcome } from "../ui/StepOutcome.tsx";
import { sentenceOf } from "../ui/words.ts";

type Props = { readonly steps: readonly StepView[] };

/** The actions of one turn in order, as a storyboard. */
export function Batch({ steps }: Props) {
  const now = steps.find((step) => step.status === "deciding" || step.status === "executing");
  const strip = useRef<HTMLOListElement>(null);
  const nowId = now === undefined ? null : stepId(now);

  useEffect(() => {
    const chip = nowId === null ? null : strip.current?.querySelector('[aria-current="step"]');
    chip?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [nowId]);

  return (
    <section aria-label="Batch" className="batch">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <ol className="batch-strip" ref={strip} tabIndex={0} aria-label="Actions of this turn">
        {steps.map((step) => (
          <li
            key={stepId(step)}
            className={`chip chip-${step.status}`}
            aria-current={step === now ? "step" : undefined}
          >
            <span className="chip-head">
              <span className="mono">{step.index + 1}</span>
              <StepOutcome status={step.status} />
            </span>
            <span className="chip-sentence" title={sentenceOf(step)}>
              {sentenceOf(step)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
