/** Recognises the chords among the keys that a person presses. Pure. */
import { CHORD_NAMES, type ChordName, type Chords, chordCombo } from "../../../shared/chords.ts";
import { keysymOf, type Modifier } from "../../../shared/keys.ts";
import type { Keymap } from "../x11/keymap.ts";
import type { Heard } from "./heard.ts";

type Chord = {
  readonly name: ChordName;
  readonly keys: ReadonlySet<number>;
  /** For each modifier of the chord the keycodes that are it. */
  readonly needs: readonly ReadonlySet<number>[];
};

/** Keysyms of the modifiers that have no place of their own in X's modifier map. */
const SYMS: Readonly<Partial<Record<Modifier, readonly number[]>>> = {
  alt: [0xffe9, 0xffea, 0xffe7, 0xffe8],
  super: [0xffeb, 0xffec],
};
/** Places of shift, lock and control in X's modifier map; what comes after them is alt, super, the third level. */
const PLACE = { shift: 0, ctrl: 2 } as const;
const FIRST_OTHER = 3;

export class ChordMatcher {
  readonly #held: Readonly<Record<Heard["from"], Set<number>>> = { device: new Set(), xtest: new Set() };
  readonly #written: Chords;
  #chords: readonly Chord[] = [];
  #modifiers: ReadonlySet<number> = new Set();

  constructor(chords: Chords) {
    this.#written = chords;
  }

  /** Reads which keycodes the chords are on; again whenever the keyboard map has changed. */
  readKeymap(keymap: Keymap): void {
    this.#modifiers = new Set(
      keymap.modifiers.flatMap((codes, place) =>
        place === PLACE.shift || place === PLACE.ctrl || place >= FIRST_OTHER ? codes.filter((code) => code > 0) : [],
      ),
    );
    this.#chords = CHORD_NAMES.map((name) => {
      const { modifiers, key } = chordCombo(this.#written[name]);
      return { name, keys: keycodesOf(keymap, [keysymOf(key) ?? 0]), needs: modifiers.map((m) => codesOf(keymap, m)) };
    });
  }

  /** The chords that no key of the keyboard can make. */
  get missing(): readonly ChordName[] {
    return this.#chords
      .filter(({ keys, needs }) => keys.size === 0 || needs.some((codes) => codes.size === 0))
      .map(({ name }) => name);
  }

  /**
   * The chord that this event completes; null when none. A repeat completes nothing. `stop` counts whatever else is held,
   * and from another program's synthesised keys too; the others count as they are written, and say whose keys they were:
   * `device` only when every key of them is a device's.
   */
  hear(event: Heard): { readonly name: ChordName; readonly from: Heard["from"] } | null {
    if (event.kind !== "key") return null;
    const held = this.#held[event.from];
    if (!event.down) {
      held.delete(event.code);
      return null;
    }
    if (held.has(event.code)) return null;
    held.add(event.code);
    for (const { name, keys, needs } of this.#chords) {
      if (!keys.has(event.code)) continue;
      const from = event.from === "device" && this.#isHeld(needs, name, this.#held.device) ? "device" : "xtest";
      const all = new Set([...this.#held.device, ...this.#held.xtest]);
      if (from === "device" || this.#isHeld(needs, name, all)) return { name, from };
    }
    return null;
  }

  #isHeld(needs: Chord["needs"], name: ChordName, held: ReadonlySet<number>): boolean {
    if (!needs.every((codes) => [...codes].some((code) => held.has(code)))) return false;
    if (name === "stop") return true;
    return [...held].every((code) => !this.#modifiers.has(code) || needs.some((codes) => codes.has(code)));
  }
}

function codesOf(keymap: Keymap, modifier: Modifier): ReadonlySet<number> {
  if (modifier === "ctrl" || modifier === "shift")
    return new Set((keymap.modifiers[PLACE[modifier]] ?? []).filter((code) => code > 0));
  return keycodesOf(keymap, SYMS[modifier] ?? []);
}

function keycodesOf(keymap: Keymap, keysyms: readonly number[]): ReadonlySet<number> {
  return new Set(
    keymap.rows.flatMap((row, i) =>
      row[0] !== undefined && row[0] !== 0 && keysyms.includes(row[0]) ? [keymap.first + i] : [],
    ),
  );
}
