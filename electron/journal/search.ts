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
/** The index holds stretches of three characters: a shorter text is looked for in the texts themselves. */
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
  const { where, value } = matching(text);
  const inSession = session === null ? "" : "AND session = ?";
  const values = session === null ? [value, limit] : [value, session, limit];
  return db
    .prepare(
      `SELECT session, seq, kind, turn, step, text FROM said WHERE ${where} ${inSession} ORDER BY id DESC LIMIT ?`,
    )
    .all(...values)
    .map(
      (row): SearchHit => ({
        session: String(row.session),
        seq: Number(row.seq),
        kind: String(row.kind) as SearchKind,
        turn: row.turn === null ? null : Number(row.turn),
        step: row.step === null ? null : String(row.step),
        ...excerpt(String(row.text), text),
      }),
    );
}

function sessionsWith(db: DatabaseSync, text: string): ReadonlySet<string> {
  const { where, value } = matching(text);
  const rows = db.prepare(`SELECT DISTINCT session FROM said WHERE ${where}`).all(value);
  return new Set(rows.map(({ session }) => String(session)));
}

function matching(text: string): { readonly where: string; readonly value: string } {
  if ([...text].length >= INDEXED) {
    const phrase = `"${text.replaceAll('"', '""')}"`;
    return { where: "id IN (SELECT rowid FROM words WHERE words MATCH ?)", value: phrase };
  }
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return { where: "text LIKE ? ESCAPE '\\'", value: pattern };
}

function excerpt(text: string, sought: string): { before: string; match: string; after: string } {
  const at = Math.max(0, text.toLowerCase().indexOf(sought.toLowerCase()));
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
