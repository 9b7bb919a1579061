import { useCallback, useEffect, useRef, useState } from "react";
import type { DesktopOffer } from "../../shared/ipc-desktop.ts";
import { useVerbs } from "../store/use-app.ts";

export type Offered = {
  /** Null until main has looked. */
  readonly offer: DesktopOffer | null;
  /** What main finds, for whoever is quicker than that; rejects when it can't look. */
  readonly looked: () => Promise<DesktopOffer>;
};

/** What a desktop of Claude's own can be given here. Looked up anew when the operator comes back. */
export function useOffer(): Offered {
  const { desktopOffer } = useVerbs();
  const [offer, setOffer] = useState<DesktopOffer | null>(null);
  const latest = useRef<Promise<DesktopOffer> | null>(null);
  useEffect(() => {
    let gone = false;
    const look = () => {
      latest.current = desktopOffer();
      latest.current.then(
        (found) => {
          if (!gone) setOffer(found);
        },
        // The one before still counts; main checks again at the start.
        () => undefined,
      );
    };
    look();
    window.addEventListener("focus", look);
    return () => {
      gone = true;
      window.removeEventListener("focus", look);
    };
  }, [desktopOffer]);
  const looked = useCallback(() => latest.current ?? desktopOffer(), [desktopOffer]);
  return { offer, looked };
}
