import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { type Action, usesCursor } from "../../shared/action.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point } from "../../shared/geometry.ts";
import { type Drawing, editMarks, type Mark, marksOf } from "../ui/overlay.ts";
import { Picture } from "../ui/Picture.tsx";
import { stepZoom, useZoom } from "../ui/use-zoom.ts";
import { EditLayer } from "./edit/EditLayer.tsx";
import { type Edit, useEdit } from "./edit/editor.ts";
import { useShortcut, useShortcutHint } from "./use-shortcuts.ts";
import { ZoomButtons } from "./ZoomButtons.tsx";

type Props = {
  readonly screenshot: ImageRef | null;
  /** The desktop as it is now, where it differs. */
  readonly now: ImageRef | null;
  /** False when `screenshot` is newer than what Claude has seen. */
  readonly seenByClaude: boolean;
  /** What would run, or runs. */
  readonly action: Action | null;
  /** What Claude proposed: drawn hollow where the action is an edit of it. */
  readonly proposed: Action | null;
  /** Marks of another action of the turn that is being looked at. */
  readonly lookedAt: readonly Mark[];
  readonly cursor: Point | null;
  /** The program that keys go to; null where none is known. */
  readonly into: string | null;
};

const SIDES = ["now", "saw", "both"] as const;
type Side = (typeof SIDES)[number];
const LABELS: Readonly<Record<Side, string>> = { now: "Now", saw: "Claude saw", both: "Side by side" };
const SAW = "Screenshot Claude saw";
const NOW = "Desktop now";

/** The picture, as large as it fits. Where the desktop has changed, *now* comes first: that is where the action would land. */
export function Stage(props: Props) {
  const { screenshot, now, seenByClaude } = props;
  const [side, setSide] = useState<Side>("now");
  const zoom = useZoom(screenshot === null ? "" : `${screenshot.w}x${screenshot.h}`);
  const compareHint = useShortcutHint("compare");
  const step = (steps: number) => screenshot !== null && stepZoom(zoom, screenshot, steps);
  useShortcut("zoomIn", () => step(1));
  useShortcut("zoomOut", () => step(-1));
  useShortcut("fit", () => zoom.set(null));
  useShortcut("compare", () => now !== null && setSide(SIDES[(SIDES.indexOf(side) + 1) % SIDES.length] ?? "now"));
  if (screenshot === null) return <div className="stage-empty dim">The first picture comes with the desktop.</div>;

  const saw = { image: screenshot, name: seenByClaude ? SAW : NOW };
  const fresh = { image: now ?? screenshot, name: NOW };
  const shown = now === null || side === "saw" ? [saw] : side === "now" ? [fresh] : [saw, fresh];
  return (
    <>
      <div
        className={shown.length > 1 ? "stage-picture stage-both" : "stage-picture"}
        style={{ aspectRatio: `${screenshot.w * shown.length} / ${screenshot.h}` }}
      >
        {shown.map(({ image, name }, i) => (
          <div className="stage-side" key={name}>
            {shown.length > 1 ? <p className="stage-side-name small">{LABELS[i === 0 ? "saw" : "now"]}</p> : null}
            <StagePicture {...props} image={image} name={name} zoom={zoom} editable={i === shown.length - 1} />
          </div>
        ))}
      </div>
      <div className="stage-tools">
        {now === null ? null : (
          <SegmentedControl
            className="stage-toggle"
            aria-label="Picture"
            title={compareHint.label}
            size="xs"
            value={side}
            data={SIDES.map((value) => ({ value, label: LABELS[value] }))}
            onChange={(value) => setSide(SIDES.find((each) => each === value) ?? "now")}
          />
        )}
        <ZoomButtons enlarged={zoom.zoom !== null} onStep={step} onFit={() => zoom.set(null)} />
      </div>
    </>
  );
}

type PictureProps = Props & {
  readonly image: ImageRef;
  readonly name: string;
  readonly zoom: ReturnType<typeof useZoom>;
  /** Whether an edit's points can be moved on this one. */
  readonly editable: boolean;
};

function StagePicture({ image, name, zoom, editable, action, proposed, lookedAt, cursor, into }: PictureProps) {
  const { edit } = useEdit();
  const { marks, ghosts } = drawingOf(action, proposed, cursor, into, edit);
  return (
    <Picture
      image={image}
      name={name}
      marks={[...marks, ...lookedAt]}
      ghosts={ghosts}
      cursor={action !== null && usesCursor(action) ? null : cursor}
      zoom={zoom}
    >
      {edit === null || !editable ? null : <EditLayer />}
    </Picture>
  );
}

function drawingOf(
  action: Action | null,
  proposed: Action | null,
  cursor: Point | null,
  into: string | null,
  edit: Edit | null,
): Drawing {
  if (action === null) return { marks: [], ghosts: [] };
  const drawn = edit === null ? action : edit.checked.ok ? edit.checked.action : null;
  return proposed === null || drawn === proposed
    ? { marks: marksOf(action, cursor, into), ghosts: [] }
    : editMarks(proposed, drawn, cursor, into);
}
