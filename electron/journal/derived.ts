/** What is derived from events so that lists, searches and deletions need not read them: evidence of nothing. */
import type { DatabaseSync } from "node:sqlite";
import type { SessionEvent } from "../../shared/session-event.ts";
import { imagesOf } from "./images-of.ts";
import { wordsOf } from "./words-of.ts";

/**
 * `said` has every searchable text, `words` is its full-text index; `pictures` who names which picture; `listing` what
 * the sessions list shows beside a session's row.
 */
export const DERIVED_TABLES = `
CREATE TABLE said (
  id      INTEGER PRIMARY KEY,
  session TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  turn    INTEGER,
  step    TEXT,
  text    TEXT NOT NULL
) STRICT;
CREATE INDEX said_session ON said (session);
CREATE VIRTUAL TABLE words USING fts5 (
  text, content = 'said', content_rowid = 'id', tokenize = 'trigram', detail = none, columnsize = 0
);
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
CREATE TABLE pictures (
  sha256  TEXT NOT NULL,
  session TEXT NOT NULL,
  bytes   INTEGER NOT NULL,
  PRIMARY KEY (sha256, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX pictures_session ON pictures (session);
CREATE TABLE listing (
  session TEXT NOT NULL PRIMARY KEY,
  picture TEXT,
  kept    INTEGER NOT NULL DEFAULT 0,
  flags   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
`;

/** Every step names the program in front: once in a session is enough to find it there. */
export const PROGRAM_INDEX = "CREATE INDEX said_program ON said (session, text) WHERE kind = 'program'";
const KNOWN_PROGRAM = "SELECT 1 FROM said WHERE session = ? AND text = ? AND kind = 'program'";

/** Adds what follows from an event; inside the transaction that adds the event. */
export function addDerived(db: DatabaseSync, event: SessionEvent, sizeOf: (sha256: string) => number): void {
  const { session, seq } = event;
  for (const { kind, text, turn, step } of wordsOf(event)) {
    if (kind === "program" && db.prepare(KNOWN_PROGRAM).get(session, text) !== undefined) continue;
    const { lastInsertRowid } = db
      .prepare("INSERT INTO said (session, seq, kind, turn, step, text) VALUES (?, ?, ?, ?, ?, ?)")
      .run(session, seq, kind, turn, step, text);
    db.prepare("INSERT INTO words (rowid, text) VALUES (?, ?)").run(lastInsertRowid, text);
  }
  if (event.type === "session.started") db.prepare("INSERT OR IGNORE INTO listing (session) VALUES (?)").run(session);
  const images = imagesOf(event);
  for (const sha256 of images) {
    const known = db.prepare("SELECT 1 FROM pictures WHERE sha256 = ? AND session = ?").get(sha256, session);
    if (known === undefined)
      db.prepare("INSERT INTO pictures (sha256, session, bytes) VALUES (?, ?, ?)").run(sha256, session, sizeOf(sha256));
  }
  const last = images.at(-1);
  if (last !== undefined) db.prepare("UPDATE listing SET picture = ? WHERE session = ?").run(last, session);
}

/** Removes all that was derived from a session, and returns the pictures that nothing else names now. */
export function removeDerived(db: DatabaseSync, session: string): readonly string[] {
  for (const { id, text } of db.prepare("SELECT id, text FROM said WHERE session = ?").all(session)) {
    db.prepare("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)").run(Number(id), String(text));
  }
  db.prepare("DELETE FROM said WHERE session = ?").run(session);
  db.prepare("DELETE FROM listing WHERE session = ?").run(session);
  const alone = db
    .prepare(
      `SELECT sha256 FROM pictures p WHERE session = ?
       AND NOT EXISTS (SELECT 1 FROM pictures o WHERE o.sha256 = p.sha256 AND o.session <> p.session)`,
    )
    .all(session)
    .map(({ sha256 }) => String(sha256));
  db.prepare("DELETE FROM pictures WHERE session = ?").run(session);
  return alone;
}
