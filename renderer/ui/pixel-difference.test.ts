import { describe, expect, it } from "vitest";
import { differenceOf } from "./pixel-difference.ts";

const SIZE = { w: 100, h: 60 };

function picture(paint: (x: number, y: number) => number = () => 0): Uint8ClampedArray {
  const data = new Uint8ClampedArray(SIZE.w * SIZE.h * 4);
  for (let y = 0; y < SIZE.h; y += 1)
    for (let x = 0; x < SIZE.w; x += 1) data.set([paint(x, y), 100, 100, 255], (y * SIZE.w + x) * 4);
  return data;
}

const box = (x0: number, y0: number, x1: number, y1: number) => (x: number, y: number) =>
  x >= x0 && x < x1 && y >= y0 && y < y1 ? 200 : 0;

describe("what differs between two pictures", () => {
  it("is nothing in the same one, and nothing that can't be seen", () => {
    expect(differenceOf(picture(), picture(), SIZE)).toMatchObject({ share: 0, regions: [] });
    expect(
      differenceOf(
        picture(),
        picture(() => 24),
        SIZE,
      ).share,
    ).toBe(0);
    expect(
      differenceOf(
        picture(),
        picture(() => 25),
        SIZE,
      ).share,
    ).toBe(1);
  });

  it("is framed place by place, the largest first", () => {
    const two = (x: number, y: number) => Math.max(box(2, 2, 6, 6)(x, y), box(64, 20, 96, 50)(x, y));
    const { share, regions, changed } = differenceOf(picture(), picture(two), SIZE);
    expect(share).toBeCloseTo((16 + 32 * 30) / 6000, 9);
    expect(regions).toEqual([
      [64, 16, 96, 60],
      [0, 0, 16, 16],
    ]);
    expect(changed[3 * SIZE.w + 3]).toBe(1);
    expect(changed[3 * SIZE.w + 30]).toBe(0);
  });

  it("needs pictures of that size", () => {
    expect(() => differenceOf(picture(), new Uint8ClampedArray(4), SIZE)).toThrow(RangeError);
  });
});
