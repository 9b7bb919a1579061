import { useEffect, useRef } from "react";
import { isDialogOpen } from "../ui/Dialog.tsx";

/** A key pressed with Ctrl (or Cmd), by its `KeyboardEvent.key`. */
export type Shortcut = "Enter" | "Backspace" | "e" | ".";

/**
 * Listens in the whole window for Ctrl/Cmd + key. Key repeats are ignored, as are decisions while a dialog is open
 * (pausing never is); Backspace in a text field stays the field's own.
 */
export function useShortcut(key: Shortcut, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  }, [run]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const chord = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && isKey(event.key, key);
      if (!chord || event.defaultPrevented) return;
      if (key === "Backspace" && isTextField(event.target)) return;
      event.preventDefault();
      if (!event.repeat && (key === "." || !isDialogOpen())) latest.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [key]);
}

/** `aria-keyshortcuts` and the hint on the button, for this platform. */
export function shortcutHint(key: Shortcut, platform: string): { readonly aria: string; readonly label: string } {
  const mac = platform === "darwin";
  const name = key === "e" ? "E" : key;
  return { aria: `${mac ? "Meta" : "Control"}+${name}`, label: `${mac ? "⌘" : "Ctrl"}+${name}` };
}

/** Under Caps Lock a letter comes as a capital. */
function isKey(pressed: string, key: Shortcut): boolean {
  return (pressed.length === 1 ? pressed.toLowerCase() : pressed) === key;
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}
