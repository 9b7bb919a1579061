import { describe, expect, it } from "vitest";
import {
  boundRange,
  decodeRanges,
  encodeRanges,
  isTypeable,
  type Keymap,
  layoutStrokes,
  numLockMask,
  planLots,
  rangesAround,
  shiftKeycode,
  spareKeycodes,
} from "./keymap.ts";

/** Keycodes 8 to 20 of a keyboard with two letters, a digit, shift, Num Lock, a media key and five empty places. */
const KEYMAP: Keymap = {
  first: 8,
  rows: [
    [0, 0, 0, 0],
    [0x61, 0x41, 0x61, 0x41], // 9: a A
    [0x31, 0x21, 0x31, 0x21], // 10: 1 !
    [0, 0, 0, 0],
    [0xffe1, 0, 0xffe1, 0], // 12: Shift_L
    [0, 0, 0, 0],
    [0xff7f, 0, 0xff7f, 0], // 14: Num_Lock
    [0, 0, 0, 0],
    [0x1008ff45, 0, 0x1008ff45, 0], // 16: XF86Launch5
    [0, 0, 0, 0],
    [0x1008ff26, 0, 0x1008ff26, 0], // 18: XF86Back
    [0x1008fe01, 0, 0x1008fe01, 0], // 19: XF86_Switch_VT_1
    [0, 0, 0, 0],
  ],
  modifiers: [[12], [], [], [], [14, 0], [], [], []],
};

describe("the layout", () => {
  it("gives plain and shift level of each key, the lowest keycode first", () => {
    const strokes = layoutStrokes({ ...KEYMAP, rows: [...KEYMAP.rows, [0x61, 0, 0, 0]] });
    expect(strokes.get(0x61)).toEqual({ keycode: 9, shift: false });
    expect(strokes.get(0x21)).toEqual({ keycode: 10, shift: true });
    expect(strokes.get(0x62)).toBeUndefined();
    expect(strokes.get(0)).toBeUndefined();
  });

  it("has no shift level without a shift key", () => {
    const rows = KEYMAP.rows.map((row) => (row[0] === 0xffe1 ? [0, 0, 0, 0] : row));
    expect(shiftKeycode({ ...KEYMAP, rows })).toBeNull();
    expect(layoutStrokes({ ...KEYMAP, rows }).get(0x21)).toBeUndefined();
  });

  it("knows which modifier Num Lock is", () => {
    expect(numLockMask(KEYMAP)).toBe(16);
    expect(numLockMask({ ...KEYMAP, rows: [] })).toBe(0);
  });

  it("lends empty keycodes and idle media keys, no modifier, no history key, no console switch, not the first", () => {
    expect(spareKeycodes(KEYMAP)).toEqual({ empty: [11, 13, 15, 17, 20], idle: [16] });
  });
});

describe("lots", () => {
  const strokes = layoutStrokes(KEYMAP);

  it("needs no change for what the layout has", () => {
    expect(planLots([0x61, 0x31, 0x41], strokes, [], true)).toEqual([{ from: 0, to: 3, bindings: new Map() }]);
  });

  it("binds each missing symbol once, plain levels first", () => {
    const lots = planLots([1, 0x61, 2, 1, 3], strokes, [11, 13], true);
    expect(lots).toHaveLength(1);
    expect(lots?.[0]?.bindings).toEqual(
      new Map([
        [1, { keycode: 11, shift: false }],
        [2, { keycode: 13, shift: false }],
        [3, { keycode: 11, shift: true }],
      ]),
    );
  });

  it("starts another lot only when the keycodes are full", () => {
    const lots = planLots([1, 2, 3, 4, 0x61, 4, 5, 1], strokes, [11, 13], true);
    expect(lots?.map(({ from, to }) => [from, to])).toEqual([
      [0, 6],
      [6, 8],
    ]);
    expect(planLots([1, 2, 3, 4, 5], strokes, [11, 13], false)).toHaveLength(3);
  });

  it("says no when nothing can be lent", () => {
    expect(planLots([0x61, 1], strokes, [], true)).toBeNull();
  });
});

describe("ranges", () => {
  it("takes neighbours together and never crosses a modifier", () => {
    const ranges = rangesAround(KEYMAP, [13, 17, 11, 15]);
    expect(ranges.map(({ first, rows }) => [first, rows.length])).toEqual([
      [11, 1],
      [13, 1],
      [15, 3],
    ]);
  });

  it("never crosses a key of more levels, which would come back different", () => {
    const rows = KEYMAP.rows.map((row) => [...row, row[0] === 0x1008ff45 ? 7 : 0]);
    expect(rangesAround({ ...KEYMAP, rows }, [15, 17]).map(({ first }) => first)).toEqual([15, 17]);
  });

  it("changes only what is bound, and says a lone symbol twice", () => {
    const [range] = rangesAround(KEYMAP, [15, 17]);
    if (range === undefined) throw new Error("no range");
    const bound = boundRange(
      range,
      new Map([
        [7, { keycode: 15, shift: false }],
        [8, { keycode: 17, shift: false }],
        [9, { keycode: 17, shift: true }],
      ]),
    );
    expect(bound).toEqual({
      first: 15,
      rows: [
        [7, 7, 7, 7],
        [0x1008ff45, 0, 0x1008ff45, 0],
        [8, 9, 8, 9],
      ],
    });
  });

  it("survives the record, and refuses what is not one", () => {
    const ranges = rangesAround(KEYMAP, [11, 13, 15, 17]);
    expect(decodeRanges(encodeRanges(ranges))).toEqual(ranges);
    expect(decodeRanges([])).toEqual([]);
    for (const bad of [[8], [300, 1, 1, 0], [8, 2, 2, 1, 2, 3], [8, 0, 1], [250, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]]) {
      expect(decodeRanges(bad)).toBeNull();
    }
  });
});

it("refuses characters that have no key", () => {
  for (const character of ["a", "\n", "\t", "é", "你", "😀", "\u200d", "\u0301", "\ufe0f", "\u2028"]) {
    expect(isTypeable(character)).toBe(true);
  }
  for (const character of ["\u0000", "\u001b", "\u0085", "\ud800", "\ufffe", "\u{1ffff}", "\ufdd0"]) {
    expect(isTypeable(character)).toBe(false);
  }
});
