/** Typing text exactly: every character through a key that has it, or an error before the first key. */
import { characterKeysym } from "../../../shared/keys.ts";
import { showText, unpaste } from "../../../shared/visible-text.ts";
import { type KeysFor, UntypeableError } from "../hands.ts";
import type { X11 } from "./connection.ts";
import { FocusWatch, type Shared } from "./focus.ts";
import type { Input } from "./input.ts";
import { Borrowed, borrowable, giveBack, ownKeymap, plainLocks } from "./keyboard.ts";
import { isTypeable, layoutStrokes, planLots, type Stroke, shiftKeycode } from "./keymap.ts";
import { Pace } from "./pace.ts";

export type TypeOptions = {
  /** Aborting stops before the next key; what was pressed is let go, the keyboard map put back. */
  readonly signal?: AbortSignal;
  /** Characters typed so far, of all (code points; CRLF is one). */
  readonly onProgress?: (done: number, total: number) => void;
  /** The window that has to have the focus before each key; null or not given: whatever has it. */
  readonly keysFor?: KeysFor | null;
  /** Given where the operator sits at this desktop, too. */
  readonly shared?: Shared | null;
};

export type TypeResult = {
  /** Characters whose key was pressed and let go. */
  readonly done: number;
  readonly total: number;
  /** Cut by the signal before the end, or by somebody's modifier on a shared desktop. */
  readonly stopped: boolean;
  /** How often the keyboard map was changed, the last time back not counted. */
  readonly changes: number;
};

/**
 * Types `text` into whatever has the keyboard focus. CR, LF and CRLF are one press of Return, a tab is the Tab key.
 * Caps Lock and Num Lock do not change what arrives and are left as they were. Rejects with an UntypeableError before
 * the first key, with a FocusMovedError when another window takes the focus, with an X11Error when the display fails or
 * the program stops reading its keys; in every case nothing stays held and the keyboard map is as it was.
 */
export async function typeText(x11: X11, input: Input, text: string, options: TypeOptions = {}): Promise<TypeResult> {
  const { signal, onProgress, keysFor = null, shared = null } = options;
  const characters = [...unpaste(text)];
  characters.forEach((character, i) => {
    if (!isTypeable(character)) throw untypeable(character, i);
  });
  const keysyms = characters.map((character) => characterKeysym(character.codePointAt(0) ?? 0));
  const total = characters.length;

  const keymap = await ownKeymap(x11);
  const strokes = layoutStrokes(keymap);
  const shift = shiftKeycode(keymap);
  const missing = keysyms.findIndex((keysym) => !strokes.has(keysym));
  const spare = missing < 0 ? [] : await borrowable(x11, keymap);
  const lots = planLots(keysyms, strokes, spare, shift !== null);
  if (lots === null) throw untypeable(characters[missing] ?? "", missing);

  const unlock = await plainLocks(x11, keymap);
  const borrowed = new Borrowed(x11, keymap);
  const keys = new Strokes(input, shift);
  const pace = new Pace(x11);
  const focus = new FocusWatch(x11, keysFor, shared);
  let done = 0;
  let changes = 0;
  try {
    for (const lot of lots) {
      if (signal?.aborted) break;
      if (lot.bindings.size > 0) {
        if (done > 0) await pace.settle(signal);
        if (signal?.aborted) break;
        await borrowed.bind(lot.bindings);
        changes += 1;
        await pace.settle(signal);
      }
      const wanted = keysyms.slice(lot.from, lot.to).map((keysym) => lot.bindings.get(keysym) ?? strokes.get(keysym));
      for (let at = 0; at < wanted.length; at += focus.together) {
        const chunk = wanted.slice(at, at + focus.together).filter((stroke) => stroke !== undefined);
        let pressed = 0;
        await focus.guardedPlain(done, () => {
          if (signal?.aborted) return;
          for (const stroke of chunk) keys.press(stroke);
          if (shared !== null) keys.release();
          pressed = chunk.length;
        });
        if (pressed === 0) break;
        done += pressed;
        onProgress?.(done, total);
        for (let key = 0; key < pressed; key += 1) await pace.key(signal);
      }
    }
  } finally {
    keys.release();
    await x11.sync();
    await giveBack(x11, borrowed, pace, signal);
    await unlock();
  }
  return { done, total, stopped: done < total, changes };
}

/** Presses strokes one after the other; shift stays down from one shifted stroke to the next. */
class Strokes {
  readonly #input: Input;
  readonly #shift: number | null;
  #shifted = false;

  constructor(input: Input, shift: number | null) {
    this.#input = input;
    this.#shift = shift;
  }

  press(stroke: Stroke): void {
    this.#hold(stroke.shift);
    this.#input.keyDown(stroke.keycode);
    this.#input.keyUp(stroke.keycode);
  }

  release(): void {
    this.#hold(false);
  }

  #hold(shifted: boolean): void {
    if (this.#shift === null || shifted === this.#shifted) return;
    if (shifted) this.#input.keyDown(this.#shift);
    else this.#input.keyUp(this.#shift);
    this.#shifted = shifted;
  }
}

function untypeable(character: string, at: number): UntypeableError {
  return new UntypeableError(`text: the character ${showText(character)} at ${at} can't be typed`);
}
