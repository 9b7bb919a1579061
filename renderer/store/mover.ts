/**
 * Moves the gate from a session that waits for nothing to the one that has waited longest. At once after a decision of the
 * operator's; by itself only once their hands have been still, and never while they are in the middle of something.
 */
import { isOver } from "../../shared/session-view.ts";
import type { AppState } from "./app-store.ts";
import { queueOf } from "./queue.ts";

/** A view that moves by itself waits until nothing was touched for so long, ms. */
export const STILL_MS = 1000;

export type MoverDeps = {
  readonly state: () => AppState;
  readonly show: (session: string) => void;
  /** ms of a clock that nobody can set. */
  readonly now: () => number;
};

export class Mover {
  readonly #deps: MoverDeps;
  /** What the operator is in the middle of: an edit, a reason, a held key, a dialog, a text. */
  #holds = 0;
  #lastTouch = Number.NEGATIVE_INFINITY;
  /** The session that the operator has just decided on, and is done with. */
  #done: string | null = null;
  /** The session that the operator chose by hand: it stays in view until they are done with it. */
  #chosen: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(deps: MoverDeps) {
    this.#deps = deps;
  }

  /** Whether the operator is in the middle of something in the gate. */
  get held(): boolean {
    return this.#holds > 0;
  }

  /** Keeps the view where it is until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    let on = true;
    return () => {
      if (!on) return;
      on = false;
      this.#holds -= 1;
      this.look();
    };
  }

  /** A key, a button or the pointer was used in our window. */
  touched(): void {
    this.#lastTouch = this.#deps.now();
  }

  chose(session: string | null): void {
    this.#chosen = session;
    this.#done = null;
  }

  /** The operator decided, replied or let it go on: what this session does next needs nobody for a while. */
  done(session: string): void {
    this.#done = session;
    this.#chosen = null;
    this.look();
  }

  /** Something has changed: moves where that is due. */
  look(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const to = this.#to();
    const { gate, listed, mirrors } = this.#deps.state();
    if (to === null) {
      // Nothing waited when they were done: what begins to wait later is no part of their decision.
      if (!queueOf(listed, mirrors).waiting.some(({ id }) => id === this.#done)) this.#done = null;
      return;
    }
    const wait = this.#done === gate ? 0 : this.#lastTouch + STILL_MS - this.#deps.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.look(), wait);
      return;
    }
    this.#done = null;
    this.#chosen = null;
    this.#deps.show(to);
  }

  /** Where the view belongs; null for where it is. */
  #to(): string | null {
    const { gate, view, info, pinned, listed, mirrors } = this.#deps.state();
    // The form of a new session is not left by itself either.
    if (gate === null || pinned || this.#holds > 0 || (view !== "gate" && info?.strip !== true)) return null;
    const shown = mirrors[gate]?.view ?? null;
    if (shown === null || shown.phase.kind === "starting" || shown.phase.kind === "takenOver") return null;
    if (this.#chosen === gate && !isOver(shown.phase)) return null;
    const { waiting } = queueOf(listed, mirrors);
    if (waiting.some(({ id }) => id === gate)) return null;
    return waiting[0]?.id ?? null;
  }
}
