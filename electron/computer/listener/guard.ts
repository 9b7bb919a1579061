/** The person at the operator's own desktop while an action runs: waited for before it, obeyed during it. */
import type { Clock } from "../doing.ts";
import type { Heard } from "./heard.ts";
import { PersonDetector, type Touch } from "./person-detector.ts";

/** Keys (keycodes) and buttons. */
export type Down = { readonly keys: readonly number[]; readonly buttons: readonly number[] };

export type GuardDeps = {
  readonly clock: Clock;
  /** What is down on the display, whoever holds it. */
  readonly down: () => Promise<Down>;
  /** What of it we hold ourselves (`left_mouse_down` across turns). */
  readonly held: () => Down;
  /** Resolves when everything that happened before has been heard; rejects when nothing can be heard any more. */
  readonly heard: () => Promise<void>;
  /** The person reached for mouse or keyboard while an action runs. */
  readonly onPerson: (touch: Touch) => void;
};

/** X merges all keyboards: with the person's Ctrl down our `a` would be Ctrl+A. How long we wait for their hands, ms. */
const LET_GO = 2000;
const LOOK = 15;

export const STILL_DOWN = "A key or mouse button of yours is still down. Let it go, then decide again.";

export class Guard {
  readonly #deps: GuardDeps;
  readonly #detector = new PersonDetector();

  constructor(deps: GuardDeps) {
    this.#deps = deps;
  }

  /** Takes what the listener hears. */
  hear(event: Heard): void {
    const touch = this.#detector.hear(event);
    if (touch === null) return;
    this.#detector.end();
    this.#deps.onPerson(touch);
  }

  /**
   * An action was decided just now. The keys that decided it may be heard only after the decision: they are taken in first, so
   * that they don't count as a hand that reaches in. A listener that ended has said so itself.
   */
  async begin(): Promise<void> {
    await this.#deps.heard().catch(() => undefined);
    this.#detector.begin(this.#deps.clock.now());
  }

  /** The last of its input is out, or it is not coming. */
  end(): void {
    this.#detector.end();
  }

  /**
   * Resolves once the person's keys and buttons are up and their pointer has been still for a moment, or when that takes too
   * long (2 s, 1 s), or the signal aborts.
   */
  async idle(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const until = clock.now() + LET_GO;
    while (!signal.aborted && clock.now() < until && (await this.isDown())) await clock.sleep(LOOK, signal);
    for (let rest = this.#rest(); rest > 0 && !signal.aborted; rest = this.#rest()) await clock.sleep(rest, signal);
  }

  /** Whether the person holds a key or a button down. */
  async isDown(): Promise<boolean> {
    const { keys, buttons } = await this.#deps.down();
    const ours = this.#deps.held();
    return keys.some((key) => !ours.keys.includes(key)) || buttons.some((button) => !ours.buttons.includes(button));
  }

  #rest(): number {
    return this.#detector.armsIn(this.#deps.clock.now());
  }
}
