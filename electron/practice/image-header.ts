import { Buffer } from "node:buffer";

export type ImageHeader = { readonly mediaType: string; readonly width: number; readonly height: number };

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Decodes strict base64 (no line breaks, right padding); null when it is not. */
export function decodeBase64(data: string): Buffer | null {
  return data.length > 0 && data.length % 4 === 0 && BASE64.test(data) ? Buffer.from(data, "base64") : null;
}

/** Media type by the first bytes, and width and height in px for PNG and JPEG; null when the bytes are no known image. */
export function readImageHeader(bytes: Buffer): ImageHeader | null {
  if (bytes.length >= 24 && bytes.readUInt32BE(0) === 0x89504e47 && bytes.readUInt32BE(4) === 0x0d0a1a0a) {
    return { mediaType: "image/png", width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length >= 4 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return readJpeg(bytes);
  if (bytes.length >= 10 && bytes.toString("latin1", 0, 4) === "GIF8") {
    return { mediaType: "image/gif", width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  return null;
}

/** Walks the JPEG segments to the start-of-frame marker (C0..CF without C4, C8, CC), which carries the size. */
function readJpeg(bytes: Buffer): ImageHeader | null {
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame)
      return { mediaType: "image/jpeg", width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** Visual tokens of an image: one for each 28x28 px tile begun. */
export function visualTokens(width: number, height: number): number {
  return Math.ceil(width / 28) * Math.ceil(height / 28);
}
