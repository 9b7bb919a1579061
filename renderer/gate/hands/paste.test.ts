import { expect, it } from "vitest";
import { MAX_TEXT } from "../../../shared/action.ts";
import { pasted } from "./paste.ts";

it("types the text as it is, line ends as Enter, and says how long it is", () => {
  expect(pasted("one\r\ntwo\t😀")).toEqual({
    ok: true,
    actions: [{ action: "type", text: "one\ntwo\t😀" }],
    length: 9,
  });
});

it("types a long one in pieces, none of which ends in half a character", () => {
  const text = "😀".repeat(450);
  const result = pasted(text);
  if (!result.ok) throw new Error(result.error);
  expect(result.length).toBe(450);
  expect(result.actions.map((action) => (action.action === "type" ? [...action.text].length : 0))).toEqual([
    200, 200, 50,
  ]);
  expect(result.actions.map((action) => (action.action === "type" ? action.text : "")).join("")).toBe(text);
});

it.each([
  ["", /no text on the clipboard/],
  ["x".repeat(MAX_TEXT + 1), /has 50001 characters, but at most 50000/],
  ["a\u0007b", /^text: the character ␇ at 1 can't be typed/],
])("refuses %j in words", (text, words) => {
  expect(pasted(text)).toMatchObject({ ok: false, error: expect.stringMatching(words) });
});
