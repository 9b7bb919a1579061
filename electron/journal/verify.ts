/** Proves a session's record whole, or names the first event, picture or session field that is not as it was written. */
import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { canonicalJson } from "../../shared/jcs.ts";
import { emptySession, reduceSession, type SessionView, sessionRow } from "../../shared/session-view.ts";
import { Blobs } from "./blobs.ts";
import { BrokenChain, FIRST_HEAD, type Head, headAfter, textOf, walkChain } from "./chain.ts";
import { databasePath, openDatabase } from "./database.ts";
import { journalError } from "./errors.ts";
import { imagesOf } from "./images-of.ts";
import { JournalError } from "./journal.ts";
import { type LedgerSays, ledgerOn, standsProblem } from "./ledger-check.ts";

/** Where a record is not whole: an event, a picture, a column of the session's row, or the database file itself. */
export type DamageAt = { readonly session: string } & (
  | { readonly seq: number }
  | { readonly blob: string }
  | { readonly row: string }
  | { readonly file: string }
  /** An entry of the store's own chain, by its number. */
  | { readonly entry: number }
);

export type VerifyResult =
  | {
      readonly ok: true;
      readonly events: number;
      readonly blobs: number;
      readonly head: string;
      /** The key whose signature covers the head; null when none does. */
      readonly signedBy: string | null;
      /** Other sessions that the store's own chain knows and that are not there. */
      readonly dropped: readonly string[];
    }
  | { readonly ok: false; readonly at: DamageAt; readonly problem: string };

/** What to say of a dropped session. */
export const DROPPED = "the store's own chain knows this session and did not see it deleted, but it is gone";

/** A place in words: `event 7`, `picture <hash>`. */
export function placeOf(at: DamageAt): string {
  if ("seq" in at) return `event ${at.seq}`;
  if ("blob" in at) return `picture ${at.blob}`;
  if ("entry" in at) return `entry ${at.entry} of the store's own chain`;
  return "row" in at ? `its row, column ${at.row}` : at.file;
}

/** A finding, thrown to end the walk at the first one. */
class Damage extends Error {
  readonly at: DamageAt;
  constructor(at: DamageAt, problem: string) {
    super(problem);
    this.name = "Damage";
    this.at = at;
  }
}

/** What a whole session's events say. `pictures` are in the order they are named, each with the event that names it first. */
type Walked = {
  readonly view: SessionView;
  readonly head: Head;
  readonly pictures: ReadonlyMap<string, number>;
  /** The hash of each event, by its number less one. */
  readonly hashes: readonly string[];
};
type Tables = Walked & { readonly ledger: LedgerSays };

/**
 * Checks everything of one session as it is on disk: each event's place, link, hash and canonical text, the session's
 * row against the fold of the events, each picture's bytes, and SQLite's own integrity check. Fine while the session is
 * being written: it sees one moment of it. Throws a JournalError when there is no such session or store, or when it
 * can't be opened.
 */
export async function verifySession(dir: string, session: string): Promise<VerifyResult> {
  try {
    const { head, pictures, ledger } = walkTables(dir, session);
    await checkPictures(new Blobs(dir), session, ledger.withoutPictures ? new Map() : pictures);
    const { signedBy, dropped } = ledger;
    return { ok: true, events: head.seq, blobs: pictures.size, head: head.hash, signedBy, dropped };
  } catch (error) {
    if (error instanceof Damage) return { ok: false, at: error.at, problem: error.message };
    throw error;
  }
}

function walkTables(dir: string, session: string): Tables {
  const db = openDatabase(dir, { readOnly: true, busyMs: 250 });
  try {
    // One read transaction: a writer at work must not look like damage.
    db.exec("BEGIN");
    const row = readRow(db, session);
    const walked = walkEvents(db, session);
    const there = row !== undefined || walked.head.seq > 0;
    if (there) checkRow(session, row, walked);
    const ledger = checkLedger(db, session, there ? walked : null, dir);
    checkFile(db, session, databasePath(dir));
    return { ...walked, ledger };
  } catch (error) {
    if (error instanceof Damage) throw error;
    throw journalError(error, "Reading the journal");
  } finally {
    db.close();
  }
}

/** The store's own chain, whole, and what it says of a session against what is there of it (null: nothing). */
function checkLedger(db: DatabaseSync, session: string, walked: Walked | null, dir: string): LedgerSays {
  let said: LedgerSays;
  try {
    said = ledgerOn(db, session);
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error;
    throw new Damage({ session, entry: error.seq }, `entry ${error.seq} of the store's own chain ${error.message}`);
  }
  if (walked === null) {
    if (said.deleted !== null)
      throw new JournalError(
        "not_found",
        `Session ${session} was deleted on ${said.deleted.ts} (entry ${said.deleted.n} of the store's own chain).`,
      );
    const known = said.stands.at(-1);
    if (known === undefined) throw new JournalError("not_found", `There is no session ${session} in ${dir}.`);
    throw new Damage({ session, row: "id" }, `the session is gone; entry ${known.n} of the store's own chain names it`);
  }
  const problem = standsProblem(said, walked.hashes, walked.view.endedAt !== null);
  if (problem === null) return said;
  throw new Damage(problem.seq === null ? { session, entry: problem.n } : { session, seq: problem.seq }, problem.words);
}

function walkEvents(db: DatabaseSync, session: string): Walked {
  let view = emptySession(session);
  let head = FIRST_HEAD;
  const pictures = new Map<string, number>();
  const hashes: string[] = [];
  try {
    for (const event of walkChain(db, session)) {
      try {
        for (const sha256 of imagesOf(event)) if (!pictures.has(sha256)) pictures.set(sha256, event.seq);
        view = reduceSession(view, event);
      } catch (error) {
        throw new BrokenChain(event.seq, "is of no form that this program writes", { cause: error });
      }
      head = headAfter(event);
      hashes.push(event.hash);
    }
  } catch (error) {
    if (error instanceof BrokenChain)
      throw new Damage({ session, seq: error.seq }, `event ${error.seq} ${error.message}`);
    throw error;
  }
  return { view, head, pictures, hashes };
}

function readRow(db: DatabaseSync, session: string): Readonly<Record<string, unknown>> | undefined {
  return db
    .prepare(
      `SELECT CAST(started_at AS BLOB) AS started_at, CAST(ended_at AS BLOB) AS ended_at, CAST(head_seq AS TEXT) AS head_seq,
        CAST(head_hash AS BLOB) AS head_hash, CAST(row AS BLOB) AS row FROM sessions WHERE id = ?`,
    )
    .get(session);
}

function checkRow(session: string, row: Readonly<Record<string, unknown>> | undefined, { view, head }: Walked): void {
  if (row === undefined) throw new Damage({ session, row: "id" }, "the session's row in the list is missing");
  const expected = sessionRow(view);
  const hash = Buffer.from(head.hash);
  // Both ends of the row name another last event: it is the events that are cut, not the row that is wrong.
  if (row.head_seq !== String(head.seq) && !hash.equals(bytesOf(row.head_hash))) {
    throw new Damage({ session, seq: head.seq + 1 }, `event ${head.seq + 1} ${cutOrAdded(row.head_seq, head.seq)}`);
  }
  if (expected === null) throw new Damage({ session, seq: 1 }, "event 1 is not session.started");
  const columns: readonly (readonly [string, string | null])[] = [
    ["head_seq", String(head.seq)],
    ["head_hash", head.hash],
    ["started_at", expected.startedAt],
    ["ended_at", expected.endedAt],
    ["row", canonicalJson(expected)],
  ];
  for (const [name, value] of columns) {
    const found = row[name];
    const same =
      name === "head_seq"
        ? found === value
        : value === null
          ? found === null
          : Buffer.from(value).equals(bytesOf(found));
    if (!same)
      throw new Damage({ session, row: name }, `the session's row was changed: ${difference(name, found, expected)}`);
  }
}

function cutOrAdded(listed: unknown, there: number): string {
  return Number(listed) > there
    ? `is missing; the session's row says that there were ${String(listed)}`
    : `and the session's row do not fit: events were added after the ${String(listed)} it knows`;
}

function difference(column: string, found: unknown, expected: Readonly<Record<string, unknown>>): string {
  if (column !== "row") return `${column} is not what its events give`;
  try {
    const listed: unknown = JSON.parse(textOf(found) ?? "");
    const held =
      typeof listed === "object" && listed !== null
        ? new Map<string, unknown>(Object.entries(listed))
        : new Map<string, unknown>();
    const field = Object.keys(expected).find(
      (key) => canonicalJson(held.get(key) ?? null) !== canonicalJson(expected[key]),
    );
    return field === undefined ? "its text is not what its events give" : `its ${field} is not what its events give`;
  } catch {
    return "its text can't be read";
  }
}

function checkFile(db: DatabaseSync, session: string, file: string): void {
  const found = db.prepare("PRAGMA integrity_check(1)").get()?.integrity_check;
  if (found !== "ok") throw new Damage({ session, file }, `SQLite finds the database file damaged: ${String(found)}`);
}

async function checkPictures(blobs: Blobs, session: string, pictures: ReadonlyMap<string, number>): Promise<void> {
  for (const [blob, seq] of pictures) {
    try {
      await blobs.read(blob);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      throw new Damage(
        { session, blob },
        `the picture ${blob}, first named by event ${seq}, ${pictureProblem(error, blobs, blob)}`,
      );
    }
  }
}

function pictureProblem(error: JournalError, blobs: Blobs, blob: string): string {
  if (error.code === "damaged") return "is damaged: its bytes were changed";
  if (!/^[0-9a-f]{64}$/.test(blob)) return "has no valid name";
  return existsSync(blobs.path(blob)) ? `can't be read: ${error.message}` : "is missing";
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
