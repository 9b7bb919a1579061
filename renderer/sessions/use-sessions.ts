import { useCallback, useEffect, useState } from "react";
import type { SearchHit, SessionPage, SessionSort } from "../../shared/ipc-journal.ts";
import { useApp, useVerbs } from "../store/use-app.ts";
import { wordsOf } from "../ui/format.ts";

export type Query = { readonly text: string; readonly sort: SessionSort; readonly descending: boolean };

export type Listed = {
  /** Null until the first answer. */
  readonly page: SessionPage | null;
  /** The first place the text was found in each session. */
  readonly hits: ReadonlyMap<string, SearchHit>;
  readonly problem: string | null;
  readonly renew: () => void;
};

/** As many as there may be: the list draws only what is in view. */
const ALL = 10_000;
/** More than a screenful: what is there to be seen at once. */
const FIRST = 60;
const MOST_HITS = 1000;
const REST_MS = 400;
/** A word is being typed: only its end is looked for. */
const PAUSE_MS = 40;
const NO_HITS: ReadonlyMap<string, SearchHit> = new Map();
const NONE: readonly string[] = [];

/** The sessions of the record, searched and sorted by main. */
export function useSessions({ text, sort, descending }: Query): Listed {
  const { journal } = useVerbs();
  const interrupted = useApp((state) => state.info?.interrupted ?? NONE);
  const [page, setPage] = useState<SessionPage | null>(null);
  const [hits, setHits] = useState(NO_HITS);
  const [problem, setProblem] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a session gone on with or closed changes the list
  useEffect(() => {
    let on = true;
    const load = async () => {
      const query = { text, sort, descending, offset: 0 };
      const first = await journal.sessions({ ...query, limit: FIRST });
      if (!on) return;
      setPage(first);
      setProblem(null);
      if (first.total > first.rows.length) {
        // Whoever opens one of the first at once should not wait for the others.
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
        if (!on) return;
        const all = await journal.sessions({ ...query, limit: ALL });
        if (!on) return;
        setPage(all);
      }
      const places =
        text.trim() === "" ? [] : await journal.search({ text: text.trim(), session: null, limit: MOST_HITS });
      if (on) setHits(new Map(places.toReversed().map((hit) => [hit.session, hit])));
    };
    const timer = setTimeout(
      () => load().catch((error: unknown) => on && setProblem(wordsOf(error))),
      text === "" ? 0 : PAUSE_MS,
    );
    return () => {
      on = false;
      clearTimeout(timer);
    };
  }, [journal, text, sort, descending, interrupted, turn]);
  const renew = useCallback(() => setTurn((now) => now + 1), []);
  return { page, hits, problem, renew };
}
