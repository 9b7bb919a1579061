import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./jcs.ts";

test("the example of RFC 8785, section 3.2.2", () => {
  const value = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  );
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("keys are sorted by UTF-16 code units (RFC 8785, section 3.2.3)", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\u{1f600}": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  const order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"];
  expect(Object.keys(JSON.parse(canonicalJson(value))).toSorted()).toEqual(order.toSorted());
  expect([...canonicalJson(value).matchAll(/"((?:[^"\\]|\\.)*)":/gu)].map(([, key]) => JSON.parse(`"${key}"`))).toEqual(
    order,
  );
});

test.each([
  [0, "0"],
  [-0, "0"],
  [5e-324, "5e-324"],
  [-5e-324, "-5e-324"],
  [1.7976931348623157e308, "1.7976931348623157e+308"],
  [9007199254740992, "9007199254740992"],
  [295147905179352830000, "295147905179352830000"],
  [1e21, "1e+21"],
  [1e-7, "1e-7"],
  [0.000001, "0.000001"],
  [333333333.33333325, "333333333.33333325"],
])("the number %d is written %s (RFC 8785, appendix B)", (number, text) => {
  expect(canonicalJson(number)).toBe(text);
});

test("undefined members are left out, undefined items and holes are null", () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  expect(canonicalJson([1, undefined, 3])).toBe("[1,null,3]");
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
  expect(canonicalJson([, 2])).toBe("[null,2]");
  expect(canonicalJson(Object.assign(Object.create(null), { a: [] }))).toBe('{"a":[]}');
  expect(canonicalJson(JSON.parse('{"__proto__":{"x":1},"constructor":2}'))).toBe(
    '{"__proto__":{"x":1},"constructor":2}',
  );
});

test.each<[unknown, string]>([
  [Number.NaN, "$: NaN is not a JSON number"],
  [{ a: [1, Number.POSITIVE_INFINITY] }, "$.a[1]: Infinity is not a JSON number"],
  [{ a: "\ud800" }, "$.a: a lone surrogate is not valid text"],
  [{ "\udfff": 1 }, "$: a lone surrogate is not valid text"],
  [undefined, "$: a undefined can't be written as JSON"],
  [{ f: () => 1 }, "$.f: a function can't be written as JSON"],
  [[10n], "$[0]: a bigint can't be written as JSON"],
  [{ at: new Date(0) }, "$.at: an object of kind Date can't be written as JSON"],
  [{ m: new Map([[1, 2]]) }, "$.m: an object of kind Map can't be written as JSON"],
  [{ b: new Uint8Array(2) }, "$.b: an object of kind Uint8Array can't be written as JSON"],
])("%o is refused with its path", (value, message) => {
  expect(() => canonicalJson(value)).toThrow(new TypeError(message));
});

const json = fc
  .jsonValue({ stringUnit: "binary", maxDepth: 5 })
  .filter((value) => JSON.stringify(value) === JSON.stringify(value).toWellFormed());

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, shuffled(member)]),
  );
}

test("says the same as JSON, whatever the order of keys, and once more from its own text", () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = canonicalJson(value);
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(text)).toEqual(plain);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(canonicalJson(shuffled(plain))).toBe(text);
    }),
    { numRuns: 1000 },
  );
});
