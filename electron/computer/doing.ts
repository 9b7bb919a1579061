/** One action under way: the signal is looked at before every primitive, and how far it came is kept in words. */
import { NOTHING_SENT } from "./computer.ts";

/** Thrown at the first primitive after an abort. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
    this.name = "Interrupted";
  }
}

/** Why a signal aborted, where nobody asked for it: Claude must not read that the operator did. `why` is the half of a sentence. */
export class CutByItself {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

export type Clock = {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export class Doing {
  readonly signal: AbortSignal;
  readonly #clock: Clock;
  readonly #onProgress: (done: number, total: number) => void;
  #progress: string = NOTHING_SENT;

  constructor(signal: AbortSignal, clock: Clock, onProgress: (done: number, total: number) => void) {
    this.signal = signal;
    this.#clock = clock;
    this.#onProgress = onProgress;
  }

  /** Completes "Interrupted by the operator ...". */
  get progress(): string {
    return this.#progress;
  }

  /** Why an action was cut in the middle by no person, and how far it had come; null when a person cut it, or nothing was sent. */
  get cutByItself(): string | null {
    const { reason } = this.signal;
    if (!(reason instanceof CutByItself) || this.#progress === NOTHING_SENT) return null;
    return `${reason.why}, so this action was cut ${this.#progress}`;
  }

  /** Throws Interrupted once the signal has aborted. */
  readonly check = (): void => {
    if (this.signal.aborted) throw new Interrupted();
  };

  /** Sends one primitive; `after` is how far the action is once it may have arrived. It throws Interrupted when nothing of it went out. */
  async send<T>(primitive: () => Promise<T>, after: string): Promise<T> {
    this.check();
    const before = this.#progress;
    this.#progress = after;
    try {
      return await primitive();
    } catch (error) {
      if (error instanceof Interrupted) this.#progress = before;
      throw error;
    }
  }

  /** Reports one of several equal parts as done. */
  count(done: number, total: number, what: string): void {
    this.#progress = `after ${done} of ${total} ${what}`;
    this.#onProgress(done, total);
  }

  /** A pause between two primitives, ms. */
  async pause(ms: number): Promise<void> {
    this.check();
    await this.#clock.sleep(ms, this.signal);
    this.check();
  }

  /** Waits `ms`, or less when the signal aborts. */
  async rest(ms: number): Promise<{ readonly stopped: boolean }> {
    await this.#clock.sleep(ms, this.signal);
    return { stopped: this.signal.aborted };
  }

  /** Runs what lasts `seconds`; when it was cut, the progress says how many had passed. */
  async timed(seconds: number, run: (ms: number) => Promise<{ readonly stopped: boolean }>): Promise<void> {
    this.check();
    const start = this.#clock.now();
    const { stopped } = await run(seconds * 1000);
    if (!stopped) return;
    const passed = Math.min(seconds, (this.#clock.now() - start) / 1000);
    this.#progress = `after ${Number(passed.toFixed(1))} of ${seconds} seconds`;
    throw new Interrupted();
  }
}
