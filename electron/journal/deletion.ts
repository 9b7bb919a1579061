/** Deletes sessions: their events, and the pictures nothing else names. A tombstone in the ledger stays. */
import type { DatabaseSync } from "node:sqlite";
import type { Usage } from "../../shared/ipc-journal.ts";
import type { Blobs } from "./blobs.ts";
import { giveBack, transaction } from "./database.ts";
import { removeDerived } from "./derived.ts";
import { JournalError } from "./journal.ts";
import { addToLedger } from "./ledger.ts";
import type { DeletedWhy } from "./ledger-entry.ts";
import type { Author } from "./review.ts";

/** Pictures removed in one transaction: a session at work waits this long at most for its next append. */
const AT_ONCE = 100;
/** While a session runs, a picture this young may be about to be named by it, ms. */
const YOUNG_MS = 10 * 60_000;

/** A write of more events than this would hold up a session at work. */
const SHORT = 2000;

type Parts = Author & { readonly blobs: Blobs };

/**
 * Deletes an ended session. Throws a JournalError: `not_found`, or `failed` when it has not ended. Pictures that
 * could not go yet go with the next `sweep`.
 */
export function deleteSession(parts: Parts, session: string, why: DeletedWhy): void {
  const { db, now, signer } = parts;
  let alone: readonly string[] = [];
  transaction(db, () => {
    const row = db.prepare("SELECT ended_at, head_seq, head_hash FROM sessions WHERE id = ?").get(session);
    if (row === undefined) throw new JournalError("not_found", `There is no session ${session}.`);
    if (row.ended_at === null)
      throw new JournalError("failed", `Session ${session} has not ended; end or close it before it is deleted.`);
    checkShortOrAlone(db, Number(row.head_seq));
    const body = { session, seq: Number(row.head_seq), hash: String(row.head_hash), why };
    addToLedger(db, [{ type: "session.deleted", body }], { ms: now(), signer });
    alone = removeDerived(db, session);
    db.prepare("DELETE FROM events WHERE session = ?").run(session);
    db.prepare("DELETE FROM packs WHERE session = ?").run(session);
    db.prepare("DELETE FROM sessions WHERE id = ?").run(session);
  });
  removePictures(parts, alone);
  giveBack(db);
}

/** Throws a JournalError `failed` for a long write while a session is open: its next append must not have to wait. */
export function checkShortOrAlone(db: DatabaseSync, events: number): void {
  if (events <= SHORT) return;
  const open = db.prepare("SELECT id FROM sessions WHERE ended_at IS NULL LIMIT 1").get();
  if (open !== undefined)
    throw new JournalError("failed", `Session ${String(open.id)} is open; do this once it has ended or been closed.`);
}

/** Removes pictures that no session names: left by a deletion that could not finish, or by a crash. */
export function sweep(parts: Parts): void {
  const named = parts.db.prepare("SELECT 1 FROM pictures WHERE sha256 = ? LIMIT 1");
  removePictures(
    parts,
    parts.blobs.names().filter((sha256) => named.get(sha256) === undefined),
  );
}

/** Removes each picture unless somebody names it by now: after the deletion's commit, so that a crash can't leave holes. */
function removePictures({ db, blobs, now }: Parts, candidates: readonly string[]): void {
  for (let from = 0; from < candidates.length; from += AT_ONCE) {
    transaction(db, () => {
      const running = db.prepare("SELECT 1 FROM sessions WHERE ended_at IS NULL LIMIT 1").get() !== undefined;
      const named = db.prepare("SELECT 1 FROM pictures WHERE sha256 = ? LIMIT 1");
      for (const sha256 of candidates.slice(from, from + AT_ONCE)) {
        if (named.get(sha256) !== undefined) continue;
        if (running && now() - blobs.touchedMs(sha256) < YOUNG_MS) continue;
        blobs.remove(sha256);
      }
    });
  }
}

/** What the record takes of the disk. */
export function usageOf(db: DatabaseSync): Usage {
  const sessions = db.prepare("SELECT count(*) AS n, min(started_at) AS oldest FROM sessions").get();
  const kept = db.prepare("SELECT count(*) AS n FROM listing WHERE kept = 1").get();
  return {
    sessions: Number(sessions?.n ?? 0),
    kept: Number(kept?.n ?? 0),
    bytes: picturesBytes(db) + databaseBytes(db),
    oldest: typeof sessions?.oldest === "string" ? sessions.oldest : null,
  };
}

function picturesBytes(db: DatabaseSync): number {
  const row = db
    .prepare("SELECT sum(bytes) AS n FROM (SELECT max(bytes) AS bytes FROM pictures GROUP BY sha256)")
    .get();
  return Number(row?.n ?? 0);
}

/** Pages in use: deleting frees pages inside the file, it does not make the file smaller. */
function databaseBytes(db: DatabaseSync): number {
  const pragma = (name: string) => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
  return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
}
