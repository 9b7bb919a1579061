/**
 * The keyboard layout as typing needs it: which key gives a keysym, which keycodes are free to be given other keysyms
 * for a while, and how a text is cut into lots that need one change of the map each. All pure.
 *
 * Only the first two levels of the first group are used (plain and shift): every toolkit agrees on them.
 */

/** How to get a keysym: press `keycode`, with shift or without. */
export type Stroke = { readonly keycode: number; readonly shift: boolean };

/** The server's keyboard and modifier maps. */
export type Keymap = {
  readonly first: number;
  /** Keysyms of keycode `first + i`. */
  readonly rows: readonly (readonly number[])[];
  /** Keycodes of shift, lock, control, mod1 to mod5; 0 is an empty place. */
  readonly modifiers: readonly (readonly number[])[];
};

/** Some neighbouring keycodes' keysyms, `first` on. */
export type Range = { readonly first: number; readonly rows: readonly (readonly number[])[] };

/** A stretch of symbols, `from` to `to` (exclusive), that one state of the map can give. */
export type Lot = {
  readonly from: number;
  readonly to: number;
  /** Keysyms to bind first, and where; empty: the layout has them all. */
  readonly bindings: ReadonlyMap<number, Stroke>;
};

const NUM_LOCK = 0xff7f;
const SHIFT_KEYS = [0xffe1, 0xffe2];
const UNICODE = 0x01000000;

/**
 * Media keys (`0x1008ffXX`, XF86keysym.h) that some program acts on by their keycode, whatever keysym they are given:
 * Chromium goes back in its history at XF86Back. In runs of first and last: brightness; power, volume, players, mail;
 * search; calculator; history, sleep, screen saver; favourites, computer; rewind; close, copy, cut, display; explorer;
 * log off; open, paste, reload, save; audio.
 */
const ACTED_ON: readonly (readonly [number, number])[] = [
  [0x02, 0x06],
  [0x10, 0x1d],
  [0x26, 0x33],
  [0x3e, 0x3e],
  [0x56, 0x59],
  [0x5d, 0x5d],
  [0x61, 0x61],
  [0x6b, 0x6d],
  [0x73, 0x77],
  [0x97, 0x99],
  [0xa7, 0xa8],
  [0xb2, 0xb2],
];

/** The strokes of the present layout: keysym to stroke, the lowest keycode and the plain level first. */
export function layoutStrokes(keymap: Keymap): ReadonlyMap<number, Stroke> {
  const strokes = new Map<number, Stroke>();
  const shift = shiftKeycode(keymap) !== null;
  const add = (keysym: number, stroke: Stroke) => {
    if (keysym !== 0 && !strokes.has(keysym)) strokes.set(keysym, stroke);
  };
  keymap.rows.forEach((row, i) => {
    const keycode = keymap.first + i;
    const [plain = 0, shifted = 0] = row;
    add(plain, { keycode, shift: false });
    // A lone letter is a pair of both cases (X11 protocol, chapter "Keyboards"): no such layout is worth the rule here,
    // its capital is bound like any missing character.
    if (shift && shifted !== plain) add(shifted, { keycode, shift: true });
  });
  return strokes;
}

/** The keycode of a shift key; null on a layout without one. */
export function shiftKeycode(keymap: Keymap): number | null {
  return keycodeOf(keymap, SHIFT_KEYS);
}

/** The keycode that has one of `keysyms` on its plain level, in the order of `keysyms`; null when none has. */
export function keycodeOf(keymap: Keymap, keysyms: readonly number[]): number | null {
  for (const keysym of keysyms) {
    const i = keymap.rows.findIndex((row) => row[0] === keysym);
    if (i >= 0) return keymap.first + i;
  }
  return null;
}

/** The mask of the modifier that Num Lock is on; 0 on a layout without one. */
export function numLockMask(keymap: Keymap): number {
  const keycode = keycodeOf(keymap, [NUM_LOCK]);
  if (keycode === null) return 0;
  return keymap.modifiers.reduce((mask, keycodes, i) => (keycodes.includes(keycode) ? mask | (1 << i) : mask), 0);
}

/**
 * Keycodes that may carry other keysyms for a while, in two kinds: `empty` ones, and `idle` ones that hold nothing but
 * media and launcher keys (XF86 keysyms) which programs know by their keysym alone. Never a modifier, never one with
 * a function of the server (switching consoles, breaking grabs).
 */
export function spareKeycodes(keymap: Keymap): { readonly empty: readonly number[]; readonly idle: readonly number[] } {
  const modifiers = new Set(keymap.modifiers.flat());
  const empty: number[] = [];
  const idle: number[] = [];
  keymap.rows.forEach((row, i) => {
    const keycode = keymap.first + i;
    // The first keycodes are below those of any keyboard; toolkits that count from 8 take them for none.
    if (keycode <= 8 || modifiers.has(keycode)) return;
    if (row.every((keysym) => keysym === 0)) empty.push(keycode);
    else if (row.every((keysym) => keysym === 0 || isIdleKey(keysym))) idle.push(keycode);
  });
  return { empty, idle };
}

function isIdleKey(keysym: number): boolean {
  if (keysym < 0x1008ff00 || keysym > 0x1008ffff) return false;
  const low = keysym & 0xff;
  return !ACTED_ON.some(([first, last]) => low >= first && low <= last);
}

/**
 * Cuts `keysyms` into as few lots as fit `spare`: each lot's missing keysyms are bound on the plain levels first, then
 * on the shift levels. Null at the first keysym when there is no room at all.
 */
export function planLots(
  keysyms: readonly number[],
  strokes: ReadonlyMap<number, Stroke>,
  spare: readonly number[],
  shift: boolean,
): readonly Lot[] | null {
  const room = spare.length * (shift ? 2 : 1);
  const lots: Lot[] = [];
  let from = 0;
  let missing = new Set<number>();
  for (let i = 0; i < keysyms.length; i += 1) {
    const keysym = keysyms[i] ?? 0;
    if (strokes.has(keysym) || missing.has(keysym)) continue;
    if (room === 0) return null;
    if (missing.size === room) {
      lots.push({ from, to: i, bindings: place(missing, spare) });
      from = i;
      missing = new Set();
    }
    missing.add(keysym);
  }
  lots.push({ from, to: keysyms.length, bindings: place(missing, spare) });
  return lots;
}

function place(missing: ReadonlySet<number>, spare: readonly number[]): ReadonlyMap<number, Stroke> {
  return new Map(
    [...missing].map(
      (keysym, i) => [keysym, { keycode: spare[i % spare.length] ?? 0, shift: i >= spare.length }] as const,
    ),
  );
}

/**
 * The runs of neighbouring keycodes that hold all of `keycodes`: each is changed by one request. `rows` are as they are
 * now. Between `keycodes` lie only keys that come through such a request unchanged.
 */
export function rangesAround(keymap: Keymap, keycodes: readonly number[]): readonly Range[] {
  const modifiers = new Set(keymap.modifiers.flat());
  const isBarrier = (keycode: number) => modifiers.has(keycode) || !isSimple(keymap.rows[keycode - keymap.first] ?? []);
  const ranges: { first: number; last: number }[] = [];
  for (const keycode of [...keycodes].sort((a, b) => a - b)) {
    const run = ranges.at(-1);
    const between = run === undefined ? [] : Array.from({ length: keycode - run.last }, (_, i) => run.last + i);
    if (run === undefined || between.some(isBarrier)) ranges.push({ first: keycode, last: keycode });
    else run.last = keycode;
  }
  return ranges.map(({ first, last }) => ({
    first,
    rows: keymap.rows.slice(first - keymap.first, last + 1 - keymap.first),
  }));
}

/**
 * Whether a key has one group of at most two levels, which the core protocol shows twice. A row with more (four levels,
 * ctrl+alt functions) would come back from a core request with groups it never had, and make every row wider.
 */
function isSimple(row: readonly number[]): boolean {
  return row.every((keysym, level) => (level < 4 ? keysym === row[level % 2] : keysym === 0));
}

/** `range` with `bindings` in it; the other keycodes keep their keysyms. */
export function boundRange(range: Range, bindings: ReadonlyMap<number, Stroke>): Range {
  const levels = new Map<number, [number, number]>();
  for (const [keysym, { keycode, shift }] of bindings) {
    const pair = levels.get(keycode) ?? [0, 0];
    pair[shift ? 1 : 0] = keysym;
    levels.set(keycode, pair);
  }
  const rows = range.rows.map((row, i) => {
    const pair = levels.get(range.first + i);
    if (pair === undefined) return row;
    // A key with one keysym would be taken for a pair of cases: say it twice.
    const [plain, shifted] = [pair[0], pair[1] || pair[0]];
    return row.map((_, level) => [plain, shifted, plain, shifted][level] ?? 0);
  });
  return { first: range.first, rows };
}

/** A range as numbers, for a property that outlives us: first keycode, count, width, keysyms. */
export function encodeRanges(ranges: readonly Range[]): number[] {
  return ranges.flatMap(({ first, rows }) => [first, rows.length, rows[0]?.length ?? 0, ...rows.flat()]);
}

/** The ranges of `encodeRanges`; null when the numbers are not such a record. */
export function decodeRanges(numbers: readonly number[]): readonly Range[] | null {
  const ranges: Range[] = [];
  let at = 0;
  while (at < numbers.length) {
    const [first = 0, count = 0, width = 0] = numbers.slice(at, at + 3);
    const keysyms = numbers.slice(at + 3, at + 3 + count * width);
    if (first < 8 || count < 1 || first + count > 256 || width < 1 || keysyms.length !== count * width) return null;
    ranges.push({ first, rows: Array.from({ length: count }, (_, i) => keysyms.slice(i * width, (i + 1) * width)) });
    at += 3 + count * width;
  }
  return ranges;
}

/** Whether a character can be typed: no control character but newline and tab, no half surrogate, no noncharacter. */
export function isTypeable(character: string): boolean {
  if (character === "\n" || character === "\t") return true;
  return !/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.test(character);
}

/** Whether a keysym is a character's (Latin-1 or Unicode), not a function key's. */
export function isCharacterKeysym(keysym: number): boolean {
  return (keysym >= 0x20 && keysym <= 0xff) || (keysym >= UNICODE && keysym <= UNICODE + 0x10ffff);
}
