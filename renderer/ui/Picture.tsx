import { IconPhotoOff } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point } from "../../shared/geometry.ts";
import { Bitmap } from "./Bitmap.tsx";
import { Overlay } from "./Overlay.tsx";
import type { Mark } from "./overlay.ts";
import { usePictureUrl } from "./picture-url.ts";
import { useSize } from "./use-size.ts";
import { usePlaced, type ZoomHandle } from "./use-zoom.ts";

type Props = {
  readonly image: ImageRef;
  readonly name: string;
  /** The picture decoded already, null where it could not be; without it the page loads it itself. */
  readonly bitmap?: ImageBitmap | null;
  readonly marks?: readonly Mark[];
  /** What was proposed, where something else is drawn: hollow, under the marks. */
  readonly ghosts?: readonly Mark[];
  readonly cursor?: Point | null;
  /** Lets the wheel, the mouse and the arrow keys enlarge and move it. */
  readonly zoom?: ZoomHandle;
  /** Shown in place of the picture, exactly as large. */
  readonly instead?: ReactNode;
  /** Shown until the picture is loaded. */
  readonly until?: ReactNode;
  /** Lies over the picture, exactly as large. */
  readonly children?: ReactNode;
};

/** A screenshot as large as its place allows, with the action drawn on it. */
export function Picture(props: Props) {
  const { image, name, bitmap, marks = [], ghosts = [], cursor = null, zoom, instead, until, children } = props;
  const url = usePictureUrl()(image.sha256);
  const [box, room] = useSize<HTMLDivElement>();
  const [missing, setMissing] = useState<string | null>(null);
  const { placed, moves } = usePlaced(box, image, room, zoom ?? null);
  const { size, left, top } = placed;
  const enlarged = zoom !== undefined && zoom.zoom !== null;
  const [loaded, setLoaded] = useState<string | null>(null);
  const isMissing = bitmap === null || (bitmap === undefined && missing === image.sha256);

  return (
    <div className="picture" ref={box} data-enlarged={enlarged} tabIndex={enlarged ? 0 : undefined} {...moves}>
      {isMissing ? (
        <p className="picture-missing">
          <IconPhotoOff size={20} aria-hidden="true" /> This picture could not be loaded.
        </p>
      ) : (
        <div className="picture-frame picture-placed" style={{ width: size.w, height: size.h, left, top }}>
          {until !== undefined && instead === undefined && loaded !== image.sha256 ? (
            <div className="picture-until">{until}</div>
          ) : null}
          {instead !== undefined ? (
            instead
          ) : bitmap ? (
            <Bitmap bitmap={bitmap} name={name} />
          ) : (
            <img
              src={url}
              alt={name}
              width={size.w}
              height={size.h}
              draggable={false}
              onLoad={() => setLoaded(image.sha256)}
              onError={() => setMissing(image.sha256)}
            />
          )}
          {size.w > 0 ? (
            <Overlay marks={marks} ghosts={ghosts} cursor={cursor} space={image} px={image.w / size.w} />
          ) : null}
          {children}
        </div>
      )}
    </div>
  );
}
