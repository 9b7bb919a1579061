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
import { unpacked } from "./packs.ts";
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

const RAW_PACKS = `
SELECT CAST(first AS TEXT) AS first, CAST(last AS TEXT) AS last, CAST(prev_hash AS BLOB) AS prev_hash,
  CAST(sum AS BLOB) AS sum, lines
FROM packs WHERE session = ? ORDER BY packs.first`;

/**
 * Walks a session's events in order. Yields each one that is whole and in its place; throws a BrokenChain at the first
 * that is not: a gap, a wrong link, a hash that does not fit, a body that is not canonical JSON, a pack that is damaged.
 */
export function* walkChain(db: DatabaseSync, session: string): Generator<StoredEvent, void, undefined> {
  let head = FIRST_HEAD;
  try {
    for (const row of db.prepare(RAW_PACKS).iterate(session)) {
      for (const event of checkPack(row, session, head)) {
        yield event;
        head = headAfter(event);
      }
    }
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

/** The text of an event in a pack or an export: canonical JSON, without the link that the line before is. */
export function lineOfEvent({ v, session, seq, ts, type, body, hash }: StoredEvent): string {
  return canonicalJson({ v, session, seq, ts, type, body, hash });
}

/** Reads such a line as the event `seq`. Throws a BrokenChain when it is not what `lineOfEvent` gives of it there. */
export function eventOfLine(text: string, session: string, seq: number, prevHash: string): StoredEvent {
  const broken = (problem: string) => new BrokenChain(seq, problem);
  const json = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (json.seq !== seq) throw broken(`is missing; the next one there has the number ${String(json.seq)}`);
  if (json.v !== EVENT_VERSION)
    throw broken(`has the format version ${String(json.v)}; this program writes and reads ${EVENT_VERSION}`);
  if (json.session !== session) throw broken("belongs to another session");
  const { v, ts, type, body, hash } = json;
  const event = { v, session, seq, ts, type, body } as SessionEvent;
  if (sha256Hex(hashText(prevHash, event)) !== hash)
    throw broken("was changed, or is not the one that follows: its hash does not fit");
  const stored: StoredEvent = { ...event, prevHash, hash: String(hash) };
  if (lineOfEvent(stored) !== text) throw broken("was changed: its line is not canonical JSON");
  return stored;
}

/** The events of a pack. What is wrong with the pack itself is said of its first event. */
function* checkPack(
  row: Readonly<Record<string, unknown>>,
  session: string,
  head: Head,
): Generator<StoredEvent, void, undefined> {
  const first = head.seq + 1;
  const broken = (problem: string): never => {
    throw new BrokenChain(first, problem);
  };
  if (row.first !== String(first)) return broken(`is missing; the next pack begins with ${String(row.first)}`);
  if (textOf(row.prev_hash) !== head.hash)
    return broken("does not follow the event before it: its pack has another one");
  const bytes = row.lines instanceof Uint8Array ? row.lines : broken("is in a pack that holds no bytes");
  if (textOf(row.sum) !== sha256Hex(bytes)) return broken("is in a pack that was changed: its sum does not fit");
  const lines = unpacked(bytes).split("\n");
  if (lines.pop() !== "" || row.last !== String(head.seq + lines.length))
    return broken("is in a pack that was changed: it ends elsewhere than it says");
  let { seq, hash } = head;
  for (const line of lines) {
    seq += 1;
    const event = eventOfLine(line, session, seq, hash);
    hash = event.hash;
    yield event;
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
