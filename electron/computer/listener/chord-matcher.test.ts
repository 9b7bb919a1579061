import { describe, expect, it } from "vitest";
import { DEFAULT_CHORDS } from "../../../shared/chords.ts";
import type { Keymap } from "../x11/keymap.ts";
import { ChordMatcher } from "./chord-matcher.ts";
import type { Heard } from "./heard.ts";

const CODES = {
  F8: 74,
  F9: 75,
  F10: 76,
  F12: 96,
  ctrl: 37,
  ctrlRight: 105,
  shift: 50,
  alt: 64,
  super: 133,
  a: 38,
  num: 77,
};
const SYMS: Readonly<Record<number, number>> = {
  [CODES.F8]: 0xffc5,
  [CODES.F9]: 0xffc6,
  [CODES.F10]: 0xffc7,
  [CODES.F12]: 0xffc9,
  [CODES.ctrl]: 0xffe3,
  [CODES.shift]: 0xffe1,
  [CODES.alt]: 0xffe9,
  [CODES.super]: 0xffeb,
  [CODES.a]: 0x61,
};
const KEYMAP: Keymap = {
  first: 8,
  rows: Array.from({ length: 248 }, (_, i) => [SYMS[i + 8] ?? 0, 0]),
  modifiers: [[CODES.shift, 0], [66], [CODES.ctrl, CODES.ctrlRight], [CODES.alt], [CODES.num], [], [CODES.super], []],
};

type Key = keyof typeof CODES;
const key = (name: Key, down: boolean, from: Heard["from"] = "device"): Heard => ({
  from,
  at: 0,
  kind: "key",
  code: CODES[name],
  down,
});

function matcher(keymap = KEYMAP, chords = DEFAULT_CHORDS) {
  const made = new ChordMatcher(chords);
  made.readKeymap(keymap);
  return {
    made,
    press: (...names: readonly Key[]) => names.map((name) => made.hear(key(name, true))).at(-1) ?? null,
    pressAs: (from: Heard["from"], ...names: readonly Key[]) =>
      names.map((name) => made.hear(key(name, true, from))).at(-1) ?? null,
    release: (...names: readonly Key[]) => names.map((name) => made.hear(key(name, false))),
  };
}

describe("chords", () => {
  it.each<[string, readonly Key[], string | null]>([
    ["stop", ["ctrl", "shift", "F12"], "stop"],
    ["stop in the other order", ["shift", "ctrlRight", "F12"], "stop"],
    ["stop with alt and super held too", ["alt", "super", "ctrl", "shift", "F12"], "stop"],
    ["stop with a letter held too", ["a", "ctrl", "shift", "F12"], "stop"],
    ["stop without shift", ["ctrl", "F12"], null],
    ["the key first", ["F12", "ctrl", "shift"], null],
    ["approve", ["ctrl", "shift", "F9"], "approve"],
    ["reject", ["ctrl", "shift", "F10"], "reject"],
    ["focus the card", ["ctrl", "shift", "F8"], "focusCard"],
    ["approve with alt held too", ["ctrl", "shift", "alt", "F9"], null],
    ["approve with the num lock key held", ["num", "ctrl", "shift", "F9"], null],
    ["approve with a letter held too", ["a", "ctrl", "shift", "F9"], "approve"],
    ["approve without modifiers", ["F9"], null],
  ])("%s", (_, names, expected) => {
    expect(matcher().press(...names)?.name ?? null).toBe(expected);
  });

  it("counts a press once, however often it repeats, and again after it was let go", () => {
    const { press, release } = matcher();
    expect(press("ctrl", "shift", "F9")?.name).toBe("approve");
    expect(press("F9")).toBeNull();
    release("F9");
    expect(press("F9")?.name).toBe("approve");
  });

  it("takes a modifier that was let go as up", () => {
    const { press, release } = matcher();
    press("ctrl", "shift");
    release("ctrl");
    expect(press("F12")).toBeNull();
  });

  it("says when a key of a chord was synthesised", () => {
    expect(matcher().pressAs("device", "ctrl", "shift", "F9")).toEqual({ name: "approve", from: "device" });
    expect(matcher().pressAs("xtest", "ctrl", "shift", "F12")).toEqual({ name: "stop", from: "xtest" });
    const mixed = matcher();
    mixed.pressAs("device", "ctrl", "shift");
    expect(mixed.pressAs("xtest", "F9")).toEqual({ name: "approve", from: "xtest" });
    const other = matcher();
    other.pressAs("xtest", "ctrl", "shift");
    expect(other.pressAs("device", "F9")).toEqual({ name: "approve", from: "xtest" });
  });

  it("says which chords the keyboard can't make", () => {
    expect(matcher().made.missing).toEqual(["takeOver"]);
    const bare = matcher({ ...KEYMAP, rows: KEYMAP.rows.map(() => [0, 0]) });
    expect(bare.made.missing).toContain("stop");
  });
});
