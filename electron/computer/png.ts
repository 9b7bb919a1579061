/**
 * PNG (ISO/IEC 15948): 8-bit RGB, rows unfiltered, as small as screens need. Measured at 1280x800 against @napi-rs/image
 * with row filters: 6 ms for 76 kB, 11 ms for 62 kB.
 */
import { buffer } from "node:stream/consumers";
import { crc32, createDeflate } from "node:zlib";
import type { Size } from "../../shared/geometry.ts";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const EIGHT_BITS = 8;
const RGB = 2;

/** Encodes pixels (0x??RRGGBB, row by row); compressing runs off the thread, of the upper half while the lower one is put in order. */
export async function encodePng(pixels: Uint32Array, size: Size): Promise<Uint8Array> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.w, 0);
  header.writeUInt32BE(size.h, 4);
  header.set([EIGHT_BITS, RGB, 0, 0, 0], 8);
  const deflate = createDeflate({ level: 3, memLevel: 9 });
  const compressed = buffer(deflate);
  const half = Math.floor(size.h / 2);
  const upper = rows(pixels, size.w, 0, half);
  deflate.write(upper);
  const lower = rows(pixels, size.w, half, size.h);
  deflate.end(lower);
  const data = await compressed;
  spare = [upper, lower];
  return Buffer.concat([
    SIGNATURE,
    ...chunk("IHDR", header),
    ...chunk("IDAT", data),
    ...chunk("IEND", Buffer.alloc(0)),
  ]);
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
