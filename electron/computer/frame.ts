/**
 * Raw pictures of the desktop, in physical px: four bytes a pixel, blue, green, red and one unused, as X servers with a
 * depth of 24 on little-endian machines keep them. `data` starts on a multiple of four bytes.
 */
import type { Region, Size } from "../../shared/geometry.ts";

export type Frame = {
  readonly size: Size;
  readonly data: Uint8Array;
  /** `performance.now()` of the moment the server was asked: the picture is not older than this, ms. */
  readonly at: number;
};

/** The pixels of a frame as whole numbers (0x??RRGGBB), without a copy. */
export function pixelsOf(frame: Frame): Uint32Array {
  return new Uint32Array(frame.data.buffer, frame.data.byteOffset, frame.size.w * frame.size.h);
}

/** Whether every pixel is pure black: what a capture that failed silently looks like. */
export function isBlack(frame: Frame): boolean {
  return pixelsOf(frame).every((pixel) => (pixel & 0xffffff) === 0);
}

/** Cuts `region` (px of the frame) out. Throws a RangeError when it is not inside or has no area. */
export function cropFrame(frame: Frame, region: Region): Frame {
  const [x0, y0, x1, y1] = region;
  const { w, h } = frame.size;
  if (x0 < 0 || y0 < 0 || x1 > w || y1 > h || x1 <= x0 || y1 <= y0) {
    throw new RangeError(`region: [${region.join(", ")}] is not inside ${w}x${h}`);
  }
  const size = { w: x1 - x0, h: y1 - y0 };
  const from = pixelsOf(frame);
  const to = new Uint32Array(size.w * size.h);
  for (let row = 0; row < size.h; row += 1) {
    const start = (y0 + row) * w + x0;
    to.set(from.subarray(start, start + size.w), row * size.w);
  }
  return { size, data: new Uint8Array(to.buffer), at: frame.at };
}
