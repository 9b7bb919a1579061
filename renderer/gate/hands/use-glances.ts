import { useCallback, useEffect, useRef, useState } from "react";
import type { Glance } from "../../../shared/ipc.ts";
import { useVerbs } from "../../store/use-app.ts";

/** ms between a picture and the next request for one. */
const EVERY_MS = 300;
/** After this many requests without a picture the operator is told. */
const SILENT_TRIES = 6;

type Glances = {
  readonly glance: Glance | null;
  /** No fresh picture for a while: what is shown may be old. */
  readonly stale: boolean;
  /** Asks for the next picture at once. */
  readonly refresh: () => void;
};

/** The session's desktop as it is, again and again while this window can be seen; while `off` it stays as it was. */
export function useGlances(session: string, off: boolean): Glances {
  const verbs = useVerbs();
  const [glance, setGlance] = useState<Glance | null>(null);
  const [stale, setStale] = useState(false);
  const wake = useRef<() => void>(() => undefined);

  useEffect(() => {
    setStale(false);
    if (off) return;
    const gone = new AbortController();
    const follow = async () => {
      let missed = 0;
      while (!gone.signal.aborted) {
        if (document.visibilityState === "visible") {
          const next = await verbs.glance(session);
          if (gone.signal.aborted) return;
          missed = next === null ? missed + 1 : 0;
          if (next !== null) setGlance(next);
          setStale(missed >= SILENT_TRIES);
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, EVERY_MS);
          wake.current = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    };
    void follow();
    return () => {
      gone.abort();
      wake.current();
    };
  }, [session, verbs, off]);

  const refresh = useCallback(() => wake.current(), []);
  return { glance, stale, refresh };
}
