import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { type Action, usesCursor } from "../../shared/action.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point } from "../../shared/geometry.ts";
import { type Drawing, editMarks, type Mark, marksOf } from "../ui/overlay.ts";
import { Picture } from "../ui/Picture.tsx";
import { EditLayer } from "./edit/EditLayer.tsx";
import { type Edit, useEdit } from "./edit/editor.ts";

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

/** The picture, as large as it fits. Where the desktop has changed, *now* comes first: that is where the action would land. */
export function Stage({ screenshot, now, seenByClaude, action, proposed, lookedAt, cursor, into }: Props) {
  const { edit } = useEdit();
  const [wanted, setWanted] = useState<"now" | "saw">("now");
  if (screenshot === null) return <div className="stage-empty dim">The first picture comes with the desktop.</div>;
  const showNow = now !== null && wanted === "now";
  const image = showNow ? now : screenshot;
  const name = showNow || !seenByClaude ? "Desktop now" : "Screenshot Claude saw";
  const { marks, ghosts } = drawingOf(action, proposed, cursor, into, edit);
  return (
    <>
      <div className="stage-picture" style={{ aspectRatio: `${image.w} / ${image.h}` }}>
        <Picture
          image={image}
          name={name}
          marks={[...marks, ...lookedAt]}
          ghosts={ghosts}
          cursor={action !== null && usesCursor(action) ? null : cursor}
        >
          {edit === null ? null : <EditLayer />}
        </Picture>
      </div>
      {now === null ? null : (
        <SegmentedControl
          className="stage-toggle"
          aria-label="Picture"
          size="xs"
          value={wanted}
          data={[
            { value: "now", label: "Now" },
            { value: "saw", label: "Claude saw" },
          ]}
          onChange={(value) => setWanted(value === "saw" ? "saw" : "now")}
        />
      )}
    </>
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
