import { afterAll, beforeAll, expect, test } from "vitest";
import type { Region } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import { pixelsOf } from "./frame.ts";
import { type Grabber, openGrabber } from "./grabber.ts";
import { openPainter, type Painter } from "./test-painter.ts";
import { startTestDesktop, type TestDesktop } from "./x11/test-desktop.ts";

const SIZE = { w: 1280, h: 800 };
const HALF = { w: 640, h: 400 };
const AT = [200, 100] as const;
const NOISE = { w: 300, h: 200 };
const PART: Region = [AT[0], AT[1], AT[0] + NOISE.w, AT[1] + NOISE.h];
let desktop: TestDesktop;
let grabber: Grabber;
let painter: Painter;

beforeAll(async () => {
  desktop = await startTestDesktop();
  grabber = await openGrabber(desktop.display, desktop.authority, null);
  painter = await openPainter(desktop.display, desktop.authority, [0, 0, SIZE.w, SIZE.h], 0x336699);
});
afterAll(async () => {
  painter.close();
  grabber.close();
  await desktop.close();
});

/** Pixels that nobody could guess, the same for the same seed. */
function noise(seed: number): Uint32Array {
  let state = seed;
  return Uint32Array.from({ length: NOISE.w * NOISE.h }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  });
}

test("half the display is the mean of each four pixels, to within one step of a channel", async () => {
  painter.picture(AT, NOISE, noise(1));
  await painter.done();
  const shot = await grabber.shot(HALF);
  const whole = pixelsOf((await grabber.shot(SIZE)).frame);
  expect(shot.frame.size).toEqual(HALF);
  expect(shot.size).toEqual(SIZE);
  const halved = pixelsOf(shot.frame);
  let worst = 0;
  for (let y = 0; y < HALF.h; y += 1) {
    for (let x = 0; x < HALF.w; x += 1) {
      for (const shift of [0, 8, 16]) {
        const channel = (dx: number, dy: number) => ((whole[(y * 2 + dy) * SIZE.w + x * 2 + dx] ?? 0) >>> shift) & 255;
        const mean = (channel(0, 0) + channel(1, 0) + channel(0, 1) + channel(1, 1)) / 4;
        worst = Math.max(worst, Math.abs(mean - (((halved[y * HALF.w + x] ?? 0) >>> shift) & 255)));
      }
    }
  }
  expect(worst).toBeLessThanOrEqual(1);
  shot.free();
});

test("a part of a shot is what was there at its moment, pixel by pixel, whatever came after and however many shots there are", async () => {
  const shots = [];
  for (let seed = 1; seed <= 4; seed += 1) {
    painter.picture(AT, NOISE, noise(seed));
    await painter.done();
    shots.push({ seed, shot: await grabber.shot(HALF) });
  }
  painter.fill([0, 0, SIZE.w, SIZE.h], 0);
  await painter.done();
  // Given back in the middle: their room is used again, and the others keep theirs.
  shots[1]?.shot.free();
  shots[2]?.shot.free();
  const later = await grabber.shot(HALF);
  for (const { seed, shot } of [shots[0], shots[3]].filter((each) => each !== undefined)) {
    const part = pixelsOf(await shot.crop(PART)).map((pixel) => pixel & 0xffffff);
    expect(Buffer.from(part.buffer).equals(Buffer.from(noise(seed).buffer))).toBe(true);
  }
  await expect(shots[1]?.shot.crop(PART)).rejects.toMatchObject({ code: "capture_failed" });
  expect(pixelsOf(await later.crop(PART)).every((pixel) => (pixel & 0xffffff) === 0)).toBe(true);
  for (const { shot } of shots) shot.free();
  later.free();
});

test("a region off the display is an error, and the connection goes on", async () => {
  await expect(grabber.grab([1200, 700, 1300, 900])).rejects.toBeInstanceOf(ComputerError);
  await expect(grabber.display()).resolves.toMatchObject(SIZE);
});
