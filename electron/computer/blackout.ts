/**
 * Painting parts of every capture black, before anybody sees it: the precheck, the picture for Claude, the record. What is
 * to be painted is asked for before and after the capture, as a window may move meanwhile; when it can't be told, there
 * is no capture.
 */
import type { Display, Region, Size } from "../../shared/geometry.ts";
import { type Frame, pixelsOf } from "./frame.ts";
import type { Grabber } from "./grabber.ts";
import type { Shot } from "./shot.ts";

/** What the operator wants black: px of the display, and programs by class or executable. */
export type Blackout = { readonly regions: readonly Region[]; readonly programs: readonly string[] };

/** What is to be painted, px of the display, as things are now. */
export type AreasNow = (display: Display) => Promise<readonly Region[]>;

/** A grabber whose every frame is painted. */
export function blackedOut(grabber: Grabber, areasNow: AreasNow): Grabber {
  return {
    display: grabber.display,
    close: grabber.close,
    grab: blackedOutGrab(grabber, areasNow),
    shot: async (space) => {
      const [shot, areas] = await around(grabber, areasNow, () => grabber.shot(space));
      return paintShot(shot, areas);
    },
  };
}

/** The same for what takes parts of the display only. */
export function blackedOutGrab(grabber: Pick<Grabber, "display" | "grab">, areasNow: AreasNow): Grabber["grab"] {
  return async (region) => {
    const [frame, areas] = await around(grabber, areasNow, () => grabber.grab(region));
    return paint(frame, areas, region, { w: region[2] - region[0], h: region[3] - region[1] });
  };
}

async function around<T>(
  { display }: Pick<Grabber, "display">,
  areasNow: AreasNow,
  capture: () => Promise<T>,
): Promise<readonly [T, readonly Region[]]> {
  const before = await areasNow(await display());
  const taken = await capture();
  return [taken, [...before, ...(await areasNow(await display()))]];
}

function paintShot(shot: Shot, areas: readonly Region[]): Shot {
  return {
    ...shot,
    frame: paint(shot.frame, areas, [0, 0, shot.size.w, shot.size.h], shot.size),
    crop: async (region) =>
      paint(await shot.crop(region), areas, region, { w: region[2] - region[0], h: region[3] - region[1] }),
  };
}

/**
 * Paints `areas` (px of the display) black in a frame that shows `region` of it, `shown` px large there. At another
 * scale every pixel that an area touches is painted.
 */
function paint(frame: Frame, areas: readonly Region[], [left, top]: Region, shown: Size): Frame {
  const pixels = pixelsOf(frame);
  const { w, h } = frame.size;
  const [sx, sy] = [w / shown.w, h / shown.h];
  for (const [x0, y0, x1, y1] of areas) {
    const from = clamp(Math.floor((x0 - left) * sx), w);
    const to = clamp(Math.ceil((x1 - left) * sx), w);
    for (let y = clamp(Math.floor((y0 - top) * sy), h); y < clamp(Math.ceil((y1 - top) * sy), h); y += 1)
      if (to > from) pixels.fill(0, y * w + from, y * w + to);
  }
  return frame;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
