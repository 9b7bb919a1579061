/**
 * PNG (ISO/IEC 15948): 8-bit RGB, rows unfiltered, as small as screens need. Measured at 1280x800 against @napi-rs/image
 * with row filters: 6 ms for 76 kB, 11 ms for 62 kB.
 */
import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";
import type { Size } from "../../shared/geometry.ts";

const compress = promisify<Uint8Array, { level: number; memLevel: number }, Buffer>(deflate);

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const EIGHT_BITS = 8;
const RGB = 2;

/** Encodes pixels (0x??RRGGBB, row by row); compressing runs off the thread. */
export async function encodePng(pixels: Uint32Array, size: Size): Promise<Uint8Array> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.w, 0);
  header.writeUInt32BE(size.h, 4);
  header.set([EIGHT_BITS, RGB, 0, 0, 0], 8);
  const data = await compress(rows(pixels, size), { level: 3, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    ...chunk("IHDR", header),
    ...chunk("IDAT", data),
    ...chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Each row: the filter's number (0, none), then red, green, blue of each pixel. */
function rows(pixels: Uint32Array, { w, h }: Size): Uint8Array {
  const bytes = new Uint8Array((w * 3 + 1) * h);
  let to = 0;
  for (let y = 0; y < h; y += 1) {
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
