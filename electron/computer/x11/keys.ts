/** Key combinations: pressed, held for a time, and modifiers held for a click. */
import { characterKeysym, type KeyCombo, keysymOf, MODIFIERS, type Modifier } from "../../../shared/keys.ts";
import type { KeysFor, LastCheck } from "../hands.ts";
import type { X11 } from "./connection.ts";
import { FocusWatch, type Shared } from "./focus.ts";
import type { Input } from "./input.ts";
import { Borrowed, borrowable, giveBack, ownKeymap, plainLocks } from "./keyboard.ts";
import { isCharacterKeysym, type Keymap, keycodeOf, layoutStrokes, type Stroke } from "./keymap.ts";
import { Pace } from "./pace.ts";
import { pause } from "./wait.ts";

/** Keysyms of each modifier's keys: left, right, other names. */
const MODIFIER_KEYS: Readonly<Record<Modifier, readonly number[]>> = {
  ctrl: [0xffe3, 0xffe4],
  alt: [0xffe9, 0xffea, 0xffe7],
  shift: [0xffe1, 0xffe2],
  super: [0xffeb, 0xffec],
};
const ISO_LEFT_TAB = 0xfe20;
/** Keysyms that change a lock, so locks are left alone for them: Scroll_Lock, Num_Lock, Caps_Lock. */
const LOCK_KEYS = new Set([0xff14, 0xff7f, 0xffe5]);

/** How often the focus is looked at while a key is held, ms: less than the time from one repeat of a key to the next. */
const HOLD_LOOK = 20;

/** A key that the display's keyboard lacks and can't be lent. Nothing was pressed. */
class UnpressableError extends Error {
  constructor(key: string) {
    super(`text: the key ${key} can't be pressed on this keyboard`);
    this.name = "UnpressableError";
  }
}

export type PressOptions = {
  /** How often, 1 by default. */
  readonly repeat?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** The window that has to have the focus before the first press; null or not given: whatever has it. */
  readonly keysFor?: KeysFor | null;
  /** Given where the operator sits at this desktop, too: no press goes to a window of ours. */
  readonly shared?: Shared | null;
};

/** How many presses of how many were made; `stopped` when the signal cut them. */
export type PressResult = { readonly done: number; readonly total: number; readonly stopped: boolean };

/**
 * Presses a combination `repeat` times, modifiers and all each time. A character of the shift level (`?`, `A`) presses
 * shift too; one that the layout lacks is bound for the while. Caps Lock does not change what arrives. Rejects with an
 * UnpressableError or a FocusMovedError before the first key, with an X11Error when the display fails; nothing stays
 * held. Combinations of a window manager may well move the focus (alt+Tab): it is not looked at between their presses. With
 * any other, a focus that moved ends it (a FocusMovedError that says how many were made).
 */
export async function pressKeys(
  x11: X11,
  input: Input,
  combo: KeyCombo,
  options: PressOptions = {},
): Promise<PressResult> {
  const { repeat: total = 1, signal, onProgress, keysFor = null, shared = null } = options;
  let done = 0;
  await withCombo(x11, combo, signal, async (keycodes, pace) => {
    const focus = new FocusWatch(x11, keysFor, shared);
    const wanders = combo.modifiers.some((modifier) => modifier === "alt" || modifier === "super");
    const press = () => {
      if (signal?.aborted) return;
      try {
        for (const keycode of keycodes) input.keyDown(keycode);
      } finally {
        for (const keycode of [...keycodes].reverse()) input.keyUp(keycode);
      }
      done += 1;
    };
    while (done < total) {
      const before = done;
      if (done > 0 && wanders) await focus.guardedAnywhere(done, press);
      else await focus.guarded(done, press);
      if (done === before) break;
      onProgress?.(done, total);
      await pace.key(signal);
    }
  });
  return { done, total, stopped: done < total };
}

/**
 * Holds a combination down for `ms`; resolves with whether the signal cut that short. Rejects like pressKeys; a held key
 * repeats into whatever has the focus, so it is let go when that is another window (a FocusMovedError that says 1).
 */
export async function holdKeys(
  x11: X11,
  input: Input,
  combo: KeyCombo,
  ms: number,
  options: Omit<PressOptions, "repeat" | "onProgress"> = {},
): Promise<{ readonly stopped: boolean }> {
  const { signal, keysFor = null, shared = null } = options;
  await withCombo(x11, combo, signal, async (keycodes) => {
    let pressed: readonly number[] = [];
    const focus = new FocusWatch(x11, keysFor, shared);
    try {
      await focus.guarded(0, () => {
        if (signal?.aborted) return;
        pressed = keycodes;
        for (const keycode of keycodes) input.keyDown(keycode);
      });
      if (pressed.length === 0) return;
      await x11.sync();
      const either = signal === undefined ? x11.gone : AbortSignal.any([signal, x11.gone]);
      const end = performance.now() + ms;
      for (let left = ms; left > 0 && !either.aborted; left = end - performance.now()) {
        await pause(Math.min(left, HOLD_LOOK), either);
        if (!either.aborted) await focus.check(1);
      }
    } finally {
      for (const keycode of [...pressed].reverse()) input.keyUp(keycode);
      await x11.sync();
    }
  });
  return { stopped: signal?.aborted ?? false };
}

/**
 * Presses modifiers and leaves them down, for a click or a drag; the keycodes are for `releaseModifiers`. Rejects with a
 * FocusMovedError, with nothing pressed, when they would go to another window than `focus` is for, and with what `check` throws.
 */
export async function holdModifiers(
  x11: X11,
  input: Input,
  modifiers: readonly Modifier[],
  focus: FocusWatch,
  check: LastCheck,
): Promise<readonly number[]> {
  if (modifiers.length === 0) return [];
  const keycodes = modifierKeycodes(await ownKeymap(x11), modifiers);
  await focus.guarded(0, () => {
    check();
    for (const keycode of keycodes) input.keyDown(keycode);
  });
  await x11.sync();
  return keycodes;
}

/** Lets go of modifiers, the last pressed first. */
export async function releaseModifiers(x11: X11, input: Input, keycodes: readonly number[]): Promise<void> {
  for (const keycode of [...keycodes].reverse()) input.keyUp(keycode);
  await x11.sync();
}

async function withCombo(
  x11: X11,
  combo: KeyCombo,
  signal: AbortSignal | undefined,
  act: (keycodes: readonly number[], pace: Pace) => Promise<void>,
): Promise<void> {
  const keymap = await ownKeymap(x11);
  const pace = new Pace(x11);
  const borrowed = new Borrowed(x11, keymap);
  const { stroke, bindings } = await strokeOf(x11, keymap, combo.key);
  const modifiers = MODIFIERS.filter((name) => combo.modifiers.includes(name) || (name === "shift" && stroke?.shift));
  const keycodes = [...modifierKeycodes(keymap, modifiers), ...(stroke === null ? [] : [stroke.keycode])];
  const isLock = combo.key !== null && LOCK_KEYS.has(keysymOf(combo.key) ?? 0);
  const unlock = isLock ? async () => {} : await plainLocks(x11, keymap);
  try {
    if (bindings.size > 0) {
      await borrowed.bind(bindings);
      await pace.settle(signal);
    }
    await act(keycodes, pace);
  } finally {
    await giveBack(x11, borrowed, pace, signal);
    await unlock();
  }
}

async function strokeOf(x11: X11, keymap: Keymap, key: string | null) {
  const none: ReadonlyMap<number, Stroke> = new Map();
  if (key === null) return { stroke: null, bindings: none };
  const keysym = keysymOf(key);
  if (keysym === null) throw new UnpressableError(key);
  const known = layoutStrokes(keymap).get(keysym);
  if (known !== undefined && isDependable(keymap, keysym, known)) return { stroke: known, bindings: none };
  const keycode = (await borrowable(x11, keymap))[0];
  if (keycode === undefined) throw new UnpressableError(key);
  const stroke = { keycode, shift: false };
  // With shift held beside it (ctrl+shift+t), a lent letter is the capital that a key of the layout would be.
  const capital = capitalOf(key);
  const bindings = new Map([[keysym, stroke]]);
  if (capital !== null) bindings.set(capital, { keycode, shift: true });
  return { stroke, bindings };
}

/** The keysym of a small letter's capital; null for what is no small letter, or has no capital of one character. */
function capitalOf(key: string): number | null {
  const capital = key.toUpperCase();
  return [...key].length === 1 && [...capital].length === 1 && capital !== key
    ? characterKeysym(capital.codePointAt(0) ?? 0)
    : null;
}

/**
 * Whether a key of the layout gives its keysym by shift alone. The second level of a function key may be reached by
 * another modifier (Break is ctrl+Pause), and which level a keypad key gives is Num Lock's to say.
 */
function isDependable(keymap: Keymap, keysym: number, stroke: Stroke): boolean {
  const [plain = 0, shifted = 0] = keymap.rows[stroke.keycode - keymap.first] ?? [];
  if (keysym >= 0xff80 && keysym <= 0xffbd) return plain === shifted || shifted === 0;
  return !stroke.shift || keysym === ISO_LEFT_TAB || isCharacterKeysym(keysym);
}

function modifierKeycodes(keymap: Keymap, modifiers: readonly Modifier[]): readonly number[] {
  return modifiers.map((name) => {
    const keycode = keycodeOf(keymap, MODIFIER_KEYS[name]);
    if (keycode === null) throw new UnpressableError(name);
    return keycode;
  });
}
