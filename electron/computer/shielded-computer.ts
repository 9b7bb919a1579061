/**
 * The desktop the operator sits at: our own windows leave the display that Claude works on before it is looked at or acted
 * on, and come back when the picture afterwards has been taken. Which of them are in the way, and whether they are really
 * gone, the executor says (clear-view.ts).
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
  NOTHING_SENT,
  type PerformHooks,
  type PerformRequest,
  type PerformResult,
} from "./computer.ts";

/** Our windows, as the one who owns them moves them. */
export type Shield = {
  /** Takes the windows with these ids off the screen until `raise`; nothing of ours may appear until then. */
  readonly lower: (ids: readonly number[]) => void;
  readonly raise: () => void;
};

/** A computer whose executor knows our windows. */
type Sharing = Computer & { readonly inTheWay: (before: "look" | "action") => Promise<readonly number[]> };

export class ShieldedComputer implements Computer {
  readonly #inner: Sharing;
  readonly #shield: Shield;
  #behind = 0;

  constructor(inner: Sharing, shield: Shield) {
    this.#inner = inner;
    this.#shield = shield;
  }

  onHeard(listener: (heard: HeardByExecutor) => void): void {
    this.#inner.onHeard(listener);
  }

  display(): Promise<Display> {
    return this.#inner.display();
  }

  facts(space: Size, points: readonly Point[]): Promise<DesktopFacts> {
    return this.#inner.facts(space, points);
  }

  async look(space: Size, points: readonly Point[], settleMs?: number): Promise<Look> {
    return await this.#hidden("look", () => this.#inner.look(space, points, settleMs));
  }

  async perform(request: PerformRequest, hooks: PerformHooks): Promise<PerformResult> {
    switch (request.action.action) {
      case "cursor_position":
        return await this.#inner.perform(request, hooks);
      case "wait":
        return await this.#waited(request, await this.#inner.perform(request, hooks), hooks);
      case "screenshot":
      case "zoom":
        return await this.#hidden("look", () => this.#inner.perform(request, hooks)).catch(cameBack);
      default:
        return await this.#acted(request, hooks);
    }
  }

  /** Here the operator has hands of their own. */
  async hand(_action: Action, _space: Size): Promise<void> {
    throw new ComputerError("unsupported", "This is your own desktop: use your own mouse and keyboard.");
  }

  /** Here the operator sees the desktop itself. */
  watch(port: MessagePortMain | null): void {
    port?.close();
  }

  releaseAll(): Promise<void> {
    return this.#inner.releaseAll();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #acted(request: PerformRequest, hooks: PerformHooks): Promise<PerformResult> {
    const cut = new Promise<null>((resolve) => {
      if (hooks.signal.aborted) resolve(null);
      else hooks.signal.addEventListener("abort", () => resolve(null), { once: true });
    });
    const perform = () => this.#inner.perform(request, hooks);
    const result = await this.#hidden("action", perform, cut).catch(cameBack);
    return result ?? { kind: "interrupted", progress: NOTHING_SENT, cursor: request.cursor, durationMs: 0 };
  }

  /** Our window stays up while time passes; only the picture afterwards needs it gone. */
  async #waited(request: PerformRequest, result: PerformResult, hooks: PerformHooks): Promise<PerformResult> {
    if (result.kind !== "done" || hooks.signal.aborted) return result;
    try {
      const after = await this.look(request.space, []);
      return { ...result, after, facts: after.facts };
    } catch (error) {
      if (!(error instanceof ComputerError) || error.code === "executor_died") throw error;
      const { cursor, durationMs } = result;
      return { kind: "failed", message: `The time has passed. ${error.message}`, cursor, after: null, durationMs };
    }
  }

  #hidden<T>(before: "look" | "action", work: () => Promise<T>): Promise<T>;
  #hidden<T>(before: "look" | "action", work: () => Promise<T>, cut: Promise<null>): Promise<T | null>;
  async #hidden<T>(before: "look" | "action", work: () => Promise<T>, cut?: Promise<null>): Promise<T | null> {
    this.#behind += 1;
    try {
      const asked = this.#inner.inTheWay(before);
      const ids = await (cut === undefined ? asked : Promise.race([asked, cut]));
      if (ids === null) return null;
      this.#shield.lower(ids);
      return await work();
    } finally {
      this.#behind -= 1;
      if (this.#behind === 0) this.#shield.raise();
    }
  }
}

/** What goes wrong before an action is sent brings its proposal back, unless there is no desktop to act on any more. */
function cameBack(error: unknown): PerformResult {
  if (!(error instanceof ComputerError) || error.code === "executor_died") throw error;
  return { kind: "returned", reason: "capture", detail: error.message, now: null };
}
