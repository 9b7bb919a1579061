/**
 * PNG (ISO/IEC 15948): 8-bit RGB, rows unfiltered, as small as screens need. Measured at 1280x800 against @napi-rs/image
 * with row filters: 6 ms for 76 kB, 11 ms for 62 kB.
 */
import { buffer } from "node:stream/consumers";
import { constants, crc32, createDeflate } from "node:zlib";
import type { Size } from "../../shared/geometry.ts";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const EIGHT_BITS = 8;
const RGB = 2;
/** How much of the compressed stream comes in one piece, bytes. */
const CHUNK = 1 << 18;

/**
 * Encodes pixels (0x??RRGGBB, row by row). The two halves are compressed off the thread and at once, the upper one while the
 * lower one is put in order; together they are one stream (RFC 1950), as its blocks may end anywhere.
 */
export async function encodePng(pixels: Uint32Array, size: Size): Promise<Uint8Array> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.w, 0);
  header.writeUInt32BE(size.h, 4);
  header.set([EIGHT_BITS, RGB, 0, 0, 0], 8);
  const half = Math.floor(size.h / 2);
  const upper = rows(pixels, size.w, 0, half);
  const first = compressed(upper, "goes on");
  const lower = rows(pixels, size.w, half, size.h);
  const second = compressed(lower, "ends");
  const [{ blocks, check }, rest] = await Promise.all([first, second]);
  spare = [upper, lower];
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(joinedChecks(check, rest.check, lower.length));
  return Buffer.concat([
    SIGNATURE,
    ...chunk("IHDR", header),
    ...chunk("IDAT", Buffer.concat([ZLIB_HEADER, blocks, rest.blocks, sum])),
    ...chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** RFC 1950: deflate with a window of 32 KiB; what is said of the level is for information only. */
const ZLIB_HEADER = Buffer.from([0x78, 0x5e]);
const CHECK_BYTES = 4;
/** An empty block that is the last one, where the one before ended on a whole byte. */
const LAST_BLOCK_BYTES = 2;

/** The deflate blocks of `bytes`, on whole bytes, and their Adler-32. */
async function compressed(
  bytes: Uint8Array,
  then: "goes on" | "ends",
): Promise<{ readonly blocks: Buffer; readonly check: number }> {
  const deflate = createDeflate({ level: 3, memLevel: 9, chunkSize: CHUNK });
  const whole = buffer(deflate);
  deflate.write(bytes);
  if (then === "goes on") await new Promise<void>((flushed) => deflate.flush(constants.Z_SYNC_FLUSH, flushed));
  deflate.end();
  const stream = await whole;
  const end = stream.length - CHECK_BYTES;
  const blocks = stream.subarray(ZLIB_HEADER.length, then === "ends" ? end : end - LAST_BLOCK_BYTES);
  return { blocks, check: stream.readUInt32BE(end) };
}

const ADLER_BASE = 65_521;

/** The Adler-32 (RFC 1950) of two rows of bytes from those of each; `length` is the second one's. */
function joinedChecks(first: number, second: number, length: number): number {
  const a = ((first & 0xffff) + (second & 0xffff) + ADLER_BASE - 1) % ADLER_BASE;
  const shifted = ((length % ADLER_BASE) * ((first & 0xffff) + ADLER_BASE - 1)) % ADLER_BASE;
  const b = ((first >>> 16) + (second >>> 16) + shifted) % ADLER_BASE;
  return b * 0x10000 + a;
}

/** Buffers of the last picture, for the next of its size: fresh memory takes the system as long as filling it does. */
let spare: readonly Uint8Array[] = [];

/** Each row: the filter's number (0, none), then red, green, blue of each pixel. */
function rows(pixels: Uint32Array, w: number, first: number, end: number): Uint8Array {
  const length = (w * 3 + 1) * (end - first);
  const bytes = spare.find((each) => each.length === length) ?? new Uint8Array(length);
  spare = spare.filter((each) => each !== bytes);
  let to = 0;
  for (let y = first; y < end; y += 1) {
    bytes[to] = 0;
    to += 1;
    for (let from = y * w; from < (y + 1) * w; from += 1) {
      const pixel = pixels[from] ?? 0;
      bytes[to] = pixel >>> 16;
      bytes[to + 1] = pixel >>> 8;
      bytes[to + 2] = pixel;
      to += 3;
    }
  }
  return bytes;
}

function chunk(type: string, data: Uint8Array): Uint8Array[] {
  const name = Buffer.from(type, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(data, crc32(name)));
  return [length, name, data, check];
}
