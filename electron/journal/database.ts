/** Opens `journal.db`: SQLite settings, tables, format version and file permissions. */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { journalError } from "./errors.ts";
import { JournalError } from "./journal.ts";

/** The format of the tables, in `user_version`; docs/JOURNAL-FORMAT.md describes it. */
const STORE_VERSION = 1;

/**
 * Events have no rowid: the primary key's tree is the only copy of a row, so that what is read is what is verified.
 * The searchable words are a derived copy, never evidence.
 */
const TABLES = `
CREATE TABLE sessions (
  id         TEXT NOT NULL PRIMARY KEY,
  started_at TEXT NOT NULL,
  ended_at   TEXT,
  head_seq   INTEGER NOT NULL,
  head_hash  TEXT NOT NULL,
  row        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
  session   TEXT NOT NULL REFERENCES sessions (id),
  seq       INTEGER NOT NULL,
  v         INTEGER NOT NULL,
  ts        TEXT NOT NULL,
  type      TEXT NOT NULL,
  body      TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash      TEXT NOT NULL,
  PRIMARY KEY (session, seq)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (text, session UNINDEXED, seq UNINDEXED, kind UNINDEXED, tokenize = 'trigram');
PRAGMA user_version = ${STORE_VERSION};
`;

/** Where a store keeps its tables. */
export function databasePath(dir: string): string {
  return join(dir, "journal.db");
}

/**
 * Opens the database of a store, for writing (made when it is not there; folder 0700, files 0600) or for reading only
 * (never made: a JournalError `not_found`).
 * @param busyMs how long a write waits for another process's lock; it blocks this process for that time
 */
export function openDatabase(
  dir: string,
  options: { readonly readOnly: boolean; readonly busyMs: number },
): DatabaseSync {
  const path = databasePath(dir);
  try {
    if (options.readOnly) {
      if (!existsSync(path)) throw new JournalError("not_found", `There is no journal in ${dir}.`);
    } else {
      prepareFiles(dir);
    }
    const db = new DatabaseSync(path, { readOnly: options.readOnly, timeout: options.busyMs });
    try {
      setUp(db, dir, options.readOnly);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  } catch (error) {
    throw journalError(error, `Opening the journal in ${dir}`);
  }
}

/** Runs one transaction that takes the write lock at its start; on any error nothing of it stays. */
export function transaction(db: DatabaseSync, work: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Makes a folder's entries durable. Windows has no such call: its file system journals them. */
export function syncFolder(dir: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(dir, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function setUp(db: DatabaseSync, dir: string, readOnly: boolean): void {
  db.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;");
  // The version is looked at before anything is changed: a newer store must stay as it is.
  const version = versionOf(db, dir);
  if (readOnly) {
    if (version === 0) throw new JournalError("not_found", `There is no journal in ${dir}.`);
    return;
  }
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  if (version !== 0) return;
  transaction(db, () => {
    // Another process may have made the tables since.
    if (versionOf(db, dir) === 0) db.exec(TABLES);
  });
}

function versionOf(db: DatabaseSync, dir: string): number {
  const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (version > STORE_VERSION) {
    throw new JournalError(
      "newer_format",
      `The journal in ${dir} was written by a newer Countersign (format ${version}; this one reads up to ${STORE_VERSION}). Update the app to open it.`,
    );
  }
  const tables = Number(db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n);
  if (version < 0 || (version === 0 && tables > 0)) {
    throw new JournalError("damaged", `${databasePath(dir)} is not a Countersign journal.`);
  }
  return version;
}

function prepareFiles(dir: string): void {
  const fresh = mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (fresh === undefined) tightenFolder(dir);
  else syncFolder(dirname(fresh));
  const path = databasePath(dir);
  // SQLite gives -wal and -shm the permissions of the database file, so making that one private makes all private.
  if (!existsSync(path)) {
    closeSync(openSync(path, "a", 0o600));
    syncFolder(dir);
  }
  // SQLite would quietly open a file it can't write as read-only, and the first append would be where it shows.
  accessSync(path, constants.R_OK | constants.W_OK);
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    if (existsSync(file) && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  }
}

/** Closes an existing folder of ours to others; a shared one (`/tmp`, or somebody else's) keeps its permissions. */
function tightenFolder(dir: string): void {
  const { uid, mode } = statSync(dir);
  const shared = uid !== process.getuid?.() || (mode & 0o1000) !== 0;
  if (!shared && (mode & 0o077) !== 0) chmodSync(dir, 0o700);
}
