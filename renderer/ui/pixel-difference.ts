/** What differs between two pictures of one size. Pure; bytes are RGBA, as a canvas gives them. */
import type { Region, Size } from "../../shared/geometry.ts";

/** A pixel counts as changed when a channel is off by more than this: the same as in the check before an action. */
const OFF = 24;
/** Changes nearer than this belong together, px. */
const CELL = 16;

export type PixelDifference = {
  /** How much of the picture changed, 0 to 1. */
  readonly share: number;
  /** Frames around what changed, the largest first. */
  readonly regions: readonly Region[];
  /** One byte a pixel: 1 where it changed. */
  readonly changed: Uint8Array;
};

/** Compares two pictures. Throws a RangeError when they are not of this size. */
export function differenceOf(before: Uint8ClampedArray, after: Uint8ClampedArray, { w, h }: Size): PixelDifference {
  if (before.length !== w * h * 4 || after.length !== w * h * 4) throw new RangeError("the pictures differ in size");
  const changed = new Uint8Array(w * h);
  const [cw, ch] = [Math.ceil(w / CELL), Math.ceil(h / CELL)];
  const cells = new Uint8Array(cw * ch);
  const a = new Uint32Array(before.buffer, before.byteOffset, w * h);
  const b = new Uint32Array(after.buffer, after.byteOffset, w * h);
  let count = 0;
  for (let i = 0; i < a.length; i += 1) {
    // Most pixels are the same in one look.
    if (a[i] === b[i] || !isOff(a[i] ?? 0, b[i] ?? 0)) continue;
    changed[i] = 1;
    count += 1;
    cells[Math.floor(Math.floor(i / w) / CELL) * cw + Math.floor((i % w) / CELL)] = 1;
  }
  return { share: count / Math.max(1, w * h), regions: framesOf(cells, { w: cw, h: ch }, { w, h }), changed };
}

function isOff(a: number, b: number): boolean {
  for (const shift of [0, 8, 16]) if (Math.abs(((a >>> shift) & 0xff) - ((b >>> shift) & 0xff)) > OFF) return true;
  return false;
}

/** One frame around each group of neighbouring cells. */
function framesOf(cells: Uint8Array, grid: Size, size: Size): readonly Region[] {
  const seen = new Uint8Array(cells.length);
  const regions: Region[] = [];
  for (let first = 0; first < cells.length; first += 1) {
    if (cells[first] !== 1 || seen[first] === 1) continue;
    let [x0, y0, x1, y1] = [grid.w, grid.h, 0, 0];
    const open = [first];
    seen[first] = 1;
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      const [x, y] = [cell % grid.w, Math.floor(cell / grid.w)];
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
      for (let ny = Math.max(0, y - 1); ny <= Math.min(grid.h - 1, y + 1); ny += 1)
        for (let nx = Math.max(0, x - 1); nx <= Math.min(grid.w - 1, x + 1); nx += 1) {
          const near = ny * grid.w + nx;
          if (cells[near] !== 1 || seen[near] === 1) continue;
          seen[near] = 1;
          open.push(near);
        }
    }
    regions.push([x0 * CELL, y0 * CELL, Math.min(size.w, x1 * CELL), Math.min(size.h, y1 * CELL)]);
  }
  const area = ([x0, y0, x1, y1]: Region) => (x1 - x0) * (y1 - y0);
  return regions.sort((one, other) => area(other) - area(one));
}
