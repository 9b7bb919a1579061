/** Reads a session's events for whoever shows or replays them; whether they are as they were written is for chain.ts. */
import type { DatabaseSync } from "node:sqlite";
import { EVENT_VERSION, type EventType, type StoredEvent } from "../../shared/session-event.ts";
import { JournalError } from "./journal.ts";
import { unpacked } from "./packs.ts";

export type Wanted = {
  /** Only events after this seq; 0 for all. */
  readonly after?: number;
  /** At most so many. */
  readonly limit?: number;
  /** Only these types. */
  readonly types?: readonly EventType[];
};

const PACKS = "SELECT first, last, prev_hash, lines FROM packs WHERE session = ? AND last > ? ORDER BY first";
const ROWS = "SELECT seq, v, ts, type, body, prev_hash, hash FROM events WHERE session = ? AND seq > ? ORDER BY seq";

/**
 * A session's events in order; none for a session that is not there. Throws a JournalError `damaged` for what can't be
 * read, and `newer_format`.
 */
export function readEvents(db: DatabaseSync, session: string, wanted: Wanted = {}): StoredEvent[] {
  const { after = 0, limit = Number.POSITIVE_INFINITY, types = null } = wanted;
  const events: StoredEvent[] = [];
  const wants = types === null ? null : new Set<string>(types);
  for (const pack of db.prepare(PACKS).iterate(session, after)) {
    for (const event of eventsOfPack(session, pack, after, wants)) {
      if (events.length === limit) return events;
      events.push(event);
    }
  }
  for (const row of db.prepare(ROWS).iterate(session, after)) {
    if (events.length === limit) return events;
    if (wants === null || wants.has(String(row.type))) events.push(eventOfRow(session, row));
  }
  return events;
}

/** Everything of a line behind its body has one form, whatever the body holds. */
const END =
  /"hash":"([0-9a-f]{64})","seq":([0-9]+),"session":"[0-9a-z-]{8,40}","ts":"[^"]{24}","type":"([a-z._]+)","v":[0-9]+\}$/;
const LONGEST_END = 320;

function* eventsOfPack(
  session: string,
  pack: Readonly<Record<string, unknown>>,
  after: number,
  types: ReadonlySet<string> | null,
): Generator<StoredEvent, void, undefined> {
  const what = `Events ${String(pack.first)} to ${String(pack.last)} of session ${session}`;
  let prevHash = String(pack.prev_hash);
  for (const line of reading(what, () => unpacked(pack.lines as Uint8Array)).split("\n")) {
    if (line === "") continue;
    const [, hash, seq, type] = END.exec(line.slice(-LONGEST_END)) ?? damaged(what);
    if (Number(seq) > after && (types === null || types.has(String(type)))) {
      const { v, ts, body } = reading(what, () => JSON.parse(line) as StoredEvent);
      checkVersion(session, v);
      yield { v, session, seq: Number(seq), ts, type, body, prevHash, hash } as StoredEvent;
    }
    prevHash = String(hash);
  }
}

function eventOfRow(session: string, row: Readonly<Record<string, unknown>>): StoredEvent {
  const { v, seq, ts, type, prev_hash: prevHash, hash } = row;
  checkVersion(session, Number(v));
  const body = reading(`Event ${String(seq)} of session ${session}`, () => JSON.parse(String(row.body)) as unknown);
  return { v, session, seq, ts, type, body, prevHash, hash } as StoredEvent;
}

function checkVersion(session: string, v: number): void {
  if (v > EVENT_VERSION)
    throw new JournalError(
      "newer_format",
      `Session ${session} was written by a newer Countersign. Update the app to open it.`,
    );
}

function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return damaged(what, error);
  }
}

function damaged(what: string, cause?: unknown): never {
  throw new JournalError("damaged", `${what} can't be read; \`journal verify\` says where.`, { cause });
}
