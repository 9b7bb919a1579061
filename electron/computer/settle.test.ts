import { describe, expect, test } from "vitest";
import type { Region } from "../../shared/geometry.ts";
import type { Frame } from "./frame.ts";
import { settle } from "./settle.ts";
import { fakeClock, frameOf, GREY } from "./test-frames.ts";

const size = { w: 640, h: 400 };
const still = frameOf(size, GREY);
const never = new AbortController().signal;
/** A grab takes this long, ms. */
const GRAB = 6;

/** A screen as a function of the time since the input, ms. */
async function run(screen: (t: number) => Frame, settleMs = 2000, signal = never) {
  const clock = fakeClock();
  let grabs = 0;
  const grab = async () => {
    const frame = screen(clock.now());
    clock.pass(GRAB);
    grabs += 1;
    return frame;
  };
  const settled = await settle({ ...clock, grab }, settleMs, signal);
  return { ...settled, grabs, ms: clock.now() };
}

const drawn = (...rects: readonly Region[]) => frameOf(size, GREY, ...rects.map((rect) => [rect, 0] as const));
/** A block that goes round in a square of `side` px, a step every `every` ms. */
function spinner(t: number, side: number, every: number): Region {
  const step = Math.floor(t / every) % 4;
  const [x, y] = [100 + (step % 2) * (side / 2), 100 + Math.floor(step / 2) * (side / 2)];
  return [x, y, x + side / 2, y + side / 2];
}

describe("a program that answers", () => {
  test("at once: it is still soon after the last change", async () => {
    const settled = await run((t) => (t < 50 ? still : drawn([10, 10, 300, 200])));
    expect(settled.still).toBe(true);
    expect(settled.ms).toBeGreaterThan(150);
    expect(settled.ms).toBeLessThan(300);
  });

  test("in several steps: all of them are waited for", async () => {
    const last = drawn([10, 10, 600, 300]);
    const settled = await run((t) =>
      t < 60 ? still : t < 400 ? drawn([10, 10, 600, 20 + Math.floor(t / 30) * 10]) : last,
    );
    expect(settled.frame).toEqual(last);
    expect(settled.ms).toBeGreaterThan(400);
    expect(settled.ms).toBeLessThan(650);
  });

  test("late, after 200 ms: what it drew is in the picture", async () => {
    const last = drawn([10, 10, 300, 200]);
    expect((await run((t) => (t < 200 ? still : last))).frame).toBe(last);
  });

  test("with a menu that fades in for 300 ms, small as it is", async () => {
    const faded = (t: number) =>
      frameOf(size, GREY, [[10, 10, 80, 90], 0x808080 + 0x030303 * Math.min(40, Math.floor(t / 8))]);
    const settled = await run(faded);
    expect(settled.still).toBe(true);
    // A step of 8 ms is below what can be seen.
    expect(settled.ms).toBeGreaterThan(320);
  });

  test("not at all: that is taken for still within 350 ms", async () => {
    const settled = await run(() => still);
    expect(settled.still).toBe(true);
    expect(settled.ms).toBeLessThan(350);
  });
});

describe("what never stops", () => {
  const CASES: readonly (readonly [string, (t: number) => Frame, number])[] = [
    ["a blinking caret", (t) => (Math.floor(t / 530) % 2 === 0 ? still : drawn([10, 10, 12, 30])), 350],
    ["two carets, one of which moved", (t) => (t < 60 ? drawn([10, 10, 12, 30]) : drawn([90, 10, 92, 30])), 350],
    ["a spinner", (t) => drawn(spinner(t, 32, 80)), 750],
    ["a spinner of 60 frames a second", (t) => drawn(spinner(t, 40, 16)), 750],
    ["a clock that ticks every second", (t) => drawn([20, 20, 20 + (Math.floor(t / 1000) % 2) * 8 + 8, 36]), 350],
    ["a clock that ticks in the middle of it", (t) => drawn([20, 20, t < 200 ? 28 : 36, 36]), 450],
    ["hundredths of a second", (t) => drawn([20, 20, 22 + (Math.floor(t / 10) % 9) * 4, 36]), 750],
    [
      "a spinner beside a program that draws for 300 ms",
      (t) => drawn(spinner(t, 32, 80), [300, 50, 600, 60 + Math.min(30, Math.floor(t / 10)) * 8]),
      750,
    ],
  ];
  test.each(CASES)("%s does not hold it up", async (_name, screen, most) => {
    const settled = await run(screen);
    expect(settled.still).toBe(true);
    expect(settled.ms).toBeLessThan(most);
  });

  test("a film does: it ends at the limit", async () => {
    const settled = await run((t) => drawn(spinner(t, 240, 40)), 1500);
    expect(settled.still).toBe(false);
    expect(settled.ms).toBeGreaterThanOrEqual(1500);
    expect(settled.ms).toBeLessThan(1600);
  });

  test("many small areas together are as large as a film", async () => {
    const many = (t: number) => {
      const shift = Math.floor(t / 40) % 2;
      return drawn(...Array.from({ length: 12 }, (_, i): Region => [i * 50 + shift * 10, 50, i * 50 + 20, 350]));
    };
    expect((await run(many, 1000)).still).toBe(false);
  });
});

test("never under one frame, even with no time given", async () => {
  const settled = await run(() => still, 0);
  expect(settled).toMatchObject({ still: false, grabs: 1 });
  expect(settled.ms).toBeGreaterThanOrEqual(16);
});

test("the operator's limit is kept", async () => {
  const settled = await run((t) => drawn([0, 0, 640, t % 400]), 300);
  expect(settled.still).toBe(false);
  expect(settled.ms).toBeLessThan(350);
});

test("an abort ends it with a frame of that moment", async () => {
  const settled = await run((t) => drawn([0, 0, 640, t % 400]), 2000, AbortSignal.abort());
  expect(settled).toMatchObject({ still: false, grabs: 1 });
});

test("another size of the display is a change", async () => {
  const other = frameOf({ w: 400, h: 640 }, GREY);
  const settled = await run((t) => (t < 100 ? still : other));
  expect(settled.still).toBe(true);
  expect(settled.frame).toBe(other);
});
