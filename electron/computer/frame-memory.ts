/** The raw frames behind the last pictures, for comparing the screen with what was shown. */
import type { Frame } from "./frame.ts";

const MOST = 6;
/** Two 4K frames are 66 MB; fewer than two would forget what Claude saw while a batch runs. */
const FEWEST = 2;
const MOST_BYTES = 100_000_000;

export class FrameMemory {
  /** By the picture's SHA-256, oldest first. */
  readonly #frames = new Map<string, Frame>();

  remember(sha256: string, frame: Frame): void {
    this.#frames.delete(sha256);
    this.#frames.set(sha256, frame);
    for (const oldest of [...this.#frames.keys()]) {
      const count = this.#frames.size;
      if (count <= FEWEST || (count <= MOST && this.#bytes() <= MOST_BYTES)) return;
      this.#frames.delete(oldest);
    }
  }

  recall(sha256: string): Frame | null {
    return this.#frames.get(sha256) ?? null;
  }

  #bytes(): number {
    return [...this.#frames.values()].reduce((sum, frame) => sum + frame.data.byteLength, 0);
  }
}
