/**
 * Small copies of recorded pictures. They are scaled down here, in the sandboxed page, from the pictures themselves:
 * recorded bytes, imported ones too, are never decoded in the main process. Only what is looked at is made, the newest
 * wish first, and only so many are kept.
 */

/** px. */
const THUMB_W = 192;
/** Kept copies: about 90 kB each. */
const KEPT = 240;
/** Pictures being decoded at once. */
const AT_ONCE = 2;

import { smallBitmapOf } from "./bitmaps.ts";

export type Thumb = { readonly bitmap: ImageBitmap; readonly w: number; readonly h: number };

type Wish = { readonly url: string; readonly listeners: Set<(thumb: Thumb | null) => void> };

class Thumbs {
  readonly #kept = new Map<string, Thumb>();
  readonly #wishes = new Map<string, Wish>();
  #running = 0;

  /** The small copy, if it has been made. */
  get(url: string): Thumb | null {
    const thumb = this.#kept.get(url);
    if (thumb === undefined) return null;
    // The least recently used one goes first.
    this.#kept.delete(url);
    this.#kept.set(url, thumb);
    return thumb;
  }

  /**
   * Makes a small copy and tells `listener` (null when the picture can't be had). The returned function takes the wish
   * back.
   */
  want(url: string, listener: (thumb: Thumb | null) => void): () => void {
    const wish = this.#wishes.get(url) ?? { url, listeners: new Set() };
    wish.listeners.add(listener);
    // A wish that is renewed is the newest one.
    this.#wishes.delete(url);
    this.#wishes.set(url, wish);
    this.#next();
    return () => {
      wish.listeners.delete(listener);
      if (wish.listeners.size === 0 && this.#wishes.get(url) === wish) this.#wishes.delete(url);
    };
  }

  #next(): void {
    if (this.#running >= AT_ONCE) return;
    const newest = [...this.#wishes.values()].at(-1);
    if (newest === undefined) return;
    this.#wishes.delete(newest.url);
    this.#running += 1;
    void this.#make(newest).finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #make({ url, listeners }: Wish): Promise<void> {
    const thumb = this.get(url) ?? (await shrink(url).catch(() => null));
    if (thumb !== null) this.#keep(url, thumb);
    for (const listener of listeners) listener(thumb);
  }

  #keep(url: string, thumb: Thumb): void {
    this.#kept.set(url, thumb);
    for (const [oldest, old] of this.#kept) {
      if (this.#kept.size <= KEPT) return;
      this.#kept.delete(oldest);
      // A copy that is still on a canvas has been drawn there: nothing needs the bitmap any more.
      old.bitmap.close();
    }
  }
}

/** Recorded screens are about as wide as high as this; a canvas draws any other shape whole. */
const RATIO = 0.625;

async function shrink(url: string): Promise<Thumb> {
  const [w, h] = [THUMB_W, Math.round(THUMB_W * RATIO)];
  return { bitmap: await smallBitmapOf(url, { w, h }), w, h };
}

/** The window's small copies. */
export const thumbs = new Thumbs();
