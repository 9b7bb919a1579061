import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useHold, useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";

type Props = { readonly session: string; readonly notes: readonly string[] };

/** One line to Claude, which goes along with the next results. */
export function NoteForm({ session, notes }: Props) {
  const { note } = useVerbs();
  const [text, setText] = useState("");
  const [error, setError] = useState<string | null>(null);
  useHold(text.trim() !== "");

  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    const outcome = await note(session, text);
    setError(outcome.ok ? null : outcome.error);
    if (outcome.ok) setText("");
  };
  return (
    <form className="note-form" onSubmit={(event) => void add(event)}>
      {error === null ? null : (
        <Notice tone="bad" alert>
          {error}
        </Notice>
      )}
      <div className="line-form">
        <TextInput
          aria-label="Note to Claude"
          placeholder="Note to Claude"
          maxLength={20_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          Add note
        </Button>
      </div>
      <p className="small dim" aria-live="polite">
        {notes.length === 0 ? "Claude reads it with the next results." : `Last note: ${notes.at(-1)}`}
      </p>
    </form>
  );
}
