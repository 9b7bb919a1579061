import { Button } from "@mantine/core";
import { useState } from "react";
import { useMirror, useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";

/** Keeps typed text out of the record, once the operator has read what that means. */
export function SecretMark({ session }: { readonly session: string }) {
  const { markSecret } = useVerbs();
  const marked = useMirror(session)?.view.secret ?? false;
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (marked) return <p className="small dim">Typed text is kept out of the record.</p>;
  if (!asking) {
    return (
      <div>
        <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
          Text is secret
        </Button>
      </div>
    );
  }
  const mark = async () => {
    const outcome = await markSecret(session);
    setError(outcome.ok ? null : outcome.error);
  };
  return (
    <Notice tone="waiting">
      <p>From now on the record of this session holds only the length of typed text, and not Claude's own words.</p>
      <p className="small">
        What is on record already stays: Claude's turn, this proposal, pictures. After a crash this session can't be
        gone on with. What you type in an edit is not told to Claude either.
      </p>
      {error === null ? null : <p className="small">{error}</p>}
      <div className="row">
        <Button size="xs" variant="default" onClick={() => void mark()}>
          Keep it out
        </Button>
        <Button size="xs" variant="subtle" onClick={() => setAsking(false)}>
          Cancel
        </Button>
      </div>
    </Notice>
  );
}
