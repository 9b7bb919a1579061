import { crc32, inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Size } from "../../shared/geometry.ts";
import { encodePng } from "./png.ts";

/** The chunks of a PNG by name, their sums checked; `inflateSync` checks that of what is compressed. */
function chunksOf(png: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(png);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const named = bytes.subarray(at + 4, at + 8 + length);
    expect(crc32(named)).toBe(bytes.readUInt32BE(at + 8 + length));
    chunks.set(named.toString("latin1", 0, 4), named.subarray(4));
    at += 12 + length;
  }
  return chunks;
}

function noise({ w, h }: Size): Uint32Array {
  let state = w * h;
  return Uint32Array.from({ length: w * h }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  });
}

test.each([
  [1, 1],
  [5, 1],
  [1, 5],
  [301, 203],
  [1280, 3],
])("%d x %d: both halves are one stream with every pixel and a sum that is right, the same each time", async (w, h) => {
  const pixels = noise({ w, h });
  const [png, again] = await Promise.all([encodePng(pixels, { w, h }), encodePng(pixels, { w, h })]);
  expect(Buffer.compare(png, again)).toBe(0);
  const chunks = chunksOf(png);
  expect([...chunks.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
  const rows = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0));
  expect(rows.length).toBe((w * 3 + 1) * h);
  const got = Uint32Array.from({ length: w * h }, (_, i) => {
    const at = Math.floor(i / w) * (w * 3 + 1) + 1 + (i % w) * 3;
    return rows.readUIntBE(at, 3);
  });
  expect(got).toEqual(pixels.map((pixel) => pixel & 0xffffff));
});
