import { useLayoutEffect, useRef } from "react";

type Props = {
  readonly canvas: HTMLCanvasElement;
  /** Empty where it only stands in until another picture is there. */
  readonly name: string;
};

/** Puts a live picture's canvas here, as large as its frame. It can be in one place at a time. */
export function LiveCanvas({ canvas, name }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    canvas.className = "live-canvas";
    if (name === "") {
      canvas.removeAttribute("role");
      canvas.setAttribute("aria-hidden", "true");
    } else {
      canvas.removeAttribute("aria-hidden");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", name);
    }
    place.current?.append(canvas);
  }, [canvas, name]);
  return <div className="live-place" ref={place} />;
}
