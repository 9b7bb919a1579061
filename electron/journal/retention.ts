/** Deletes what the operator's choice no longer covers: by age first, then by size, the oldest first. */
import type { DatabaseSync } from "node:sqlite";
import type { Retention } from "../../shared/ipc-journal.ts";
import { usageOf } from "./deletion.ts";
import type { DeletedWhy } from "./ledger-entry.ts";

const DAY_MS = 86_400_000;
const GIGABYTE = 1e9;

/** The next session to delete and why, or null when the record is within its limits. Kept and open ones never are. */
export function nextToDelete(
  db: DatabaseSync,
  { days, gigabytes }: Retention,
  now: number,
): { readonly session: string; readonly why: DeletedWhy } | null {
  const oldest = db
    .prepare(
      `SELECT s.id, s.ended_at FROM sessions s LEFT JOIN listing l ON l.session = s.id
       WHERE s.ended_at IS NOT NULL AND coalesce(l.kept, 0) = 0 ORDER BY s.ended_at, s.id LIMIT 1`,
    )
    .get();
  if (oldest === undefined) return null;
  const session = String(oldest.id);
  if (days !== null && now - Date.parse(String(oldest.ended_at)) > days * DAY_MS) return { session, why: "age" };
  if (gigabytes !== null && usageOf(db).bytes > gigabytes * GIGABYTE) return { session, why: "size" };
  return null;
}
