/** Answers the window's questions about the record. */
import type { JournalReplies, Privacy, Retention } from "../../shared/ipc-journal.ts";
import { JournalError } from "../journal/journal.ts";
import type { JournalStore } from "../journal/store.ts";
import { DROPPED, placeOf, verifySession } from "../journal/verify.ts";
import type { Handlers } from "../windows/ipc.ts";

type Parts = {
  readonly store: JournalStore;
  /** The user data folder. */
  readonly dir: string;
  readonly changeSettings: (change: { readonly retention?: Retention; readonly privacy?: Privacy }) => void;
};

/** The handlers of every channel in shared/ipc-journal.ts. */
export function journalHandlers({ store, dir, changeSettings }: Parts): Pick<Handlers, keyof JournalReplies> {
  return {
    "journal.sessions": (query) => store.sessions(query),
    "journal.search": (query) => store.search(query),
    "journal.review": ({ session }) => store.review(session),
    "journal.flagged": () => store.flagged(),
    "journal.note": ({ session, step, text }) =>
      done(() => store.addReview({ type: "note.added", body: { session, step, text } })),
    "journal.removeNote": ({ session, note }) =>
      done(() => store.addReview({ type: "note.removed", body: { session, note } })),
    "journal.flag": ({ session, step, on }) =>
      done(() => store.addReview({ type: "step.flagged", body: { session, step, on } })),
    "journal.keep": ({ session, keep }) =>
      done(() => store.addReview({ type: "session.kept", body: { session, keep } })),
    "journal.verify": async ({ session }) => {
      try {
        const result = await verifySession(dir, session);
        if (!result.ok) return { ok: false, where: placeOf(result.at), problem: result.problem };
        const [dropped] = result.dropped;
        if (dropped !== undefined) return { ok: false, where: `session ${dropped}`, problem: DROPPED };
        const { events, blobs, head, signedBy } = result;
        return { ok: true, events, pictures: blobs, head, signedBy };
      } catch (error) {
        return { ok: false, where: "the record", problem: wordsOf(error) };
      }
    },
    "journal.export": () => ({ ok: false, error: "This build can't export yet." }),
    "journal.report": () => ({ ok: false, error: "This build can't write reports yet." }),
    "journal.import": () => ({ ok: false, error: "This build can't import yet." }),
    "journal.delete": ({ session }) => done(() => store.delete(session, "operator")),
    "journal.usage": () => store.usage(),
    "retention.set": (retention) => done(() => changeSettings({ retention })),
    "privacy.set": (privacy) => done(() => changeSettings({ privacy })),
  };
}

function done(work: () => void): { readonly ok: true } | { readonly ok: false; readonly error: string } {
  try {
    work();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return { ok: false, error: error.message };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
