import { chordsProblem } from "../../shared/chords.ts";
import {
  BINDING_LABELS,
  BINDING_NAMES,
  type BindingName,
  bindingsProblem,
  DEFAULT_BINDINGS,
} from "../../shared/key-bindings.ts";
import { useShortcutHint } from "../gate/use-shortcuts.ts";
import { usePreferences, useVerbs } from "../store/use-app.ts";
import { KeyList } from "./KeyList.tsx";
import { KeyRow } from "./KeyRow.tsx";

/** The keys of the window. */
export function KeysSection() {
  const { keys, chords } = usePreferences();
  const { setPreferences } = useVerbs();
  return (
    <KeyList
      id="settings-keys"
      title="Keys in this window"
      help="Ctrl stands for Cmd on a Mac. A key that types needs Ctrl or Alt with it."
      names={BINDING_NAMES}
      keys={keys}
      defaults={DEFAULT_BINDINGS}
      problemOf={(next) => bindingsProblem(next) ?? chordsProblem(chords, next)}
      onSave={(next) => setPreferences({ keys: next })}
      row={(name, onKeys) => <BindingRow key={name} name={name} onKeys={onKeys} />}
      reset="All keys as they came"
    />
  );
}

function BindingRow({ name, onKeys }: { readonly name: BindingName; readonly onKeys: (combo: string) => void }) {
  const hint = useShortcutHint(name);
  return <KeyRow label={BINDING_LABELS[name]} shown={hint.label} onKeys={onKeys} />;
}
