/** Links events into the hash chain, and walks a stored chain checking every link. */
import type { DatabaseSync } from "node:sqlite";
import { canonicalJson } from "../../shared/jcs.ts";
import {
  EVENT_VERSION,
  FIRST_PREV_HASH,
  hashText,
  type SessionEvent,
  type StoredEvent,
} from "../../shared/session-event.ts";
import type { NewEvent } from "./journal.ts";
import { sha256Hex } from "./sha256.ts";

/** The end of a chain: what the next event follows. */
export type Head = { readonly seq: number; readonly hash: string; readonly ms: number };

export const FIRST_HEAD: Head = { seq: 0, hash: FIRST_PREV_HASH, ms: 0 };

/** An event as it goes to disk: `body` is its canonical JSON. */
export type Link = { readonly event: StoredEvent; readonly body: string };

/**
 * Gives an event its place after `head`. The returned event is read back from its own text: detached from the caller's
 * objects, and exactly what a reader of the store gets. Throws a TypeError for a body that JSON can't hold.
 * @param ms the time now, ms since 1970; an earlier time than the head's becomes the head's
 */
export function link(head: Head, session: string, { type, body }: NewEvent, ms: number): Link {
  const text = canonicalJson(body);
  const ts = new Date(Math.max(head.ms, Math.trunc(ms))).toISOString();
  const event = { v: EVENT_VERSION, session, seq: head.seq + 1, ts, type, body: JSON.parse(text) } as SessionEvent;
  return { event: { ...event, prevHash: head.hash, hash: sha256Hex(hashText(head.hash, event)) }, body: text };
}

/** The head after an event. */
export function headAfter(event: StoredEvent): Head {
  return { seq: event.seq, hash: event.hash, ms: Date.parse(event.ts) };
}

/** An event of a chain that is not what was written, or is not there. */
export class BrokenChain extends Error {
  readonly seq: number;
  constructor(seq: number, problem: string, options?: ErrorOptions) {
    super(problem, options);
    this.name = "BrokenChain";
    this.seq = seq;
  }
}

// Bytes, not text: SQLite's text may hold a NUL that ends a JavaScript string early, and broken UTF-8 that a decoder
// repairs; both would hide a change. Numbers as text, so that one too large to be a number is seen and not thrown.
const RAW_ROWS = `
SELECT CAST(seq AS TEXT) AS seq, CAST(v AS TEXT) AS v, CAST(ts AS BLOB) AS ts, CAST(type AS BLOB) AS type,
  CAST(body AS BLOB) AS body, CAST(prev_hash AS BLOB) AS prev_hash, CAST(hash AS BLOB) AS hash
FROM events WHERE session = ? ORDER BY events.seq`;

/**
 * Walks a session's events in order. Yields each one that is whole and in its place; throws a BrokenChain at the first
 * that is not: a gap, a wrong link, a hash that does not fit the row, a body that is not canonical JSON.
 */
export function* walkChain(db: DatabaseSync, session: string): Generator<StoredEvent, void, undefined> {
  let head = FIRST_HEAD;
  try {
    for (const row of db.prepare(RAW_ROWS).iterate(session)) {
      const event = checkRow(row, session, head);
      yield event;
      head = headAfter(event);
    }
  } catch (error) {
    if (error instanceof BrokenChain) throw error;
    throw new BrokenChain(head.seq + 1, `can't be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** The text of a column read as bytes; null when it is not text. Throws a TypeError when it is not UTF-8. */
export function textOf(value: unknown): string | null {
  if (!(value instanceof Uint8Array)) return null;
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
}

function checkRow(row: Readonly<Record<string, unknown>>, session: string, head: Head): StoredEvent {
  const seq = head.seq + 1;
  const broken = (problem: string): never => {
    throw new BrokenChain(seq, problem);
  };
  const column = (name: string): string => textOf(row[name]) ?? broken(`its ${name} is not text`);
  const found = String(row.seq);
  if (found !== String(seq)) return broken(`is missing; the next event there has the number ${found}`);
  if (row.v !== String(EVENT_VERSION)) {
    return broken(`has the format version ${String(row.v)}; this program writes and reads ${EVENT_VERSION}`);
  }
  if (column("prev_hash") !== head.hash)
    return broken("does not follow the event before it: its prev_hash is another one's");
  const text = column("body");
  const body: unknown = JSON.parse(text);
  if (canonicalJson(body) !== text) return broken("its body is not canonical JSON");
  const event = { v: EVENT_VERSION, session, seq, ts: column("ts"), type: column("type"), body } as SessionEvent;
  const hash = sha256Hex(hashText(head.hash, event));
  if (column("hash") !== hash) return broken("was changed: its hash does not fit its content");
  return { ...event, prevHash: head.hash, hash };
}
