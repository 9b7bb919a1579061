import { chordText } from "../../shared/chords.ts";
import type { Obstacle } from "../../shared/ipc.ts";
import { useApp, useMirror, usePreferences } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";

const WORDS: Readonly<Record<Obstacle, string>> = {
  grab: "Another program has a menu or list open, and with it the keyboard: the first click here would only close it.",
  held: "Claude holds the mouse button down, so your clicks do not reach this window.",
};

/** On this desktop: what keeps keys or clicks from our window, and the chords that reach it all the same. */
export function ObstacleNotice() {
  const obstacle = useApp(({ info }) => info?.obstacle ?? null);
  const refused = useApp(({ info }) => info?.chordRefused ?? null);
  const { chords } = usePreferences();
  const where = useMirror(useApp(({ gate }) => gate))?.view.config?.where.kind;
  // The chords decide for the session on this desktop, which may not be the one in view.
  if (where !== "this") return null;
  return (
    <>
      {obstacle === null ? null : (
        <Notice tone="waiting">
          {WORDS[obstacle]} Decide from anywhere: <kbd className="mono">{chordText(chords.approve)}</kbd> approves,{" "}
          <kbd className="mono">{chordText(chords.reject)}</kbd> rejects,{" "}
          <kbd className="mono">{chordText(chords.takeOver)}</kbd> takes over.
        </Notice>
      )}
      {refused === null ? null : (
        <Notice tone="bad" alert>
          Not decided: {refused}
        </Notice>
      )}
    </>
  );
}
