import { useEffect, useState } from "react";
import type { DesktopOffer } from "../../shared/ipc-desktop.ts";
import { useVerbs } from "../store/use-app.ts";

/** What a desktop of Claude's own can be given here; null until main has looked. Looked up anew when the operator comes back. */
export function useOffer(): DesktopOffer | null {
  const { desktopOffer } = useVerbs();
  const [offer, setOffer] = useState<DesktopOffer | null>(null);
  useEffect(() => {
    let gone = false;
    const look = () =>
      desktopOffer().then(
        (found) => {
          if (!gone) setOffer(found);
        },
        // The one before still counts; main checks again at the start.
        () => undefined,
      );
    void look();
    window.addEventListener("focus", look);
    return () => {
      gone = true;
      window.removeEventListener("focus", look);
    };
  }, [desktopOffer]);
  return offer;
}
