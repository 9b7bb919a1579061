import { SegmentedControl } from "@mantine/core";
import { useEffect, useState } from "react";
import { type Action, usesCursor } from "../../shared/action.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point } from "../../shared/geometry.ts";
import { type Drawing, editMarks, type Mark, marksOf } from "../ui/overlay.ts";
import { Picture } from "../ui/Picture.tsx";
import { stepZoom, useZoom } from "../ui/use-zoom.ts";
import { EditLayer } from "./edit/EditLayer.tsx";
import { type Edit, useEdit } from "./edit/editor.ts";
import { LiveCanvas } from "./live/LiveCanvas.tsx";
import { LiveWord } from "./live/LiveWord.tsx";
import type { LivePicture } from "./live/use-live.ts";
import { LABELS, type Side, shownOn, sidesOf } from "./sides.ts";
import { useShortcut, useShortcutHint } from "./use-shortcuts.ts";
import { ZoomButtons } from "./ZoomButtons.tsx";

type Props = {
  readonly screenshot: ImageRef | null;
  /** The desktop as the precheck found it, where it differs. */
  readonly now: ImageRef | null;
  /** The desktop as it is while you look; null where the operator sits at it, and when the session has ended. */
  readonly live: LivePicture | null;
  /** A proposal waits: what Claude saw stands still, and the live picture is there to compare with. */
  readonly waits: boolean;
  /** Told whether the live picture is looked at while a proposal waits. */
  readonly onCompare: (live: boolean) => void;
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

const SAW = "Screenshot Claude saw";
const NOW = "Desktop now";
const LIVE = "Live desktop";

/** The picture, as large as it fits. Where the desktop has changed, *now* comes first: that is where the action would land. */
export function Stage(props: Props) {
  const { screenshot, now, live, waits, onCompare, seenByClaude } = props;
  const [chosen, setChosen] = useState<Side | null>(null);
  const sides = sidesOf({ now: now !== null, live: live !== null, waits });
  const side = sides.find((each) => each === chosen) ?? sides[0] ?? (live === null ? "saw" : "live");
  const parts = shownOn(side, now !== null);
  const zoom = useZoom(screenshot === null ? "" : `${screenshot.w}x${screenshot.h}`);
  const compare = useShortcutHint("compare");
  const step = (steps: number) => screenshot !== null && stepZoom(zoom, screenshot, steps);
  useShortcut("zoomIn", () => step(1));
  useShortcut("zoomOut", () => step(-1));
  useShortcut("fit", () => zoom.set(null));
  useShortcut("compare", () => setChosen(sides[(sides.indexOf(side) + 1) % sides.length] ?? null));
  const compares = waits && parts.includes("live");
  useEffect(() => {
    onCompare(compares);
    return () => onCompare(false);
  }, [compares, onCompare]);
  if (screenshot === null) return <div className="stage-empty dim">The first picture comes with the desktop.</div>;

  const images = { saw: screenshot, now: now ?? screenshot, live: screenshot };
  const names = { saw: seenByClaude ? SAW : NOW, now: NOW, live: LIVE };
  return (
    <>
      <div
        className={parts.length > 1 ? "stage-picture stage-both" : "stage-picture"}
        data-frozen={waits && live !== null}
        style={{ aspectRatio: `${screenshot.w * parts.length} / ${screenshot.h}` }}
      >
        {parts.map((part, i) => (
          <div className="stage-side" key={parts.length > 1 ? part : "one"}>
            {parts.length > 1 ? <p className="stage-side-name small">{LABELS[part]}</p> : null}
            <StagePicture
              {...props}
              image={images[part]}
              shows={part === "live" && live?.fresh === true ? live.canvas : null}
              name={part === "live" && live?.fresh !== true ? names.saw : names[part]}
              zoom={zoom}
              editable={i === parts.length - 1}
            />
          </div>
        ))}
      </div>
      <div className="stage-tools">
        {sides.length === 0 ? null : (
          <SegmentedControl
            className="stage-toggle"
            aria-label="Picture"
            title={compare.label}
            size="xs"
            value={side}
            data={sides.map((value) => ({ value, label: LABELS[value] }))}
            onChange={(value) => setChosen(sides.find((each) => each === value) ?? null)}
          />
        )}
        {live === null ? null : (
          <LiveWord
            live={live}
            still={waits && !compares ? `Still while you decide. ${compare.label}: compare` : null}
          />
        )}
        <ZoomButtons enlarged={zoom.zoom !== null} onStep={step} onFit={() => zoom.set(null)} />
      </div>
    </>
  );
}

type PictureProps = Props & {
  readonly image: ImageRef;
  /** The live picture in place of `image`, which has its size. */
  readonly shows: HTMLCanvasElement | null;
  readonly name: string;
  readonly zoom: ReturnType<typeof useZoom>;
  /** Whether an edit's points can be moved on this one. */
  readonly editable: boolean;
};

function StagePicture({ image, shows, name, zoom, editable, ...stage }: PictureProps) {
  const { action, proposed, lookedAt, cursor, into, live } = stage;
  const { edit } = useEdit();
  const { marks, ghosts } = drawingOf(action, proposed, cursor, into, edit);
  // What was live until now stands in while the picture that takes its place is loaded.
  const [standIn] = useState(() => (live?.isRecent() ? live.canvas : null));
  return (
    <Picture
      image={image}
      name={name}
      {...(shows === null ? {} : { instead: <LiveCanvas canvas={shows} name={name} /> })}
      {...(standIn === null ? {} : { until: <LiveCanvas canvas={standIn} name="" /> })}
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
