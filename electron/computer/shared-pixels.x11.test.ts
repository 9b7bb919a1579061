/** Pixels by shared memory are the socket's pixels, and what the X server refuses is refused either way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Region } from "../../shared/geometry.ts";
import { getImage } from "./get-image.ts";
import { openSharedPixels, type SharedPixels } from "./shared-pixels.ts";
import { openPainter, type Painter } from "./test-painter.ts";
import { startTestDesktop, type TestDesktop } from "./x11/test-desktop.ts";
import { type BareClient, openClient } from "./x11-client.ts";

const SIZE = { w: 1280, h: 800 };
let desktop: TestDesktop;
let painter: Painter;
let x: BareClient;
let shared: SharedPixels | null;

beforeAll(async () => {
  desktop = await startTestDesktop();
  painter = await openPainter(desktop.display, desktop.authority, [0, 0, SIZE.w, SIZE.h], 0x336699);
  x = await openClient(desktop.display, desktop.authority, undefined, true);
  shared = await openSharedPixels(x);
  const pixels = Uint32Array.from({ length: 400 * 300 }, (_, i) => (i * 2654435761) & 0xffffff);
  painter.picture([50, 40], { w: 400, h: 300 }, pixels);
  await painter.done();
});
afterAll(async () => {
  x.client.terminate();
  painter.close();
  await desktop.close();
});

test("regions of any size asked for at once, a growing one among them, are each what the socket gives", async () => {
  const regions: readonly Region[] = [
    [0, 0, 300, 200],
    [50, 40, 450, 340],
    [0, 0, SIZE.w, SIZE.h],
    [60, 50, 61, 51],
    [7, 3, 1009, 777],
  ];
  const through = await Promise.all(regions.map((region) => getImage(x, null, x.root, region)));
  const by = await Promise.all(regions.map((region) => getImage(x, shared, x.root, region)));
  for (const [i, frame] of by.entries()) {
    expect(frame.size).toEqual(through[i]?.size);
    expect(Buffer.compare(frame.data, through[i]?.data ?? new Uint8Array())).toBe(0);
  }
  expect(await shared?.get(x.root, [0, 0, SIZE.w, SIZE.h])).toMatchObject({ depth: 24 });
});

test("a frame stays what it was when the next one comes", async () => {
  const before = await getImage(x, shared, x.root, [0, 0, SIZE.w, SIZE.h]);
  const copy = Uint8Array.from(before.data);
  painter.fill([0, 0, SIZE.w, SIZE.h], 0xff8800);
  await painter.done();
  const after = await getImage(x, shared, x.root, [0, 0, SIZE.w, SIZE.h]);
  expect(Buffer.compare(after.data, copy)).not.toBe(0);
  expect(Buffer.compare(before.data, copy)).toBe(0);
});

test("what is not on the display is an error in words, and the next picture is a good one", async () => {
  await expect(getImage(x, shared, x.root, [0, 0, SIZE.w + 1, SIZE.h])).rejects.toMatchObject({
    code: "capture_failed",
  });
  expect(await getImage(x, shared, x.root, [0, 0, SIZE.w, SIZE.h])).toMatchObject({ size: SIZE });
});

test("a connection that can't share comes without", async () => {
  const plain = await openClient(desktop.display, desktop.authority);
  expect(await openSharedPixels(plain)).toBeNull();
  plain.client.terminate();
});

test("where the system has no room left, pixels come through the socket", async () => {
  // 64 GB: more than there can be.
  const small = await openClient(desktop.display, desktop.authority, undefined, true);
  const pixels = await openSharedPixels(small);
  expect(await pixels?.get(small.root, [0, 0, 1 << 20, 1 << 14])).toBeNull();
  expect(await getImage(small, pixels, small.root, [0, 0, SIZE.w, SIZE.h])).toMatchObject({ size: SIZE });
  small.client.terminate();
});
