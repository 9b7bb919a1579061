import { expect, it } from "vitest";
import { shortcutHint } from "./use-shortcuts.ts";

it.each([
  ["ctrl+Return", false, "Control+Enter", "Ctrl+Enter"],
  ["ctrl+BackSpace", false, "Control+Backspace", "Ctrl+Backspace"],
  ["ctrl+e", true, "Meta+E", "⌘+E"],
  ["ctrl+.", false, "Control+.", "Ctrl+."],
  ["ctrl++", false, "Control+Plus", "Ctrl++"],
  ["F2", false, "F2", "F2"],
  ["alt+shift+Page_Up", false, "Alt+Shift+PageUp", "Alt+Shift+PageUp"],
])("%s", (binding, mac, aria, label) => {
  expect(shortcutHint(binding, mac)).toEqual({ aria, label });
});
