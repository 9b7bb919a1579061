/** Takes a session in from an export that verifies: nothing of one that does not. */
import type { DatabaseSync } from "node:sqlite";
import { canonicalJson } from "../../shared/jcs.ts";
import type { Blobs } from "./blobs.ts";
import { transaction } from "./database.ts";
import { checkShortOrAlone } from "./deletion.ts";
import { addDerived } from "./derived.ts";
import type { Manifest } from "./export-format.ts";
import { JournalError } from "./journal.ts";
import { addToLedger } from "./ledger.ts";
import { packRows } from "./packs.ts";
import type { Author } from "./review.ts";
import { ADD_EVENT, SET_ROW } from "./session-writer.ts";
import { placeOf } from "./verify.ts";
import { verifyExport, type WholeExport } from "./verify-export.ts";

type Parts = Author & { readonly blobs: Blobs };

/**
 * Imports a whole, ended session from the zip at `path`; resolves with its id. Throws a JournalError: `damaged` for one
 * that does not verify, `failed` for one that is there already, was left open or had steps left out.
 */
export async function importSession(parts: Parts, path: string): Promise<string> {
  // Checked whole before anything of it is taken; then read again for its pictures.
  const checked = whole(await verifyExport(path), path);
  refuse(parts.db, checked.manifest);
  const again = whole(await verifyExport(path, async (sha256, bytes) => await parts.blobs.put(bytes, sha256)), path);
  if (again.head !== checked.head) throw new JournalError("damaged", `${path} was changed while it was being read.`);
  write(parts, again);
  return again.manifest.session;
}

function whole(result: Awaited<ReturnType<typeof verifyExport>>, path: string): WholeExport {
  if (result.ok) return result;
  const where = "file" in result.at && result.at.file === path ? "" : `${placeOf(result.at)}: `;
  throw new JournalError(
    "damaged",
    `${path} was not imported, nor any part of it: ${where}${result.problem}. Ask for a fresh export of the session.`,
  );
}

function refuse(db: DatabaseSync, { session, leftOut, row }: Manifest): void {
  if (leftOut > 0)
    throw new JournalError(
      "failed",
      "This export has only some of a session's steps: it can be verified, not imported.",
    );
  if (typeof row.endedAt !== "string")
    throw new JournalError(
      "failed",
      "This session had not ended when it was exported: it can be verified, not imported.",
    );
  if (db.prepare("SELECT 1 FROM sessions WHERE id = ?").get(session) !== undefined)
    throw new JournalError("failed", `Session ${session} is in this journal already.`);
}

function write({ db, blobs, now, signer }: Parts, { manifest, events, head }: WholeExport): void {
  const { session, row, pictures } = manifest;
  transaction(db, () => {
    checkShortOrAlone(db, events.length);
    refuse(db, manifest);
    db.prepare(SET_ROW).run(
      session,
      String(row.startedAt),
      String(row.endedAt),
      events.length,
      head,
      canonicalJson(row),
    );
    const add = db.prepare(ADD_EVENT);
    for (const event of events) {
      const { seq, v, ts, type, body, prevHash, hash } = event;
      add.run(session, seq, v, ts, type, canonicalJson(body), prevHash, hash);
      addDerived(db, event, (sha256) => blobs.size(sha256));
    }
    packRows(db, session, true);
    const body = { session, seq: events.length, hash: head, pictures };
    addToLedger(db, [{ type: "session.imported", body }], { ms: now(), signer });
  });
}
