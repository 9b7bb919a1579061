/**
 * Recorded pictures as bitmaps of our own. An `<img>` for each would leave them in Chromium's cache of decoded images,
 * which gives memory back only after half a gigabyte; these are closed when nobody looks at them. They are decoded off
 * the page's thread. Whoever gets one closes it.
 */
import type { Size } from "../../shared/geometry.ts";

let whole = 0;
let waiting: (() => void)[] = [];

/** The picture at an address of ours (`usePictureUrl`). Rejects when it can't be had. */
export async function bitmapOf(url: string): Promise<ImageBitmap> {
  whole += 1;
  try {
    return await createImageBitmap(await loaded(url));
  } finally {
    whole -= 1;
    if (whole === 0) {
      for (const go of waiting) go();
      waiting = [];
    }
  }
}

/** A small copy of it. It waits while a whole one is being loaded: somebody looks at that. */
export async function smallBitmapOf(url: string, { w, h }: Size): Promise<ImageBitmap> {
  while (whole > 0) await new Promise<void>((resolve) => waiting.push(resolve));
  return await createImageBitmap(await loaded(url), { resizeWidth: w, resizeHeight: h, resizeQuality: "medium" });
}

async function loaded(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`There is no picture at ${url}.`);
  return await response.blob();
}
