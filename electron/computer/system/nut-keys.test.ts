import { Key } from "@nut-tree/nut-js";
import { expect, test } from "vitest";
import { parseKeys } from "../../../shared/keys.ts";
import { nutKeys } from "./nut-keys.ts";

const keysOf = (text: string, system: "darwin" | "win32" = "win32") => {
  const parsed = parseKeys(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return nutKeys(parsed.combo, system).map((key) => Key[key]);
};

test.each([
  ["Return", ["Return"]],
  ["KP_Enter", ["Enter"]],
  ["ctrl+s", ["LeftControl", "S"]],
  ["shift+A", ["LeftShift", "A"]],
  ["A", ["LeftShift", "A"]],
  ["?", ["LeftShift", "Slash"]],
  ["ctrl++", ["LeftControl", "LeftShift", "Equal"]],
  ["ctrl+0", ["LeftControl", "Num0"]],
  ["F24", ["F24"]],
  ["KP_5", ["NumPad5"]],
  ["Page_Down", ["PageDown"]],
  ["space", ["Space"]],
  ["BackSpace", ["Backspace"]],
  ["Delete", ["Delete"]],
  ["ctrl+alt+shift", ["LeftControl", "LeftAlt", "LeftShift"]],
])("%s", (text, keys) => {
  expect(keysOf(text)).toEqual(keys);
});

test("super is the system's own key", () => {
  expect(keysOf("cmd", "darwin")).toEqual(["LeftCmd"]);
  expect(keysOf("win+e", "win32")).toEqual(["LeftWin", "E"]);
});

test.each(["ж", "Pause", "KP_Home", "XF86Back", "Undo"])(
  "%s, which nut-js would leave out silently, is an error",
  (text) => {
    expect(() => keysOf(text)).toThrow(/^text: the key .* can't be pressed on this system$/);
  },
);
