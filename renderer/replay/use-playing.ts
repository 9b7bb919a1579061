import { type Dispatch, type SetStateAction, useEffect, useRef } from "react";
import type { Item } from "./items.ts";
import { nextDecision, played, type ReplayState } from "./replay-state.ts";
import type { TimeScale } from "./time-scale.ts";

/** How long each decision is shown when a replay plays by decisions, ms. */
const EACH_MS = 1400;

/** Moves the state on while it plays. */
export function usePlaying(
  state: ReplayState,
  change: Dispatch<SetStateAction<ReplayState>>,
  items: readonly Item[],
  scale: TimeScale,
): void {
  const latest = useRef({ items, scale });
  latest.current = { items, scale };
  const { playing, speed } = state;
  useEffect(() => {
    if (!playing) return;
    if (speed === "decisions") {
      const timer = setInterval(() => change((now) => nextDecision(now, latest.current.items)), EACH_MS);
      return () => clearInterval(timer);
    }
    let before = performance.now();
    let frame = requestAnimationFrame(function go(now) {
      // Taken now: React may ask for the next state only after the next frame has begun.
      const ms = now - before;
      before = now;
      change((was) => played(was, latest.current.items, latest.current.scale, ms));
      frame = requestAnimationFrame(go);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, change]);
}
