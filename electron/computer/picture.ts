/** Raw frames to pictures ready to be sent: scaled to screenshot space, PNG, hashed. */
import { createHash } from "node:crypto";
import { CompressionType, FastResizeFilter, FilterType, ResizeFit, Transformer } from "@napi-rs/image";
import type { Size } from "../../shared/geometry.ts";
import type { Picture } from "./computer.ts";
import { type Frame, pixelsOf } from "./frame.ts";
import { encodePng } from "./png.ts";

/** A picture of more bytes holds photographs, which row filters make a third smaller; that takes time well spent. */
const LARGE = 1_000_000;

/**
 * Encodes `frame` as a PNG of exactly `size` px. Frames of that size are not scaled. Scaling and compressing run off the
 * thread; halving (4K to 1080p) is done here, five times as fast as the general way.
 */
export async function encodePicture(frame: Frame, size: Size): Promise<Picture> {
  const png = await encoded(frame, size);
  return { png, sha256: createHash("sha256").update(png).digest("hex"), size };
}

/** The largest size with the shape of `from` that fits `within`; small ones grow. At least 1 px each way. */
export function fitWithin(from: Size, within: Size): Size {
  const scale = Math.min(within.w / from.w, within.h / from.h);
  return {
    w: Math.max(1, Math.min(within.w, Math.round(from.w * scale))),
    h: Math.max(1, Math.min(within.h, Math.round(from.h * scale))),
  };
}

async function encoded(frame: Frame, size: Size): Promise<Uint8Array> {
  const pixels = unscaled(frame, size);
  if (pixels !== null) {
    const png = await encodePng(pixels, size);
    return png.length <= LARGE ? png : await filtered(new Transformer(png));
  }
  const shrinks = size.w <= frame.size.w && size.h <= frame.size.h;
  const filter = shrinks ? FastResizeFilter.Hamming : FastResizeFilter.CatmullRom;
  const source = Transformer.fromRgbaPixels(opaque(frame), frame.size.w, frame.size.h);
  return await filtered(source.fastResize({ width: size.w, height: size.h, filter, fit: ResizeFit.Fill }));
}

function unscaled(frame: Frame, size: Size): Uint32Array | null {
  if (frame.size.w === size.w && frame.size.h === size.h) return pixelsOf(frame);
  if (frame.size.w === size.w * 2 && frame.size.h === size.h * 2) return halved(frame);
  return null;
}

function filtered(image: Transformer): Promise<Uint8Array> {
  return image.png({ compressionType: CompressionType.Default, filterType: FilterType.Adaptive });
}

/** Red, green, blue, opaque: what the scaler wants (it weighs colours by their opacity). */
function opaque(frame: Frame): Uint8Array {
  const from = pixelsOf(frame);
  const to = new Uint32Array(from.length);
  for (let i = 0; i < from.length; i += 1) {
    const pixel = from[i] ?? 0;
    to[i] = (pixel & 0xff00) | ((pixel & 0xff) << 16) | ((pixel >>> 16) & 0xff) | 0xff000000;
  }
  return new Uint8Array(to.buffer);
}

/** Each pixel the mean of four. */
function halved(frame: Frame): Uint32Array {
  const from = pixelsOf(frame);
  const { w, h } = frame.size;
  const to = new Uint32Array((w / 2) * (h / 2));
  let at = 0;
  for (let y = 0; y < h; y += 2) {
    for (let i = y * w; i < (y + 1) * w; i += 2) {
      to[at] = mean(from[i] ?? 0, from[i + 1] ?? 0, from[i + w] ?? 0, from[i + w + 1] ?? 0);
      at += 1;
    }
  }
  return to;
}

/** Two channels at once: red and blue leave room for each other's carries, so does green. */
function mean(a: number, b: number, c: number, d: number): number {
  const redBlue = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x020002;
  const green = (a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00) + 0x0200;
  return ((redBlue >>> 2) & 0xff00ff) | ((green >>> 2) & 0xff00);
}
