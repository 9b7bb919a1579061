import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contentRect,
  type Display,
  fitToTier,
  isInside,
  outsideContent,
  type Point,
  regionOutsideContent,
  regionToScreen,
  type Size,
  toScreen,
  toScreenshot,
  visualTokens,
} from "./geometry.ts";
import { HIGH_TIER, LOW_TIER } from "./model.ts";

describe("known displays", () => {
  test.each([
    ["1280x800 as it is", { w: 1280, h: 800 }, { w: 1280, h: 800 }],
    ["full HD as it is", { w: 1920, h: 1080 }, { w: 1920, h: 1080 }],
    ["4K halved", { w: 3840, h: 2160 }, { w: 1920, h: 1080 }],
    ["8K quartered", { w: 7680, h: 4320 }, { w: 1920, h: 1080 }],
    ["portrait full HD as it is", { w: 1080, h: 1920 }, { w: 1080, h: 1920 }],
    ["16:10 by its height", { w: 2560, h: 1600 }, { w: 1728, h: 1080 }],
    ["ultra-wide by its width", { w: 3440, h: 1440 }, { w: 1920, h: 803 }],
    ["an odd width to the pixel", { w: 4099, h: 1000 }, { w: 1920, h: 468 }],
    ["one pixel", { w: 1, h: 1 }, { w: 1, h: 1 }],
    ["a line", { w: 7680, h: 1 }, { w: 1920, h: 1 }],
  ])("%s, on the high tier", (_, display, expected) => {
    expect(fitToTier(display, HIGH_TIER)).toEqual(expected);
  });

  test("the low tier is smaller", () => {
    expect(fitToTier({ w: 1280, h: 800 }, LOW_TIER)).toEqual({ w: 1280, h: 800 });
    const fitted = fitToTier({ w: 1920, h: 1080 }, LOW_TIER);
    expect(visualTokens(fitted)).toBeLessThanOrEqual(1568);
    expect(fitted.w).toBeGreaterThan(1400);
  });

  test.each([
    { w: 0, h: 5 },
    { w: -1, h: 5 },
    { w: 1.5, h: 5 },
    { w: Number.NaN, h: 5 },
    { w: Number.POSITIVE_INFINITY, h: 5 },
  ])("%j is not a display", (size) => {
    expect(() => fitToTier(size, HIGH_TIER)).toThrow(RangeError);
  });
});

test("visual tokens are counted in tiles of 28", () => {
  expect(visualTokens({ w: 28, h: 28 })).toBe(1);
  expect(visualTokens({ w: 29, h: 28 })).toBe(2);
  expect(visualTokens({ w: 1280, h: 800 })).toBe(46 * 29);
});

const side = fc.oneof(
  fc.integer({ min: 1, max: 8192 }),
  fc.constantFrom(
    1,
    2,
    3,
    27,
    28,
    29,
    768,
    800,
    1024,
    1080,
    1280,
    1366,
    1440,
    1600,
    1920,
    2160,
    2560,
    3840,
    4320,
    7680,
  ),
);
const sizes = fc.record({ w: side, h: side });
const displays: fc.Arbitrary<Display> = fc.record({
  x: fc.integer({ min: -8192, max: 8192 }),
  y: fc.integer({ min: -8192, max: 8192 }),
  w: side,
  h: side,
  scale: fc.constantFrom(1, 1.25, 1.5, 2),
});
const tiers = fc.constantFrom(HIGH_TIER, LOW_TIER);

/** How far `fitted` is from the exact shape of `display`, in px of the fitted picture. */
function distortion(display: Size, fitted: Size): number {
  const scale = Math.max(fitted.w / display.w, fitted.h / display.h);
  return Math.max(Math.abs(display.w * scale - fitted.w), Math.abs(display.h * scale - fitted.h));
}

test("a fitted picture keeps to the tier and the cap, is never enlarged and keeps its shape", () => {
  fc.assert(
    fc.property(sizes, tiers, (display, tier) => {
      const fitted = fitToTier(display, tier);
      expect(Number.isInteger(fitted.w) && Number.isInteger(fitted.h)).toBe(true);
      expect(Math.min(fitted.w, fitted.h)).toBeGreaterThanOrEqual(1);
      expect(fitted.w <= display.w && fitted.h <= display.h).toBe(true);
      expect(Math.max(fitted.w, fitted.h)).toBeLessThanOrEqual(Math.min(tier.longEdge, 1920));
      expect(Math.min(fitted.w, fitted.h)).toBeLessThanOrEqual(1080);
      expect(visualTokens(fitted)).toBeLessThanOrEqual(tier.maxTokens);
      // A line of a pixel cannot get thinner: there the shape has to give.
      if (Math.min(fitted.w, fitted.h) > 1) {
        const slack = Math.max(1, Math.max(display.w, display.h) / Math.min(display.w, display.h));
        expect(distortion(display, fitted)).toBeLessThanOrEqual(slack + 1e-6);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a picture is no smaller than it has to be", () => {
  fc.assert(
    fc.property(sizes, tiers, (display, tier) => {
      const fitted = fitToTier(display, tier);
      const grown = { w: Math.ceil(fitted.w * 1.06) + 2, h: Math.ceil(fitted.h * 1.06) + 2 };
      const fits =
        grown.w <= display.w &&
        grown.h <= display.h &&
        Math.max(grown.w, grown.h) <= Math.min(1920, tier.longEdge) &&
        Math.min(grown.w, grown.h) <= 1080 &&
        visualTokens(grown) <= tier.maxTokens;
      expect(fits).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** A display, the size of its pictures, and a pixel of them. */
const pointed = fc.record({ display: displays, tier: tiers, fx: share, fy: share }).map(({ display, tier, fx, fy }) => {
  const space = fitToTier(display, tier);
  const at = [
    Math.min(space.w - 1, Math.floor(fx * space.w)),
    Math.min(space.h - 1, Math.floor(fy * space.h)),
  ] as const;
  return { display, space, at };
});

test("a mapped point is inside the display and maps back within one screenshot pixel", () => {
  fc.assert(
    fc.property(pointed, ({ display, space, at }) => {
      const [x, y] = toScreen(at, space, display);
      expect(Number.isInteger(x) && Number.isInteger(y)).toBe(true);
      expect(isInside([x - display.x, y - display.y], display)).toBe(true);
      const back = toScreenshot([x, y], space, display);
      expect(isInside(back, space)).toBe(true);
      expect(Math.abs(back[0] - at[0])).toBeLessThanOrEqual(1);
      expect(Math.abs(back[1] - at[1])).toBeLessThanOrEqual(1);
    }),
    { numRuns: 3000 },
  );
});

test("at full size points map to themselves", () => {
  const display = { x: -1280, y: 40, w: 1280, h: 800, scale: 1 };
  expect(toScreen([0, 0], display, display)).toEqual([-1280, 40]);
  expect(toScreen([1279, 799], display, display)).toEqual([-1, 839]);
  expect(toScreenshot([-1, 839], display, display)).toEqual([1279, 799]);
});

test("a point is mapped to the middle of what its pixel shows", () => {
  const display = { x: 0, y: 0, w: 3840, h: 2160, scale: 2 };
  expect(toScreen([10, 20], { w: 1920, h: 1080 }, display)).toEqual([21, 41]);
});

const regioned = fc
  .record({ display: displays, tier: tiers, a: share, b: share, c: share, d: share })
  .map(({ display, tier, a, b, c, d }) => {
    const space = fitToTier(display, tier);
    const x0 = Math.min(space.w - 1, Math.floor(a * space.w));
    const y0 = Math.min(space.h - 1, Math.floor(b * space.h));
    const x1 = x0 + 1 + Math.floor(c * (space.w - x0 - 1));
    const y1 = y0 + 1 + Math.floor(d * (space.h - y0 - 1));
    return { display, space, region: [x0, y0, x1, y1] as const };
  });

test("a mapped region lies inside the display, has an area and shows every pixel asked for", () => {
  fc.assert(
    fc.property(regioned, ({ display, space, region }) => {
      const [x0, y0, x1, y1] = regionToScreen(region, space, display);
      expect(x0 >= display.x && y0 >= display.y).toBe(true);
      expect(x1 <= display.x + display.w && y1 <= display.y + display.h).toBe(true);
      expect(x1 > x0 && y1 > y0).toBe(true);
      const first = toScreen([region[0], region[1]], space, display);
      const last = toScreen([region[2] - 1, region[3] - 1], space, display);
      expect(x0 <= first[0] && y0 <= first[1]).toBe(true);
      expect(x1 > last[0] && y1 > last[1]).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

describe("a picture of another shape than the display", () => {
  test.each([
    ["as it is", { w: 1280, h: 800 }, { w: 1280, h: 800 }, [0, 0, 1280, 800]],
    ["the same shape, larger", { w: 1280, h: 800 }, { w: 2560, h: 1600 }, [0, 0, 1280, 800]],
    ["the same shape, smaller", { w: 1280, h: 800 }, { w: 640, h: 400 }, [0, 0, 1280, 800]],
    ["the same shape but for rounding", { w: 1280, h: 720 }, { w: 1366, h: 768 }, [0, 0, 1280, 720]],
    ["landscape into less wide", { w: 1280, h: 800 }, { w: 1920, h: 1080 }, [0, 40, 1280, 760]],
    ["landscape into wider", { w: 1280, h: 720 }, { w: 1024, h: 768 }, [160, 0, 1120, 720]],
    ["portrait into landscape", { w: 1280, h: 800 }, { w: 1080, h: 1920 }, [415, 0, 865, 800]],
    ["landscape into portrait", { w: 800, h: 1280 }, { w: 1920, h: 1080 }, [0, 415, 800, 865]],
    ["an odd bar: the spare pixel is right and below", { w: 101, h: 50 }, { w: 100, h: 100 }, [25, 0, 75, 50]],
    ["a line", { w: 1280, h: 800 }, { w: 7680, h: 1 }, [0, 399, 1280, 400]],
  ] as const)("%s", (_, space, display, expected) => {
    expect(contentRect(space, display)).toEqual(expected);
  });

  test("the corners of the content are the corners of the display", () => {
    const space = { w: 1280, h: 800 };
    const display = { x: 100, y: -50, w: 1920, h: 1080, scale: 1 };
    expect(toScreen([0, 40], space, display)).toEqual([100, -50]);
    expect(toScreen([1279, 759], space, display)).toEqual([2019, 1029]);
    expect(toScreenshot([100, -50], space, display)).toEqual([0, 40]);
    expect(toScreenshot([2019, 1029], space, display)).toEqual([1279, 759]);
    expect(outsideContent([0, 39], space, display)).toBe(true);
    expect(outsideContent([0, 40], space, display)).toBe(false);
    expect(outsideContent([1279, 759], space, display)).toBe(false);
    expect(outsideContent([1279, 760], space, display)).toBe(true);
    expect(regionToScreen([0, 0, 1280, 800], space, display)).toEqual([100, -50, 2020, 1030]);
    expect(regionOutsideContent([0, 0, 1280, 40], space, display)).toBe(true);
    expect(regionOutsideContent([0, 0, 1280, 41], space, display)).toBe(false);
    expect(regionOutsideContent([0, 760, 9, 800], space, display)).toBe(true);
  });

  test("a picture fitted to its display has no bars", () => {
    fc.assert(
      fc.property(sizes, tiers, (display, tier) => {
        const space = fitToTier(display, tier);
        expect(contentRect(space, display)).toEqual([0, 0, space.w, space.h]);
      }),
      { numRuns: 3000 },
    );
  });

  /** A display, and the picture size that was fitted to another one, with two of its points. */
  const changed = fc
    .record({ display: displays, was: sizes, tier: tiers, a: share, b: share, c: share, d: share })
    .map(({ display, was, tier, a, b, c, d }) => {
      const space = fitToTier(was, tier);
      const at = (fx: number, fy: number): Point => [
        Math.min(space.w - 1, Math.floor(fx * space.w)),
        Math.min(space.h - 1, Math.floor(fy * space.h)),
      ];
      return { display, space, first: at(a, b), second: at(c, d) };
    });

  test("the content is inside the picture, centred, as large as can be and of the display's shape", () => {
    fc.assert(
      fc.property(changed, ({ display, space }) => {
        const [x0, y0, x1, y1] = contentRect(space, display);
        expect(x0 >= 0 && y0 >= 0 && x1 <= space.w && y1 <= space.h && x1 > x0 && y1 > y0).toBe(true);
        expect(Math.abs(x0 - (space.w - x1))).toBeLessThanOrEqual(1);
        expect(Math.abs(y0 - (space.h - y1))).toBeLessThanOrEqual(1);
        expect(x1 - x0 === space.w || y1 - y0 === space.h).toBe(true);
        if (x1 - x0 === space.w && y1 - y0 === space.h) return;
        const scale = Math.min(space.w / display.w, space.h / display.h);
        // A line of a pixel cannot get thinner.
        expect(Math.abs(Math.max(1, display.w * scale) - (x1 - x0))).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(Math.abs(Math.max(1, display.h * scale) - (y1 - y0))).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
      { numRuns: 3000 },
    );
  });

  test("every px of the display is shown inside the content and maps back to itself or a neighbour that shares its pixel", () => {
    fc.assert(
      fc.property(changed, share, share, ({ display, space }, fx, fy) => {
        const px: Point = [
          display.x + Math.min(display.w - 1, Math.floor(fx * display.w)),
          display.y + Math.min(display.h - 1, Math.floor(fy * display.h)),
        ];
        const shown = toScreenshot(px, space, display);
        expect(outsideContent(shown, space, display)).toBe(false);
        const [x0, y0, x1, y1] = contentRect(space, display);
        const back = toScreen(shown, space, display);
        expect(Math.abs(back[0] - px[0])).toBeLessThanOrEqual(Math.ceil(display.w / (x1 - x0)));
        expect(Math.abs(back[1] - px[1])).toBeLessThanOrEqual(Math.ceil(display.h / (y1 - y0)));
      }),
      { numRuns: 3000 },
    );
  });

  test("a point of the content maps into the display, and back within one screenshot pixel (one px of the display where it is enlarged)", () => {
    fc.assert(
      fc.property(changed, ({ display, space, first }) => {
        const [x, y] = toScreen(first, space, display);
        expect(isInside([x - display.x, y - display.y], display)).toBe(true);
        if (outsideContent(first, space, display)) return;
        const [x0, y0, x1, y1] = contentRect(space, display);
        const back = toScreenshot([x, y], space, display);
        expect(Math.abs(back[0] - first[0])).toBeLessThanOrEqual(Math.max(1, Math.ceil((x1 - x0) / display.w)));
        expect(Math.abs(back[1] - first[1])).toBeLessThanOrEqual(Math.max(1, Math.ceil((y1 - y0) / display.h)));
      }),
      { numRuns: 3000 },
    );
  });

  test("a region is cut to the display and shows every pixel of it that was asked for", () => {
    fc.assert(
      fc.property(changed, ({ display, space, first, second }) => {
        const [left, right] = [Math.min(first[0], second[0]), Math.max(first[0], second[0]) + 1];
        const [top, bottom] = [Math.min(first[1], second[1]), Math.max(first[1], second[1]) + 1];
        const region = [left, top, right, bottom] as const;
        const [x0, y0, x1, y1] = regionToScreen(region, space, display);
        expect(x0 >= display.x && y0 >= display.y && x1 > x0 && y1 > y0).toBe(true);
        expect(x1 <= display.x + display.w && y1 <= display.y + display.h).toBe(true);
        const corners: Point[] = [
          [left, top],
          [right - 1, bottom - 1],
        ];
        for (const corner of corners) {
          if (outsideContent(corner, space, display)) continue;
          expect(regionOutsideContent(region, space, display)).toBe(false);
          const [x, y] = toScreen(corner, space, display);
          expect(x >= x0 && x < x1 && y >= y0 && y < y1).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
