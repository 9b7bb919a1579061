import { useEffect, useState } from "react";
import type { HealthItem } from "../../shared/ipc-health.ts";
import { useVerbs } from "../store/use-app.ts";
import { wordsOf } from "../ui/format.ts";

/** How often the machine is looked at anew while the list is in sight, ms. */
const AGAIN_MS = 4000;

export type Health = {
  /** Null until the first look is over. */
  readonly items: readonly HealthItem[] | null;
  readonly problem: string | null;
};

/** The list, looked at anew every few seconds and whenever the operator comes back from elsewhere, without a restart. */
export function useHealth(): Health {
  const { health } = useVerbs();
  const [state, setState] = useState<Health>({ items: null, problem: null });
  useEffect(() => {
    let gone = false;
    let busy = false;
    const look = async () => {
      if (busy || document.hidden) return;
      busy = true;
      try {
        const items = await health.check();
        if (!gone) setState({ items, problem: null });
      } catch (thrown) {
        if (!gone) setState((before) => ({ ...before, problem: wordsOf(thrown) }));
      } finally {
        busy = false;
      }
    };
    void look();
    const timer = setInterval(() => void look(), AGAIN_MS);
    const now = () => void look();
    window.addEventListener("focus", now);
    return () => {
      gone = true;
      clearInterval(timer);
      window.removeEventListener("focus", now);
    };
  }, [health]);
  return state;
}
