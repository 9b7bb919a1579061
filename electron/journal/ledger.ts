/** Writes and walks the store's own chain. */
import type { DatabaseSync } from "node:sqlite";
import { canonicalJson } from "../../shared/jcs.ts";
import { FIRST_PREV_HASH } from "../../shared/session-event.ts";
import { BrokenChain, textOf } from "./chain.ts";
import {
  LEDGER_VERSION,
  type LedgerBodies,
  type LedgerEntry,
  type LedgerFact,
  type LedgerType,
  ledgerHashText,
} from "./ledger-entry.ts";
import { sha256Hex } from "./sha256.ts";
import { isSigned, type Signer } from "./signer.ts";

const ADD = `
INSERT INTO ledger (n, v, ts, type, session, body, prev_hash, hash, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Adds entries; to be called inside a transaction. Returns them as stored. */
export function addToLedger(
  db: DatabaseSync,
  facts: readonly LedgerFact[],
  { ms, signer }: { readonly ms: number; readonly signer: Signer | null },
): readonly LedgerEntry[] {
  const last = db.prepare("SELECT n, hash, ts FROM ledger ORDER BY n DESC LIMIT 1").get();
  let n = Number(last?.n ?? 0);
  let prevHash = String(last?.hash ?? FIRST_PREV_HASH);
  const earliest = last === undefined ? 0 : Date.parse(String(last.ts));
  const ts = new Date(Math.max(earliest, Math.trunc(ms))).toISOString();
  const add = db.prepare(ADD);
  return facts.map((fact) => {
    n += 1;
    const text = canonicalJson(fact.body);
    const unsigned = { v: LEDGER_VERSION, n, ts, ...fact } as const;
    const hash = sha256Hex(ledgerHashText(prevHash, unsigned));
    const signature = signer?.sign(hash) ?? null;
    add.run(n, LEDGER_VERSION, ts, fact.type, sessionOf(fact), text, prevHash, hash, signature);
    const entry = { ...unsigned, prevHash, hash, signature } as LedgerEntry;
    prevHash = hash;
    return entry;
  });
}

/** The newest key that signs here; null when there is none. */
export function keyOf(db: DatabaseSync): string | null {
  const row = db.prepare("SELECT body FROM ledger WHERE type = 'key.created' ORDER BY n DESC LIMIT 1").get();
  return row === undefined ? null : (JSON.parse(String(row.body)) as LedgerBodies["key.created"]).publicKey;
}

const COLUMNS = "n, v, ts, type, body, prev_hash, hash, signature";

/** A session's entries in order, as they are stored (unchecked: `verify` checks). */
export function entriesOf(db: DatabaseSync, session: string): readonly LedgerEntry[] {
  return db.prepare(`SELECT ${COLUMNS} FROM ledger WHERE session = ? ORDER BY n`).all(session).map(asEntry);
}

/** Every entry of one type in order, as they are stored. */
export function entriesOfType<T extends LedgerType>(
  db: DatabaseSync,
  type: T,
): readonly (LedgerEntry & { readonly body: LedgerBodies[T] })[] {
  return db
    .prepare(`SELECT ${COLUMNS} FROM ledger WHERE type = ? ORDER BY n`)
    .all(type)
    .map((row) => asEntry(row) as LedgerEntry & { readonly body: LedgerBodies[T] });
}

function asEntry(row: Readonly<Record<string, unknown>>): LedgerEntry {
  const { n, v, ts, type, prev_hash: prevHash, hash, signature } = row;
  return { n, v, ts, type, body: JSON.parse(String(row.body)), prevHash, hash, signature } as LedgerEntry;
}

// Bytes and numbers as text, as in chain.ts.
const RAW = `
SELECT CAST(n AS TEXT) AS n, CAST(v AS TEXT) AS v, CAST(ts AS BLOB) AS ts, CAST(type AS BLOB) AS type,
  CAST(session AS BLOB) AS session, CAST(body AS BLOB) AS body, CAST(prev_hash AS BLOB) AS prev_hash,
  CAST(hash AS BLOB) AS hash, CAST(signature AS BLOB) AS signature
FROM ledger ORDER BY ledger.n`;

/** Walks the whole ledger; yields each entry that is whole and in its place, throws a BrokenChain at the first that is not. */
export function* walkLedger(db: DatabaseSync): Generator<LedgerEntry, void, undefined> {
  let n = 0;
  let prevHash = FIRST_PREV_HASH;
  let publicKey: string | null = null;
  try {
    for (const row of db.prepare(RAW).iterate()) {
      const entry = checkEntry(row, n + 1, prevHash, publicKey);
      if (entry.type === "key.created") {
        publicKey = entry.body.publicKey;
        // A key vouches for itself: nobody else can have it signed.
        if (entry.signature === null || !isSigned(publicKey, entry.hash, entry.signature))
          throw new BrokenChain(entry.n, "brings in a key that did not sign it");
      }
      yield entry;
      n = entry.n;
      prevHash = entry.hash;
    }
  } catch (error) {
    if (error instanceof BrokenChain) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new BrokenChain(n + 1, `can't be read: ${detail}`, { cause: error });
  }
}

function checkEntry(
  row: Readonly<Record<string, unknown>>,
  n: number,
  prevHash: string,
  publicKey: string | null,
): LedgerEntry {
  const broken = (problem: string): never => {
    throw new BrokenChain(n, problem);
  };
  const column = (name: string): string => textOf(row[name]) ?? broken(`its ${name} is not text`);
  if (String(row.n) !== String(n)) return broken(`is missing; the next one there has the number ${String(row.n)}`);
  if (row.v !== String(LEDGER_VERSION)) return broken(`has the format version ${String(row.v)}`);
  if (column("prev_hash") !== prevHash) return broken("does not follow the entry before it");
  const text = column("body");
  const body: unknown = JSON.parse(text);
  if (canonicalJson(body) !== text) return broken("its body is not canonical JSON");
  const fact = { type: column("type"), body } as LedgerFact;
  const unsigned = { v: LEDGER_VERSION, n, ts: column("ts"), ...fact } as const;
  const hash = sha256Hex(ledgerHashText(prevHash, unsigned));
  if (column("hash") !== hash) return broken("was changed: its hash does not fit its content");
  const session = sessionOf(fact);
  if (session === null ? row.session !== null : textOf(row.session) !== session)
    return broken("was changed: its session is not the one of its body");
  const signature = row.signature === null ? null : column("signature");
  if (fact.type !== "key.created") {
    if (signature !== null && (publicKey === null || !isSigned(publicKey, hash, signature)))
      return broken("its signature is not the key's");
  }
  return { ...unsigned, prevHash, hash, signature } as LedgerEntry;
}

function sessionOf(fact: LedgerFact): string | null {
  return fact.type === "key.created" ? null : fact.body.session;
}
