import { useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point } from "../../shared/geometry.ts";
import { Overlay } from "./Overlay.tsx";
import { loupeRegion, type Mark } from "./overlay.ts";
import { usePictureUrl } from "./picture-url.ts";
import { useSize } from "./use-size.ts";

type Props = {
  readonly image: ImageRef;
  readonly at: Point;
  readonly marks: readonly Mark[];
  /** What is looked at, e.g. `Target` or `Start, now`. */
  readonly name: string;
};

/** CSS px per picture px: large enough to see single pixels of a button's edge. */
const ZOOM = 2;

/** The picture's own pixels around a point, enlarged. */
export function Loupe({ image, at, marks, name }: Props) {
  const url = usePictureUrl()(image.sha256);
  const [box, room] = useSize<HTMLDivElement>();
  const view = { w: Math.max(1, Math.round(room.w / ZOOM)), h: Math.max(1, Math.round(room.h / ZOOM)) };
  const [missing, setMissing] = useState<string | null>(null);
  const [x0, y0, x1, y1] = loupeRegion(at, image, view);
  const viewBox = `${x0} ${y0} ${x1 - x0} ${y1 - y0}`;
  return (
    <figure className="loupe">
      <div className="loupe-glass" ref={box}>
        {room.w === 0 || missing === image.sha256 ? null : (
          <>
            <svg viewBox={viewBox} role="img" aria-label={`${name}, enlarged`}>
              <image
                href={url}
                x={0}
                y={0}
                width={image.w}
                height={image.h}
                className="loupe-pixels"
                onError={() => setMissing(image.sha256)}
              />
            </svg>
            <Overlay marks={marks} cursor={null} space={image} viewBox={viewBox} px={1 / ZOOM} />
          </>
        )}
      </div>
      <figcaption>{name}</figcaption>
    </figure>
  );
}
