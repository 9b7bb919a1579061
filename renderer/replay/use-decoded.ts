import { useEffect, useRef, useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import { bitmapOf } from "../ui/bitmaps.ts";
import { usePictureUrl } from "../ui/picture-url.ts";

/** Decoded pictures that stay at hand (4 MB each): going back and forth between two must not wait. */
const AT_HAND = 6;

/** A picture ready to be drawn; null where it could not be loaded. */
export type Decoded = { readonly image: ImageRef; readonly bitmap: ImageBitmap | null };

/**
 * The newest of the wished pictures that is decoded, so that the picture never blinks and a fast move over many only
 * ever decodes one at a time, then the one where it stopped. The pictures in `next` are decoded when nothing else is.
 */
export function useDecoded(wished: ImageRef | null, next: readonly ImageRef[] = []): Decoded | null {
  const urlOf = usePictureUrl();
  const [shown, setShown] = useState<Decoded | null>(null);
  const loader = useRef<Loader>(null);
  loader.current ??= new Loader(setShown);
  const ahead = next.map(({ sha256 }) => sha256).join(" ");
  useEffect(() => {
    loader.current?.wish(wished, urlOf, ahead === "" ? [] : ahead.split(" "));
  }, [wished, urlOf, ahead]);
  useEffect(() => () => loader.current?.stop(), []);
  return wished === null ? null : shown;
}

class Loader {
  readonly #show: (decoded: Decoded) => void;
  readonly #bitmaps = new Map<string, ImageBitmap | null>();
  #wished: ImageRef | null = null;
  #shown: string | null = null;
  #ahead: readonly string[] = [];
  #urlOf: (sha256: string) => string = String;
  #busy = false;
  #stopped = false;

  constructor(show: (decoded: Decoded) => void) {
    this.#show = show;
  }

  wish(image: ImageRef | null, urlOf: (sha256: string) => string, ahead: readonly string[]): void {
    this.#wished = image;
    this.#ahead = ahead;
    this.#urlOf = urlOf;
    this.#stopped = false;
    if (image !== null) this.#present(image);
    if (!this.#busy) void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    for (const bitmap of this.#bitmaps.values()) bitmap?.close();
    this.#bitmaps.clear();
    this.#shown = null;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let next = this.#next(); next !== null && !this.#stopped; next = this.#next()) {
      const bitmap = await bitmapOf(this.#urlOf(next.sha256)).catch(() => null);
      if (this.#stopped) {
        bitmap?.close();
        break;
      }
      this.#bitmaps.set(next.sha256, bitmap);
      // While another one is wished already, the one just decoded still shows that something moves.
      if (next.image !== null && this.#wished !== null) this.#present(next.image);
      this.#tidy();
    }
    this.#busy = false;
  }

  #next(): { readonly sha256: string; readonly image: ImageRef | null } | null {
    const wished = this.#wished;
    if (wished !== null && !this.#bitmaps.has(wished.sha256)) return { sha256: wished.sha256, image: wished };
    const ahead = this.#ahead.find((sha256) => !this.#bitmaps.has(sha256));
    return ahead === undefined ? null : { sha256: ahead, image: null };
  }

  #present(image: ImageRef): void {
    const bitmap = this.#bitmaps.get(image.sha256);
    if (bitmap === undefined) return;
    // The most recently used one goes last.
    this.#bitmaps.delete(image.sha256);
    this.#bitmaps.set(image.sha256, bitmap);
    if (this.#shown === image.sha256) return;
    this.#shown = image.sha256;
    this.#show({ image, bitmap });
  }

  #tidy(): void {
    for (const [sha256, bitmap] of this.#bitmaps) {
      if (this.#bitmaps.size <= AT_HAND) return;
      if (sha256 === this.#shown || sha256 === this.#wished?.sha256) continue;
      this.#bitmaps.delete(sha256);
      bitmap?.close();
    }
  }
}
