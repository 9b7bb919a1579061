import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import type { StepView } from "../../shared/session-view.ts";
import { Difference } from "./Difference.tsx";
import { Picture } from "./Picture.tsx";
import { drawingOfStep } from "./step-drawing.ts";
import { useZoom } from "./use-zoom.ts";

type Side = "before" | "after" | "difference" | "result";

const NAMES: Readonly<Record<Side, string>> = {
  before: "Screen before this step",
  after: "Screen after this step",
  difference: "What changed in this step",
  result: "Picture Claude was given",
};

/** A step's pictures: what Claude saw with the action drawn on it, the screen afterwards, and a picture it was given. */
export function StepPictures({ step }: { readonly step: StepView }) {
  const [wanted, setWanted] = useState<Side>("before");
  const { proposal, after, image } = step;
  // What changed is told from the desktop as it was just before, which is not always what Claude saw.
  const before = proposal === null ? null : (proposal.now ?? proposal.screenshot);
  const zoom = useZoom(`${step.turn}.${step.index}`);
  const sides: readonly { readonly value: Side; readonly label: string; readonly image: ImageRef }[] = [
    ...(proposal === null ? [] : [{ value: "before" as const, label: "Before", image: proposal.screenshot }]),
    ...(after === null ? [] : [{ value: "after" as const, label: "After", image: after }]),
    ...(before === null || after === null ? [] : [{ value: "difference" as const, label: "Difference", image: after }]),
    ...(image === null ? [] : [{ value: "result" as const, label: "Result", image }]),
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
      {side.value === "difference" && before !== null ? (
        <Difference before={before} after={side.image} name={NAMES.difference} />
      ) : (
        <Picture image={side.image} name={NAMES[side.value]} zoom={zoom} {...drawing} />
      )}
    </div>
  );
}
