import { Button } from "@mantine/core";
import { useState } from "react";
import { useVerbs } from "../store/use-app.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { wordsOf } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";

type Props = { readonly session: string; readonly kept: boolean; readonly onClose: () => void };

/** Asks once more before a session's record goes. */
export function DeleteDialog({ session, kept, onClose }: Props) {
  const { journal, open } = useVerbs();
  const [error, setError] = useState<string | null>(null);
  const run = async () => {
    try {
      const outcome = await journal.delete(session);
      if (outcome.ok) open(null);
      else setError(outcome.error);
    } catch (thrown) {
      setError(wordsOf(thrown));
    }
  };
  return (
    <Dialog small title="Delete this session?" onClose={onClose}>
      {error === null ? null : (
        <Notice tone="bad" alert>
          {error}
        </Notice>
      )}
      <p>
        Its events go, and the pictures that no other session names. That it was here, and when it was deleted, stays in
        the record. This can't be taken back; export it first to have a copy.
      </p>
      {kept ? <p>You chose to keep this session for good.</p> : null}
      <div className="row">
        <Button variant="default" className="stop" onClick={() => void run()}>
          Delete session
        </Button>
      </div>
    </Dialog>
  );
}
