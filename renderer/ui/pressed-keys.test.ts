import { expect, it } from "vitest";
import { formatKeys, parseKeys } from "../../shared/keys.ts";
import { comboOf, heldModifiers, makesText, modifierOf, type Press } from "./pressed-keys.ts";

/** A press as the browser reports it: `ctrl alt shift meta altgr` in front of the key. */
function press(key: string, { code = "", location = 0, held = "" } = {}): Press {
  const down = held.split(" ");
  return {
    key,
    code,
    location,
    ctrlKey: down.includes("ctrl"),
    altKey: down.includes("alt"),
    shiftKey: down.includes("shift"),
    metaKey: down.includes("meta"),
    getModifierState: () => down.includes("altgr"),
  };
}

it.each([
  ["s", press("s", { code: "KeyS", held: "ctrl" }), "ctrl+s"],
  ["S with Shift", press("S", { code: "KeyS", held: "ctrl shift" }), "ctrl+shift+s"],
  ["S with Shift alone", press("S", { code: "KeyS", held: "shift" }), "shift+s"],
  ["s under Caps Lock", press("S", { code: "KeyS" }), "s"],
  ["the order of modifiers", press("t", { code: "KeyT", held: "meta shift alt ctrl" }), "ctrl+alt+shift+super+t"],
  ["space", press(" ", { held: "ctrl" }), "ctrl+space"],
  ["a function key", press("F4", { held: "alt" }), "alt+F4"],
  ["Enter", press("Enter"), "Return"],
  ["Enter on the number pad", press("Enter", { location: 3 }), "KP_Enter"],
  ["Ctrl+Enter", press("Enter", { held: "ctrl" }), "ctrl+Return"],
  ["Escape with a modifier", press("Escape", { held: "ctrl" }), "ctrl+Escape"],
  ["Shift+Tab", press("Tab", { held: "shift" }), "shift+Tab"],
  ["Space", press(" ", { code: "Space" }), "space"],
  ["Shift+Space", press(" ", { code: "Space", held: "shift" }), "shift+space"],
  ["Backspace", press("Backspace"), "BackSpace"],
  ["Page Up", press("PageUp"), "Page_Up"],
  ["an arrow", press("ArrowLeft", { held: "alt" }), "alt+Left"],
  ["F12", press("F12", { held: "ctrl shift" }), "ctrl+shift+F12"],
  ["Print", press("PrintScreen"), "Print"],
  ["the menu key", press("ContextMenu"), "Menu"],
  ["! made with Shift", press("!", { code: "Digit1", held: "shift" }), "!"],
  ["plus", press("+", { code: "Equal", held: "ctrl shift" }), "ctrl++"],
  ["minus", press("-", { code: "Minus", held: "ctrl" }), "ctrl+-"],
  ["5 on the number pad", press("5", { location: 3 }), "KP_5"],
  ["plus on the number pad", press("+", { location: 3, held: "ctrl" }), "ctrl+KP_Add"],
  ["Home on the number pad", press("Home", { location: 3 }), "KP_Home"],
  ["an arrow on the number pad", press("ArrowUp", { location: 3 }), "KP_Up"],
  ["ä", press("ä", { code: "Quote" }), "ä"],
  ["€ by AltGr", press("€", { code: "KeyE", held: "ctrl alt altgr" }), "€"],
  ["a Cyrillic shortcut", press("с", { code: "KeyC", held: "ctrl" }), "ctrl+c"],
  ["a Cyrillic letter", press("С", { code: "KeyC" }), "с"],
  ["Option on a Mac", press("ß", { code: "KeyS", held: "alt" }), "alt+s"],
  ["Super and a key", press("l", { code: "KeyL", held: "meta" }), "super+l"],
  ["volume", press("AudioVolumeUp"), "XF86AudioRaiseVolume"],
  ["a dead key", press("Dead", { code: "BracketRight" }), null],
  ["a composition", press("Process"), null],
  ["nothing known", press("Unidentified"), null],
  ["Shift itself", press("Shift", { held: "shift" }), null],
  ["a control character", press("\u0003", { held: "ctrl" }), null],
] as const)("records %s", (_, event, keys) => {
  expect(comboOf(event)).toBe(keys);
  if (keys === null) return;
  const parsed = parseKeys(keys);
  expect(parsed.ok && formatKeys(parsed.combo)).toBe(keys);
});

it("knows modifiers by themselves", () => {
  expect(["Control", "Alt", "Shift", "Meta", "Super", "a", "AltGraph"].map((key) => modifierOf(press(key)))).toEqual([
    "ctrl",
    "alt",
    "shift",
    "super",
    "super",
    null,
    null,
  ]);
  expect(heldModifiers(press("Alt", { held: "alt shift" }))).toEqual(["alt", "shift"]);
});

it.each([
  ["a", "", true],
  ["A", "shift", true],
  [" ", "", true],
  ["@", "ctrl alt altgr", true],
  ["Dead", "", true],
  ["s", "ctrl", false],
  ["x", "alt", false],
  ["l", "meta", false],
  ["Enter", "", false],
  ["F4", "", false],
])("whether %s with %j held makes text", (key, held, expected) => {
  expect(makesText(press(key, { held }))).toBe(expected);
});
