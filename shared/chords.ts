/**
 * The key chords that are heard everywhere, whatever program has the focus. `stop` counts always; the others only on this
 * desktop and only while a decision waits.
 */
import { type KeyCombo, parseKeys } from "./keys.ts";

export const CHORD_NAMES = ["stop", "approve", "reject", "takeOver", "focusCard"] as const;
export type ChordName = (typeof CHORD_NAMES)[number];

/** Each chord in the notation of keys.ts. */
const CHORDS: Readonly<Record<ChordName, string>> = {
  stop: "ctrl+shift+F12",
  approve: "ctrl+shift+F9",
  reject: "ctrl+shift+F10",
  takeOver: "ctrl+shift+F11",
  focusCard: "ctrl+shift+F8",
};

const SHOWN: Readonly<Record<string, string>> = { ctrl: "Ctrl", alt: "Alt", shift: "Shift", super: "Super" };

/** A chord as a person reads it, and as Electron's accelerators write it: `Ctrl+Shift+F12`. */
export function chordText(name: ChordName): string {
  return CHORDS[name]
    .split("+")
    .map((part) => SHOWN[part] ?? part)
    .join("+");
}

/** A chord as modifiers and a key. Throws when it is no chord: a defect of the table. */
export function chordCombo(name: ChordName): KeyCombo & { readonly key: string } {
  const parsed = parseKeys(CHORDS[name]);
  if (!parsed.ok || parsed.combo.key === null) throw new RangeError(`chord ${name}: ${CHORDS[name]} is none`);
  return { modifiers: parsed.combo.modifiers, key: parsed.combo.key };
}
