import fc from "fast-check";
import { expect, test } from "vitest";
import { showText, textPieces, unpaste } from "./visible-text.ts";

const NOTHING_HIDDEN = [
  ["plain words", "Hello, World! 123"],
  ["umlauts and euro", "äöüßéñ€"],
  ["a combining accent on its letter", "e\u0301 n\u0303 क्ष"],
  ["Cyrillic, Chinese, Hebrew, Arabic, Thai", "Привет 你好世界 שלום سلام สวัสดี"],
  ["one emoji", "😀"],
  ["a heart with its selector", "❤️"],
  ["a family joined by ZWJ", "👩‍👩‍👧‍👦"],
  ["a profession with a skin tone", "👩🏽‍🚀"],
  ["flags of countries", "🇩🇪🇫🇷"],
  ["the flag of England, spelled in tag characters", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
  ["the rainbow and pirate flags", "🏳️‍🌈🏴‍☠️"],
  ["keycaps", "1️⃣#️⃣*️⃣"],
] as const;

test.each(NOTHING_HIDDEN)("shows %s as it is", (_, text) => {
  expect(textPieces(text)).toEqual([{ kind: "plain", text }]);
});

const HIDDEN = [
  ["a newline", "\n", "↵", "Enter"],
  ["a tab", "\t", "→", "Tab"],
  ["a carriage return", "\r", "␍", "U+000D"],
  ["NUL", "\0", "␀", "U+0000"],
  ["escape", "\u001b", "␛", "U+001B"],
  ["delete", "\u007f", "␡", "U+007F"],
  ["next line", "\u0085", "<U+0085>", "U+0085"],
  ["a no-break space", "\u00a0", "⍽", "U+00A0"],
  ["a soft hyphen", "\u00ad", "<U+00AD>", "U+00AD"],
  ["an en space", "\u2002", "<U+2002>", "U+2002"],
  ["an ideographic space", "\u3000", "<U+3000>", "U+3000"],
  ["a zero-width space", "\u200b", "<U+200B>", "U+200B"],
  ["a zero-width joiner between letters", "\u200d", "<U+200D>", "U+200D"],
  ["a right-to-left override", "\u202e", "<U+202E>", "U+202E"],
  ["a first-strong isolate", "\u2068", "<U+2068>", "U+2068"],
  ["an Arabic letter mark", "\u061c", "<U+061C>", "U+061C"],
  ["a line separator", "\u2028", "<U+2028>", "U+2028"],
  ["a paragraph separator", "\u2029", "<U+2029>", "U+2029"],
  ["a byte order mark", "\ufeff", "<U+FEFF>", "U+FEFF"],
  ["a word joiner", "\u2060", "<U+2060>", "U+2060"],
  ["a combining grapheme joiner", "\u034f", "<U+034F>", "U+034F"],
  ["a Hangul filler", "\u3164", "<U+3164>", "U+3164"],
  ["a blank Braille pattern", "\u2800", "<U+2800>", "U+2800"],
  ["a selector after a letter", "\ufe0f", "<U+FE0F>", "U+FE0F"],
  ["a supplementary selector", "\u{e0101}", "<U+E0101>", "U+E0101"],
  ["a tag character", "\u{e0061}", "<U+E0061>", "U+E0061"],
  ["a private-use character", "\ue000", "<U+E000>", "U+E000"],
  ["an unassigned character", "\u{3ffff}", "<U+3FFFF>", "U+3FFFF"],
  ["a lone high surrogate", "\ud83d", "<U+D83D>", "U+D83D"],
  ["a lone low surrogate", "\ude00", "<U+DE00>", "U+DE00"],
] as const;

test.each(HIDDEN)("shows %s as a symbol", (_, character, text, meaning) => {
  expect(textPieces(`a${character}b`)).toEqual([
    { kind: "plain", text: "a" },
    { kind: "symbol", text, meaning },
    { kind: "plain", text: "b" },
  ]);
});

test("what looks like part of an emoji but is not is a symbol", () => {
  expect(showText("1\ufe0f")).toBe("1<U+FE0F>");
  expect(showText("a\ufe0f\u200d😀")).toBe("a<U+FE0F><U+200D>😀");
  expect(showText("😀\u200d")).toBe("😀<U+200D>");
  expect(showText("❤\ufe0f\ufe0f")).toBe("❤️<U+FE0F>");
  expect(showText("🏴\u{e0078}\u{e007f}")).toBe("🏴<U+E0078><U+E007F>");
});

test("CR and CRLF are one line end, as typing them is", () => {
  expect(unpaste("a\r\nb\rc\nd\r\r\ne")).toBe("a\nb\nc\nd\n\ne");
  expect(textPieces("\r\n").map((piece) => piece.text)).toEqual(["␍", "↵"]);
});

test("an empty text has no pieces", () => {
  expect(textPieces("")).toEqual([]);
  expect(showText("")).toBe("");
});

const units = fc.string({ unit: "binary" });
const nasty = fc
  .array(fc.oneof(units, fc.constantFrom(...HIDDEN.map((row) => row[1]), ...NOTHING_HIDDEN.map((row) => row[1]))))
  .map((parts) => parts.join(""));
const halves = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));

test("pieces lose nothing, and plain runs are never side by side", () => {
  fc.assert(
    fc.property(fc.oneof(nasty, halves), (text) => {
      let rest = text;
      let before = "symbol";
      for (const piece of textPieces(text)) {
        const original = piece.kind === "plain" ? piece.text : String.fromCodePoint(rest.codePointAt(0) ?? 0);
        expect(rest.startsWith(original)).toBe(true);
        rest = rest.slice(original.length);
        if (piece.kind === "plain") expect(before).toBe("symbol");
        before = piece.kind;
      }
      expect(rest).toBe("");
    }),
    { numRuns: 1000 },
  );
});

test("nothing shown is invisible, outside whole emoji", () => {
  fc.assert(
    fc.property(fc.oneof(nasty, halves), (text) => {
      const shown = showText(text).replace(/\p{RGI_Emoji}/gv, "");
      expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      expect(shown.replaceAll(" ", "")).not.toMatch(/\s/);
    }),
    { numRuns: 1000 },
  );
});
