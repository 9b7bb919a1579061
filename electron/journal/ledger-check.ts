/** What the store's own chain says of one session, and whether the session agrees. */
import type { DatabaseSync } from "node:sqlite";
import { walkLedger } from "./ledger.ts";
import type { LedgerEntry } from "./ledger-entry.ts";
import { fingerprint } from "./signer.ts";

/** Where the ledger says a session's chain stood. */
type Stand = {
  readonly n: number;
  readonly ts: string;
  readonly type: string;
  readonly seq: number;
  readonly hash: string;
};

export type LedgerSays = {
  readonly stands: readonly Stand[];
  readonly deleted: { readonly n: number; readonly ts: string } | null;
  /** Imported from an export without its pictures. */
  readonly withoutPictures: boolean;
  /** Fingerprint of the key whose signature covers the newest stand; null when none does. */
  readonly signedBy: string | null;
  /** Other sessions that it knows, did not see deleted, and that are not in the list. */
  readonly dropped: readonly string[];
};

/** Walks the whole ledger. Throws a BrokenChain at the first entry that is not as it was written. */
export function ledgerOn(db: DatabaseSync, session: string): LedgerSays {
  let stands: Stand[] = [];
  let deleted: LedgerSays["deleted"] = null;
  let withoutPictures = false;
  let key: string | null = null;
  let signedBy: string | null = null;
  const alive = new Set<string>();
  for (const entry of walkLedger(db)) {
    if (entry.type === "key.created") key = entry.body.publicKey;
    // A signature covers its entry and, through the chain, every one before it.
    if (entry.signature !== null && key !== null && stands.length > 0 && signedBy === null) signedBy = fingerprint(key);
    if (isBirth(entry)) alive.add(entry.body.session);
    if (entry.type === "session.deleted") alive.delete(entry.body.session);
    if (entry.type === "key.created" || entry.body.session !== session) continue;
    if (entry.type === "session.deleted") {
      deleted = { n: entry.n, ts: entry.ts };
      stands = [];
      continue;
    }
    if (!isStand(entry)) continue;
    const { n, ts, type } = entry;
    const { seq, hash } = entry.body;
    if (isBirth(entry)) {
      deleted = null;
      withoutPictures = entry.type === "session.imported" && !entry.body.pictures;
    }
    stands.push({ n, ts, type, seq, hash });
    signedBy = entry.signature !== null && key !== null ? fingerprint(key) : null;
  }
  const listed = db.prepare("SELECT 1 FROM sessions WHERE id = ?");
  const dropped = [...alive].filter((id) => id !== session && listed.get(id) === undefined);
  return { stands, deleted, withoutPictures, signedBy, dropped };
}

/**
 * The first thing about a session that does not agree with the ledger, or null. `seq` is the event it is about, null
 * when it is the entry `n` itself.
 * @param hashes the hash of each of the session's events, in order
 */
export function standsProblem(
  { stands, deleted }: LedgerSays,
  hashes: readonly string[],
  ended: boolean,
): { readonly n: number; readonly seq: number | null; readonly words: string } | null {
  if (deleted !== null)
    return { n: deleted.n, seq: null, words: `entry ${deleted.n} of the store's own chain says that it was deleted` };
  const first = stands[0];
  if (first === undefined) return { n: 0, seq: null, words: "the store's own chain does not know of this session" };
  for (const { n, seq, hash } of stands) {
    if (seq > hashes.length) {
      const words = `event ${hashes.length + 1} is missing; entry ${n} of the store's own chain names event ${seq}`;
      return { n, seq: hashes.length + 1, words };
    }
    if (hashes[seq - 1] !== hash)
      return { n, seq, words: `event ${seq} is not the one that entry ${n} of the store's own chain names` };
  }
  const last = stands.at(-1);
  const over = last?.type === "session.ended" || last?.type === "session.imported";
  if (last !== undefined && ended !== over) {
    const words = `entry ${last.n} of the store's own chain ${over ? "says that the session ended, and it did not" : "knows nothing of the session's end"}`;
    return { n: last.n, seq: null, words };
  }
  if (last !== undefined && over && last.seq !== hashes.length)
    return { n: last.n, seq: last.seq + 1, words: `event ${last.seq + 1} was added after the session's end` };
  return null;
}

type StandEntry = Extract<
  LedgerEntry,
  { readonly type: "session.started" | "session.head" | "session.ended" | "session.imported" }
>;

function isStand(entry: LedgerEntry): entry is StandEntry {
  return isBirth(entry) || entry.type === "session.head" || entry.type === "session.ended";
}

function isBirth(entry: LedgerEntry): entry is Extract<StandEntry, { type: "session.started" | "session.imported" }> {
  return entry.type === "session.started" || entry.type === "session.imported";
}
