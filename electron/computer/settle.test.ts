import { expect, test } from "vitest";
import type { Frame } from "./frame.ts";
import { settle } from "./settle.ts";
import { fakeClock, frameOf, GREY } from "./test-frames.ts";

const size = { w: 100, h: 80 };
const still = frameOf(size, GREY);
const caret = frameOf(size, GREY, [[10, 10, 12, 30], 0]);
const moving = (n: number) => frameOf(size, GREY, [[(n % 7) * 12, 0, (n % 7) * 12 + 10, 10], 0]);
const never = new AbortController().signal;

async function run(frames: readonly Frame[], settleMs = 2000, signal = never) {
  const clock = fakeClock();
  let grabs = 0;
  const grab = async () => {
    clock.pass(6);
    grabs += 1;
    return frames[Math.min(grabs, frames.length) - 1] ?? still;
  };
  const settled = await settle({ ...clock, grab }, settleMs, signal);
  return { ...settled, grabs, ms: clock.now() };
}

test("two frames that agree end it", async () => {
  expect(await run([still, still])).toMatchObject({ still: true, grabs: 2 });
  expect(await run([moving(1), moving(2), moving(3), still, still])).toMatchObject({ still: true, grabs: 5 });
});

test("a blinking caret does not hold it up, the frame returned is the last", async () => {
  const settled = await run([still, caret]);
  expect(settled).toMatchObject({ still: true, grabs: 2 });
  expect(settled.frame).toBe(caret);
});

test("a screen that never rests ends at the limit", async () => {
  const frames = Array.from({ length: 80 }, (_, i) => moving(i));
  const settled = await run(frames, 500);
  expect(settled.still).toBe(false);
  expect(settled.ms).toBeGreaterThanOrEqual(500);
  expect(settled.ms).toBeLessThan(580);
});

test("never under one frame, even with no time given", async () => {
  const settled = await run([still], 0);
  expect(settled).toMatchObject({ still: false, grabs: 1 });
  expect(settled.ms).toBeGreaterThanOrEqual(16);
});

test("an abort ends it with a frame of that moment", async () => {
  expect(await run([still, moving(1)], 2000, AbortSignal.abort())).toMatchObject({ still: false, grabs: 1 });
});

test("another size of the display is a change", async () => {
  const other = frameOf({ w: 80, h: 100 }, GREY);
  expect(await run([still, other, other])).toMatchObject({ still: true, grabs: 3 });
});
