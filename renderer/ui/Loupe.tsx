import { useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point, Region } from "../../shared/geometry.ts";
import { loupeRegion } from "./overlay.ts";
import { usePictureUrl } from "./picture-url.ts";
import { useSize } from "./use-size.ts";

type Props = {
  readonly image: ImageRef;
  readonly at: Point;
  /** What is looked at, e.g. `Target` or `Start, now`. */
  readonly name: string;
};

/** CSS px per picture px: about twice the size of the picture beside it, with what is around the point still in view. */
const ZOOM = 1.25;
/** CSS px around the point that its lines leave free, so that a button's words can be read. */
const FREE = 24;

/** The picture's own pixels around a point, enlarged, with lines from the edges that lead to it. */
export function Loupe({ image, at, name }: Props) {
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
          <svg viewBox={viewBox} role="img" aria-label={`${name}, enlarged`}>
            <image href={url} x={0} y={0} width={image.w} height={image.h} onError={() => setMissing(image.sha256)} />
            <Hairlines at={at} region={[x0, y0, x1, y1]} />
          </svg>
        )}
      </div>
      <figcaption>{name}</figcaption>
    </figure>
  );
}

function Hairlines({ at, region: [x0, y0, x1, y1] }: { readonly at: Point; readonly region: Region }) {
  const [x, y, free] = [at[0] + 0.5, at[1] + 0.5, FREE / ZOOM];
  const lines = [
    x - free > x0 ? `M${x0} ${y}H${x - free}` : "",
    x + free < x1 ? `M${x + free} ${y}H${x1}` : "",
    y - free > y0 ? `M${x} ${y0}V${y - free}` : "",
    y + free < y1 ? `M${x} ${y + free}V${y1}` : "",
  ].join("");
  return (
    <>
      <path className="mark-edge" d={lines} strokeWidth={2 / ZOOM} />
      <path className="mark" d={lines} strokeWidth={1 / ZOOM} />
      <circle className="mark-dot" cx={x} cy={y} r={1.75 / ZOOM} strokeWidth={1 / ZOOM} />
    </>
  );
}
