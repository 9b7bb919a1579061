import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { StepView } from "../../shared/session-view.ts";
import { Picture } from "./Picture.tsx";
import { drawingOfStep } from "./step-drawing.ts";

type Side = "before" | "after" | "result";

/** A step's pictures: what Claude saw with the action drawn on it, the screen afterwards, and a picture it was given. */
export function StepPictures({ step }: { readonly step: StepView }) {
  const [wanted, setWanted] = useState<Side>("before");
  const sides = [
    ...(step.proposal === null ? [] : [{ value: "before", label: "Before", image: step.proposal.screenshot }]),
    ...(step.after === null ? [] : [{ value: "after", label: "After", image: step.after }]),
    ...(step.image === null ? [] : [{ value: "result", label: "Result", image: step.image }]),
  ];
  const side = sides.find((each) => each.value === wanted) ?? sides[0];
  if (side === undefined) return <p className="dim">No picture belongs to this step.</p>;
  const drawing = side.value === "before" ? drawingOfStep(step) : {};
  return (
    <div className="step-pictures">
      {sides.length > 1 ? (
        <SegmentedControl
          aria-label="Picture"
          size="xs"
          value={side.value}
          data={sides.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => setWanted(value as Side)}
        />
      ) : null}
      <Picture
        image={side.image}
        name={
          side.value === "before"
            ? "Screen before this step"
            : side.value === "after"
              ? "Screen after this step"
              : "Picture Claude was given"
        }
        {...drawing}
      />
    </div>
  );
}
