import type { EndReason } from "../../shared/session-event.ts";

/** The operator wants the session to end; unwinds the runner from wherever it is. */
export class Stopped extends Error {
  readonly why: EndReason;
  readonly detail: string | null;
  constructor(why: EndReason, detail: string | null = null) {
    super(`session stopped: ${why}`);
    this.name = "Stopped";
    this.why = why;
    this.detail = detail;
  }
}

/** What cuts a piece of work: stop alone, or a pause too. */
export type CutBy = "stop" | "pause";

/**
 * Pause and stop of one session, through every await. Stop is final; pause can be lifted. Everything that can take
 * time gets a signal from here and is cut by it.
 */
export class Control {
  #stopped: Stopped | null = null;
  #paused = false;
  #held = false;
  readonly #cuts = new Map<AbortController, CutBy>();
  readonly #wakes = new Set<() => void>();

  get stopped(): Stopped | null {
    return this.#stopped;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Ends everything now. The first call counts. */
  stop(why: EndReason, detail: string | null = null): void {
    if (this.#stopped !== null) return;
    this.#stopped = new Stopped(why, detail);
    this.#cut("stop");
    this.wake();
  }

  /** Cuts what is cuttable now and holds the runner at its next `pass`. */
  pause(): void {
    this.#paused = true;
    this.#cut("pause");
  }

  resume(): void {
    this.#paused = false;
    this.wake();
  }

  /** The operator has control: the runner waits at its next `pass`, and nothing is cut. */
  hold(on: boolean): void {
    this.#held = on;
    this.wake();
  }

  /** Throws Stopped when the session has to end. */
  check(): void {
    if (this.#stopped !== null) throw this.#stopped;
  }

  /** Resolves as soon as nothing holds the runner; throws Stopped when the session has to end. */
  async pass(): Promise<void> {
    await this.until(() => !this.#paused && !this.#held);
  }

  /** Waits until `ready` says so; it is asked again at every `wake`. Throws Stopped when the session has to end. */
  async until(ready: () => boolean): Promise<void> {
    for (;;) {
      this.check();
      if (ready()) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#wakes.delete(wake);
          resolve();
        };
        this.#wakes.add(wake);
      });
    }
  }

  /** Runs `work` with a signal that stop aborts, and a pause too where `by` says so. */
  async cuttable<T>(by: CutBy, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const cut = new AbortController();
    this.#cuts.set(cut, by);
    if (this.#stopped !== null || (this.#paused && by === "pause")) cut.abort();
    try {
      return await work(cut.signal);
    } finally {
      this.#cuts.delete(cut);
    }
  }

  /** Asks everyone who waits in `until` to look again. */
  wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }

  #cut(why: CutBy): void {
    for (const [cut, by] of this.#cuts) if (why === "stop" || by === "pause") cut.abort();
  }
}
