import type { EventBodies, Limits } from "../../shared/session-event.ts";
import type { SessionView } from "../../shared/session-view.ts";

type Reached = EventBodies["limit.reached"] & { readonly words: string };

/** Watches a session's limits: steps executed, minutes without pauses, USD. Resuming after one grants as much again, until there is some left. */
export class LimitWatch {
  readonly #limits: Limits;
  readonly #now: () => number;
  #grants = { steps: 1, minutes: 1, usd: 1 };
  #hit: { readonly limit: keyof Limits; readonly each: number; readonly used: number } | null = null;
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
    if (on && this.#since !== null) this.#runningMs += Math.max(0, this.#now() - this.#since);
    if (on) this.#since = null;
    else this.#since ??= this.#now();
  }

  /** The first limit that is used up, or null. */
  reached(view: SessionView): Reached | null {
    const used = {
      steps: view.steps.filter((step) => step.executed !== null).length,
      minutes: (this.#runningMs + (this.#since === null ? 0 : Math.max(0, this.#now() - this.#since))) / 60_000,
      usd: view.costUsd ?? 0,
    };
    for (const limit of ["steps", "minutes", "usd"] as const) {
      const each = this.#limits[limit];
      if (each === null) continue;
      const value = each * this.#grants[limit];
      if (used[limit] < value) continue;
      this.#hit = { limit, each, used: used[limit] };
      const amount = { steps: counted(value, "step"), minutes: counted(value, "minute"), usd: dollars(value) }[limit];
      return { limit, value, words: `The limit of ${amount} is reached.` };
    }
    return null;
  }

  /** The operator goes on after a limit: it is granted again. Does nothing when none was reached. */
  extend(): void {
    if (this.#hit === null) return;
    const { limit, each, used } = this.#hit;
    // One turn can cost several times the limit: a grant that is used up already would ask again at once.
    const grants = Math.max(this.#grants[limit] + 1, Math.floor(used / each) + 1);
    this.#grants = { ...this.#grants, [limit]: grants };
    this.#hit = null;
  }
}

function counted(value: number, unit: string): string {
  const rounded = Number(value.toFixed(2));
  return `${rounded} ${unit}${rounded === 1 ? "" : "s"}`;
}

function dollars(value: number): string {
  return `$${value < 0.01 ? value.toPrecision(1) : value.toFixed(2)}`;
}
