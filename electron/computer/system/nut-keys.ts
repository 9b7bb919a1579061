/** Claude's keys as keys of nut-js, on the systems where nut-js presses them. */
import { Key } from "@nut-tree/nut-js";
import type { KeyCombo, Modifier } from "../../../shared/keys.ts";
import type { TypingSystem } from "./typed-parts.ts";

/** nut-js's `Enter` is the keypad's, its `LeftAlt` is Option; super is the system's own key. */
const MODIFIERS: Readonly<Record<TypingSystem, Readonly<Record<Modifier, Key>>>> = {
  darwin: { ctrl: Key.LeftControl, alt: Key.LeftAlt, shift: Key.LeftShift, super: Key.LeftCmd },
  win32: { ctrl: Key.LeftControl, alt: Key.LeftAlt, shift: Key.LeftShift, super: Key.LeftWin },
};

/** By the canonical names of shared/keys.ts; what is not here nut-js would leave out without a word. */
const NAMED: Readonly<Record<string, Key>> = {
  BackSpace: Key.Backspace,
  Tab: Key.Tab,
  Return: Key.Return,
  Escape: Key.Escape,
  Delete: Key.Delete,
  Home: Key.Home,
  Left: Key.Left,
  Up: Key.Up,
  Right: Key.Right,
  Down: Key.Down,
  Page_Up: Key.PageUp,
  Page_Down: Key.PageDown,
  End: Key.End,
  Insert: Key.Insert,
  Print: Key.Print,
  Menu: Key.Menu,
  Caps_Lock: Key.CapsLock,
  Num_Lock: Key.NumLock,
  Scroll_Lock: Key.ScrollLock,
  KP_Enter: Key.Enter,
  KP_Add: Key.Add,
  KP_Subtract: Key.Subtract,
  KP_Multiply: Key.Multiply,
  KP_Divide: Key.Divide,
  KP_Decimal: Key.Decimal,
  KP_Equal: Key.NumPadEqual,
  XF86AudioMute: Key.AudioMute,
  XF86AudioLowerVolume: Key.AudioVolDown,
  XF86AudioRaiseVolume: Key.AudioVolUp,
  XF86AudioPlay: Key.AudioPlay,
  XF86AudioStop: Key.AudioStop,
  XF86AudioPrev: Key.AudioPrev,
  XF86AudioNext: Key.AudioNext,
  " ": Key.Space,
};

/** The keys of a US keyboard by what they give without and with shift. */
const CHARACTERS: ReadonlyMap<string, readonly [Key, boolean]> = new Map(
  (
    [
      ["`~", Key.Grave],
      ["1!", Key.Num1],
      ["2@", Key.Num2],
      ["3#", Key.Num3],
      ["4$", Key.Num4],
      ["5%", Key.Num5],
      ["6^", Key.Num6],
      ["7&", Key.Num7],
      ["8*", Key.Num8],
      ["9(", Key.Num9],
      ["0)", Key.Num0],
      ["-_", Key.Minus],
      ["=+", Key.Equal],
      ["[{", Key.LeftBracket],
      ["]}", Key.RightBracket],
      ["\\|", Key.Backslash],
      [";:", Key.Semicolon],
      ["'\"", Key.Quote],
      [",<", Key.Comma],
      [".>", Key.Period],
      ["/?", Key.Slash],
    ] as const
  ).flatMap(([both, key]) => [...both].map((character, i) => [character, [key, i === 1]] as const)),
);

/**
 * The keys of `combo`, in the order they are pressed: modifiers, then the key. Throws an Error, before anything is pressed,
 * that names a key nut-js can't press.
 */
export function nutKeys({ modifiers, key }: KeyCombo, system: TypingSystem): readonly Key[] {
  const [pressed, shifted] = key === null ? [null, false] : keyOf(key);
  const all = shifted && !modifiers.includes("shift") ? [...modifiers, "shift" as const] : modifiers;
  return [...all.map((modifier) => MODIFIERS[system][modifier]), ...(pressed === null ? [] : [pressed])];
}

function keyOf(name: string): readonly [Key, boolean] {
  const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (named !== undefined) return [named, false];
  const character = CHARACTERS.get(name);
  if (character !== undefined) return character;
  if (/^[a-z]$/i.test(name)) return [enumKey(name.toUpperCase()), name !== name.toLowerCase()];
  if (/^F([1-9]|1\d|2[0-4])$/.test(name)) return [enumKey(name), false];
  if (/^KP_\d$/.test(name)) return [enumKey(name.replace("KP_", "NumPad")), false];
  throw new Error(`text: the key ${name} can't be pressed on this system`);
}

/** A key by its name in nut-js: the caller's patterns leave only names that are there. */
function enumKey(name: string): Key {
  return Key[name as keyof typeof Key];
}
