import { useCallback, useEffect, useMemo, useState } from "react";
import type { Review, ReviewNote } from "../../shared/ipc-journal.ts";
import { useVerbs } from "../store/use-app.ts";
import { wordsOf } from "../ui/format.ts";

export type Reviewing = {
  readonly notes: readonly ReviewNote[];
  /** The ids of the flagged steps. */
  readonly flags: ReadonlySet<string>;
  /** The ids of the steps with a note. */
  readonly noted: ReadonlySet<string>;
  readonly kept: boolean;
  /** Why the last thing asked for was not done; null when it was. */
  readonly problem: string | null;
  /** Each resolves to whether it was done. */
  readonly addNote: (step: string | null, text: string) => Promise<boolean>;
  readonly removeNote: (note: number) => Promise<boolean>;
  readonly flag: (step: string, on: boolean) => Promise<boolean>;
  readonly keep: (keep: boolean) => Promise<boolean>;
};

const NOTHING: Review = { notes: [], flags: [], kept: false };

/** What reviewers added to a session: beside its chain, never in it. */
export function useReview(session: string): Reviewing {
  const { journal } = useVerbs();
  const [review, setReview] = useState(NOTHING);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(() => journal.review(session).then(setReview), [journal, session]);
  useEffect(() => {
    load().catch((error: unknown) => setProblem(wordsOf(error)));
  }, [load]);
  const flags = useMemo(() => new Set(review.flags.map(({ step }) => step)), [review]);
  const noted = useMemo(() => new Set(review.notes.flatMap(({ step }) => (step === null ? [] : [step]))), [review]);
  const verbs = useMemo(() => {
    const done = async (asked: Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }>) => {
      try {
        const outcome = await asked;
        setProblem(outcome.ok ? null : outcome.error);
        if (outcome.ok) await load();
        return outcome.ok;
      } catch (error) {
        setProblem(wordsOf(error));
        return false;
      }
    };
    return {
      addNote: (step: string | null, text: string) => done(journal.note(session, step, text)),
      removeNote: (note: number) => done(journal.removeNote(session, note)),
      flag: (step: string, on: boolean) => done(journal.flag(session, step, on)),
      keep: (keep: boolean) => done(journal.keep(session, keep)),
    };
  }, [journal, session, load]);
  return { notes: review.notes, flags, noted, kept: review.kept, problem, ...verbs };
}
