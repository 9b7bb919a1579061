import { useEffect, useRef } from "react";
import { isDialogOpen } from "../ui/Dialog.tsx";
import { type KeyWish, wishOf } from "./replay-state.ts";

const TYPED_IN = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const PRESSED_BY_SPACE = "button, a, summary, input, [role=tab]";
/** Controls with arrow keys of their own. */
const OWN_ARROWS = "[role=tab], input[type=radio]";

/** The replay's keys, wherever the focus is, unless what has it needs the key itself. */
export function useReplayKeys(onWish: (wish: KeyWish) => void): void {
  const latest = useRef(onWish);
  latest.current = onWish;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isDialogOpen()) return;
      const wish = wishOf(event.key);
      if (wish === null || !(event.target instanceof Element) || isTaken(event.target, wish)) return;
      event.preventDefault();
      latest.current(wish);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function isTaken(target: Element, wish: KeyWish): boolean {
  if (target.closest(TYPED_IN) !== null) return true;
  switch (wish.kind) {
    case "step":
      return target.closest(OWN_ARROWS) !== null;
    case "end":
      return target.closest(OWN_ARROWS) !== null || target.matches(".scroll-box");
    case "play":
      // On the row that is looked at, Space would only choose it once more.
      return target.closest(PRESSED_BY_SPACE) !== null && target.closest(".replay-row[aria-current]") === null;
    default:
      return false;
  }
}
