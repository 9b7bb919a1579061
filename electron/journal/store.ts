/** The record of all sessions: SQLite for events, files for pictures. docs/JOURNAL-FORMAT.md describes what is on disk. */
import type { DatabaseSync } from "node:sqlite";
import type { ImageRef } from "../../shared/digest.ts";
import { EVENT_VERSION, type EventType, type StoredEvent } from "../../shared/session-event.ts";
import { emptySession, reduceSession, type SessionRow } from "../../shared/session-view.ts";
import { Blobs } from "./blobs.ts";
import { BrokenChain, FIRST_HEAD, headAfter, walkChain } from "./chain.ts";
import { openDatabase } from "./database.ts";
import { journalError } from "./errors.ts";
import { JournalError, type SessionJournal } from "./journal.ts";
import { type Clock, SessionWriter } from "./session-writer.ts";

export type StoreOptions = {
  /** Read only, and never made when it is not there; fine while another process writes. */
  readonly readOnly?: boolean;
  /** How long a write waits for another process's lock, in ms; it blocks this process. 250 by default. */
  readonly busyMs?: number;
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
  /** The newest picture of a session's desktop; null when there is none. */
  cover(id: string): ImageRef | null;
  /** A session's list row; null when it is not there. */
  row(id: string): SessionRow | null;
  /** Every session, the newest first. */
  list(): readonly SessionRow[];
  /** Sessions that started and have not ended. When the app starts, these are what a crash left. */
  openSessions(): readonly SessionRow[];
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
  try {
    if (options.readOnly !== true) blobs.clean();
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
      return new SessionWriter({ db, blobs, clock }, { view: emptySession(id), head: FIRST_HEAD });
    },
    reopenSession: (id, clock) => reading(() => reopen({ db, blobs, clock }, id)),
    events: (id, afterSeq = 0, limit = -1) =>
      reading(() =>
        db
          .prepare(`${SELECT_EVENTS} AND seq > ? ORDER BY seq LIMIT ?`)
          .all(id, afterSeq, limit)
          .map((row) => parseEvent(id, row)),
      ),
    eventsOf: (id, types) =>
      reading(() =>
        db
          .prepare(`${SELECT_EVENTS} AND type IN (${types.map(() => "?").join()}) ORDER BY seq`)
          .all(id, ...types)
          .map((row) => parseEvent(id, row)),
      ),
    lastSeq: (id) =>
      reading(() => Number(db.prepare("SELECT head_seq FROM sessions WHERE id = ?").get(id)?.head_seq ?? 0)),
    cover: (id) =>
      reading(() => {
        const newest = db
          .prepare(`${SELECT_EVENTS} AND type IN (${COVERED}) ORDER BY seq DESC LIMIT 40`)
          .all(id)
          .map((row) => pictureOf(parseEvent(id, row)));
        return newest.find((picture) => picture !== null) ?? null;
      }),
    row: (id) => rows("WHERE id = ?", id)[0] ?? null,
    list: () => rows(""),
    openSessions: () => rows("WHERE ended_at IS NULL"),
    imagePath: (sha256) => blobs.path(sha256),
    readImage: (sha256) => blobs.read(sha256),
    close: () => db.close(),
  };
}

const SELECT_EVENTS = "SELECT v, seq, ts, type, body, prev_hash, hash FROM events WHERE session = ?";

/** The events that show the desktop. */
const COVERED = "'action.finished', 'turn.started', 'takeover.ended'";

function pictureOf(event: StoredEvent): ImageRef | null {
  switch (event.type) {
    case "action.finished":
    case "takeover.ended":
      return event.body.after;
    case "turn.started":
      return event.body.screenshot;
    default:
      return null;
  }
}

function reopen(parts: { db: DatabaseSync; blobs: Blobs; clock: Clock }, id: string): SessionJournal {
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
  return parse<SessionRow>(row, `The list row of session ${String(id)}`);
}

function parseEvent(session: string, row: Readonly<Record<string, unknown>>): StoredEvent {
  const { v, seq, ts, type, prev_hash: prevHash, hash } = row;
  if (Number(v) > EVENT_VERSION) {
    throw new JournalError(
      "newer_format",
      `Session ${session} was written by a newer Countersign. Update the app to open it.`,
    );
  }
  const body = parse<unknown>(row.body, `Event ${String(seq)} of session ${session}`);
  return { v, session, seq, ts, type, body, prevHash, hash } as StoredEvent;
}

function parse<T>(text: unknown, what: string): T {
  try {
    return JSON.parse(String(text)) as T;
  } catch (error) {
    throw new JournalError("damaged", `${what} is damaged: it is not JSON.`, { cause: error });
  }
}
