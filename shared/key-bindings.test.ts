import { expect, test } from "vitest";
import { bindingsProblem, comboId, DEFAULT_BINDINGS } from "./key-bindings.ts";
import { parseKeys } from "./keys.ts";

test("the defaults are good", () => {
  expect(bindingsProblem(DEFAULT_BINDINGS)).toBeNull();
});

test.each([
  ["y", 'approve: "y" needs Ctrl or Alt, or has to be an F key'],
  ["shift+y", 'approve: "shift+y" needs Ctrl or Alt, or has to be an F key'],
  ["ctrl", 'approve: "ctrl" has modifiers only; add a key'],
  ["ctrl+c", "approve: ctrl+c is needed in text fields"],
  ["super+c", "approve: ctrl+c is needed in text fields"],
  ["ctrl+E", "edit: ctrl+e is taken by approve"],
  ["", "approve: expected a key such as Return or ctrl+s, got an empty text"],
])("%s can't approve", (approve, problem) => {
  expect(bindingsProblem({ ...DEFAULT_BINDINGS, approve })).toBe(problem);
});

test.each(["F2", "alt+y", "ctrl+shift+Return", "ctrl+F9"])("%s can", (approve) => {
  expect(bindingsProblem({ ...DEFAULT_BINDINGS, approve })).toBeNull();
});

test("Cmd is Ctrl, and the order of modifiers and the case of a letter do not count", () => {
  const id = (text: string) => {
    const parsed = parseKeys(text);
    return parsed.ok ? comboId(parsed.combo) : null;
  };
  expect(id("super+shift+E")).toBe(id("shift+ctrl+e"));
  expect(id("ctrl+Return")).not.toBe(id("Return"));
});
