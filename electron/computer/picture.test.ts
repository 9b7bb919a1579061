import { Transformer } from "@napi-rs/image";
import { expect, test } from "vitest";
import { contentRect } from "../../shared/geometry.ts";
import { isBlack } from "./frame.ts";
import { encodePicture, fitWithin } from "./picture.ts";
import { frameOf } from "./test-frames.ts";

async function pixelsOf(png: Uint8Array) {
  const image = new Transformer(png);
  const { width, height } = await image.metadata();
  const raw = await new Transformer(png).rawPixels();
  // Pictures that were scaled carry an opaque alpha channel, the others none.
  const bytes = raw.length === width * height * 4 ? raw.filter((_, i) => i % 4 !== 3) : raw;
  return { width, height, bytes };
}

test("a frame of the right size comes through pixel by pixel", async () => {
  const frame = frameOf({ w: 20, h: 10 }, 0x102030, [[3, 4, 5, 6], 0xff8001]);
  const picture = await encodePicture(frame, { w: 20, h: 10 });
  expect(picture.sha256).toMatch(/^[0-9a-f]{64}$/);
  const { width, height, bytes } = await pixelsOf(picture.png);
  expect([width, height]).toEqual([20, 10]);
  expect([...bytes.subarray(0, 3)]).toEqual([0x10, 0x20, 0x30]);
  const at = (4 * 20 + 3) * 3;
  expect([...bytes.subarray(at, at + 3)]).toEqual([0xff, 0x80, 0x01]);
});

test("halving takes the mean of four", async () => {
  const frame = frameOf({ w: 4, h: 2 }, 0xffffff, [[0, 0, 1, 1], 0x000000], [[2, 0, 4, 2], 0xff0004]);
  const { bytes } = await pixelsOf((await encodePicture(frame, { w: 2, h: 1 })).png);
  expect([...bytes]).toEqual([191, 191, 191, 255, 0, 4]);
});

test.each([
  [
    { w: 300, h: 200 },
    { w: 200, h: 133 },
  ],
  [
    { w: 30, h: 20 },
    { w: 300, h: 200 },
  ],
])("%o is scaled to exactly %o", async (from, to) => {
  const picture = await encodePicture(frameOf(from, 0x336699), to);
  const { width, height, bytes } = await pixelsOf(picture.png);
  expect([width, height]).toEqual([to.w, to.h]);
  expect([...bytes.subarray(0, 3)]).toEqual([0x33, 0x66, 0x99]);
});

test("a zoom keeps its shape and never leaves the screenshot's size", () => {
  const space = { w: 1280, h: 800 };
  expect(fitWithin({ w: 100, h: 100 }, space)).toEqual({ w: 800, h: 800 });
  expect(fitWithin({ w: 1, h: 800 }, space)).toEqual({ w: 1, h: 800 });
  expect(fitWithin({ w: 3840, h: 1 }, space)).toEqual({ w: 1280, h: 1 });
  expect(fitWithin({ w: 640, h: 399 }, space)).toEqual({ w: 1280, h: 798 });
});

/** The colour (0xRRGGBB) at a pixel. */
function colourAt({ width, bytes }: { width: number; bytes: Uint8Array }, x: number, y: number): number {
  const [r = 0, g = 0, b = 0] = bytes.subarray((y * width + x) * 3);
  return (r << 16) | (g << 8) | b;
}

test.each([
  ["as it is", { w: 40, h: 20 }],
  ["halved", { w: 80, h: 40 }],
  ["shrunk", { w: 70, h: 35 }],
  ["enlarged", { w: 10, h: 5 }],
])("a wider frame, %s, gets bars above and below", async (_, from) => {
  const picture = await encodePicture(frameOf(from, 0x336699), { w: 40, h: 30 });
  expect(picture.size).toEqual({ w: 40, h: 30 });
  const seen = await pixelsOf(picture.png);
  expect([seen.width, seen.height]).toEqual([40, 30]);
  for (let y = 0; y < 30; y += 1) {
    for (const x of [0, 20, 39]) expect(colourAt(seen, x, y)).toBe(y < 5 || y >= 25 ? 0 : 0x336699);
  }
});

test("a portrait frame in a landscape picture gets bars at its sides, its own px where they belong", async () => {
  const frame = frameOf({ w: 20, h: 30 }, 0x336699, [[0, 0, 1, 1], 0xff0000], [[19, 29, 20, 30], 0x00ff00]);
  const seen = await pixelsOf((await encodePicture(frame, { w: 41, h: 30 })).png);
  expect([9, 10, 11, 28, 29, 30].map((x) => colourAt(seen, x, 15))).toEqual([0, ...Array(4).fill(0x336699), 0]);
  expect(colourAt(seen, 10, 0)).toBe(0xff0000);
  expect(colourAt(seen, 29, 29)).toBe(0x00ff00);
});

test("a zoom never gets bars", () => {
  const space = { w: 1280, h: 800 };
  for (let w = 1; w <= 3840; w += 37) {
    for (let h = 1; h <= 2160; h += 41) {
      const { w: right, h: bottom } = fitWithin({ w, h }, space);
      expect(contentRect({ w: right, h: bottom }, { w, h })).toEqual([0, 0, right, bottom]);
    }
  }
});

test("black is every pixel at zero", () => {
  expect(isBlack(frameOf({ w: 9, h: 9 }, 0))).toBe(true);
  expect(isBlack(frameOf({ w: 9, h: 9 }, 0xff000000))).toBe(true);
  expect(isBlack(frameOf({ w: 9, h: 9 }, 0, [[8, 8, 9, 9], 1]))).toBe(false);
});

test("noise, which needs much room, comes through as well", async () => {
  const frame = frameOf({ w: 800, h: 600 }, 0);
  let seed = 1;
  for (let i = 0; i < frame.data.length; i += 1) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    frame.data[i] = seed >>> 16;
  }
  const { bytes } = await pixelsOf((await encodePicture(frame, frame.size)).png);
  const at = 12345;
  expect([...bytes.subarray(at * 3, at * 3 + 3)]).toEqual([2, 1, 0].map((channel) => frame.data[at * 4 + channel]));
});
