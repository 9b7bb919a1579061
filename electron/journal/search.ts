/** Finds sessions and places in them: the list's search and order, and where a text was said, typed or shown. */
import type { DatabaseSync } from "node:sqlite";
import type { ListedSession, SearchHit, SearchKind, SessionPage, SessionSort } from "../../shared/ipc-journal.ts";
import type { SessionRow } from "../../shared/session-view.ts";

export type SessionQuery = {
  readonly text: string;
  readonly sort: SessionSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
};

export type SearchQuery = { readonly text: string; readonly session: string | null; readonly limit: number };

/** Characters of an excerpt before and after what was found. */
const AROUND = 60;
/** The index holds stretches of three characters: a shorter text is looked for in all the texts themselves. */
const INDEXED = 3;

/** One stretch of the sessions list. */
export function listSessions(db: DatabaseSync, query: SessionQuery): SessionPage {
  const rows = db
    .prepare("SELECT s.row, l.picture, l.kept, l.flags FROM sessions s LEFT JOIN listing l ON l.session = s.id")
    .all()
    .map(({ row, picture, kept, flags }): ListedSession => {
      const listed = JSON.parse(String(row)) as SessionRow;
      return { ...listed, picture: picture === null ? null : String(picture), kept: kept === 1, flags: Number(flags) };
    });
  const text = query.text.trim();
  const found = text === "" ? null : sessionsWith(db, text);
  const wanted = found === null ? rows : rows.filter(({ id }) => id === text || found.has(id));
  const sorted = wanted.sort(orderBy(query.sort, query.descending));
  return { total: sorted.length, rows: sorted.slice(query.offset, query.offset + query.limit) };
}

/** Where a text stands, the newest first; upper and lower case are alike. */
export function searchWords(db: DatabaseSync, { text, session, limit }: SearchQuery): readonly SearchHit[] {
  const hits: SearchHit[] = [];
  for (const row of candidates(db, text, session)) {
    if (hits.length === limit) break;
    const found = excerpt(String(row.text), text);
    if (found === null) continue;
    hits.push({
      session: String(row.session),
      seq: Number(row.seq),
      kind: String(row.kind) as SearchKind,
      turn: row.turn === null ? null : Number(row.turn),
      step: row.step === null ? null : String(row.step),
      ...found,
    });
  }
  return hits;
}

function sessionsWith(db: DatabaseSync, text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const sought = text.toLowerCase();
  for (const row of candidates(db, text, null)) {
    const session = String(row.session);
    if (!found.has(session) && String(row.text).toLowerCase().includes(sought)) found.add(session);
  }
  return found;
}

/**
 * Texts that may have the sought one, the newest first: those with all of its stretches of three characters, wherever
 * they stand (the index keeps no places, which makes it half as large).
 */
function candidates(
  db: DatabaseSync,
  text: string,
  session: string | null,
): Iterable<Readonly<Record<string, unknown>>> {
  const characters = [...text];
  const stretches = characters.slice(INDEXED - 1).map((_, i) => characters.slice(i, i + INDEXED).join(""));
  const query = [...new Set(stretches)].map((stretch) => `"${stretch.replaceAll('"', '""')}"`).join(" AND ");
  const conditions = [
    ...(query === "" ? [] : ["id IN (SELECT rowid FROM words WHERE words MATCH ?)"]),
    ...(session === null ? [] : ["session = ?"]),
  ];
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const values = [...(query === "" ? [] : [query]), ...(session === null ? [] : [session])];
  return db
    .prepare(`SELECT session, seq, kind, turn, step, text FROM said ${where} ORDER BY id DESC`)
    .iterate(...values);
}

/** What was found with some of what stands around it; null when it does not stand there. */
function excerpt(text: string, sought: string): { before: string; match: string; after: string } | null {
  const at = text.toLowerCase().indexOf(sought.toLowerCase());
  if (at < 0) return null;
  const end = Math.min(text.length, at + sought.length);
  return {
    before: (at > AROUND ? "…" : "") + text.slice(Math.max(0, at - AROUND), at).toWellFormed(),
    match: text.slice(at, end).toWellFormed(),
    after: text.slice(end, end + AROUND).toWellFormed() + (text.length > end + AROUND ? "…" : ""),
  };
}

/** By the wanted column; alike ones with the newest first, whichever the direction. */
function orderBy(sort: SessionSort, descending: boolean): (a: ListedSession, b: ListedSession) => number {
  const sign = descending ? -1 : 1;
  const newest = (a: ListedSession, b: ListedSession) => compare(b.startedAt, a.startedAt) || compare(b.id, a.id);
  return (a, b) => sign * compare(keyOf(a, sort), keyOf(b, sort)) || newest(a, b);
}

/** What an open session or one without a price has for a number: less than any. */
const UNKNOWN = -1;

function keyOf(row: ListedSession, sort: SessionSort): string | number {
  if (sort === "duration") return row.endedAt === null ? UNKNOWN : Date.parse(row.endedAt) - Date.parse(row.startedAt);
  if (sort === "task") return row.task.toLowerCase();
  return row[sort] ?? UNKNOWN;
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
