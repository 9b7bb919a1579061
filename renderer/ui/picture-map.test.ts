import fc from "fast-check";
import { expect, it } from "vitest";
import type { Point } from "../../shared/geometry.ts";
import { frameBetween, GRIPS, isIn, moved, percentOf, pixelAt, resized } from "./picture-map.ts";

const SPACE = { w: 1280, h: 800 };
const side = fc.integer({ min: 1, max: 4000 });

it("finds every pixel again from where its middle is shown, at any size of the window", () => {
  fc.assert(
    fc.property(side, side, fc.double({ min: 0.05, max: 3, noNaN: true }), fc.nat(), fc.nat(), (w, h, scale, x, y) => {
      const space = { w, h };
      const shown = { w: Math.max(1, Math.floor(w * scale)), h: Math.max(1, Math.floor(h * scale)) };
      const pixel: Point = [x % w, y % h];
      const at = percentOf(pixel, space);
      expect(pixelAt({ x: (at.x / 100) * shown.w, y: (at.y / 100) * shown.h }, shown, space)).toEqual(pixel);
    }),
  );
});

it.each([
  [{ x: 0, y: 0 }, [0, 0]],
  [{ x: 0.99, y: 0.5 }, [1, 1]],
  [{ x: 639.999, y: 399.999 }, [1279, 799]],
  [{ x: 640, y: 400 }, [1279, 799]],
  [{ x: -20, y: 9999 }, [0, 799]],
  [{ x: 206.2, y: 48.3 }, [412, 96]],
] as const)("maps the spot %j of a picture at half its size", (spot, pixel) => {
  expect(pixelAt(spot, { w: 640, h: 400 }, SPACE)).toEqual(pixel);
});

it("keeps a moved point on the picture", () => {
  expect(moved([5, 5], [-10, 10], SPACE)).toEqual([0, 15]);
  expect(moved([1270, 795], [10, 10], SPACE)).toEqual([1279, 799]);
});

it("resizes a frame by its handles and moves it by its middle", () => {
  expect(resized([100, 100, 300, 200], [-1, -1], [10, -20], SPACE)).toEqual([110, 80, 300, 200]);
  expect(resized([100, 100, 300, 200], [1, 0], [10, 99], SPACE)).toEqual([100, 100, 310, 200]);
  expect(resized([100, 100, 300, 200], [0, 0], [-500, 5], SPACE)).toEqual([0, 105, 200, 205]);
  expect(resized([100, 100, 300, 200], [-1, 1], [900, 900], SPACE)).toEqual([299, 100, 300, 800]);
});

it("never makes a frame that is not one", () => {
  const by = fc.integer({ min: -3000, max: 3000 });
  fc.assert(
    fc.property(fc.constantFrom(...GRIPS, [0, 0] as const), by, by, (grip, dx, dy) => {
      const [x0, y0, x1, y1] = resized([400, 300, 700, 500], grip, [dx, dy], SPACE);
      expect(0 <= x0 && x0 < x1 && x1 <= SPACE.w && 0 <= y0 && y0 < y1 && y1 <= SPACE.h).toBe(true);
    }),
  );
});

it("draws a frame between two pixels, whichever comes first", () => {
  expect(frameBetween([10, 20], [4, 30])).toEqual([4, 20, 11, 31]);
  expect(frameBetween([5, 5], [5, 5])).toEqual([5, 5, 6, 6]);
  expect(isIn([4, 30], [4, 20, 11, 31])).toBe(true);
  expect(isIn([11, 30], [4, 20, 11, 31])).toBe(false);
});
