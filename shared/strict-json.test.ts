import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flawWords, MOST_DEPTH, readFlawedJson, readJson } from "./strict-json.ts";

describe("what JSON.parse reads without doubt", () => {
  it("is read alike", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5, stringUnit: "grapheme" }), fc.integer({ min: 0, max: 3 }), (json, indent) => {
        const wanted: unknown = JSON.parse(json);
        const read = readFlawedJson(JSON.stringify(wanted, null, indent));
        // What is doubtful for a strict reader is read all the same, and named.
        expect(read).toMatchObject({ ok: true });
        if (read.ok && read.flaws.length === 0) expect(read.value).toEqual(wanted);
      }),
    );
  });

  it.each([
    '"\\u00e9\\n\\"\\\\\\/\\b\\f\\r\\t"',
    "-0.5e-3",
    "  [ 1 , 2 ]\r\n",
    '{"a":{"b":[{},[]]}}',
    "9007199254740991",
    "1e300",
    '{"constructor":1,"toString":2}',
    '"\ud83d\ude00\\ud83d\\ude00"',
  ])("%s", (text) => {
    expect(readJson(text)).toMatchObject({ ok: true, value: JSON.parse(text) });
  });
});

it("refuses whatever JSON.parse refuses, and never throws", () => {
  const bits = fc.constantFrom(
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "1",
    "-",
    ".",
    "e",
    "tru",
    "true",
    "null",
    " ",
    "a",
    "\u0000",
    "\n",
    "\\u12",
  );
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      const read = readJson(text);
      let parsed = true;
      try {
        JSON.parse(text);
      } catch {
        parsed = false;
      }
      if (!parsed) expect([text, read.ok]).toEqual([text, false]);
    }),
    { numRuns: 2000 },
  );
});

describe("what is wrong is said with its place", () => {
  it.each([
    ["", "is empty; expected JSON"],
    [" \n\t", "is empty; expected JSON"],
    ["\ufeff{}", "begins with a byte order mark (U+FEFF); save it as UTF-8 without one"],
    ['{"a": 1', 'line 1, column 8: expected "," or "}", and the text ends'],
    ['{\n  "a": 1,\n}', 'line 3, column 1: expected a name in double quotes or "}", and there is }'],
    ["{'a': 1}", 'line 1, column 2: expected a name in double quotes or "}", and there is \''],
    ["[1,]", "line 1, column 4: expected a value, and there is ]"],
    ["[1 2]", 'line 1, column 4: expected "," or "]", and there is 2'],
    ['["a', "line 1, column 4: expected the rest of a text in double quotes, and the text ends"],
    ['["a\u0000"]', "line 1, column 4: expected the rest of a text in double quotes, and there is ␀"],
    ['["\\x"]', 'line 1, column 4: expected one of "\\/bfnrt or u and four digits after \\, and there is x'],
    ["{} {}", "line 1, column 4: expected the end of the text, and there is {"],
    ["\u0000\u0000", "line 1, column 1: expected a value, and there is ␀"],
    ["[01]", 'line 1, column 3: expected "," or "]", and there is 1'],
    ["[NaN]", "line 1, column 2: expected a value, and there is N"],
    ["[+1]", "line 1, column 2: expected a value, and there is +"],
    ["// no\n{}", "line 1, column 1: expected a value, and there is /"],
    ['{"a":1,"a":2}', "a: is given twice; keep one of them"],
    ['{"a":[{"b":1,"\\u0062":2}]}', "a[0].b: is given twice; keep one of them"],
    ['{"a":{"__proto__":{}}}', "a.__proto__: is a name that is never read; leave it out"],
    ['{"n":1e999}', "n: is a number too large to be read; write a smaller one"],
    [
      '{"n":[9007199254740993]}',
      "n[0]: is a whole number beyond 9007199254740991 and would be rounded; write a smaller one",
    ],
    ['["\\ud800"]', "[0]: holds half of a character (a lone surrogate); write the whole one"],
    ["9".repeat(400), "is a number too large to be read; write a smaller one"],
  ])("%j", (text, error) => {
    expect(readJson(text)).toEqual({ ok: false, error });
  });

  it("depth, before it is too much for anybody", () => {
    const deep = (n: number) => "[".repeat(n) + "]".repeat(n);
    expect(readJson(deep(MOST_DEPTH)).ok).toBe(true);
    const refused = readJson(deep(100_000));
    expect(refused).toEqual({
      ok: false,
      error: `line 1, column ${MOST_DEPTH + 1}: is nested more than ${MOST_DEPTH} deep; nothing here needs that`,
    });
  });
});

it("tells flaws apart from what can't be read at all, each with its path", () => {
  const read = readFlawedJson('{"theme":"dark","theme":"light","keys":{"a":1e999},"ok":1}');
  if (!read.ok) throw new Error(read.error);
  expect(read.flaws.map(({ path }) => path)).toEqual([["theme"], ["keys", "a"]]);
  expect(read.flaws.map(flawWords)[0]).toBe("theme: is given twice; keep one of them");
  expect(Object.getPrototypeOf((readFlawedJson('{"__proto__":{"x":1}}') as { value: object }).value)).toBe(
    Object.prototype,
  );
});
