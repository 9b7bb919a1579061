/**
 * Key names as Claude writes them: X keysym names (`Return`, `Page_Down`, `KP_5`), single characters and common
 * aliases (`enter`, `cmd`, `esc`), joined by `+`. Case does not matter for names, except where X has two names that
 * differ in it (`adiaeresis`, `Adiaeresis`); it does for single characters.
 * Keysym numbers: X.Org `keysymdef.h`; a Unicode character's keysym is its code point for Latin-1 and
 * 0x01000000 + code point otherwise.
 */
import { showText, textPieces } from "./visible-text.ts";

/** The four modifiers that can be held. */
export const MODIFIERS = ["ctrl", "alt", "shift", "super"] as const;
export type Modifier = (typeof MODIFIERS)[number];

/** A key combination: modifiers in the fixed order of MODIFIERS, then at most one key. */
export type KeyCombo = {
  readonly modifiers: readonly Modifier[];
  /** Canonical key name (`Return`, `s`, `plus` is written `+`), or null for modifiers alone. */
  readonly key: string | null;
};

export type KeysResult =
  | { readonly ok: true; readonly combo: KeyCombo }
  | { readonly ok: false; readonly error: string };

const MODIFIER_NAMES: Readonly<Record<string, Modifier>> = {
  ctrl: "ctrl",
  control: "ctrl",
  control_l: "ctrl",
  control_r: "ctrl",
  ctl: "ctrl",
  alt: "alt",
  alt_l: "alt",
  alt_r: "alt",
  option: "alt",
  opt: "alt",
  meta: "alt",
  meta_l: "alt",
  meta_r: "alt",
  shift: "shift",
  shift_l: "shift",
  shift_r: "shift",
  super: "super",
  super_l: "super",
  super_r: "super",
  cmd: "super",
  command: "super",
  win: "super",
  windows: "super",
};

const NAMED: Readonly<Record<string, number>> = {
  BackSpace: 0xff08,
  Tab: 0xff09,
  Return: 0xff0d,
  Pause: 0xff13,
  Scroll_Lock: 0xff14,
  Sys_Req: 0xff15,
  Escape: 0xff1b,
  Delete: 0xffff,
  Home: 0xff50,
  Left: 0xff51,
  Up: 0xff52,
  Right: 0xff53,
  Down: 0xff54,
  Page_Up: 0xff55,
  Page_Down: 0xff56,
  End: 0xff57,
  Begin: 0xff58,
  Select: 0xff60,
  Print: 0xff61,
  Execute: 0xff62,
  Insert: 0xff63,
  Undo: 0xff65,
  Redo: 0xff66,
  Menu: 0xff67,
  Find: 0xff68,
  Cancel: 0xff69,
  Help: 0xff6a,
  Break: 0xff6b,
  Num_Lock: 0xff7f,
  Caps_Lock: 0xffe5,
  ISO_Left_Tab: 0xfe20,
  KP_Space: 0xff80,
  KP_Tab: 0xff89,
  KP_Enter: 0xff8d,
  KP_Home: 0xff95,
  KP_Left: 0xff96,
  KP_Up: 0xff97,
  KP_Right: 0xff98,
  KP_Down: 0xff99,
  KP_Page_Up: 0xff9a,
  KP_Page_Down: 0xff9b,
  KP_End: 0xff9c,
  KP_Begin: 0xff9d,
  KP_Insert: 0xff9e,
  KP_Delete: 0xff9f,
  KP_Equal: 0xffbd,
  KP_Multiply: 0xffaa,
  KP_Add: 0xffab,
  KP_Separator: 0xffac,
  KP_Subtract: 0xffad,
  KP_Decimal: 0xffae,
  KP_Divide: 0xffaf,
  XF86AudioLowerVolume: 0x1008ff11,
  XF86AudioMute: 0x1008ff12,
  XF86AudioRaiseVolume: 0x1008ff13,
  XF86AudioPlay: 0x1008ff14,
  XF86AudioStop: 0x1008ff15,
  XF86AudioPrev: 0x1008ff16,
  XF86AudioNext: 0x1008ff17,
  XF86Back: 0x1008ff26,
  XF86Forward: 0x1008ff27,
  XF86Reload: 0x1008ff73,
  XF86Refresh: 0x1008ff29,
  XF86HomePage: 0x1008ff18,
  ...numbered("F", 1, 24, 0xffbe),
  ...numbered("KP_", 0, 9, 0xffb0),
};

/** Other spellings, all lower case, of the names above or of a single character. */
const ALIASES: Readonly<Record<string, string>> = {
  enter: "Return",
  esc: "Escape",
  del: "Delete",
  ins: "Insert",
  bksp: "BackSpace",
  bs: "BackSpace",
  pgup: "Page_Up",
  pageup: "Page_Up",
  prior: "Page_Up",
  page_prior: "Page_Up",
  pgdn: "Page_Down",
  pgdown: "Page_Down",
  pagedown: "Page_Down",
  next: "Page_Down",
  arrowup: "Up",
  arrowdown: "Down",
  arrowleft: "Left",
  arrowright: "Right",
  up_arrow: "Up",
  down_arrow: "Down",
  left_arrow: "Left",
  right_arrow: "Right",
  printscreen: "Print",
  print_screen: "Print",
  prtsc: "Print",
  prtscr: "Print",
  capslock: "Caps_Lock",
  numlock: "Num_Lock",
  scrolllock: "Scroll_Lock",
  apps: "Menu",
  contextmenu: "Menu",
  linefeed: "Return",
  newline: "Return",
  kp_prior: "KP_Page_Up",
  kp_next: "KP_Page_Down",
  space: " ",
  spacebar: " ",
  exclam: "!",
  quotedbl: '"',
  numbersign: "#",
  dollar: "$",
  percent: "%",
  ampersand: "&",
  apostrophe: "'",
  quoteright: "'",
  parenleft: "(",
  parenright: ")",
  asterisk: "*",
  plus: "+",
  comma: ",",
  minus: "-",
  hyphen: "-",
  period: ".",
  dot: ".",
  slash: "/",
  colon: ":",
  semicolon: ";",
  less: "<",
  equal: "=",
  equals: "=",
  greater: ">",
  question: "?",
  at: "@",
  bracketleft: "[",
  backslash: "\\",
  bracketright: "]",
  asciicircum: "^",
  underscore: "_",
  grave: "`",
  backtick: "`",
  quoteleft: "`",
  braceleft: "{",
  bar: "|",
  pipe: "|",
  braceright: "}",
  asciitilde: "~",
  tilde: "~",
  adiaeresis: "ä",
  odiaeresis: "ö",
  udiaeresis: "ü",
  ssharp: "ß",
  eurosign: "€",
};

const CANONICAL: ReadonlyMap<string, string> = new Map(Object.keys(NAMED).map((name) => [name.toLowerCase(), name]));

/**
 * Parses a key combination such as `ctrl+shift+s`, `Return`, `ctrl++` or `super`. Order of the modifiers is free and
 * repeated ones count once. The error names the part that is wrong and suggests near names.
 */
export function parseKeys(text: string): KeysResult {
  if (text === "") return { ok: false, error: "expected a key such as Return or ctrl+s, got an empty text" };
  if (text.length > 100) return { ok: false, error: `expected one key combination, got ${text.length} characters` };
  const parts = split(text);
  const modifiers = new Set<Modifier>();
  let key: string | null = null;
  for (const part of parts) {
    const modifier = MODIFIER_NAMES[part.toLowerCase()];
    if (modifier !== undefined && Object.hasOwn(MODIFIER_NAMES, part.toLowerCase())) {
      modifiers.add(modifier);
      continue;
    }
    const name = canonicalKey(part);
    if (name === null) return { ok: false, error: unknownKey(part, text) };
    if (key !== null)
      return {
        ok: false,
        error: `"${shorten(text)}" has two keys, ${quoted(key)} and ${quoted(name)}; press one at a time`,
      };
    key = name;
  }
  return { ok: true, combo: { modifiers: MODIFIERS.filter((m) => modifiers.has(m)), key } };
}

/** Parses held modifiers (`shift`, `ctrl+alt`); a key that is not a modifier is an error. */
export function parseModifiers(text: string): KeysResult {
  const parsed = parseKeys(text);
  if (parsed.ok && parsed.combo.key !== null) {
    return { ok: false, error: `${quoted(parsed.combo.key)} can't be held; use shift, ctrl, alt or super` };
  }
  return parsed;
}

/** The combination in its one canonical spelling, e.g. `ctrl+shift+s`. */
export function formatKeys(combo: KeyCombo): string {
  const key = combo.key === " " ? "space" : combo.key;
  return [...combo.modifiers, ...(key === null ? [] : [key])].join("+");
}

/** The X keysym of a canonical key name or of a single character; null for an unknown name. */
export function keysymOf(key: string): number | null {
  const named = Object.hasOwn(NAMED, key) ? NAMED[key] : undefined;
  if (named !== undefined) return named;
  const code = key.codePointAt(0);
  if (code === undefined || [...key].length !== 1) return null;
  return characterKeysym(code);
}

/** The X keysym of a Unicode code point: itself in Latin-1, 0x01000000 + code point above. */
export function characterKeysym(code: number): number {
  if (code === 0x0a || code === 0x0d) return 0xff0d;
  if (code === 0x09) return 0xff09;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) ? code : 0x01000000 + code;
}

function numbered(prefix: string, from: number, to: number, first: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: to - from + 1 }, (_, i) => [`${prefix}${from + i}`, first + i]));
}

/** Splits at `+`, where a `+` that ends the text or stands alone is the key itself. */
function split(text: string): string[] {
  if (text === "+") return ["+"];
  if (text.endsWith("++"))
    return [
      ...text
        .slice(0, -2)
        .split("+")
        .map((p) => p.trim()),
      "+",
    ];
  return text.split("+").map((part) => (part === " " ? part : part.trim()));
}

function canonicalKey(part: string): string | null {
  if ([...part].length === 1) return isTypeable(part) ? part : null;
  const lower = part.toLowerCase();
  const alias = Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : undefined;
  const capital = lower.endsWith("diaeresis") && part.startsWith(part.charAt(0).toUpperCase());
  return CANONICAL.get(lower) ?? (capital ? alias?.toUpperCase() : alias) ?? unicodeName(part);
}

/** A code point by its number, as X and xdotool write it: `U20AC`. (`U+20AC` would be two parts.) */
function unicodeName(part: string): string | null {
  const hex = /^U([0-9a-f]{4,6})$/i.exec(part)?.[1];
  if (hex === undefined) return null;
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff) return null;
  const character = String.fromCodePoint(code);
  return isTypeable(character) ? character : null;
}

/** Whether a character can be a key: a key that nobody can see in the sentence on the card is not one. */
function isTypeable(character: string): boolean {
  return character === " " || textPieces(character).every((piece) => piece.kind === "plain");
}

function unknownKey(part: string, text: string): string {
  if (part === "" && !text.includes("+")) return `unknown key "${shorten(text)}"`;
  if (part === "") return `"${shorten(text)}" has an empty part; write the plus key as ctrl++`;
  const joined = canonicalKey(part.replace(/[\s-]+/g, "_")) ?? canonicalKey(part.replace(/[\s_-]+/g, ""));
  if (joined !== null && [...joined].length > 1) return `unknown key "${shorten(part)}"; did you mean ${joined}?`;
  if (/\s/.test(part)) return `"${shorten(text)}" is more than one key combination; press one at a time, or use repeat`;
  const near = suggestions(part.toLowerCase());
  return `unknown key "${shorten(part)}"${near.length > 0 ? `; did you mean ${near.join(", ")}?` : ""}`;
}

function suggestions(lower: string): string[] {
  const names = [...CANONICAL.keys(), ...Object.keys(ALIASES), ...Object.keys(MODIFIER_NAMES)];
  const scored = names
    .map((name) => ({ name, d: distance(lower, name) }))
    .filter(({ name, d }) => d <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.d - b.d || a.name.length - b.name.length);
  return [...new Set(scored.map(({ name }) => CANONICAL.get(name) ?? name))].slice(0, 3);
}

/** Levenshtein distance; both texts are short (key names). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function quoted(key: string): string {
  return key === " " ? '"space"' : `"${key}"`;
}

function shorten(text: string): string {
  return showText(text.length > 40 ? `${[...text].slice(0, 40).join("")}...` : text);
}
