/** For tests and benchmarks: all of this folder, bound to one display. */
import type { Size } from "../../../shared/geometry.ts";
import type { KeyCombo, Modifier } from "../../../shared/keys.ts";
import type { WindowFacts } from "../computer.ts";
import type { Aim, LastCheck } from "../hands.ts";
import type { X11 } from "./connection.ts";
import { FocusWatch } from "./focus.ts";
import { Input } from "./input.ts";
import { recover } from "./keyboard.ts";
import { holdKeys, holdModifiers, type PressOptions, type PressResult, pressKeys, releaseModifiers } from "./keys.ts";
import { buttonDown, buttonUp, movePointer, type ScrollDirection, turnWheel } from "./pointer.ts";
import { type TypeOptions, type TypeResult, typeText } from "./text.ts";
import { displaySize, focusWindow, windowAt } from "./windows.ts";

const NEVER_CUT: LastCheck = () => undefined;

/** Keyboard, pointer and windows of one display; see the functions of the same names for what they promise. */
export class TestHands {
  readonly #x11: X11;
  readonly #input: Input;
  #modifiers: readonly number[] = [];

  constructor(x11: X11) {
    this.#x11 = x11;
    this.#input = new Input(x11);
  }

  recover(): Promise<void> {
    return recover(this.#x11, this.#input);
  }

  typeText(text: string, options?: TypeOptions): Promise<TypeResult> {
    return typeText(this.#x11, this.#input, text, options);
  }

  pressKeys(combo: KeyCombo, options?: PressOptions): Promise<PressResult> {
    return pressKeys(this.#x11, this.#input, combo, options);
  }

  /** `ms` long. */
  holdKeys(
    combo: KeyCombo,
    ms: number,
    options?: Omit<PressOptions, "repeat" | "onProgress">,
  ): Promise<{ readonly stopped: boolean }> {
    return holdKeys(this.#x11, this.#input, combo, ms, options);
  }

  /** Holds modifiers until `releaseModifiers` or `releaseAll`. */
  async holdModifiers(modifiers: readonly Modifier[]): Promise<void> {
    const anywhere = new FocusWatch(this.#x11, null, null);
    this.#modifiers = [
      ...this.#modifiers,
      ...(await holdModifiers(this.#x11, this.#input, modifiers, anywhere, NEVER_CUT)),
    ];
  }

  async releaseModifiers(): Promise<void> {
    const keycodes = this.#modifiers;
    this.#modifiers = [];
    await releaseModifiers(this.#x11, this.#input, keycodes);
  }

  /** px of the root window. */
  movePointer(x: number, y: number): Promise<void> {
    return movePointer(this.#x11, x, y);
  }

  /** 1 left, 2 middle, 3 right. */
  buttonDown(button: number, aim: Aim | null = null, check: LastCheck = NEVER_CUT): Promise<void> {
    return buttonDown(this.#x11, this.#input, button, aim, check);
  }

  buttonUp(button: number): Promise<void> {
    return buttonUp(this.#x11, this.#input, button);
  }

  turnWheel(direction: ScrollDirection, aim: Aim | null = null, check: LastCheck = NEVER_CUT): Promise<void> {
    return turnWheel(this.#x11, this.#input, direction, aim, check);
  }

  /** The pointer's place, px of the root window, and the buttons that are down (whoever holds them). */
  queryPointer(): Promise<{ readonly x: number; readonly y: number; readonly buttons: readonly number[] }> {
    return this.#x11.pointer();
  }

  /** Keycodes that are down, whoever holds them. */
  pressedKeys(): Promise<readonly number[]> {
    return this.#x11.pressedKeys();
  }

  /** What we hold. */
  get held(): { readonly keys: readonly number[]; readonly buttons: readonly number[] } {
    return this.#input.held;
  }

  async releaseAll(): Promise<void> {
    this.#modifiers = [];
    await this.#input.releaseAll();
  }

  focusWindow(): Promise<WindowFacts | null> {
    return focusWindow(this.#x11);
  }

  windowAt(x: number, y: number): Promise<WindowFacts | null> {
    return windowAt(this.#x11, x, y);
  }

  displaySize(): Promise<Size> {
    return displaySize(this.#x11);
  }
}
