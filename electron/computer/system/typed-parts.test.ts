import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UntypeableError } from "../hands.ts";
import { type TypedPart, typedParts } from "./typed-parts.ts";

const textOf = (parts: readonly TypedPart[]) =>
  parts.map((part) => (part.kind === "key" ? (part.key === "Tab" ? "\t" : "\n") : part.text)).join("");

test("CR, LF and CRLF are one Return, a tab is the Tab key", () => {
  expect(typedParts("a\r\nb\rc\nd\te", "darwin", false)).toEqual([
    { kind: "text", text: "a", count: 1 },
    { kind: "key", key: "Return", count: 1 },
    { kind: "text", text: "b", count: 1 },
    { kind: "key", key: "Return", count: 1 },
    { kind: "text", text: "c", count: 1 },
    { kind: "key", key: "Return", count: 1 },
    { kind: "text", text: "d", count: 1 },
    { kind: "key", key: "Tab", count: 1 },
    { kind: "text", text: "e", count: 1 },
  ]);
  expect(typedParts("", "darwin", false)).toEqual([]);
});

test("at most eight characters go out together, and no grapheme is cut", () => {
  const family = "👨‍👩‍👧‍👦";
  const parts = typedParts(`abcdef${family}gh`, "darwin", false);
  expect(parts.map((part) => part.kind === "text" && part.text)).toEqual(["abcdef", `${family}g`, "h"]);
  expect(typedParts("éée\u0301x".repeat(3), "darwin", false).map(({ count }) => count)).toEqual([7, 8]);
  const long = `e${"\u0301".repeat(20)}`;
  expect(typedParts(`a${long}b`, "darwin", false).map(({ count }) => count)).toEqual([1, 21, 1]);
});

test("whatever the text: the parts are the text, small, with whole surrogate pairs", () => {
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "Z", "é", "ж", "世", "😀", "👨‍👩‍👧", "e\u0301", "🇩🇪", "\n", "\t", " ") }),
      fc.boolean(),
      (text, isMac) => {
        const parts = typedParts(text, isMac ? "darwin" : "win32", true);
        expect(textOf(parts)).toBe(text);
        expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe([...text].length);
        const ends = new Set([...graphemes.segment(text)].map(({ index }) => index));
        let at = 0;
        for (const part of parts) {
          expect(ends.has(at)).toBe(true);
          if (part.kind === "text")
            expect([...graphemes.segment(part.text)].length === 1 || part.count <= 8).toBe(true);
          at += part.kind === "key" ? 1 : part.text.length;
        }
      },
    ),
  );
});

describe("what nut-js would get wrong", () => {
  test("on Windows everything beyond ASCII is refused before the first key, by name and place", () => {
    expect(() => typedParts("Hello\nж", "win32", false)).toThrow(
      "text: the character ж at 6 can't be typed on Windows. It could be pasted: Settings, Deciding, \"Paste what can't be typed\"",
    );
    expect(() => typedParts("e\u0301", "win32", false)).toThrow(UntypeableError);
    expect(textOf(typedParts("The ~quick~ {fox}", "win32", false))).toBe("The ~quick~ {fox}");
  });

  test("pasted only when that was asked for: the whole line, and only that line", () => {
    expect(typedParts("one\nGröße 5\tend", "win32", true)).toEqual([
      { kind: "text", text: "one", count: 3 },
      { kind: "key", key: "Return", count: 1 },
      { kind: "paste", text: "Größe 5", count: 7 },
      { kind: "key", key: "Tab", count: 1 },
      { kind: "text", text: "end", count: 3 },
    ]);
  });

  test("on macOS any character is typed: nothing is pasted, whatever the setting", () => {
    const text = "Größe ж 世界 😀";
    for (const mayPaste of [true, false])
      expect(typedParts(text, "darwin", mayPaste).every(({ kind }) => kind === "text")).toBe(true);
  });

  test("a control character and half a surrogate pair can't be typed, nor pasted", () => {
    expect(() => typedParts("ab\u0007", "darwin", true)).toThrow("text: the character ␇ at 2 can't be typed");
    expect(() => typedParts("ж\ud83d", "win32", true)).toThrow("text: the character <U+D83D> at 1 can't be typed");
  });
});
