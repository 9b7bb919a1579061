/** How a picture lies in its room when it is enlarged. Pure; `at` is in picture px, everything else in CSS px. */
import type { Point, Size } from "../../shared/geometry.ts";
import type { Spot } from "./picture-map.ts";

/** `factor` 1 fits the whole picture into its room; `at` is the picture's point in the middle of the room. */
export type Zoom = { readonly factor: number; readonly at: Spot };

/** Largest enlargement of a picture pixel, CSS px. */
const MOST_PX = 8;
const STEP = 1.25;

/** Where the frame of a picture lies: its size, and its corner from the room's. */
export type Placed = { readonly size: Size; readonly left: number; readonly top: number };

/** The frame of `picture`, whose whole size in `room` is `fitted`. Enlarged, it leaves no gap at the room's edges. */
export function placeOf(zoom: Zoom, picture: Size, fitted: Size, room: Size): Placed {
  const size = { w: Math.round(fitted.w * zoom.factor), h: Math.round(fitted.h * zoom.factor) };
  const scale = fitted.w === 0 ? 1 : size.w / picture.w;
  return {
    size,
    left: offset(room.w, size.w, zoom.at.x * scale, (room.w - size.w) / 2),
    top: offset(room.h, size.h, zoom.at.y * scale, 0),
  };
}

/** The whole picture. */
export function fitted(picture: Size): Zoom {
  return { factor: 1, at: { x: picture.w / 2, y: picture.h / 2 } };
}

/**
 * Enlarged by some steps (negative: made smaller) with the picture's point under `spot` staying under it.
 * @param spot from the room's corner
 */
export function zoomed(zoom: Zoom, steps: number, spot: Spot, picture: Size, fit: Size, room: Size): Zoom {
  const most = Math.max(1, (MOST_PX * picture.w) / Math.max(1, fit.w));
  const factor = Math.min(most, Math.max(1, zoom.factor * STEP ** steps));
  if (factor === 1) return fitted(picture);
  const before = placeOf(zoom, picture, fit, room);
  const scale = before.size.w / picture.w;
  const under = { x: (spot.x - before.left) / scale, y: (spot.y - before.top) / scale };
  const after = (fit.w * factor) / picture.w;
  const at = { x: under.x + (room.w / 2 - spot.x) / after, y: under.y + (room.h / 2 - spot.y) / after };
  return settled({ factor, at }, picture, fit, room);
}

/** Moved by some CSS px, as if it were dragged. */
export function panned(zoom: Zoom, by: Point, picture: Size, fit: Size, room: Size): Zoom {
  const scale = (fit.w * zoom.factor) / picture.w;
  return settled({ ...zoom, at: { x: zoom.at.x - by[0] / scale, y: zoom.at.y - by[1] / scale } }, picture, fit, room);
}

/** With `at` no nearer to an edge than the picture can be moved, so that the next move shows at once. */
function settled(zoom: Zoom, picture: Size, fit: Size, room: Size): Zoom {
  const scale = (fit.w * zoom.factor) / picture.w;
  return {
    ...zoom,
    at: { x: inside(zoom.at.x, picture.w, room.w / scale), y: inside(zoom.at.y, picture.h, room.h / scale) },
  };
}

function inside(at: number, side: number, seen: number): number {
  return seen >= side ? side / 2 : Math.min(side - seen / 2, Math.max(seen / 2, at));
}

/** From the room's edge to the frame's: `loose` while it fits. Never -0. */
function offset(room: number, side: number, at: number, loose: number): number {
  return Math.round(side <= room ? loose : Math.min(0, Math.max(room - side, room / 2 - at))) + 0;
}
