import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import { useShortcut } from "../gate/use-shortcuts.ts";
import { ZoomButtons } from "../gate/ZoomButtons.tsx";
import { Bitmap } from "../ui/Bitmap.tsx";
import { Difference } from "../ui/Difference.tsx";
import { Picture } from "../ui/Picture.tsx";
import { type Drawing, drawingOfStep } from "../ui/step-drawing.ts";
import { stepZoom, useZoom } from "../ui/use-zoom.ts";
import type { Item } from "./items.ts";
import type { Side } from "./replay-state.ts";
import { pictureBefore } from "./timeline-layout.ts";
import { useDecoded } from "./use-decoded.ts";

type Props = {
  readonly item: Item | null;
  readonly side: Side;
  /** The next step's pictures are fetched ahead. */
  readonly next: Item | null;
  readonly onSide: (side: Side) => void;
};

const LABELS: Readonly<Record<Side, string>> = {
  before: "Before",
  after: "After",
  difference: "Difference",
  slider: "Slider",
  result: "Result",
};

const NAMES: Readonly<Record<Side, string>> = {
  before: "Screenshot Claude saw",
  after: "Screen after this step",
  difference: "What changed in this step",
  slider: "Screen before and after this step",
  result: "Picture Claude was given",
};

const NOTHING: Drawing = { marks: [], ghosts: [], cursor: null };

/** The pictures of the item that is looked at: what Claude saw with the action on it, what became of it, and both. */
export function ReplayStage({ item, side, next, onSide }: Props) {
  const before = item === null ? null : pictureBefore(item);
  const step = item?.kind === "step" ? item.step : null;
  const after = step?.after ?? null;
  const result = step?.image ?? null;
  const has: Readonly<Record<Side, boolean>> = {
    before: before !== null,
    after: after !== null,
    difference: before !== null && after !== null,
    slider: before !== null && after !== null,
    result: result !== null,
  };
  const shownSide: Side = has[side] ? side : "before";
  const wished = shownSide === "after" ? after : shownSide === "result" ? result : before;
  const ahead = [...pictures(item), ...pictures(next)];
  const decoded = useDecoded(wished, ahead);
  const settled = decoded?.image.sha256 === wished?.sha256;
  const shown = decoded?.image ?? null;
  const zoom = useZoom(shown === null ? "" : `${shown.w}x${shown.h}`);
  const enlarge = (steps: number) => shown !== null && stepZoom(zoom, shown, steps);
  useShortcut("zoomIn", () => enlarge(1));
  useShortcut("zoomOut", () => enlarge(-1));
  useShortcut("fit", () => zoom.set(null));
  const drawing =
    step !== null && settled && (shownSide === "before" || shownSide === "slider") ? drawingOfStep(step) : NOTHING;
  const sides = (Object.keys(LABELS) as Side[]).filter(
    (each) => has[each] || each === "before" || each === "after" || each === "difference",
  );
  return (
    <div className="replay-stage">
      <div className="replay-sides">
        <SegmentedControl
          aria-label="Picture"
          size="xs"
          value={shownSide}
          data={sides.map((value) => ({ value, label: LABELS[value], disabled: !has[value] }))}
          onChange={(value) => onSide(value as Side)}
        />
        {shown === null ? null : (
          <ZoomButtons enlarged={zoom.zoom !== null} onStep={enlarge} onFit={() => zoom.set(null)} />
        )}
      </div>
      <div className="replay-picture" data-settled={settled}>
        {decoded === null ? (
          <p className="dim replay-none">
            {wished === null && item !== null ? "No picture belongs to this step." : ""}
          </p>
        ) : shownSide === "difference" && before !== null && after !== null ? (
          <Difference before={before} after={after} name={NAMES.difference} />
        ) : (
          <Picture image={decoded.image} bitmap={decoded.bitmap} name={NAMES[shownSide]} zoom={zoom} {...drawing}>
            {shownSide === "slider" && after !== null && settled ? <Wipe after={after} key={item?.key} /> : null}
          </Picture>
        )}
      </div>
    </div>
  );
}

function pictures(item: Item | null): readonly ImageRef[] {
  if (item === null) return [];
  return [pictureBefore(item), item.kind === "step" ? item.step.after : null].filter((each) => each !== null);
}

/** The screen afterwards over the one before, up to a line that is dragged. */
function Wipe({ after }: { readonly after: ImageRef }) {
  const decoded = useDecoded(after);
  const [percent, setPercent] = useState(50);
  return (
    <div className="wipe">
      {decoded === null || decoded.bitmap === null ? null : <Bitmap bitmap={decoded.bitmap} name="" from={percent} />}
      <div className="wipe-line" style={{ left: `${percent}%` }} aria-hidden="true">
        <span className="wipe-word wipe-before">Before</span>
        <span className="wipe-word wipe-after">After</span>
      </div>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={percent}
        aria-label="Line between before and after"
        aria-valuetext={`${percent} % before`}
        onChange={(event) => setPercent(Number(event.currentTarget.value))}
      />
    </div>
  );
}
