/**
 * The hands and eyes on a desktop that can be lost and had anew: its X server ended, or nothing on it answers any more. What
 * only looks waits for the new one; an action that ran is answered as failed, and is never run again.
 */
import type { MessagePortMain } from "electron";
import type { Action } from "../../shared/action.ts";
import type { Display, Point, Size } from "../../shared/geometry.ts";
import {
  type Computer,
  ComputerError,
  type DesktopFacts,
  type HeardByExecutor,
  type Look,
  type PerformHooks,
  type PerformRequest,
  type PerformResult,
} from "../computer/computer.ts";

export class RenewableComputer implements Computer {
  #now: Computer;
  readonly #open: () => Promise<Computer>;
  readonly #onHeard: ((heard: HeardByExecutor) => void)[] = [];
  readonly #onLost: ((why: string) => void)[] = [];
  /** Who waits for the new one; null while there is one. */
  #lost: PromiseWithResolvers<void> | null = null;
  #over: Error | null = null;

  /** @param open brings the desktop back and opens new hands on it; rejects with an Error in words */
  constructor(first: Computer, open: () => Promise<Computer>) {
    this.#now = first;
    this.#open = open;
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  /** Called each time it is lost, with why in words. */
  onLost(listener: (why: string) => void): void {
    this.#onLost.push(listener);
  }

  /** The desktop is gone: from here on everything waits for `renew`. */
  lose(why: string): void {
    if (this.#lost !== null || this.#over !== null) return;
    this.#lost = Promise.withResolvers();
    // Nobody may be waiting when the session ends.
    this.#lost.promise.catch(() => undefined);
    for (const listener of this.#onLost) listener(why);
  }

  /** Brings it back; rejects with an Error in words, and then it is still lost. */
  async renew(): Promise<void> {
    // What holds no display any more has nothing left to let go of.
    await this.#now.close().catch(() => undefined);
    const next = await this.#open();
    if (this.#over !== null) {
      await next.close();
      throw this.#over;
    }
    for (const listener of this.#onHeard) next.onHeard(listener);
    this.#now = next;
    this.#lost?.resolve();
    this.#lost = null;
  }

  /** The session ends: nobody waits any longer. */
  giveUp(): void {
    this.#over ??= new ComputerError("executor_died", "The session ended while its desktop was gone.");
    this.#lost?.reject(this.#over);
  }

  onHeard(listener: (heard: HeardByExecutor) => void): void {
    this.#onHeard.push(listener);
    this.#now.onHeard(listener);
  }

  display(): Promise<Display> {
    return this.#looking((computer) => computer.display());
  }

  look(space: Size, points: readonly Point[], settleMs?: number): Promise<Look> {
    return this.#looking((computer) => computer.look(space, points, settleMs));
  }

  facts(space: Size, points: readonly Point[]): Promise<DesktopFacts> {
    return this.#looking((computer) => computer.facts(space, points));
  }

  async perform(request: PerformRequest, hooks: PerformHooks): Promise<PerformResult> {
    // Approved for a desktop that is gone: there is nothing to compare with.
    if (this.#lost !== null) return failed(LOST, 0);
    const begun = performance.now();
    const ended = (why: string) => failed(`${LOST}${why}`, Math.round(performance.now() - begun));
    try {
      const result = await this.#now.perform(request, hooks);
      // Cut by the pause that the loss is.
      return this.isLost && result.kind === "interrupted" ? ended("") : result;
    } catch (error) {
      if (!isLoss(error)) throw error;
      this.lose(error.message);
      return ended(` ${error.message}`);
    }
  }

  async hand(action: Action, space: Size): Promise<void> {
    await this.#losing(() => this.#now.hand(action, space));
  }

  watch(port: MessagePortMain | null, space: Size): void {
    if (this.#lost === null) this.#now.watch(port, space);
    else port?.close();
  }

  async releaseAll(): Promise<void> {
    if (this.#lost === null) await this.#losing(() => this.#now.releaseAll());
  }

  async close(): Promise<void> {
    this.giveUp();
    await this.#now.close();
  }

  async #looking<T>(look: (computer: Computer) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#over !== null) throw this.#over;
      await this.#lost?.promise;
      try {
        return await this.#losing(() => look(this.#now));
      } catch (error) {
        if (!this.isLost) throw error;
      }
    }
  }

  async #losing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isLoss(error)) this.lose(error.message);
      throw error;
    }
  }
}

const LOST = "The session's desktop ended; how far this action got is not known.";

function failed(message: string, durationMs: number): PerformResult {
  return { kind: "failed", message, cursor: null, after: null, durationMs };
}

/** A server that ended is noticed by whoever asks it first. */
function isLoss(error: unknown): error is ComputerError {
  return error instanceof ComputerError && LOSSES.has(error.code);
}

const LOSSES: ReadonlySet<ComputerError["code"]> = new Set(["executor_died", "no_display", "capture_failed"]);
