import { Button } from "@mantine/core";
import { useState } from "react";
import { chordsProblem } from "../../shared/chords.ts";
import {
  BINDING_LABELS,
  BINDING_NAMES,
  type BindingName,
  bindingsProblem,
  DEFAULT_BINDINGS,
  type KeyBindings,
} from "../../shared/key-bindings.ts";
import { useShortcutHint } from "../gate/use-shortcuts.ts";
import { usePreferences, useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { KeyRow } from "./KeyRow.tsx";

/** The keys of the window, each to be pressed anew. */
export function KeysSection() {
  const { keys, chords } = usePreferences();
  const { setPreferences } = useVerbs();
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (next: KeyBindings) => {
    const wrong = bindingsProblem(next) ?? chordsProblem(chords, next);
    if (wrong !== null) return setProblem(wrong);
    const outcome = await setPreferences({ keys: next });
    setProblem(outcome.ok ? null : outcome.error);
  };
  const changed = BINDING_NAMES.some((name) => keys[name] !== DEFAULT_BINDINGS[name]);
  return (
    <section className="panel" aria-labelledby="settings-keys">
      <h3 id="settings-keys">Keys in this window</h3>
      <p className="dim">Ctrl stands for Cmd on a Mac. A key that types needs Ctrl or Alt with it.</p>
      <dl className="settings-keys">
        {BINDING_NAMES.map((name) => (
          <BindingRow key={name} name={name} onKeys={(combo) => void save({ ...keys, [name]: combo })} />
        ))}
      </dl>
      {problem === null ? null : (
        <Notice tone="bad" alert>
          Not changed: {problem}
        </Notice>
      )}
      {changed ? (
        <div>
          <Button variant="default" onClick={() => void save(DEFAULT_BINDINGS)}>
            All keys as they came
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function BindingRow({ name, onKeys }: { readonly name: BindingName; readonly onKeys: (combo: string) => void }) {
  const hint = useShortcutHint(name);
  return <KeyRow label={BINDING_LABELS[name]} shown={hint.label} onKeys={onKeys} />;
}
