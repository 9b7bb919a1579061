/** The store's own chain: what became of whole sessions, and what reviewers added. docs/JOURNAL-FORMAT.md describes it. */
import { canonicalJson } from "../../shared/jcs.ts";

/** The version of the ledger's format written by this program. */
export const LEDGER_VERSION = 1;

/** Where a session's chain stood: the number and the hash of its last event. */
type At = { readonly session: string; readonly seq: number; readonly hash: string };

export type DeletedWhy = "operator" | "age" | "size";

/** The body of each kind of entry. */
export type LedgerBodies = {
  /** A key that signs the entries from here on; SPKI DER, base64. It lives in the OS keychain. */
  "key.created": { readonly publicKey: string };
  "session.started": At;
  /** Where a running session stood: once a turn, and at each pause. */
  "session.head": At;
  "session.ended": At;
  /** Taken in from an export; `pictures` is false when they were left out of it. */
  "session.imported": At & { readonly pictures: boolean };
  /** A tombstone: the session's events and the pictures nothing else names are gone. */
  "session.deleted": At & { readonly why: DeletedWhy };
  "session.kept": { readonly session: string; readonly keep: boolean };
  /** A reviewer's note; its id is the entry's number. `step` is `<turn>.<index>`, or null for the session as a whole. */
  "note.added": { readonly session: string; readonly step: string | null; readonly text: string };
  "note.removed": { readonly session: string; readonly note: number };
  "step.flagged": { readonly session: string; readonly step: string; readonly on: boolean };
};

export type LedgerType = keyof LedgerBodies;
export type LedgerFact = { [T in LedgerType]: { readonly type: T; readonly body: LedgerBodies[T] } }[LedgerType];

/** An entry as stored: numbered 1, 2, 3, ..., `ts` ISO 8601 UTC with ms. */
export type LedgerEntry = LedgerFact & {
  readonly v: number;
  readonly n: number;
  readonly ts: string;
  readonly prevHash: string;
  readonly hash: string;
  /** Ed25519 over `signedText(hash)`, base64; null where no keychain keeps a key. */
  readonly signature: string | null;
};

/** The text an entry's hash covers. */
export function ledgerHashText(prevHash: string, entry: Pick<LedgerEntry, "v" | "n" | "ts" | "type" | "body">): string {
  const { v, n, ts, type, body } = entry;
  return `${prevHash}\n${canonicalJson({ v, n, ts, type, body })}`;
}

/** The text a signature covers. */
export function signedText(hash: string): string {
  return `countersign ledger ${LEDGER_VERSION}\n${hash}`;
}
