/** A pressed key combination in the names that actions use. DOM names: the W3C's `UI Events KeyboardEvent key Values`. */
import { formatKeys, MODIFIERS, type Modifier, parseKeys } from "../../shared/keys.ts";

/** The modifier keys as an event of the keyboard or the mouse tells them. */
export type WithModifiers = {
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
  getModifierState(name: "AltGraph"): boolean;
};

/** What a keyboard event says; a `KeyboardEvent` is one. */
export type Press = WithModifiers & { readonly key: string; readonly code: string; readonly location: number };

/** `KeyboardEvent.DOM_KEY_LOCATION_NUMPAD`. */
const NUMPAD = 3;

const MODIFIER_KEYS: Readonly<Record<string, Modifier>> = {
  Control: "ctrl",
  Alt: "alt",
  Shift: "shift",
  Meta: "super",
  Super: "super",
  OS: "super",
};

const NAMED: Readonly<Record<string, string>> = {
  Enter: "Return",
  Backspace: "BackSpace",
  PageUp: "Page_Up",
  PageDown: "Page_Down",
  ArrowUp: "Up",
  ArrowDown: "Down",
  ArrowLeft: "Left",
  ArrowRight: "Right",
  PrintScreen: "Print",
  ContextMenu: "Menu",
  CapsLock: "Caps_Lock",
  NumLock: "Num_Lock",
  ScrollLock: "Scroll_Lock",
  AudioVolumeUp: "XF86AudioRaiseVolume",
  AudioVolumeDown: "XF86AudioLowerVolume",
  AudioVolumeMute: "XF86AudioMute",
  MediaPlayPause: "XF86AudioPlay",
  MediaStop: "XF86AudioStop",
  MediaTrackPrevious: "XF86AudioPrev",
  MediaTrackNext: "XF86AudioNext",
  BrowserBack: "XF86Back",
  BrowserForward: "XF86Forward",
  BrowserRefresh: "XF86Reload",
  BrowserHome: "XF86HomePage",
};

const NUMPAD_NAMED: Readonly<Record<string, string>> = {
  Enter: "KP_Enter",
  "+": "KP_Add",
  "-": "KP_Subtract",
  "*": "KP_Multiply",
  "/": "KP_Divide",
  ".": "KP_Decimal",
  ",": "KP_Separator",
  "=": "KP_Equal",
  Clear: "KP_Begin",
};

/** The modifier that an event's key is; null for any other key. */
export function modifierOf(press: Press): Modifier | null {
  return MODIFIER_KEYS[press.key] ?? null;
}

/** The modifiers that are down, in their fixed order; those that only make AltGr are not among them. */
export function heldModifiers(event: WithModifiers): readonly Modifier[] {
  const altGraph = event.getModifierState("AltGraph");
  const down: Readonly<Record<Modifier, boolean>> = {
    ctrl: event.ctrlKey && !altGraph,
    alt: event.altKey && !altGraph,
    shift: event.shiftKey,
    super: event.metaKey,
  };
  return MODIFIERS.filter((modifier) => down[modifier]);
}

/**
 * The combination of a key that was pressed, e.g. `ctrl+shift+s`, in its canonical spelling. Null for a modifier (that
 * one is recorded when it is let go), a dead key, one that is part of a composition, or one without a name here.
 */
export function comboOf(press: Press): string | null {
  if (modifierOf(press) !== null) return null;
  const held = heldModifiers(press);
  const key = keyOf(press, held);
  if (key === null) return null;
  // Shift is part of how `!` is made; for letters and named keys it is a key of its own.
  const madeByShift = [...key].length === 1 && key !== " " && !isLetter(key);
  const modifiers = madeByShift ? held.filter((modifier) => modifier !== "shift") : held;
  const parsed = parseKeys(formatKeys({ modifiers, key }));
  return parsed.ok ? formatKeys(parsed.combo) : null;
}

/**
 * Whether a press is left to a text field, which tells the characters it makes: a single one without ctrl, alt or super
 * (AltGr counts as part of the layout), a dead key, or a press an input method has taken.
 */
export function makesText(press: Press): boolean {
  if (press.key === "Dead" || press.key === "Process" || press.key === "Unidentified") return true;
  return [...press.key].length === 1 && heldModifiers(press).every((modifier) => modifier === "shift");
}

function keyOf(press: Press, held: readonly Modifier[]): string | null {
  const { key, code, location } = press;
  if (location === NUMPAD) {
    if (/^[0-9]$/.test(key)) return `KP_${key}`;
    const numpad = NUMPAD_NAMED[key];
    if (numpad !== undefined) return numpad;
    const named = `KP_${NAMED[key] ?? key}`;
    return parseKeys(named).ok ? named : null;
  }
  if ([...key].length === 1) {
    // A shortcut means the key, whatever letter the keyboard's layout (Cyrillic, Option on a Mac) makes of it.
    const latin = /^Key([A-Z])$/.exec(code)?.[1];
    const shortcut = held.some((modifier) => modifier !== "shift");
    if (shortcut && latin !== undefined && key.charCodeAt(0) > 0x7e) return latin.toLowerCase();
    return isLetter(key) ? key.toLowerCase() : key;
  }
  return NAMED[key] ?? (parseKeys(key).ok ? key : null);
}

function isLetter(key: string): boolean {
  return /^\p{L}$/u.test(key) && key.toLowerCase() !== key.toUpperCase();
}
