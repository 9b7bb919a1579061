import { useEffect, useRef } from "react";
import { formatKeys, MODIFIERS, type Modifier } from "../../../shared/keys.ts";
import { comboOf, heldModifiers, modifierOf } from "../../ui/pressed-keys.ts";

/**
 * While `active`, every key belongs to the capture: the first combination pressed is handed to `onKeys` (modifiers
 * alone when they are let go), and `onEnd` follows when its key is up again, so that none of its repeats reach anything
 * else. Escape by itself, or the window losing the focus, only ends it.
 */
export function useKeyCapture(active: boolean, onKeys: (keys: string) => void, onEnd: () => void): void {
  const latest = useRef(onKeys);
  useEffect(() => {
    latest.current = onKeys;
  }, [onKeys]);
  useEffect(() => {
    if (!active) return;
    const pressed = new Set<Modifier>();
    let recorded: string | null = null;

    const onDown = (event: KeyboardEvent) => {
      swallow(event);
      if (event.repeat || recorded !== null || event.isComposing) return;
      const modifier = modifierOf(event);
      if (modifier !== null) {
        pressed.add(modifier);
        return;
      }
      if (event.key === "Escape" && heldModifiers(event).length === 0) {
        onEnd();
        return;
      }
      const keys = comboOf(event);
      if (keys === null) return;
      recorded = event.code;
      latest.current(keys);
    };
    const onUp = (event: KeyboardEvent) => {
      swallow(event);
      if (recorded !== null) {
        if (event.code === recorded) onEnd();
        return;
      }
      if (modifierOf(event) === null || pressed.size === 0) return;
      latest.current(formatKeys({ modifiers: MODIFIERS.filter((modifier) => pressed.has(modifier)), key: null }));
      onEnd();
    };

    window.addEventListener("keydown", onDown, true);
    window.addEventListener("keyup", onUp, true);
    window.addEventListener("blur", onEnd);
    return () => {
      window.removeEventListener("keydown", onDown, true);
      window.removeEventListener("keyup", onUp, true);
      window.removeEventListener("blur", onEnd);
    };
  }, [active, onEnd]);
}

/** Neither our shortcuts nor the focused button get it. */
function swallow(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
