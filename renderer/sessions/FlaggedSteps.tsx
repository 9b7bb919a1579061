import { IconFlagFilled } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Flag, ListedSession } from "../../shared/ipc-journal.ts";
import { useVerbs } from "../store/use-app.ts";
import { formatDateTime, wordsOf } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";

/** Every flagged step of every session, the newest flag first. */
export function FlaggedSteps({ rows }: { readonly rows: readonly ListedSession[] }) {
  const { journal, open } = useVerbs();
  const [flags, setFlags] = useState<readonly Flag[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let on = true;
    journal.flagged().then(
      (found) => on && setFlags(found),
      (error: unknown) => on && setProblem(wordsOf(error)),
    );
    return () => {
      on = false;
    };
  }, [journal]);
  if (problem !== null) return <Notice tone="bad">{problem}</Notice>;
  if (flags === null) return <p className="dim">Reading the journal.</p>;
  if (flags.length === 0)
    return <p className="dim sessions-none">No step is flagged. Flag one in a replay, under Notes.</p>;
  return (
    <ol className="flagged scroll-box" aria-label="Flagged steps">
      {flags.map(({ session, step, at }) => (
        <li key={`${session} ${step}`}>
          <button type="button" className="session-open" onClick={() => open(session, step)}>
            <IconFlagFilled size={15} aria-hidden="true" />
            <span className="flagged-task">{rows.find(({ id }) => id === session)?.task ?? session}</span>
            <span className="small dim">
              turn {step.split(".")[0]}, action {Number(step.split(".")[1]) + 1}
            </span>
            <span className="small dim">flagged {formatDateTime(at)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
