import { useEffect, useState } from "react";
import { useMirror, useVerbs } from "../store/use-app.ts";
import { wordsOf } from "../ui/format.ts";
import { Recording } from "./recording.ts";

/** Enough for the first picture. */
const FIRST_EVENTS = 60;
/** Small enough that folding a page takes a few ms. */
const PAGE_EVENTS = 700;
/** While pages come, what is shown of them is renewed this often, ms. */
const RENEW_MS = 300;

export type Loading = {
  /** Null before the first page; another object whenever it grew. */
  readonly recording: Recording | null;
  /** The seq of the newest event on record. */
  readonly last: number;
  readonly error: string | null;
};

const NOTHING: Loading = { recording: null, last: 0, error: null };

/** A session's recording, page by page from its beginning; an open session's goes on growing. */
export function useRecording(session: string): Loading {
  const { page } = useVerbs();
  const [loading, setLoading] = useState<Loading>(NOTHING);
  // What main pushes of an open session says that there is more.
  const pushed = useMirror(session)?.view.seq ?? 0;
  const known = loading.recording;
  // biome-ignore lint/correctness/useExhaustiveDependencies: goes on from what there is whenever there is more
  useEffect(() => {
    let on = true;
    let recording = known?.session === session ? known : new Recording(session);
    const load = async () => {
      let shown = performance.now();
      for (let limit = FIRST_EVENTS; ; limit = PAGE_EVENTS) {
        const before = recording.view.seq;
        const { events, last } = await page(session, before, limit);
        if (!on) return;
        recording.append(events);
        const { seq } = recording.view;
        const done = seq >= last || seq === before;
        const first = before === 0;
        if (last === 0) throw new Error(`There is no session ${session} on record here.`);
        if (first || done || performance.now() - shown > RENEW_MS) {
          shown = performance.now();
          recording = recording.renewed();
          setLoading({ recording, last, error: null });
        }
        if (done) return;
      }
    };
    load().catch((error: unknown) => {
      if (on) setLoading((now) => ({ ...now, error: wordsOf(error) }));
    });
    return () => {
      on = false;
    };
  }, [session, pushed, page]);
  return loading;
}
