/** Notices a person who reaches for mouse or keyboard while an action runs. Pure; times in ms of one clock. */
import type { Heard } from "./heard.ts";

/** What the person did, for the words of the pause. */
export type Touch = "key" | "button" | "pointer";

/** A hand that has just clicked Approve still drifts: it counts once the pointer has been still this long, ms. */
const STILL = 150;
/** It counts this long after the decision whatever the pointer does, ms. */
const ARMED_AFTER = 1000;
/** A hand on the mouse moves it this far, px, within this time, ms; a knocked table does not. */
const FAR = 8;
const WITHIN = 200;

type Sample = { readonly at: number; readonly x: number; readonly y: number };

export class PersonDetector {
  #decidedAt: number | null = null;
  #armed = false;
  #lastMotion = Number.NEGATIVE_INFINITY;
  #x = 0;
  #y = 0;
  /** Where the pointer was before each move of the last moments. */
  #trail: Sample[] = [];

  /** An action was decided: from now on the hand is waited out, then watched. */
  begin(now: number): void {
    this.#decidedAt = now;
    this.#armed = false;
  }

  /** The last of the action's input is out. */
  end(): void {
    this.#decidedAt = null;
  }

  /** How long until touches count, ms: 0 once they do, and from then on. */
  armsIn(now: number): number {
    if (this.#decidedAt === null || this.#armed) return 0;
    const still = this.#lastMotion + STILL - now;
    const rest = Math.max(0, Math.min(still, this.#decidedAt + ARMED_AFTER - now));
    this.#armed = rest === 0;
    return rest;
  }

  /** What the person did, when it counts. Letting go of a key or button never does. */
  hear(event: Heard): Touch | null {
    const armed = this.#decidedAt !== null && this.armsIn(event.at) === 0;
    if (event.kind !== "motion") return armed && event.down ? event.kind : null;
    const far = this.#move(event.at, event.dx, event.dy, armed);
    return armed && far ? "pointer" : null;
  }

  #move(at: number, dx: number, dy: number, armed: boolean): boolean {
    this.#lastMotion = at;
    const before = { at, x: this.#x, y: this.#y };
    this.#x += dx;
    this.#y += dy;
    // Way that was gone before touches counted must not be added to what comes after.
    this.#trail = armed ? [...this.#trail, before].filter((sample) => at - sample.at <= WITHIN) : [];
    return this.#trail.some(({ x, y }) => Math.hypot(this.#x - x, this.#y - y) >= FAR);
  }
}
