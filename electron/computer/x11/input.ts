/** What we hold down on a display, and letting go of it: every key and button we press goes through here. */
import type { X11 } from "./connection.ts";
import { pause } from "./wait.ts";

/**
 * A window manager freezes the pointer at a press (a synchronous grab) until it has looked at it; what is sent meanwhile
 * waits in the server. How often it is looked whether a release has come through, and how long at most, ms.
 */
const LOOK = 5;
const BEHIND = 500;

export class Input {
  readonly #x11: X11;
  /** In the order pressed. */
  readonly #keys = new Set<number>();
  readonly #buttons = new Set<number>();
  /** Let go of by `releaseAll`, and not yet seen up. */
  readonly #behind = new Set<number>();

  constructor(x11: X11) {
    this.#x11 = x11;
  }

  /** What we hold now. */
  get held(): { readonly keys: readonly number[]; readonly buttons: readonly number[] } {
    return { keys: [...this.#keys], buttons: [...this.#buttons] };
  }

  keyDown(keycode: number): void {
    this.#keys.add(keycode);
    this.#x11.fakeKey(keycode, true);
  }

  keyUp(keycode: number): void {
    this.#keys.delete(keycode);
    this.#x11.fakeKey(keycode, false);
  }

  buttonDown(button: number): void {
    this.#buttons.add(button);
    this.#x11.fakeButton(button, true);
  }

  buttonUp(button: number): void {
    this.#buttons.delete(button);
    this.#x11.fakeButton(button, false);
  }

  /**
   * Lets go of all that we hold, the last pressed first, then of every key and button that the display still reports
   * down: a key pressed through XTEST stays down after the client that pressed it is killed. Letting go of a key that
   * only the person's keyboard holds does nothing. Resolves when the server has done it; a button that waits behind a window
   * manager's grab is waited for, at most half a second: it comes up when the window manager goes on.
   */
  async releaseAll(): Promise<void> {
    for (const button of [...this.#buttons].reverse()) {
      this.buttonUp(button);
      this.#behind.add(button);
    }
    for (const keycode of [...this.#keys].reverse()) this.keyUp(keycode);
    const [keys, pointer] = await Promise.all([this.#x11.pressedKeys(), this.#x11.pointer()]);
    for (const button of pointer.buttons) this.#x11.fakeButton(button, false);
    for (const keycode of keys) this.#x11.fakeKey(keycode, false);
    await this.#x11.sync();
    const until = performance.now() + BEHIND;
    while (await this.#anyBehind()) {
      if (performance.now() > until) return;
      await pause(LOOK, this.#x11.gone);
    }
  }

  async #anyBehind(): Promise<boolean> {
    if (this.#behind.size === 0) return false;
    const { buttons } = await this.#x11.pointer();
    for (const button of this.#behind) if (!buttons.includes(button)) this.#behind.delete(button);
    return this.#behind.size > 0;
  }
}
