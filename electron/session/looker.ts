/** The looks a session takes at its desktop between actions: what Claude is shown. */
import type { Size } from "../../shared/geometry.ts";
import type { EventBodies } from "../../shared/session-event.ts";
import { type Computer, ComputerError, type Look } from "../computer/computer.ts";
import type { Control } from "./control.ts";
import type { Recorder, Sight } from "./recorder.ts";

/** A look that is not part of an action waits no longer for a still screen, ms. */
const LONGEST_LOOK = 2000;

export type LookerDeps = {
  readonly computer: Computer;
  readonly recorder: Recorder;
  readonly control: Control;
  readonly space: Size;
  /** Longest wait for a still screen after an action, ms. */
  readonly settleMs: number;
  /** Whether a desktop that shows nothing pauses the session and asks, rather than ending it. */
  readonly asksWhenUnseen: boolean;
  readonly pause: (body: EventBodies["session.paused"]) => void;
};

export class Looker {
  readonly #deps: LookerDeps;
  #forgotten = 0;

  constructor(deps: LookerDeps) {
    this.#deps = deps;
  }

  /** The desktop once it is still, as after an action; kept on record. */
  async look(): Promise<Sight> {
    const { control, recorder } = this.#deps;
    for (;;) {
      await control.pass();
      const forgotten = this.#forgotten;
      const look = await this.#unkept(() => control.pass());
      if (this.#forgotten === forgotten) return await recorder.keepLook(look);
    }
  }

  /** The desktop as the operator left it, kept on record. Their hold ends with this look, so only a pause is waited for. */
  async lookAfterOperator(): Promise<Sight> {
    const { control, recorder } = this.#deps;
    return await recorder.keepLook(await this.#unkept(() => control.until(() => !control.paused)));
  }

  /** The operator takes over: what is being looked at now may be theirs alone, and is old once they hand back. */
  forget(): void {
    this.#forgotten += 1;
  }

  /**
   * On the operator's own desktop a display may be switched off, black, or covered by a question of ours.
   * @param passed waits until the operator has lifted a pause
   */
  async #unkept(passed: () => Promise<void>): Promise<Look> {
    const { computer, space, settleMs, asksWhenUnseen, pause } = this.#deps;
    for (;;) {
      try {
        return await computer.look(space, [], Math.min(settleMs, LONGEST_LOOK));
      } catch (error) {
        const waits = error instanceof ComputerError && error.code !== "executor_died" && asksWhenUnseen;
        if (!waits) throw error;
        pause({ why: error.code === "no_monitor" ? "display" : "capture", detail: error.message });
        await passed();
      }
    }
  }
}
