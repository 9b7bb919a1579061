import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeMarks, timeScale } from "./time-scale.ts";

const times = fc
  .array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 40 })
  .map((steps) => steps.map((_, i) => 1_000 + steps.slice(0, i).reduce((sum, ms) => sum + ms, 0)));

describe("time", () => {
  it("shown as it was is moved to the start, no more", () => {
    const scale = timeScale([5_000, 6_000, 90_000], false);
    expect([scale.length, scale.shownAt(6_000), scale.momentAt(1_000)]).toEqual([85_000, 1_000, 6_000]);
    expect(scale.gaps).toEqual([]);
  });

  it("folded shows a long wait shortly and everything else as it was", () => {
    const scale = timeScale([0, 2_000, 62_000, 63_000], true);
    expect(scale.gaps).toEqual([{ from: 2_000, to: 62_000 }]);
    expect(scale.length).toBe(2_000 + 3_000 + 1_000);
    expect(scale.shownAt(1_500)).toBe(1_500);
    expect(scale.shownAt(32_000)).toBe(2_000 + 1_500);
    expect(scale.shownAt(62_500)).toBe(5_500);
  });

  it("goes there and back, and never backwards", () => {
    fc.assert(
      fc.property(times, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (list, folded, part) => {
        const scale = timeScale(list, folded);
        const ms = scale.start + (scale.end - scale.start) * part;
        expect(Math.abs(scale.momentAt(scale.shownAt(ms)) - ms)).toBeLessThan(0.01);
        expect(scale.shownAt(ms)).toBeGreaterThanOrEqual(scale.shownAt(ms - 7));
        expect(scale.shownAt(scale.end + 999)).toBeLessThanOrEqual(scale.length);
      }),
    );
  });

  it("of one moment, or of none, has a length", () => {
    expect([timeScale([], true).length, timeScale([7], true).length]).toEqual([1, 1]);
  });

  it("is marked in round distances, at most so many", () => {
    const scale = timeScale([0, 9_000, 18_000, 27_000, 36_000, 45_000, 54_000, 61_000], true);
    expect(timeMarks(scale, 5)).toEqual([0, 15_000, 30_000, 45_000, 60_000]);
    fc.assert(
      fc.property(times, fc.integer({ min: 2, max: 12 }), (list, most) => {
        expect(timeMarks(timeScale(list, true), most).length).toBeLessThanOrEqual(most + 1);
      }),
    );
  });
});
