import type { EventBodies, Limits } from "../../shared/session-event.ts";
import type { SessionView } from "../../shared/session-view.ts";

type Reached = EventBodies["limit.reached"] & { readonly words: string };

/** Watches a session's limits: steps executed, minutes without pauses, USD. Resuming after one grants as much again. */
export class LimitWatch {
  readonly #limits: Limits;
  readonly #now: () => number;
  #grants = { steps: 1, minutes: 1, usd: 1 };
  #hit: keyof Limits | null = null;
  #runningMs = 0;
  #since: number | null;

  /** @param now ms since 1970 */
  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#since = now();
  }

  /** Stops or goes on counting minutes. */
  paused(on: boolean): void {
    if (on && this.#since !== null) this.#runningMs += this.#now() - this.#since;
    if (on) this.#since = null;
    else this.#since ??= this.#now();
  }

  /** The first limit that is used up, or null. */
  reached(view: SessionView): Reached | null {
    const used = {
      steps: view.steps.filter((step) => step.executed !== null).length,
      minutes: (this.#runningMs + (this.#since === null ? 0 : this.#now() - this.#since)) / 60_000,
      usd: view.costUsd ?? 0,
    };
    for (const limit of ["steps", "minutes", "usd"] as const) {
      const each = this.#limits[limit];
      if (each === null) continue;
      const value = each * this.#grants[limit];
      if (used[limit] < value) continue;
      this.#hit = limit;
      const amount = { steps: `${value} steps`, minutes: `${value} minutes`, usd: `$${value.toFixed(2)}` }[limit];
      return { limit, value, words: `The limit of ${amount} is reached.` };
    }
    return null;
  }

  /** The operator goes on after a limit: it is granted once more. Does nothing when none was reached. */
  extend(): void {
    if (this.#hit !== null) this.#grants = { ...this.#grants, [this.#hit]: this.#grants[this.#hit] + 1 };
    this.#hit = null;
  }
}
