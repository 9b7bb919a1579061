/** Opens `journal.db`: SQLite settings, tables, format version and file permissions. */
import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { journalError } from "./errors.ts";
import { JournalError } from "./journal.ts";
import { STORE_VERSION, upgrade } from "./schema.ts";
import { syncFolder } from "./sync-folder.ts";

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
      if (setUp(db, dir, options.readOnly)) return db;
    } catch (error) {
      db.close();
      throw error;
    }
    // An older format can only be read once it is the present one.
    db.close();
    openDatabase(dir, { ...options, readOnly: false }).close();
    return openDatabase(dir, options);
  } catch (error) {
    throw journalError(error, `Opening the journal in ${dir}`);
  }
}

/** Lets tests have a slow disk: has to call `commit` once. */
export type AroundCommit = (commit: () => void) => void;

/** Runs one transaction that takes the write lock at its start; on any error nothing of it stays. */
export function transaction(db: DatabaseSync, work: () => void, around: AroundCommit = (commit) => commit()): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    around(() => db.exec("COMMIT"));
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Freed pages given back at once; giving back all of a large deletion would hold up a session at work. */
const PAGES_AT_ONCE = 2000;

/**
 * Makes the file as small as it can be and brings what was written into it: what was deleted is in the log of changes
 * until then. Another process at work may keep it from that; everything is on disk either way, and the next one does it.
 */
export function giveBack(db: DatabaseSync): void {
  for (const work of [`incremental_vacuum(${PAGES_AT_ONCE})`, "wal_checkpoint(TRUNCATE)"]) {
    try {
      db.exec(`PRAGMA ${work}`);
    } catch {
      // As said above.
    }
  }
}

/** Settings, then tables in the present format; false for an older store that was opened for reading only. */
function setUp(db: DatabaseSync, dir: string, readOnly: boolean): boolean {
  db.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;");
  // The version is looked at before anything is changed: a newer store must stay as it is.
  const version = versionOf(db, dir);
  if (readOnly) {
    if (version === 0) throw new JournalError("not_found", `There is no journal in ${dir}.`);
    return version === STORE_VERSION;
  }
  // Only an empty file can be made so: what packs and deletions free is given back (`giveBack`).
  if (version === 0) db.exec("PRAGMA auto_vacuum = INCREMENTAL");
  // What is deleted is overwritten, not only forgotten.
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
  if (version === STORE_VERSION) return true;
  transaction(db, () => {
    // Another process may have done it since.
    const now = versionOf(db, dir);
    if (now < STORE_VERSION) upgrade(db, dir, now);
  });
  return true;
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
