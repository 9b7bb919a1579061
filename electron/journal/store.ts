/** The record of all sessions: SQLite for events, files for pictures. docs/JOURNAL-FORMAT.md describes what is on disk. */
import type { Flag, Retention, Review, SearchHit, SessionPage, Usage } from "../../shared/ipc-journal.ts";
import type { EventType, StoredEvent } from "../../shared/session-event.ts";
import { emptySession, reduceSession, type SessionRow } from "../../shared/session-view.ts";
import { Blobs } from "./blobs.ts";
import { BrokenChain, FIRST_HEAD, headAfter, walkChain } from "./chain.ts";
import { type AroundCommit, openDatabase, transaction } from "./database.ts";
import { deleteSession, sweep, usageOf } from "./deletion.ts";
import { journalError } from "./errors.ts";
import { readEvents } from "./event-reader.ts";
import { importSession } from "./import.ts";
import { JournalError, type SessionJournal } from "./journal.ts";
import { addToLedger, keyOf } from "./ledger.ts";
import type { DeletedWhy } from "./ledger-entry.ts";
import { nextToDelete } from "./retention.ts";
import { type Author, allFlagged, type ReviewFact, reviewOf, writeReview } from "./review.ts";
import { listSessions, type SearchQuery, type SessionQuery, searchWords } from "./search.ts";
import { type Clock, SessionWriter, type WriterParts } from "./session-writer.ts";
import type { Signer } from "./signer.ts";

export type StoreOptions = {
  /** Read only, and never made when it is not there; fine while another process writes. */
  readonly readOnly?: boolean;
  /** How long a write waits for another process's lock, in ms; it blocks this process. 250 by default. */
  readonly busyMs?: number;
  /** Signs the store's own chain; null where no keychain keeps a key. */
  readonly signer?: Signer | null;
  /** ms since 1970; the clock of what no session writes. */
  readonly now?: () => number;
  /** For tests: what a commit of a session's events goes through. */
  readonly aroundCommit?: AroundCommit;
};

/** All sessions of one folder. Every method throws a JournalError for what could not be read or written. */
export interface JournalStore {
  /** Begins a session. Nothing is on disk until its `session.started`, which must be its first event. */
  createSession(id: string, clock: Clock): SessionJournal;
  /** Goes on with a stored session (after a crash, say). Its chain is checked first: `damaged` when it is broken. */
  reopenSession(id: string, clock: Clock): SessionJournal;
  /** A session's events after `afterSeq` (0 for all), in order, at most `limit`; empty for a session that is not there. */
  events(id: string, afterSeq?: number, limit?: number): readonly StoredEvent[];
  /** A session's events of these types, in order. */
  eventsOf(id: string, types: readonly EventType[]): readonly StoredEvent[];
  /** The seq of a session's newest event; 0 for a session that is not there. */
  lastSeq(id: string): number;
  /** A session's list row; null when it is not there. */
  row(id: string): SessionRow | null;
  /** Every session, the newest first. */
  list(): readonly SessionRow[];
  /** Sessions that started and have not ended. When the app starts, these are what a crash left. */
  openSessions(): readonly SessionRow[];
  /** One stretch of the sessions list, searched and sorted. */
  sessions(query: SessionQuery): SessionPage;
  /** Where a text was said, typed or shown, the newest first. */
  search(query: SearchQuery): readonly SearchHit[];
  /** What reviewers noted and flagged of a session. */
  review(session: string): Review;
  /** Every flagged step, the newest flag first. */
  flagged(): readonly Flag[];
  /** Adds what a reviewer did to the ledger; `not_found` for a session, step or note that is not there. */
  addReview(fact: ReviewFact): void;
  /** Deletes an ended session; a tombstone stays. `failed` for one that has not ended. */
  delete(session: string, why: DeletedWhy): void;
  /** Takes a whole, ended session in from an export; resolves with its id. `damaged` for one that does not verify. */
  importZip(path: string): Promise<string>;
  /** Deletes the oldest session that a retention no longer covers; its id, or null when all is covered. */
  retainNext(retention: Retention): string | null;
  /** Removes pictures that no session names: left by a crash, or by a deletion while a session ran. */
  sweep(): void;
  usage(): Usage;
  /** The file of a picture, whether it is there or not. */
  imagePath(sha256: string): string;
  /** A picture's bytes; `not_found`, or `damaged` when they no longer have that hash. */
  readImage(sha256: string): Promise<Uint8Array>;
  close(): void;
}

/** Opens the store in `dir` (making it unless `readOnly`). Throws a JournalError that says why it could not. */
export function openStore(dir: string, options: StoreOptions = {}): JournalStore {
  const db = openDatabase(dir, { readOnly: options.readOnly ?? false, busyMs: options.busyMs ?? 250 });
  const blobs = new Blobs(dir);
  const { signer = null, now = Date.now, aroundCommit } = options;
  const own = { db, blobs, now, signer };
  try {
    if (options.readOnly !== true) {
      blobs.clean();
      introduce(own);
    }
  } catch (error) {
    db.close();
    throw journalError(error, `Opening the journal in ${dir}`);
  }
  const reading = <T>(what: () => T): T => {
    try {
      return what();
    } catch (error) {
      throw journalError(error, "Reading the journal");
    }
  };
  const writing = <T>(what: () => T): T => {
    try {
      return what();
    } catch (error) {
      throw journalError(error, "Writing the journal");
    }
  };
  const rows = (where: string, ...values: string[]) =>
    reading(() =>
      db
        .prepare(`SELECT id, row FROM sessions ${where} ORDER BY started_at DESC, id DESC`)
        .all(...values)
        .map(({ id, row }) => parseRow(id, row)),
    );

  return {
    createSession: (id, clock) => {
      checkId(id);
      if (rows("WHERE id = ?", id).length > 0) throw new JournalError("failed", `There is a session ${id} already.`);
      return new SessionWriter(
        { db, blobs, clock, signer, aroundCommit },
        { view: emptySession(id), head: FIRST_HEAD },
      );
    },
    reopenSession: (id, clock) => reading(() => reopen({ db, blobs, clock, signer, aroundCommit }, id)),
    events: (id, afterSeq = 0, limit = undefined) =>
      reading(() => readEvents(db, id, { after: afterSeq, ...(limit === undefined ? {} : { limit }) })),
    eventsOf: (id, types) => reading(() => readEvents(db, id, { types })),
    lastSeq: (id) =>
      reading(() => Number(db.prepare("SELECT head_seq FROM sessions WHERE id = ?").get(id)?.head_seq ?? 0)),
    row: (id) => rows("WHERE id = ?", id)[0] ?? null,
    list: () => rows(""),
    openSessions: () => rows("WHERE ended_at IS NULL"),
    sessions: (query) => reading(() => listSessions(db, query)),
    search: (query) => reading(() => searchWords(db, query)),
    review: (session) => reading(() => reviewOf(db, session)),
    flagged: () => reading(() => allFlagged(db)),
    addReview: (fact) => writing(() => writeReview(own, fact)),
    delete: (session, why) => writing(() => deleteSession(own, session, why)),
    importZip: async (path) => {
      try {
        return await importSession(own, path);
      } catch (error) {
        throw journalError(error, "Importing");
      }
    },
    retainNext: (retention) =>
      writing(() => {
        const next = nextToDelete(db, retention, now());
        if (next !== null) deleteSession(own, next.session, next.why);
        return next?.session ?? null;
      }),
    sweep: () => writing(() => sweep(own)),
    usage: () => reading(() => usageOf(db)),
    imagePath: (sha256) => blobs.path(sha256),
    readImage: (sha256) => blobs.read(sha256),
    close: () => db.close(),
  };
}

/** A key that is not the one that signed so far brings itself in. */
function introduce({ db, now, signer }: Author): void {
  if (signer === null || keyOf(db) === signer.publicKey) return;
  transaction(db, () => {
    const fact = { type: "key.created", body: { publicKey: signer.publicKey } } as const;
    addToLedger(db, [fact], { ms: now(), signer });
  });
}

function reopen(parts: WriterParts, id: string): SessionJournal {
  const stored = parts.db.prepare("SELECT head_seq, head_hash FROM sessions WHERE id = ?").get(id);
  if (stored === undefined) throw new JournalError("not_found", `There is no session ${id}.`);
  let view = emptySession(id);
  let head = FIRST_HEAD;
  try {
    for (const event of walkChain(parts.db, id)) {
      view = reduceSession(view, event);
      head = headAfter(event);
    }
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error;
    throw new JournalError("damaged", `Session ${id} can't go on: its event ${error.seq} ${error.message}.`, {
      cause: error,
    });
  }
  if (stored.head_seq !== head.seq || stored.head_hash !== head.hash) {
    throw new JournalError(
      "damaged",
      `Session ${id} can't go on: its last event is not the one that was written last.`,
    );
  }
  return new SessionWriter(parts, { view, head });
}

function checkId(id: string): void {
  if (!/^[0-9a-z-]{8,40}$/.test(id)) throw new JournalError("failed", "A session's id is 8 to 40 of 0-9, a-z and -.");
}

function parseRow(id: unknown, row: unknown): SessionRow {
  try {
    return JSON.parse(String(row)) as SessionRow;
  } catch (error) {
    const problem = `The list row of session ${String(id)} is damaged: it is not JSON.`;
    throw new JournalError("damaged", problem, { cause: error });
  }
}
