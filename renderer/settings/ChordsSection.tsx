import { Button } from "@mantine/core";
import { useState } from "react";
import {
  CHORD_LABELS,
  CHORD_NAMES,
  type Chords,
  chordsProblem,
  chordText,
  DEFAULT_CHORDS,
} from "../../shared/chords.ts";
import { usePreferences, useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { KeyRow } from "./KeyRow.tsx";

/** The keys that are heard everywhere, each to be pressed anew. */
export function ChordsSection() {
  const { keys, chords } = usePreferences();
  const { setPreferences } = useVerbs();
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (next: Chords) => {
    const wrong = chordsProblem(next, keys);
    if (wrong !== null) return setProblem(wrong);
    const outcome = await setPreferences({ chords: next });
    setProblem(outcome.ok ? null : outcome.error);
  };
  const changed = CHORD_NAMES.some((name) => chords[name] !== DEFAULT_CHORDS[name]);
  return (
    <section className="panel" aria-labelledby="settings-chords">
      <h3 id="settings-chords">Keys from anywhere</h3>
      <p className="dim">
        Heard whatever program is in front. Stop counts all the time; the others on this desktop, while a decision
        waits. Two of Ctrl, Alt, Shift and Super, and a letter, an F key, Space, Insert, Home, End, Page Up or Page
        Down. They can't be changed while a session runs.
      </p>
      <dl className="settings-keys">
        {CHORD_NAMES.map((name) => (
          <KeyRow
            key={name}
            label={CHORD_LABELS[name]}
            shown={chordText(chords[name])}
            onKeys={(combo) => void save({ ...chords, [name]: combo })}
          />
        ))}
      </dl>
      {problem === null ? null : (
        <Notice tone="bad" alert>
          Not changed: {problem}
        </Notice>
      )}
      {changed ? (
        <div>
          <Button variant="default" onClick={() => void save(DEFAULT_CHORDS)}>
            All chords as they came
          </Button>
        </div>
      ) : null}
    </section>
  );
}
