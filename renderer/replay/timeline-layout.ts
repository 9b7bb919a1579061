/** What is drawn on the timeline, in CSS px. Pure. */
import type { ImageRef } from "../../shared/digest.ts";
import { type End, endOf, type Who, whoDecided } from "./ends.ts";
import type { Item } from "./items.ts";
import type { TimeScale } from "./time-scale.ts";

/** Lanes from above: who decided is told by the place, how it ended by shape and colour. */
export const LANES: readonly Who[] = ["you", "rule", "nobody"];

export const LANE_H = 13;
/** Steps nearer than this share a bar, which shows the gravest end of them. */
const GRAIN = 3;

export type Bar = { readonly x: number; readonly w: number; readonly lane: number; readonly end: End };

const GRAVITY: readonly End[] = ["done", "none", "hands", "edited", "rejected", "error"];

/** The bars of all steps on a timeline `width` px wide, in order of lane and place. */
export function barsOf(items: readonly Item[], scale: TimeScale, width: number): readonly Bar[] {
  const px = (ms: number) => (scale.shownAt(ms) / scale.length) * width;
  const bars = new Map<string, { x: number; w: number; lane: number; end: End }>();
  for (const item of items) {
    if (item.kind !== "step") continue;
    const from = px(item.at);
    const lane = LANES.indexOf(whoDecided(item.step));
    const x = Math.min(width - GRAIN, Math.floor(from / GRAIN) * GRAIN);
    const w = Math.max(GRAIN - 1, px(item.until) - from);
    const end = endOf(item.step);
    const key = `${lane} ${x}`;
    const there = bars.get(key);
    if (there === undefined) bars.set(key, { x, w, lane, end });
    else {
      there.w = Math.max(there.w, w);
      if (GRAVITY.indexOf(end) > GRAVITY.indexOf(there.end)) there.end = end;
    }
  }
  const sorted = [...bars.values()].sort((a, b) => a.lane - b.lane || a.x - b.x);
  // Where the next one in the lane begins, a bar has ended.
  return sorted.map((bar, i) => {
    const next = sorted[i + 1];
    const room = next !== undefined && next.lane === bar.lane ? next.x - bar.x - 1 : width - bar.x;
    return { ...bar, w: Math.max(1, Math.min(bar.w, room)) };
  });
}

/**
 * One path for all bars of an end. Each end has its own shape, so that it can be told without its colour: done fills the
 * lane, rejected hangs from its top, by hand stands on its bottom, an error sticks out of it, what never ran is a line.
 */
export function barPath(bars: readonly Bar[], end: End): string {
  const [top, bottom] = SHAPES[end];
  return bars
    .filter((bar) => bar.end === end)
    .map(({ x, w, lane }) => `M${round(x)} ${lane * LANE_H + top}h${round(w)}V${lane * LANE_H + bottom}h${round(-w)}z`)
    .join("");
}

const SHAPES: Readonly<Record<End, readonly [top: number, bottom: number]>> = {
  done: [2, 11],
  edited: [2, 11],
  rejected: [2, 6.5],
  hands: [6.5, 11],
  error: [0, 13],
  none: [5.5, 7.5],
};

function round(n: number): number {
  return Math.round(n * 10) / 10;
}

export type Frame = { readonly x: number; readonly w: number; readonly at: number; readonly image: ImageRef | null };

/** The pictures of the film strip: as many as fit, each the desktop as it was at its middle. */
export function framesOf(
  items: readonly Item[],
  scale: TimeScale,
  width: number,
  frameWidth: number,
): readonly Frame[] {
  const count = Math.max(1, Math.floor(width / frameWidth));
  const w = width / count;
  let i = 0;
  let image = items.map(pictureBefore).find((each) => each !== null) ?? null;
  return Array.from({ length: count }, (_, n) => {
    const at = scale.momentAt(((n + 0.5) / count) * scale.length);
    for (let item = items[i]; item !== undefined && item.at <= at; item = items[i]) {
      image = (item.until <= at ? pictureAfter(item) : null) ?? pictureBefore(item) ?? image;
      i += 1;
    }
    return { x: n * w, w, at, image };
  });
}

/** The desktop when an item began; null when its record has no picture. */
export function pictureBefore(item: Item): ImageRef | null {
  return (item.kind === "step" ? item.step.proposal?.screenshot : null) ?? item.turn?.screenshot ?? null;
}

/** The desktop when it was done. */
export function pictureAfter(item: Item): ImageRef | null {
  return item.kind === "step" ? item.step.after : null;
}
