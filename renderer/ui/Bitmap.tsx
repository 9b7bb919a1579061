import { useLayoutEffect, useRef } from "react";

type Props = {
  readonly bitmap: ImageBitmap;
  /** Empty where another picture says it. */
  readonly name: string;
  /** Left of this percentage nothing is drawn. */
  readonly from?: number;
};

/** A decoded picture as large as its frame. It is drawn at once, so the bitmap may be closed afterwards. */
export function Bitmap({ bitmap, name, from = 0 }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null || bitmap.width === 0) return;
    // Setting a size, even the same, would clear it and take new memory.
    if (element.width !== bitmap.width) element.width = bitmap.width;
    if (element.height !== bitmap.height) element.height = bitmap.height;
    element.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    element.dataset.ready = "true";
  }, [bitmap]);
  return (
    <canvas
      ref={canvas}
      className="bitmap"
      {...(name === "" ? { "aria-hidden": true } : { role: "img", "aria-label": name })}
      {...(from === 0 ? {} : { style: { clipPath: `inset(0 0 0 ${from}%)` } })}
    />
  );
}
