/** The operator's screen while it is locked, asleep, behind its saver or another user's: sessions pause, and none starts or goes on. */
import type { Where } from "../../shared/session-event.ts";

/** The part of Electron's powerMonitor that is used; which events come differs by system. */
export type PowerEvents = {
  on(
    event: "suspend" | "resume" | "lock-screen" | "unlock-screen" | "user-did-resign-active" | "user-did-become-active",
    listener: () => void,
  ): unknown;
};

const ASLEEP = "asleep";
const SYSTEM: ReadonlySet<string> = new Set([ASLEEP, "lock", "user"]);

export class Away {
  readonly #pause: (words: string, concerns: (where: Where) => boolean) => void;
  /** Why the screen is not the operator's now, by who says so. */
  readonly #reasons = new Map<string, string>();

  /** @param pause told at once when it stops being theirs, and which sessions that concerns */
  constructor(pause: (words: string, concerns: (where: Where) => boolean) => void) {
    this.#pause = pause;
  }

  /** What a source knows; null: nothing speaks against the screen any more. Sessions that were paused stay so. */
  readonly report = (source: string, words: string | null): void => {
    if (words === null) {
      this.#reasons.delete(source);
      return;
    }
    const known = this.#reasons.get(source);
    this.#reasons.set(source, words);
    if (known === undefined) this.#pause(words, (where) => source === ASLEEP || where.kind === "this");
  };

  /** Why nothing may run in `where` now, in words; null when something may. */
  problem(where: Where): string | null {
    const [words] = this.#reasons.values();
    if (where.kind !== "this" || words === undefined) return null;
    return `${words} Nothing runs on this desktop until the screen is yours and awake again.`;
  }

  /** Forgets what only sources said that are no longer watched; the system's own events come all the time. */
  forget(): void {
    for (const source of this.#reasons.keys()) if (!SYSTEM.has(source)) this.#reasons.delete(source);
  }

  /** Listens to the system's own events. */
  watchPower(monitor: PowerEvents): void {
    const pair = (source: string, words: string, begins: Parameters<PowerEvents["on"]>[0], ends: typeof begins) => {
      monitor.on(begins, () => this.report(source, words));
      monitor.on(ends, () => this.report(source, null));
    };
    pair(ASLEEP, "The machine went to sleep.", "suspend", "resume");
    pair("lock", "The screen was locked.", "lock-screen", "unlock-screen");
    pair("user", "Another user's session came to the front.", "user-did-resign-active", "user-did-become-active");
  }
}

/** A claimed desktop that is watched until it is given up. Gives it up and rejects when the screen is not the operator's now. */
export async function whileThere<T extends { readonly stop: () => Promise<void> }>(
  desktop: T,
  watch: () => Promise<() => void>,
  away: Away,
): Promise<T> {
  let end = (): void => undefined;
  try {
    end = await watch();
    const problem = away.problem({ kind: "this", monitor: null });
    if (problem !== null) throw new Error(`where: ${problem}`);
  } catch (error) {
    end();
    away.forget();
    await desktop.stop();
    throw error;
  }
  const stop = async () => {
    end();
    away.forget();
    await desktop.stop();
  };
  return { ...desktop, stop };
}
