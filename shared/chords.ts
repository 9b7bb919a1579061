/**
 * The key chords that are heard everywhere, whatever program has the focus: what each does, what it is by default, and which
 * others it may become. `stop` counts always; the others only on this desktop and only while a decision waits.
 */
import { BINDING_NAMES, comboId, type KeyBindings } from "./key-bindings.ts";
import { formatKeys, type KeyCombo, parseKeys } from "./keys.ts";

export const CHORD_NAMES = ["stop", "approve", "reject", "takeOver", "focusCard"] as const;
export type ChordName = (typeof CHORD_NAMES)[number];

/** A chord for each, in the notation of keys.ts. */
export type Chords = Readonly<Record<ChordName, string>>;

export const DEFAULT_CHORDS: Chords = {
  stop: "ctrl+shift+F12",
  approve: "ctrl+shift+F9",
  reject: "ctrl+shift+F10",
  takeOver: "ctrl+shift+F11",
  focusCard: "ctrl+shift+F8",
};

export const CHORD_LABELS: Readonly<Record<ChordName, string>> = {
  stop: "Stop session",
  approve: "Approve anywhere",
  reject: "Reject anywhere",
  takeOver: "Take over anywhere",
  focusCard: "Bring the card",
};

/**
 * Keys a chord may end in beside letters and F keys, as Electron's accelerators write them: ones that no modifier turns into
 * another (https://www.electronjs.org/docs/latest/api/accelerator).
 */
const NAMED: Readonly<Record<string, string>> = {
  Page_Up: "PageUp",
  Page_Down: "PageDown",
  Home: "Home",
  End: "End",
  Insert: "Insert",
  " ": "Space",
};
const PLAIN = /^(?:[a-z]|F(?:[1-9]|1\d|2[0-4]))$/i;

/** Fewer would be in the way of programs, whose own keys take one. */
const LEAST_MODIFIERS = 2;

/** With these the system switches consoles. */
const KEPT = /^ctrl\+alt\+(?:shift\+)?F(?:[1-9]|1[0-2])$/;

/**
 * Why these can't be the chords, in words that name the chord; null when they can.
 * @param keys the window's own, which they must not be; null: not looked at
 */
export function chordsProblem(chords: Chords, keys: KeyBindings | null): string | null {
  const used = new Map<string, ChordName>();
  const stop = comboOf(chords.stop);
  for (const name of CHORD_NAMES) {
    const combo = comboOf(chords[name]);
    if (typeof combo === "string") return `${name}: ${combo}`;
    const shown = chordText(chords[name]);
    const written = formatKeys(combo);
    const other = used.get(written);
    if (other !== undefined) return `${name}: ${shown} is taken by ${other}`;
    // Stop counts whatever else is held.
    if (name !== "stop" && typeof stop !== "string" && isWithin(stop, combo))
      return `${name}: ${shown} has all of ${chordText(chords.stop)}, which stops`;
    const binding = BINDING_NAMES.find((each) => keys !== null && isSame(keys[each], combo));
    if (binding !== undefined) return `${name}: ${shown} is ${binding} in the window already`;
    used.set(written, name);
  }
  return null;
}

/**
 * A chord as a person reads it, and as Electron's accelerators write it: `Ctrl+Shift+F12`. Throws a RangeError when it is none:
 * settings have been checked.
 */
export function chordText(chord: string): string {
  const { modifiers, key } = chordCombo(chord);
  const shown = NAMED[key] ?? key.toUpperCase();
  return [...modifiers.map((modifier) => SHOWN[modifier]), shown].join("+");
}

const SHOWN = { ctrl: "Ctrl", alt: "Alt", shift: "Shift", super: "Super" } as const;

/** A chord as modifiers and a key. Throws a RangeError when it is none: settings have been checked. */
export function chordCombo(chord: string): Chord {
  const combo = comboOf(chord);
  if (typeof combo === "string") throw new RangeError(`chord: ${combo}`);
  return combo;
}

type Chord = KeyCombo & { readonly key: string };

/** The chord, or what is wrong with it. A letter is its key, whatever its case. */
function comboOf(text: string): Chord | string {
  const parsed = parseKeys(text);
  if (!parsed.ok) return parsed.error;
  const { modifiers, key } = parsed.combo;
  if (key === null) return `"${text}" has modifiers only; add a key`;
  if (modifiers.length < LEAST_MODIFIERS) return `"${text}" needs two of Ctrl, Alt, Shift and Super at least`;
  const plain = key.length === 1 ? key.toLowerCase() : key;
  if (!PLAIN.test(plain) && !Object.hasOwn(NAMED, plain))
    return `"${text}" has to end in a letter, an F key, Space, Insert, Home, End, Page_Up or Page_Down`;
  if (KEPT.test(formatKeys({ modifiers, key: plain }))) return `"${text}" switches consoles`;
  return { modifiers, key: plain };
}

function isWithin(small: Chord, large: Chord): boolean {
  return small.key === large.key && small.modifiers.every((modifier) => large.modifiers.includes(modifier));
}

function isSame(binding: string, combo: KeyCombo): boolean {
  const parsed = parseKeys(binding);
  return parsed.ok && comboId(parsed.combo) === comboId(combo);
}
