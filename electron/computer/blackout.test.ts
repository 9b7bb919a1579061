import { expect, test } from "vitest";
import type { Region, Size } from "../../shared/geometry.ts";
import { blackedOut } from "./blackout.ts";
import { cropFrame, type Frame, pixelsOf } from "./frame.ts";
import type { Grabber } from "./grabber.ts";
import { wholeShot } from "./shot.ts";
import { frameOf, GREY } from "./test-frames.ts";

const SIZE: Size = { w: 40, h: 20 };
const DISPLAY = { x: 0, y: 0, ...SIZE, scale: 1 };

function grabberOf(frame: () => Frame): Grabber {
  return {
    display: async () => DISPLAY,
    grab: async (region) => cropFrame(frame(), region),
    shot: async () => wholeShot(frame()),
    close: () => undefined,
  };
}

/** The black pixels of a frame: how many, and the box around them. */
function black(frame: Frame): { count: number; box: Region | null } {
  let box: Region | null = null;
  let count = 0;
  pixelsOf(frame).forEach((pixel, i) => {
    if ((pixel & 0xffffff) !== 0) return;
    const [x, y] = [i % frame.size.w, Math.floor(i / frame.size.w)];
    count += 1;
    box =
      box === null
        ? [x, y, x + 1, y + 1]
        : [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x + 1), Math.max(box[3], y + 1)];
  });
  return { count, box };
}

const AREA: Region = [10, 5, 20, 10];

test("paints the area in a shot, in its crops and in a grabbed region, and nothing else", async () => {
  const grabber = blackedOut(
    grabberOf(() => frameOf(SIZE, GREY)),
    async () => [AREA],
  );
  const shot = await grabber.shot(SIZE);
  expect(black(shot.frame)).toEqual({ count: 50, box: AREA });
  expect(black(await shot.crop([15, 0, 40, 20]))).toEqual({ count: 25, box: [0, 5, 5, 10] });
  expect(black(await grabber.grab([0, 8, 15, 20]))).toEqual({ count: 10, box: [10, 0, 15, 2] });
  expect(black(await grabber.grab([30, 0, 40, 20])).count).toBe(0);
});

test("at half the size every pixel that the area touches is black", async () => {
  const half: Grabber = {
    ...grabberOf(() => frameOf(SIZE, GREY)),
    shot: async () => ({ ...wholeShot(frameOf(SIZE, GREY)), frame: frameOf({ w: 20, h: 10 }, GREY) }),
  };
  const shot = await blackedOut(half, async () => [[11, 5, 19, 9]]).shot({ w: 20, h: 10 });
  expect(black(shot.frame)).toEqual({ count: 15, box: [5, 2, 10, 5] });
});

test("a window that moves during the capture is black where it was and where it is", async () => {
  const places: Region[] = [
    [0, 0, 4, 4],
    [8, 0, 12, 4],
  ];
  const grabber = blackedOut(
    grabberOf(() => frameOf(SIZE, GREY)),
    async () => [places.shift() ?? [0, 0, 1, 1]],
  );
  expect(black((await grabber.shot(SIZE)).frame).count).toBe(32);
});

test("areas beyond the display harm nothing; without knowing the areas there is no capture", async () => {
  const grabber = blackedOut(
    grabberOf(() => frameOf(SIZE, GREY)),
    async () => [
      [-10, -10, 5, 5],
      [38, 18, 99, 99],
      [60, 0, 70, 5],
    ],
  );
  expect(black((await grabber.shot(SIZE)).frame).count).toBe(29);
  const blind = blackedOut(
    grabberOf(() => frameOf(SIZE, GREY)),
    () => Promise.reject(new Error("no list of windows")),
  );
  await expect(blind.shot(SIZE)).rejects.toThrow("no list of windows");
  await expect(blind.grab([0, 0, 5, 5])).rejects.toThrow("no list of windows");
});
