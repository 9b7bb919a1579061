/**
 * A display without our own windows, on the operator's desktop: they are gone from it, what was below them has been painted
 * again, and the keyboard focus is back where it was. On a desktop of its own there is nothing of ours to wait for.
 */
import type { Display, Point, Region } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import { difference } from "./difference.ts";
import type { Clock } from "./doing.ts";
import { type Frame, pixelsOf } from "./frame.ts";
import type { Grabber } from "./grabber.ts";
import type { OwnWindows } from "./own-windows.ts";
import type { Shot } from "./shot.ts";

/** Between two frames that are compared, ms. */
const GAP = 16;
/** How long an area that is not what it was before has to be still to count as painted, ms: a busy program needs its time. */
const STILL = 150;
/** How long what is below may take to paint itself, ms. */
const PATIENCE = 1000;
/** More px of the colour that we wiped the area with than this: somebody has not painted yet. */
const FEW = 64;
/** Changed px that are no change: a caret, a clock's digit. */
const SLIGHT = 64;

export class ClearView {
  /** Whether there is anything of ours to wait for: the operator sits at this desktop, too. */
  readonly shared: boolean;
  readonly #own: OwnWindows | null;
  readonly #grabber: Grabber;
  readonly #clock: Clock;
  readonly #random: () => number;
  /** The last moment without anything of ours on the display. */
  #clean: { readonly shot: Shot; readonly display: Display } | null = null;
  /** What our windows look like where they stand in the way, px of the display. */
  #ours: { readonly frame: Frame; readonly area: Region } | null = null;

  /** @param random from 0 to 1 (exclusive) */
  constructor(own: OwnWindows | null, grabber: Grabber, clock: Clock, random: () => number) {
    this.shared = own !== null;
    this.#own = own;
    this.#grabber = grabber;
    this.#clock = clock;
    this.#random = random;
  }

  /** The ids of our windows that have to leave `display` before it is looked at. */
  async inTheWay(): Promise<readonly number[]> {
    if (this.#own === null) return [];
    const display = await this.#grabber.display().catch(goneIsNull);
    // Nothing is in the way of a display that is switched off; whoever looks at it says so.
    if (display === null) return [];
    const windows = await this.#own.inTheWay(display);
    this.#ours = null;
    if (windows.length > 0) {
      const area = around(
        windows.map(({ region }) => region),
        display,
      );
      this.#ours = { frame: await this.#grabber.grab(area), area };
    }
    return windows.map(({ id }) => id);
  }

  /**
   * Waits until nothing of ours is on the display. Rejects with a ComputerError `capture_failed` when something stays, with
   * `no_monitor` when the display is gone.
   * @param focusToo gives the focus back even where our window stays in sight (on another display)
   */
  async cleared(focusToo: boolean, signal: AbortSignal): Promise<void> {
    const own = this.#own;
    if (own === null) return;
    const ours = this.#ours;
    this.#ours = null;
    const display = await this.#grabber.display();
    const left = await own.gone(display, signal);
    if (left.length > 0) await this.#painted(own, left, display, ours, signal);
    if (left.length > 0 || focusToo) await own.focusBack(signal);
  }

  /** Whether a window of ours is in front at one of `points`, px of the desktop. */
  async isOursAt(points: readonly Point[]): Promise<boolean> {
    const own = this.#own;
    return own !== null && (await Promise.all(points.map((point) => own.isUnder(point)))).includes(true);
  }

  /** Rejects with a ComputerError `capture_failed` when a window of ours is on the display: what was just taken may show it. */
  async verify(display: Display): Promise<void> {
    if (this.#own !== null && (await this.#own.isOn(display)))
      throw new ComputerError("capture_failed", "A window of Countersign came up on the display that Claude works on.");
  }

  /** Keeps a moment with nothing of ours in it: the next one is compared with it. */
  remember(shot: Shot, display: Display): void {
    if (this.#own !== null) this.#clean = { shot, display };
  }

  async #painted(
    own: OwnWindows,
    left: readonly Region[],
    display: Display,
    ours: { readonly frame: Frame; readonly area: Region } | null,
    signal: AbortSignal,
  ): Promise<void> {
    // Near a middle grey, and another one each time: no program has just this colour by chance, twice.
    const colour = 0x70787f + Math.floor(this.#random() * 16) * 0x010101;
    await own.wipe(left, colour);
    const area = around(left, display);
    const clean = await this.#cleanPart(area, display);
    const before = ours !== null && String(ours.area) === String(area) ? ours.frame : null;
    const end = this.#clock.now() + PATIENCE;
    let last: Frame | null = null;
    let since = this.#clock.now();
    while (!signal.aborted) {
      const frame = await this.#grabber.grab(area);
      const unpainted = hasMany(frame, colour, FEW);
      if (clean !== null && !unpainted && alike(clean, frame)) return;
      const now = this.#clock.now();
      const stale = unpainted || (before !== null && alike(before, frame));
      if (stale || last === null || !alike(last, frame)) since = now;
      else if (now - since >= STILL) return;
      if (now >= end) {
        if (before === null || !alike(before, frame)) return;
        throw new ComputerError("capture_failed", "Our own window's picture stays on the display after it was hidden.");
      }
      last = frame;
      await this.#clock.sleep(GAP, signal);
    }
  }

  async #cleanPart(area: Region, { x, y, w, h }: Display): Promise<Frame | null> {
    if (this.#clean === null) return null;
    const { shot, display } = this.#clean;
    if (display.x !== x || display.y !== y || shot.size.w !== w || shot.size.h !== h) return null;
    // A picture that was given back meanwhile is none.
    return await shot.crop(area).catch(() => null);
  }
}

function goneIsNull(error: unknown): null {
  if (error instanceof ComputerError && error.code === "no_monitor") return null;
  throw error;
}

/** One region around all, px of the display (its top left corner is 0, 0). */
function around(regions: readonly Region[], { x, y }: Display): Region {
  return [
    Math.min(...regions.map(([x0]) => x0)) - x,
    Math.min(...regions.map(([, y0]) => y0)) - y,
    Math.max(...regions.map(([, , x1]) => x1)) - x,
    Math.max(...regions.map(([, , , y1]) => y1)) - y,
  ];
}

function alike(a: Frame, b: Frame): boolean {
  return difference(a, b, SLIGHT).count < SLIGHT;
}

function hasMany(frame: Frame, colour: number, limit: number): boolean {
  let count = 0;
  for (const pixel of pixelsOf(frame)) {
    if ((pixel & 0xffffff) === colour) count += 1;
    if (count > limit) return true;
  }
  return false;
}
