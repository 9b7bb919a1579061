/**
 * When the desktop is looked at for who watches it, and what is sent: only while somebody watches, only after the server said that
 * something changed, one picture at a time, the newest always, never in the way of what is more urgent.
 */
import type { Region, Size } from "../../../shared/geometry.ts";
import type { LiveFrame, LivePiece } from "../../../shared/live.ts";
import type { Frame } from "../frame.ts";
import { type Known, pieceOf, type Scale, scaledPiece, tidied, update } from "./changed.ts";

/** Least time from one picture to the next, ms: 12 a second. */
const EVERY = 80;
/** At most this part of the time is spent on pictures: large displays get fewer. */
const SHARE = 1 / 3;

export type LiveDeps = {
  readonly display: () => Promise<Size>;
  readonly grab: (region: Region) => Promise<Frame>;
  /** See DamageWatch.take. */
  readonly damage: () => Promise<readonly Region[]>;
  readonly scale: Scale;
  /** ms of a clock that only goes forward. */
  readonly now: () => number;
  readonly after: (ms: number, work: () => void) => void;
  readonly send: (frame: LiveFrame) => void;
  /** It can't be seen any more; nobody is watching from here on. */
  readonly ended: (error: unknown) => void;
};

/** One watching: from `watch` to the next, or to `unwatch`. */
type Watch = { readonly space: Size; known: Known | null; unpainted: number | null };

export class LiveSource {
  readonly #deps: LiveDeps;
  #watch: Watch | null = null;
  #changed = false;
  #held = false;
  #busy = false;
  #waits = false;
  #notBefore = 0;
  #seq = 0;
  #letGo: (() => void)[] = [];

  constructor(deps: LiveDeps) {
    this.#deps = deps;
  }

  /** Somebody watches, in a picture of `space` px; the first one is whole. */
  watch(space: Size): void {
    this.#watch = { space, known: null, unpainted: null };
    this.#go();
  }

  unwatch(): void {
    this.#watch = null;
  }

  /** The picture `seq` has been painted: the next one may come. */
  painted(seq: number): void {
    if (this.#watch === null || this.#watch.unpainted !== seq) return;
    this.#watch.unpainted = null;
    this.#go();
  }

  damaged(): void {
    this.#changed = true;
    this.#go();
  }

  /** From here on the display is needed for something more urgent, until `resume`. */
  hold(): void {
    this.#held = true;
  }

  resume(): void {
    this.#held = false;
    for (const go of this.#letGo.splice(0)) go();
    this.#go();
  }

  /** Resolves when nothing more urgent needs the display. */
  async free(): Promise<void> {
    while (this.#held) await new Promise<void>((resolve) => this.#letGo.push(resolve));
  }

  #go(): void {
    const watch = this.#watch;
    if (watch === null || this.#busy || this.#held || this.#waits || watch.unpainted !== null) return;
    if (watch.known !== null && !this.#changed) return;
    const rest = this.#notBefore - this.#deps.now();
    if (rest > 0) {
      this.#waits = true;
      this.#deps.after(rest, () => {
        this.#waits = false;
        this.#go();
      });
      return;
    }
    this.#busy = true;
    this.#picture(watch)
      .catch((error: unknown) => {
        if (this.#watch !== watch) return;
        this.#watch = null;
        this.#deps.ended(error);
      })
      .finally(() => {
        this.#busy = false;
        this.#go();
      });
  }

  async #picture(watch: Watch): Promise<void> {
    const { now, display, damage, grab } = this.#deps;
    const started = now();
    // What changes from here on is told anew.
    this.#changed = false;
    const changed = await damage();
    const size = await display();
    const whole = watch.known === null || watch.known.size.w !== size.w || watch.known.size.h !== size.h;
    const known = whole || watch.known === null ? { size, pixels: new Uint32Array(size.w * size.h) } : watch.known;
    const really: Region[] = [];
    for (const region of whole ? [[0, 0, size.w, size.h] as const] : tidied(changed, size)) {
      const differs = update(known, await grab(region), region[0], region[1]);
      if (differs !== null) really.push(differs);
    }
    const pieces = await this.#pieces(known, watch.space, whole ? [[0, 0, size.w, size.h]] : really);
    this.#notBefore = started + Math.max(EVERY, (now() - started) / SHARE);
    // Nobody watches any more, or somebody else: a picture of before must not reach them.
    if (this.#watch !== watch) return;
    watch.known = known;
    if (pieces.length === 0) return;
    this.#seq += 1;
    watch.unpainted = this.#seq;
    this.#deps.send({ seq: this.#seq, size: watch.space, whole, pieces });
  }

  async #pieces(known: Known, space: Size, regions: readonly Region[]): Promise<LivePiece[]> {
    if (regions.length === 0) return [];
    if (known.size.w === space.w && known.size.h === space.h) return regions.map((region) => pieceOf(known, region));
    return [await scaledPiece(known, space, this.#deps.scale)];
  }
}
