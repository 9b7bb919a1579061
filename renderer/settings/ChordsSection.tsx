import { CHORD_LABELS, CHORD_NAMES, chordsProblem, chordText, DEFAULT_CHORDS } from "../../shared/chords.ts";
import { usePreferences, useVerbs } from "../store/use-app.ts";
import { KeyList } from "./KeyList.tsx";
import { KeyRow } from "./KeyRow.tsx";

/** The keys that are heard everywhere. */
export function ChordsSection() {
  const { keys, chords } = usePreferences();
  const { setPreferences } = useVerbs();
  return (
    <KeyList
      id="settings-chords"
      title="Keys from anywhere"
      help="Heard whatever program is in front. Stop counts all the time, and for every session that is open; the others for the session on this desktop alone, while its decision waits. Two of Ctrl, Alt, Shift and Super, and a letter, an F key, Space, Insert, Home, End, Page Up or Page Down. They can't be changed while a session runs."
      names={CHORD_NAMES}
      keys={chords}
      defaults={DEFAULT_CHORDS}
      problemOf={(next) => chordsProblem(next, keys)}
      onSave={(next) => setPreferences({ chords: next })}
      row={(name, onKeys) => (
        <KeyRow key={name} label={CHORD_LABELS[name]} shown={chordText(chords[name])} onKeys={onKeys} />
      )}
      reset="All keys from anywhere as they came"
    />
  );
}
