/** The tables, and what brings an older store to them: one step per version. */

import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import type { StoredEvent } from "../../shared/session-event.ts";
import { Blobs } from "./blobs.ts";
import { addDerived, DERIVED_TABLES, PROGRAM_INDEX } from "./derived.ts";
import { addToLedger } from "./ledger.ts";
import type { LedgerFact } from "./ledger-entry.ts";
import { PACK_TABLE } from "./packs.ts";

/** The format of the tables, in `user_version`; docs/JOURNAL-FORMAT.md describes it. */
export const STORE_VERSION = 3;

/** Events have no rowid: the primary key's tree is the only copy of a row, so that what is read is what is verified. */
const EVENT_TABLES = `
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
`;

const LEDGER_TABLE = `
CREATE TABLE ledger (
  n         INTEGER NOT NULL PRIMARY KEY,
  v         INTEGER NOT NULL,
  ts        TEXT NOT NULL,
  type      TEXT NOT NULL,
  session   TEXT,
  body      TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash      TEXT NOT NULL,
  signature TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_session ON ledger (session);
CREATE INDEX ledger_type ON ledger (type);
`;

/** Brings the tables from a version (0 is none) to the present one; inside a transaction. */
export function upgrade(db: DatabaseSync, dir: string, from: number): void {
  if (from < 1) db.exec(EVENT_TABLES);
  if (from < 2) {
    db.exec(LEDGER_TABLE);
    if (from === 1) db.exec("DROP TABLE words");
    db.exec(DERIVED_TABLES);
    db.exec(PROGRAM_INDEX);
    if (from === 1) fillIn(db, dir);
  }
  if (from < 3) {
    // Sessions of before stay as rows: what reads events knows both.
    db.exec(PACK_TABLE);
    if (from === 2) db.exec(PROGRAM_INDEX);
  }
  db.exec(`PRAGMA user_version = ${STORE_VERSION}`);
}

/** Version 2 added the ledger and what is derived: both as if they had been there from the start. */
function fillIn(db: DatabaseSync, dir: string): void {
  const blobs = new Blobs(dir);
  const sizeOf = (sha256: string) => statSync(blobs.path(sha256), { throwIfNoEntry: false })?.size ?? 0;
  const sessions = db.prepare("SELECT id, ended_at, head_seq, head_hash FROM sessions ORDER BY started_at, id").all();
  for (const { id, ended_at: endedAt, head_seq: headSeq, head_hash: headHash } of sessions) {
    const session = String(id);
    const events = db
      .prepare("SELECT session, seq, v, ts, type, body, hash FROM events WHERE session = ? ORDER BY seq")
      .iterate(session);
    for (const row of events) {
      const event = { ...row, body: JSON.parse(String(row.body)) } as unknown as StoredEvent;
      addDerived(db, event, sizeOf);
      if (event.seq === 1) enter(db, { type: "session.started", body: { session, seq: 1, hash: event.hash } });
    }
    const body = { session, seq: Number(headSeq), hash: String(headHash) };
    enter(db, { type: endedAt === null ? "session.head" : "session.ended", body });
  }
}

function enter(db: DatabaseSync, fact: LedgerFact): void {
  addToLedger(db, [fact], { ms: Date.now(), signer: null });
}
