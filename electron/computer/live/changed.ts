/** What of a part of the screen really changed, as the plain pixels a canvas takes. */
import { contentRect, type Region, type Size } from "../../../shared/geometry.ts";
import type { LivePiece } from "../../../shared/live.ts";
import { type Frame, pixelsOf } from "../frame.ts";

/** More parts than these, or parts that cover most of what lies around them, are sent as one. */
const MOST_PARTS = 8;
const MOSTLY = 0.6;

/** `regions` cut to the screen, without empty ones; one around all of them where that is simpler. */
export function tidied(regions: readonly Region[], { w, h }: Size): readonly Region[] {
  const inside = regions
    .map(([x0, y0, x1, y1]): Region => [Math.max(0, x0), Math.max(0, y0), Math.min(w, x1), Math.min(h, y1)])
    .filter(([x0, y0, x1, y1]) => x1 > x0 && y1 > y0);
  if (inside.length < 2) return inside;
  const around: Region = [
    Math.min(...inside.map((each) => each[0])),
    Math.min(...inside.map((each) => each[1])),
    Math.max(...inside.map((each) => each[2])),
    Math.max(...inside.map((each) => each[3])),
  ];
  const covered = inside.reduce((sum, each) => sum + area(each), 0);
  return inside.length > MOST_PARTS || covered > MOSTLY * area(around) ? [around] : inside;
}

function area([x0, y0, x1, y1]: Region): number {
  return (x1 - x0) * (y1 - y0);
}

/** The screen as it was sent last: 0x??RRGGBB, row by row. */
export type Known = { readonly size: Size; readonly pixels: Uint32Array };

/** Puts `frame` at `x`, `y` of `known`, and tells the smallest region with another colour than before; null where none has. */
export function update(known: Known, frame: Frame, x: number, y: number): Region | null {
  const from = pixelsOf(frame);
  const { w, h } = frame.size;
  let [x0, y0, x1, y1] = [w, h, 0, 0];
  for (let row = 0; row < h; row += 1) {
    const start = row * w;
    const there = (y + row) * known.size.w + x;
    let left = 0;
    while (left < w && same(from[start + left], known.pixels[there + left])) left += 1;
    if (left === w) continue;
    let right = w;
    while (same(from[start + right - 1], known.pixels[there + right - 1])) right -= 1;
    [x0, x1] = [Math.min(x0, left), Math.max(x1, right)];
    [y0, y1] = [Math.min(y0, row), row + 1];
    known.pixels.set(from.subarray(start + left, start + right), there + left);
  }
  return x1 === 0 ? null : [x + x0, y + y0, x + x1, y + y1];
}

function same(a: number | undefined, b: number | undefined): boolean {
  return ((a ?? 0) & 0xffffff) === ((b ?? 0) & 0xffffff);
}

/** `region` of the screen as a piece of a picture of the same size. */
export function pieceOf(known: Known, [x0, y0, x1, y1]: Region): LivePiece {
  const [w, h] = [x1 - x0, y1 - y0];
  const to = new Uint32Array(w * h);
  let at = 0;
  for (let y = y0; y < y1; y += 1) {
    const end = y * known.size.w + x1;
    for (let from = y * known.size.w + x0; from < end; from += 1) {
      const pixel = known.pixels[from] ?? 0;
      to[at] = 0xff000000 | ((pixel & 0xff) << 16) | (pixel & 0xff00) | ((pixel >>> 16) & 0xff);
      at += 1;
    }
  }
  return { x: x0, y: y0, w, h, data: new Uint8Array(to.buffer) };
}

/** The whole screen as a piece of a picture of another size, in the middle of it where its shape is another (`contentRect`). */
export async function scaledPiece(known: Known, space: Size, scale: Scale): Promise<LivePiece> {
  const [x, y, x1, y1] = contentRect(space, known.size);
  const [w, h] = [x1 - x, y1 - y];
  const { data } = pieceOf(known, [0, 0, known.size.w, known.size.h]);
  return { x, y, w, h, data: await scale(data, known.size, { w, h }) };
}

/** Scales pixels as a piece has them. */
export type Scale = (data: Uint8Array, from: Size, to: Size) => Promise<Uint8Array>;
