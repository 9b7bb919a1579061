/** Where a screen changes over time, in tiles: tells a program that is drawing from a small area that never stops. */
import { markChanged } from "./difference.ts";
import type { Frame } from "./frame.ts";

const TILE = 32;
/** An area that kept changing this long without a rest never stops, ms. Menus, dialogs and pages have drawn or faded in by then. */
const NEVER_STOPS = 500;
/** A rest, ms: a spinner or a running text draws many times a second; what draws more seldom leaves time to be still. */
const REST = 250;
/** The largest area that counts as small, as a share of the screen: a clock, a spinner, not a film. */
const SMALL = 0.04;

/** When something last changed that counts, or null when nothing did; ms of the caller's clock. */
export type Change = number | null;

export class ChangeMap {
  #across = 0;
  #marks = new Uint8Array(0);
  /** Per tile: since when it changes without a rest, and when it last did; -1 when never. */
  #since = new Float64Array(0);
  #last = new Float64Array(0);
  /** The last change that was larger than small. */
  #large: Change = null;

  /** The frame of the last change: a slow fade is compared with where it began, not with the frame before. */
  #before: Frame;

  constructor(first: Frame) {
    this.#before = first;
    this.#start(first);
  }

  /**
   * Takes the next frame in.
   * @param now when it was grabbed, ms
   * @returns the last change that counts: one outside small areas that never stop
   */
  add(after: Frame, now: number): Change {
    const before = this.#before;
    if (before.size.w !== after.size.w || before.size.h !== after.size.h) {
      this.#before = after;
      this.#start(after);
      this.#large = now;
      return now;
    }
    const marked = markChanged(before, after, TILE, this.#marks);
    const most = this.#marks.length * SMALL;
    if (marked > 0) {
      this.#before = after;
      this.#note(now);
    }
    if (marked > most) this.#large = now;
    return this.#counting(now, most);
  }

  #start({ size }: Frame): void {
    this.#across = Math.ceil(size.w / TILE);
    const count = this.#across * Math.ceil(size.h / TILE);
    this.#marks = new Uint8Array(count);
    this.#since = new Float64Array(count).fill(-1);
    this.#last = new Float64Array(count).fill(-1);
  }

  /** A hand or a spinner moves on from tile to tile: the tiles around go on with its run. */
  #note(now: number): void {
    const runs = Float64Array.from(this.#since);
    const lasts = Float64Array.from(this.#last);
    for (const [tile, mark] of this.#marks.entries()) {
      if (mark === 0) continue;
      let since = now;
      for (const near of this.#around(tile)) {
        const [run, last] = [runs[near] ?? -1, lasts[near] ?? -1];
        if (run >= 0 && now - last <= REST) since = Math.min(since, run);
      }
      this.#since[tile] = since;
      this.#last[tile] = now;
    }
  }

  #counting(now: number, most: number): Change {
    const restless = (tile: number) => {
      const [since, last] = [this.#since[tile] ?? -1, this.#last[tile] ?? -1];
      return since >= 0 && now - since >= NEVER_STOPS && now - last <= REST;
    };
    const area = this.#last.reduce((sum, _, tile) => sum + (restless(tile) ? 1 : 0), 0);
    const small = area <= most;
    let newest = this.#large ?? -1;
    for (const [tile, last] of this.#last.entries()) {
      if (last < 0 || (small && this.#besideRestless(tile, restless))) continue;
      newest = Math.max(newest, last);
    }
    return newest < 0 ? null : newest;
  }

  #besideRestless(tile: number, restless: (tile: number) => boolean): boolean {
    return restless(tile) || this.#around(tile).some(restless);
  }

  /** A tile and its neighbours, corners too. */
  #around(tile: number): number[] {
    const x = tile % this.#across;
    const near: number[] = [];
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) {
        const at = tile + dy * this.#across + dx;
        if (x + dx >= 0 && x + dx < this.#across && at >= 0 && at < this.#marks.length) near.push(at);
      }
    }
    return near;
  }
}
