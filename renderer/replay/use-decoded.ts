import { useEffect, useRef, useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import { usePictureUrl } from "../ui/picture-url.ts";

/** Decoded pictures that stay at hand: going back and forth between two must not wait. */
const AT_HAND = 6;

/**
 * The newest of the wished pictures that is decoded, so that the picture never blinks and a fast move over many only
 * ever decodes one at a time, then the one where it stopped. One that can't be decoded is given too: whoever shows it
 * says so. `next` is decoded when nothing else is.
 */
export function useDecoded(wished: ImageRef | null, next: readonly ImageRef[] = []): ImageRef | null {
  const urlOf = usePictureUrl();
  const [shown, setShown] = useState<ImageRef | null>(null);
  const loader = useRef<Loader>(null);
  loader.current ??= new Loader(setShown);
  const ahead = next.map(({ sha256 }) => sha256).join(" ");
  useEffect(() => {
    loader.current?.wish(wished, urlOf, ahead === "" ? [] : ahead.split(" "));
  }, [wished, urlOf, ahead]);
  useEffect(() => () => loader.current?.stop(), []);
  return wished === null ? null : shown?.sha256 === wished.sha256 ? wished : (shown ?? null);
}

class Loader {
  readonly #show: (image: ImageRef) => void;
  readonly #images = new Map<string, HTMLImageElement>();
  #wished: ImageRef | null = null;
  #ahead: readonly string[] = [];
  #urlOf: (sha256: string) => string = String;
  #busy = false;
  #stopped = false;

  constructor(show: (image: ImageRef) => void) {
    this.#show = show;
  }

  wish(image: ImageRef | null, urlOf: (sha256: string) => string, ahead: readonly string[]): void {
    this.#wished = image;
    this.#ahead = ahead;
    this.#urlOf = urlOf;
    this.#stopped = false;
    if (image !== null && this.#images.has(image.sha256)) this.#show(image);
    if (!this.#busy) void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#images.clear();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let image = this.#next(); image !== null && !this.#stopped; image = this.#next()) {
      const element = new Image();
      element.src = this.#urlOf(image.sha256);
      await element.decode().catch(() => undefined);
      this.#images.set(image.sha256, element);
      for (const oldest of this.#images.keys()) if (this.#images.size > AT_HAND) this.#images.delete(oldest);
      const wished = this.#wished;
      // While another one is wished already, the one just decoded still shows that something moves.
      if (image.ref !== null && wished !== null) this.#show(image.ref);
    }
    this.#busy = false;
  }

  #next(): { readonly sha256: string; readonly ref: ImageRef | null } | null {
    const wished = this.#wished;
    if (wished !== null && !this.#images.has(wished.sha256)) return { sha256: wished.sha256, ref: wished };
    const ahead = this.#ahead.find((sha256) => !this.#images.has(sha256));
    return ahead === undefined ? null : { sha256: ahead, ref: null };
  }
}
