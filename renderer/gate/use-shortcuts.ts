import { useEffect, useRef } from "react";
import { type BindingName, comboId } from "../../shared/key-bindings.ts";
import { type KeyCombo, parseKeys } from "../../shared/keys.ts";
import { usePreferences } from "../store/use-app.ts";
import { isDialogOpen } from "../ui/Dialog.tsx";
import { comboOf } from "../ui/pressed-keys.ts";

/** These work whatever is open: pausing must never wait. */
const ALWAYS: ReadonlySet<BindingName> = new Set(["pause"]);
/** With Ctrl these edit in a text field, and stay the field's own. */
const EDITING: ReadonlySet<string> = new Set(["BackSpace", "Delete", "Left", "Right", "Up", "Down", "Home", "End"]);

/** What a shortcut runs; `up` when its key, or a modifier of it, is let go. */
export type ShortcutRun = { readonly down: () => void; readonly up?: () => void };

/**
 * Listens in the whole window for the operator's key of a binding. Key repeats are ignored, as is everything but pausing
 * while a dialog is open.
 */
export function useShortcut(name: BindingName, run: (() => void) | ShortcutRun): void {
  const binding = usePreferences().keys[name];
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const wanted = comboFor(binding);
    if (wanted === null) return;
    let isDown = false;
    const onDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isCombo(event, wanted)) return;
      if (EDITING.has(wanted.key ?? "") && isTextField(event.target)) return;
      event.preventDefault();
      if (event.repeat || (!ALWAYS.has(name) && isDialogOpen())) return;
      isDown = true;
      const { current } = latest;
      if (typeof current === "function") current();
      else current.down();
    };
    const onUp = () => {
      if (!isDown) return;
      isDown = false;
      if (typeof latest.current !== "function") latest.current.up?.();
    };
    const command = () => {
      const { current } = latest;
      if (typeof current === "function") return current();
      current.down();
      current.up?.();
    };
    COMMANDS.set(name, command);
    window.addEventListener("keydown", onDown);
    window.addEventListener("keyup", onUp);
    return () => {
      if (COMMANDS.get(name) === command) COMMANDS.delete(name);
      window.removeEventListener("keydown", onDown);
      window.removeEventListener("keyup", onUp);
    };
  }, [binding, name]);
}

/** What can be done now by its key, for the palette: each as one short press. There is one window. */
export const COMMANDS = new Map<BindingName, () => void>();

/** `aria-keyshortcuts` and the hint on the button, for this platform. */
export type Hint = { readonly aria: string; readonly label: string };

export function useShortcutHint(name: BindingName): Hint {
  return shortcutHint(usePreferences().keys[name], navigator.platform.startsWith("Mac"));
}

const ARIA: Readonly<Record<string, string>> = { ctrl: "Control", alt: "Alt", shift: "Shift" };
const SHOWN: Readonly<Record<string, string>> = { ctrl: "Ctrl", alt: "Alt", shift: "Shift" };
const MAC: Readonly<Record<string, string>> = { ctrl: "⌘", alt: "⌥", shift: "⇧" };
const KEYS: Readonly<Record<string, string>> = {
  Return: "Enter",
  BackSpace: "Backspace",
  Page_Up: "PageUp",
  Page_Down: "PageDown",
  Up: "ArrowUp",
  Down: "ArrowDown",
  Left: "ArrowLeft",
  Right: "ArrowRight",
  " ": "Space",
};

/** How a binding is written: for assistive technology (DOM key names), and for people. */
export function shortcutHint(binding: string, mac: boolean): Hint {
  const combo = comboFor(binding);
  if (combo === null) return { aria: "", label: "" };
  const key = combo.key ?? "";
  const name = KEYS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const modifiers = combo.modifiers.map((modifier) => (modifier === "super" ? "ctrl" : modifier));
  const ariaNames = modifiers.map((modifier) => (modifier === "ctrl" && mac ? "Meta" : ARIA[modifier]));
  return {
    aria: [...ariaNames, name === "+" ? "Plus" : name].join("+"),
    label: [...modifiers.map((modifier) => (mac ? MAC : SHOWN)[modifier]), name].join("+"),
  };
}

function comboFor(binding: string): KeyCombo | null {
  const parsed = parseKeys(binding);
  return parsed.ok ? parsed.combo : null;
}

function isCombo(event: KeyboardEvent, wanted: KeyCombo): boolean {
  const pressed = comboOf(event);
  const combo = pressed === null ? null : comboFor(pressed);
  if (combo === null) return false;
  // The keypad's own plus, minus and Enter mean the same.
  const key = KEYPAD[combo.key ?? ""] ?? combo.key;
  return comboId({ ...combo, key }) === comboId(wanted);
}

const KEYPAD: Readonly<Record<string, string>> = { KP_Add: "+", KP_Subtract: "-", KP_0: "0", KP_Enter: "Return" };

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}
