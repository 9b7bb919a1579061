import { describe, expect, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { recordedSession } from "../fixtures/replay-states.ts";
import { END_NAMES, type End, endOf } from "./ends.ts";
import { itemsOf } from "./items.ts";
import { Recording } from "./recording.ts";
import { timeScale } from "./time-scale.ts";
import { barPath, barsOf, framesOf, LANES } from "./timeline-layout.ts";

function made(turns: number) {
  const events = recordedSession("fixture-0001", 0, turns);
  const recording = new Recording("fixture-0001");
  recording.append(events);
  const view = foldSession("fixture-0001", events);
  return { items: itemsOf(view, recording), scale: timeScale(recording.times, true), view };
}

describe("the bars", () => {
  it("lie inside the timeline and never over one another", () => {
    for (const turns of [3, 44, 900]) {
      const { items, scale } = made(turns);
      const bars = barsOf(items, scale, 1000);
      for (const [i, bar] of bars.entries()) {
        expect(bar.x).toBeGreaterThanOrEqual(0);
        expect(bar.x + bar.w).toBeLessThanOrEqual(1000.001);
        const next = bars[i + 1];
        if (next?.lane === bar.lane) expect(bar.x + bar.w).toBeLessThanOrEqual(next.x);
      }
    }
  });

  it("are one for each step where there is room, in the lane of who decided", () => {
    const { items, scale, view } = made(12);
    const bars = barsOf(items, scale, 1000);
    expect(bars).toHaveLength(12);
    const byOperator = view.steps.filter(({ decision }) => decision?.by.kind === "operator");
    expect(bars.filter(({ lane }) => LANES[lane] === "you")).toHaveLength(byOperator.length);
  });

  it("show the gravest end where steps share one", () => {
    const { items, scale, view } = made(900);
    const bars = barsOf(items, scale, 300);
    expect(bars.length).toBeLessThan(300);
    expect(view.steps.some((step) => endOf(step) === "error")).toBe(true);
    expect(bars.some(({ end }) => end === "error")).toBe(true);
  });

  it("have a shape of their own for each end, told without colour", () => {
    const ends = Object.keys(END_NAMES) as End[];
    const paths = ends.map((end) => barPath([{ x: 0, w: 10, lane: 0, end }], end));
    // Edited has the shape of done and stripes.
    expect(new Set(paths).size).toBe(ends.length - 1);
    expect(barPath([{ x: 0, w: 10, lane: 0, end: "done" }], "error")).toBe("");
  });
});

it("the film strip has as many pictures as fit, each of its own time", () => {
  const { items, scale } = made(44);
  const frames = framesOf(items, scale, 1000, 78);
  expect(frames).toHaveLength(12);
  expect(frames.reduce((sum, { w }) => sum + w, 0)).toBeCloseTo(1000, 6);
  expect(frames.every(({ image }) => image !== null)).toBe(true);
  expect(frames.map(({ at }) => at)).toEqual(frames.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(framesOf([], scale, 50, 78)).toHaveLength(1);
});
