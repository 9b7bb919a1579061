/** The moments behind the last pictures, for comparing the screen with what was shown. */
import type { Shot } from "./shot.ts";

const MOST = 6;
/** Two 4K frames are 66 MB; fewer than two would forget what Claude saw while a batch runs. */
const FEWEST = 2;
const MOST_BYTES = 100_000_000;
const BYTES_PER_PIXEL = 4;

export class FrameMemory {
  /** By the picture's SHA-256, oldest first. */
  readonly #shots = new Map<string, Shot>();

  remember(sha256: string, shot: Shot): void {
    const same = this.#shots.get(sha256);
    if (same !== shot) same?.free();
    this.#shots.delete(sha256);
    this.#shots.set(sha256, shot);
    for (const [oldest, old] of [...this.#shots]) {
      const count = this.#shots.size;
      if (count <= FEWEST || (count <= MOST && this.#bytes() <= MOST_BYTES)) return;
      this.#shots.delete(oldest);
      old.free();
    }
  }

  recall(sha256: string): Shot | null {
    return this.#shots.get(sha256) ?? null;
  }

  #bytes(): number {
    return [...this.#shots.values()].reduce((sum, { size }) => sum + size.w * size.h * BYTES_PER_PIXEL, 0);
  }
}
