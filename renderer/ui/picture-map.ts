/** Between the picture as the window shows it (CSS px, any size) and screenshot space. Pure, exact to the pixel. */
import type { Point, Region, Size } from "../../shared/geometry.ts";

/** A point of the shown picture, CSS px from its top left corner; fractions happen. */
export type Spot = { readonly x: number; readonly y: number };

/** The screenshot pixel under a spot of a picture shown at `shown` CSS px; spots outside give the nearest pixel. */
export function pixelAt(spot: Spot, shown: Size, space: Size): Point {
  return [clampTo(spot.x * (space.w / shown.w), space.w), clampTo(spot.y * (space.h / shown.h), space.h)];
}

/** Where a pixel's middle is on the shown picture, in percent of its sides: for `left` and `top`. */
export function percentOf(point: Point, space: Size): Spot {
  return { x: ((point[0] + 0.5) / space.w) * 100, y: ((point[1] + 0.5) / space.h) * 100 };
}

/** A point moved by whole px, kept on the picture. */
export function moved(point: Point, by: Point, space: Size): Point {
  return [clampTo(point[0] + by[0], space.w), clampTo(point[1] + by[1], space.h)];
}

/** Which edges of a frame a handle moves: -1 the left or top one, 1 the right or bottom one; both 0 moves it whole. */
export type Grip = readonly [x: -1 | 0 | 1, y: -1 | 0 | 1];

/** The handles of a frame: four corners, four edges. */
export const GRIPS: readonly Grip[] = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
];

/** A frame with one handle dragged by whole px. It stays on the picture and at least 1 px large. */
export function resized(region: Region, [gx, gy]: Grip, by: Point, space: Size): Region {
  const [x0, x1] = stretched([region[0], region[2]], gx, by[0], space.w, gx === 0 && gy === 0);
  const [y0, y1] = stretched([region[1], region[3]], gy, by[1], space.h, gx === 0 && gy === 0);
  return [x0, y0, x1, y1];
}

/** The frame between two pixels, both of them in it. */
export function frameBetween(a: Point, b: Point): Region {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]) + 1, Math.max(a[1], b[1]) + 1];
}

/** Whether a pixel is in a frame. */
export function isIn([x, y]: Point, [x0, y0, x1, y1]: Region): boolean {
  return x >= x0 && x < x1 && y >= y0 && y < y1;
}

function stretched(
  [from, to]: readonly [number, number],
  grip: -1 | 0 | 1,
  by: number,
  side: number,
  whole: boolean,
): readonly [number, number] {
  if (whole) {
    const d = Math.max(-from, Math.min(side - to, by));
    return [from + d, to + d];
  }
  if (grip === -1) return [Math.max(0, Math.min(to - 1, from + by)), to];
  return grip === 1 ? [from, Math.min(side, Math.max(from + 1, to + by))] : [from, to];
}

function clampTo(n: number, side: number): number {
  return Math.min(side - 1, Math.max(0, Math.floor(n)));
}
