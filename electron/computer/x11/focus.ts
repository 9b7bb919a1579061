/** Keys are for one window: whether it still has the keyboard focus, asked right before they are pressed. */
import { FocusMovedError, type KeysFor } from "../hands.ts";
import type { X11 } from "./connection.ts";
import { topLevelOf } from "./windows.ts";

export class FocusWatch {
  readonly #x11: X11;
  readonly #keysFor: KeysFor | null;
  /** The X focus that was found to be the window or inside of it; -1 before. */
  #known = -1;

  constructor(x11: X11, keysFor: KeysFor | null) {
    this.#x11 = x11;
    this.#keysFor = keysFor;
  }

  /**
   * Throws a FocusMovedError that says `done` when another top-level window has the focus. One round trip, unless the
   * focus moved; that it moved inside the window is fine.
   */
  async check(done: number): Promise<void> {
    if (this.#keysFor === null) return;
    const focus = await this.#x11.inputFocus();
    if (focus === this.#known) return;
    if ((await topLevelOf(this.#x11, focus)) !== this.#keysFor.window) throw new FocusMovedError(done);
    // Without a window that has it (0 none, 1 the pointer's), the next answer may be another one.
    this.#known = focus > 1 ? focus : -1;
  }
}
