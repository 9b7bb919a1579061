/** The display's keyboard map, borrowed for typing and given back. */
import type { Locks, X11 } from "./connection.ts";
import type { Input } from "./input.ts";
import {
  boundRange,
  decodeRanges,
  encodeRanges,
  type Keymap,
  numLockMask,
  type Range,
  rangesAround,
  type Stroke,
  spareKeycodes,
} from "./keymap.ts";
import type { Pace } from "./pace.ts";
import { windowManagerReady } from "./window-manager.ts";

/** On the root window while keycodes are borrowed: what they were, so that a later start can put it back. */
const RECORD = "_COUNTERSIGN_KEYMAP";
const ALL_MODIFIERS = 0xff;
const GIVE_BACK = 1000;

/** The server's maps as they are when nobody borrows: what a crashed predecessor left bound is put back first. */
export async function ownKeymap(x11: X11): Promise<Keymap> {
  await repairKeymap(x11);
  return await readKeymap(x11);
}

/** The server's maps as they are now. */
export async function readKeymap(x11: X11): Promise<Keymap> {
  const [rows, modifiers] = await Promise.all([
    x11.keyboardMapping(x11.minKeycode, x11.maxKeycode - x11.minKeycode + 1),
    x11.modifierMapping(),
  ]);
  return { first: x11.minKeycode, rows, modifiers };
}

/**
 * Keycodes that typing may borrow: those of the one run of neighbours that holds most, so that one request changes them
 * all, the empty ones before the media keys. Of these only those that no program has as a shortcut. Every request costs
 * the window manager some 20 ms (openbox grabs all its shortcuts anew), so a second run would not pay.
 */
export async function borrowable(x11: X11, keymap: Keymap): Promise<readonly number[]> {
  const { empty, idle } = spareKeycodes(keymap);
  const keycodes = [...empty, ...(await x11.ungrabbed(idle))];
  return rangesAround(keymap, keycodes)
    .map(({ first, rows }) => keycodes.filter((code) => code >= first && code < first + rows.length))
    .reduce((most, run) => (run.length > most.length ? run : most), []);
}

/** Borrowed keycodes: bound anew for each lot, given back at the end. Whoever binds waits for the programs (Pace). */
export class Borrowed {
  readonly #x11: X11;
  readonly #keymap: Keymap;
  #ranges: readonly Range[] = [];

  constructor(x11: X11, keymap: Keymap) {
    this.#x11 = x11;
    this.#keymap = keymap;
  }

  /** Whether anything is bound. */
  get active(): boolean {
    return this.#ranges.length > 0;
  }

  /** Binds a lot's keysyms, one request for each run of keycodes; the record of what was there goes out first. */
  async bind(bindings: ReadonlyMap<number, Stroke>): Promise<void> {
    const keycodes = [...new Set([...bindings.values()].map((stroke) => stroke.keycode))];
    const known = this.#ranges.flatMap(({ first, rows }) => [first, first + rows.length - 1]);
    const ranges = rangesAround(this.#keymap, [...keycodes, ...known]);
    await this.#x11.setCardinals(this.#x11.root, RECORD, encodeRanges(ranges));
    this.#ranges = ranges;
    for (const range of ranges) {
      const bound = boundRange(range, bindings);
      this.#x11.changeKeyboardMapping(bound.first, bound.rows);
    }
    await this.#x11.sync();
  }

  /** Gives the keycodes back as they were. */
  async restore(): Promise<void> {
    if (!this.active) return;
    for (const range of this.#ranges) this.#x11.changeKeyboardMapping(range.first, range.rows);
    this.#ranges = [];
    await this.#x11.deleteProperty(this.#x11.root, RECORD);
    await this.#x11.sync();
  }
}

/**
 * Gives the keycodes back once the program has read what was typed with them: read later, it would come out wrong. The
 * typing may have been stopped, and the program may hang: it gets `GIVE_BACK` ms. Then, unless stopped, waits for the
 * window manager, which would miss clicks and new windows while it takes in the changes.
 */
export async function giveBack(x11: X11, borrowed: Borrowed, pace: Pace, signal?: AbortSignal): Promise<void> {
  if (!borrowed.active) return;
  try {
    await pace.settle(AbortSignal.timeout(GIVE_BACK));
  } finally {
    await borrowed.restore();
  }
  if (!signal?.aborted) await windowManagerReady(x11);
}

/** Puts back what a crashed predecessor had borrowed; resolves with whether there was something to put back. */
export async function repairKeymap(x11: X11): Promise<boolean> {
  const record = await x11.property(x11.root, RECORD);
  if (record === null) return false;
  const numbers = Array.from({ length: record.data.length >> 2 }, (_, i) => record.data.readUInt32LE(i * 4));
  const ranges = decodeRanges(numbers);
  for (const range of ranges ?? []) x11.changeKeyboardMapping(range.first, range.rows);
  await x11.deleteProperty(x11.root, RECORD);
  await x11.sync();
  return ranges !== null;
}

/**
 * Puts right what a crashed predecessor left on the display: keys and buttons held down, borrowed keycodes. For the start
 * of an executor, before anything else.
 */
export async function recover(x11: X11, input: Input): Promise<void> {
  await input.releaseAll();
  await repairKeymap(x11);
}

/**
 * Takes Caps Lock, a locked second layout and the like out of the way, without pressing a key; the result puts them
 * back. Num Lock stays: it only touches the keypad.
 */
export async function plainLocks(x11: X11, keymap: Keymap): Promise<() => Promise<void>> {
  const before: Locks = await x11.locks();
  const mask = ALL_MODIFIERS & ~numLockMask(keymap);
  if ((before.modifiers & mask) === 0 && before.group === 0) return async () => {};
  x11.setLocks(mask, { modifiers: 0, group: 0 });
  await x11.sync();
  return async () => {
    x11.setLocks(mask, before);
    await x11.sync();
  };
}
