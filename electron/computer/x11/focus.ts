/** Keys are for one window: whether it still has the keyboard focus, asked right before they are pressed. */
import { FocusMovedError, type KeysFor } from "../hands.ts";
import { alone } from "./alone.ts";
import type { X11 } from "./connection.ts";
import { topLevelOf } from "./windows.ts";

/** A desktop that the operator sits at: keys are never for the windows of the process `owner` (ours). */
export type Shared = { readonly owner: number };

/** Shift, Control, Mod1 (Alt), Mod4 (Super), Mod5 (AltGr): with one of them a letter is another letter, or a shortcut. */
const CHANGING = 0x01 | 0x04 | 0x08 | 0x40 | 0x80;

/** At most this many keys go out between two looks at the focus of a shared desktop, all of them or none. */
const TOGETHER = 8;

export class FocusWatch {
  /** How many keys of a text may be pressed after one look. */
  readonly together: number;
  readonly #x11: X11;
  readonly #keysFor: KeysFor | null;
  readonly #shared: Shared | null;
  /** The X focus that was found to be the window or inside of it; -1 before. */
  #known = -1;

  constructor(x11: X11, keysFor: KeysFor | null, shared: Shared | null) {
    this.#x11 = x11;
    this.#keysFor = keysFor;
    this.#shared = shared;
    this.together = shared === null ? 1 : TOGETHER;
  }

  /**
   * Looks at the focus, then calls `press`. No other program gets a request to the server in between: the focus can't move
   * before the last key is with the window it was looked at for. Throws a FocusMovedError that says `done` when another
   * top-level window has the focus.
   */
  async guarded(done: number, press: () => void): Promise<void> {
    if (this.#keysFor === null && this.#shared === null) {
      press();
      return;
    }
    await alone(this.#x11, async () => {
      await this.check(done);
      press();
    });
  }

  /**
   * The same for keys of a text. On a shared desktop `press` is left out while somebody else holds a modifier: the first key of
   * the stop chord is Ctrl, and it counts for whatever is pressed a moment before it is heard of. No modifier of ours may be down.
   */
  async guardedPlain(done: number, press: () => void): Promise<void> {
    if (this.#shared === null) return await this.guarded(done, press);
    await alone(this.#x11, async () => {
      const [{ modifiers }] = await Promise.all([this.#x11.pointer(), this.check(done)]);
      if ((modifiers & CHANGING) === 0) press();
    });
  }

  /** The same for keys that may have moved the focus themselves (alt+Tab): only our own windows are out of bounds. */
  async guardedAnywhere(done: number, press: () => void): Promise<void> {
    if (this.#shared === null) {
      press();
      return;
    }
    await alone(this.#x11, async () => {
      await this.#notOurs(await topLevelOf(this.#x11, await this.#x11.inputFocus()), done);
      press();
    });
  }

  /**
   * Throws a FocusMovedError when another top-level window has the focus; that it moved inside the window is fine. One
   * round trip, unless it moved.
   */
  async check(done: number): Promise<void> {
    if (this.#keysFor === null && this.#shared === null) return;
    const focus = await this.#x11.inputFocus();
    if (focus === this.#known) return;
    const window = await topLevelOf(this.#x11, focus);
    if (this.#keysFor !== null && window !== this.#keysFor.window) throw new FocusMovedError(done);
    await this.#notOurs(window, done);
    // Without a window that has it (0 none, 1 the pointer's), the next answer may be another one.
    this.#known = focus > 1 ? focus : -1;
  }

  async #notOurs(window: number | null, done: number): Promise<void> {
    if (this.#shared === null || window === null) return;
    const pid = await this.#x11.property(window, "_NET_WM_PID").catch(() => null);
    if (pid !== null && pid.data.length >= 4 && pid.data.readUInt32LE(0) === this.#shared.owner)
      throw new FocusMovedError(done);
  }
}
