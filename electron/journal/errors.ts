/** Turns what SQLite and the file system throw into JournalErrors that say what the operator can do. */
import { sentence } from "../../shared/sentence.ts";
import { JournalError } from "./journal.ts";

const WORDS: Readonly<Record<Exclude<JournalError["code"], "failed">, string>> = {
  full: "the disk is full. Free some space, then try again.",
  readonly: "the folder can't be written to. Check its permissions, or that its disk is not mounted read-only.",
  locked: "another program holds the journal. Close it, then try again.",
  damaged: "the journal is damaged, or is not a journal. Put a copy in its place, or move it away to begin a new one.",
  newer_format: "it was written by a newer Countersign. Update the app to open it.",
  not_found: "it is not there. Check its name.",
};

/** Primary SQLite result codes (https://www.sqlite.org/rescode.html): the low byte of `errcode`. */
const SQLITE_CODES: Readonly<Record<number, JournalError["code"]>> = {
  5: "locked", // SQLITE_BUSY
  6: "locked", // SQLITE_LOCKED
  8: "readonly", // SQLITE_READONLY
  11: "damaged", // SQLITE_CORRUPT
  13: "full", // SQLITE_FULL
  14: "readonly", // SQLITE_CANTOPEN: reading needs its -shm file, too, which it must be allowed to make
  26: "damaged", // SQLITE_NOTADB
};

const FILE_CODES: Readonly<Record<string, JournalError["code"]>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "readonly",
  EACCES: "readonly",
  EPERM: "readonly",
  ENOENT: "not_found",
};

/**
 * The JournalError for anything caught while reading or writing the record; one that is already a JournalError stays
 * as it is.
 * @param doing what was being done, as the start of a sentence: `Writing the journal`
 */
export function journalError(error: unknown, doing: string): JournalError {
  if (error instanceof JournalError) return error;
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  const words =
    code === "failed" ? `${sentence(detail)} Try again; if it happens again, restart the app.` : WORDS[code];
  return new JournalError(code, `${doing} failed: ${words}`, { cause: error });
}

function codeOf(error: unknown): JournalError["code"] {
  if (!(error instanceof Error)) return "failed";
  if ("errcode" in error && typeof error.errcode === "number") return SQLITE_CODES[error.errcode & 0xff] ?? "failed";
  if ("code" in error && typeof error.code === "string") return FILE_CODES[error.code] ?? "failed";
  return "failed";
}
