import { Button, Textarea } from "@mantine/core";
import { IconFlag, IconFlagFilled } from "@tabler/icons-react";
import { useState } from "react";
import type { ReviewNote } from "../../shared/ipc-journal.ts";
import { formatDateTime } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import type { Reviewing } from "./use-review.ts";

type Props = {
  /** The step's id; null for the session as a whole. */
  readonly step: string | null;
  readonly review: Reviewing;
};

/** A reviewer's notes and flag: events of their own, outside the session's chain. */
export function NotesPanel({ step, review }: Props) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const mine = review.notes.filter((note) => note.step === step);
  const others = step === null ? [] : review.notes.filter((note) => note.step === null);
  const isFlagged = step !== null && review.flags.has(step);
  const add = async () => {
    if (busy || text.trim() === "") return;
    setBusy(true);
    if (await review.addNote(step, text)) setText("");
    setBusy(false);
  };
  return (
    <ScrollBox label="Notes on this step" className="step-facts replay-facts">
      {step === null ? null : (
        <Button
          size="xs"
          variant="default"
          aria-pressed={isFlagged}
          leftSection={
            isFlagged ? <IconFlagFilled size={15} aria-hidden="true" /> : <IconFlag size={15} aria-hidden="true" />
          }
          onClick={() => void review.flag(step, !isFlagged)}
        >
          {isFlagged ? "Flagged: take the flag off" : "Flag this step"}
        </Button>
      )}
      <Textarea
        size="xs"
        autosize
        minRows={3}
        maxRows={8}
        label={step === null ? "Note on this session" : "Note on this step"}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void add();
        }}
      />
      <Button size="xs" className="strong" disabled={busy || text.trim() === ""} onClick={() => void add()}>
        Add note
      </Button>
      {review.problem === null ? null : (
        <Notice tone="bad" alert>
          {review.problem}
        </Notice>
      )}
      {mine.map((note) => (
        <NoteText key={note.id} note={note} onRemove={() => void review.removeNote(note.id)} />
      ))}
      {others.length === 0 ? null : <h3 className="dim">On the session as a whole</h3>}
      {others.map((note) => (
        <NoteText key={note.id} note={note} onRemove={() => void review.removeNote(note.id)} />
      ))}
      <p className="small dim">
        Notes and flags stand beside the record, with their time; the session's own chain is not changed by them.
      </p>
    </ScrollBox>
  );
}

function NoteText({ note, onRemove }: { readonly note: ReviewNote; readonly onRemove: () => void }) {
  return (
    <div className="review-note">
      <p className="small dim">
        {formatDateTime(note.at)}
        <button type="button" className="link-button" onClick={onRemove}>
          Take back
        </button>
      </p>
      <ShownText text={note.text} as="prose" />
    </div>
  );
}
