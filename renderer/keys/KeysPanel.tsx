import { Button, Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import { ENVIRONMENT_KEY, type KeyEntry, type KeyList } from "../../shared/ipc-keys.ts";
import { useVerbs } from "../store/use-app.ts";
import { wordsOf } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { CheckNotice } from "./CheckNotice.tsx";
import { KeyForm } from "./KeyForm.tsx";
import { ANTHROPIC, keptWords, keyTitle } from "./words.ts";

/** All keys: which is in use, where each goes, and what can be done with it. */
export function KeysPanel({ list }: { readonly list: KeyList }) {
  const { keys } = useVerbs();
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (ask: () => Promise<{ readonly ok: boolean; readonly error?: string }>) => {
    try {
      const outcome = await ask();
      setProblem(outcome.ok ? null : (outcome.error ?? null));
    } catch (thrown) {
      setProblem(wordsOf(thrown));
    }
  };
  return (
    <>
      {list.keychain === false ? (
        <Notice tone="quiet">
          This system has no keychain that can keep a key: one you enter stays in memory until the app ends.
        </Notice>
      ) : null}
      {list.entries.length === 0 ? (
        <p>No API key yet.</p>
      ) : (
        <Radio.Group aria-label="Key in use" value={list.chosen} onChange={(id) => void run(() => keys.choose(id))}>
          <ul className="key-list">
            {list.entries.map((entry) => (
              <KeyRow key={entry.id} entry={entry} run={run} />
            ))}
          </ul>
        </Radio.Group>
      )}
      {problem === null ? null : (
        <Notice tone="bad" alert>
          {problem}
        </Notice>
      )}
      <h4>{list.entries.length === 0 ? "Enter one" : "Another key"}</h4>
      <KeyForm another={list.entries.length > 0} />
    </>
  );
}

type RowProps = {
  readonly entry: KeyEntry;
  readonly run: (ask: () => Promise<{ readonly ok: boolean; readonly error?: string }>) => Promise<void>;
};

function KeyRow({ entry, run }: RowProps) {
  const { keys } = useVerbs();
  const [doing, setDoing] = useState<"nothing" | "checking" | "renaming" | "forgetting">("nothing");
  const idle = () => setDoing("nothing");
  const check = async () => {
    setDoing("checking");
    await run(() => keys.check(entry.id));
    idle();
  };
  return (
    <li>
      <div className="key-row">
        <Radio
          value={entry.id}
          label={keyTitle(entry)}
          description={`Sent to ${entry.baseUrl ?? ANTHROPIC} only. It ${keptWords(entry)}.`}
        />
        <div className="row key-buttons">
          <Button
            size="xs"
            variant="default"
            aria-label={`Check ${entry.name}`}
            aria-disabled={doing === "checking"}
            onClick={() => void check()}
          >
            {doing === "checking" ? "Asking ..." : "Check"}
          </Button>
          {entry.id === ENVIRONMENT_KEY ? null : (
            <>
              <Button
                size="xs"
                variant="default"
                aria-label={`Rename ${entry.name}`}
                onClick={() => setDoing("renaming")}
              >
                Rename
              </Button>
              <Button
                size="xs"
                variant="default"
                aria-label={`Delete ${entry.name}`}
                onClick={() => setDoing("forgetting")}
              >
                Delete
              </Button>
            </>
          )}
        </div>
      </div>
      {doing === "renaming" ? (
        <RenameForm
          name={entry.name}
          onCancel={idle}
          onName={(name) => void run(() => keys.rename(entry.id, name)).then(idle)}
        />
      ) : null}
      {doing === "forgetting" ? (
        <div className="row">
          <span>Delete {keyTitle(entry)}? It can't be brought back.</span>
          <Button size="xs" color="red" autoFocus onClick={() => void run(() => keys.forget(entry.id))}>
            Delete this key
          </Button>
          <Button size="xs" variant="default" onClick={idle}>
            Keep it
          </Button>
        </div>
      ) : null}
      {entry.check === null ? null : <CheckNotice check={entry.check} />}
    </li>
  );
}

type RenameProps = {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onCancel: () => void;
};

function RenameForm({ name, onName, onCancel }: RenameProps) {
  const [text, setText] = useState(name);
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") onName(text);
      }}
    >
      <TextInput
        size="xs"
        aria-label="New name"
        autoFocus
        maxLength={60}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" type="submit" variant="default">
        Save
      </Button>
      <Button size="xs" variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}
