import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point } from "../../shared/geometry.ts";
import type { Mark } from "../ui/overlay.ts";
import { Picture } from "../ui/Picture.tsx";

type Props = {
  readonly screenshot: ImageRef | null;
  /** The desktop as it is now, where it differs. */
  readonly now: ImageRef | null;
  /** False when `screenshot` is newer than what Claude has seen. */
  readonly seenByClaude: boolean;
  readonly marks: readonly Mark[];
  readonly cursor: Point | null;
};

/** The picture, as large as it fits. Where the desktop has changed, *now* comes first: that is where the action would land. */
export function Stage({ screenshot, now, seenByClaude, marks, cursor }: Props) {
  const [wanted, setWanted] = useState<"now" | "saw">("now");
  if (screenshot === null) return <div className="stage-empty dim">The first picture comes with the desktop.</div>;
  const showNow = now !== null && wanted === "now";
  const image = showNow ? now : screenshot;
  const name = showNow || !seenByClaude ? "Desktop now" : "Screenshot Claude saw";
  return (
    <div className="stage-picture" style={{ aspectRatio: `${image.w} / ${image.h}` }}>
      <Picture image={image} name={name} marks={marks} cursor={cursor} />
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
    </div>
  );
}
