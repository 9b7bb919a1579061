import { Button } from "@mantine/core";
import { useState } from "react";
import type { SessionView } from "../../shared/session-view.ts";
import { useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { sentenceOf } from "../ui/words.ts";
import { brokenStep } from "./told.ts";

/** Going on with an interrupted session, or closing it; and why that did not work. */
export function InterruptedButtons({ session }: { readonly session: string }) {
  const { reopen, close } = useVerbs();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const goOn = async () => {
    if (busy) return;
    setBusy(true);
    const outcome = await reopen(session);
    setBusy(false);
    setError(outcome.ok ? null : outcome.error);
  };
  return (
    <>
      <span className="interrupted-buttons">
        <Button size="xs" className="strong" aria-disabled={busy} onClick={() => void goOn()}>
          Go on
        </Button>
        <Button size="xs" variant="default" onClick={() => void close(session)}>
          Close
        </Button>
      </span>
      {error === null ? null : (
        <span role="alert" className="small tone-bad interrupted-error">
          {error}
        </span>
      )}
    </>
  );
}

/** What one has to know before going on: what was running, that nobody knows its end, and that it is not repeated. */
export function InterruptedNotice({ view }: { readonly view: SessionView }) {
  const step = brokenStep(view);
  return (
    <Notice tone="waiting">
      <div className="interrupted">
        <div className="interrupted-words">
          <p>
            <strong>Interrupted: the app ended in the middle of this session.</strong>
          </p>
          {step === null ? (
            <p>No action was running.</p>
          ) : (
            <>
              <p>
                Action {view.steps.indexOf(step) + 1} was running: <strong>{sentenceOf(step)}</strong>.{" "}
                {step.interrupted === null ? (
                  "Nobody knows how far it got."
                ) : (
                  <ShownText text={step.interrupted} as="prose" />
                )}
              </p>
              <p>It is never run again by itself; Claude will read that it was interrupted.</p>
            </>
          )}
          <p>
            Go on starts a fresh desktop with the same programs; what was open before is gone. Close ends the record.
          </p>
        </div>
        <InterruptedButtons session={view.id} />
      </div>
    </Notice>
  );
}
