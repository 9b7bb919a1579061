import { memo, useEffect, useRef } from "react";
import { usePictureUrl } from "./picture-url.ts";
import { type Thumb as Small, thumbs } from "./thumbs.ts";

type Props = {
  /** Null draws an empty place. */
  readonly sha256: string | null;
  /** What it shows; none where the words are beside it. */
  readonly name?: string;
  readonly className?: string;
};

/** A recorded picture as a small copy, made when it is first looked at. */
export const Thumb = memo(function Thumb({ sha256, name, className = "" }: Props) {
  const urlOf = usePictureUrl();
  const canvas = useRef<HTMLCanvasElement>(null);
  const url = sha256 === null ? null : urlOf(sha256);
  useEffect(() => {
    if (url === null) return draw(canvas.current, null);
    const ready = thumbs.get(url);
    draw(canvas.current, ready);
    if (ready !== null) return;
    return thumbs.want(url, (thumb) => draw(canvas.current, thumb));
  }, [url]);
  const role = name === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": name };
  return <canvas ref={canvas} className={`thumb ${className}`} width={1} height={1} {...role} />;
});

function draw(canvas: HTMLCanvasElement | null, thumb: Small | null): void {
  if (canvas === null) return;
  canvas.dataset.ready = thumb === null ? "false" : "true";
  if (thumb === null) return;
  canvas.width = thumb.w;
  canvas.height = thumb.h;
  canvas.getContext("2d")?.drawImage(thumb.bitmap, 0, 0);
}
