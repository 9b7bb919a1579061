/**
 * Events at rest: stretches of a session's events in one compressed value each. As rows of their own, most of an event is
 * what every other one says, too.
 */
import type { DatabaseSync } from "node:sqlite";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { sha256Hex } from "./sha256.ts";

/** Events of a pack; the last one of an ended session has fewer. */
const PACK_EVENTS = 256;

/** As `events`: no rowid, so that the primary key's tree is the only copy of a row. */
export const PACK_TABLE = `
CREATE TABLE packs (
  session   TEXT NOT NULL REFERENCES sessions (id),
  first     INTEGER NOT NULL,
  last      INTEGER NOT NULL,
  prev_hash TEXT NOT NULL,
  sum       TEXT NOT NULL,
  lines     BLOB NOT NULL,
  PRIMARY KEY (session, first)
) STRICT, WITHOUT ROWID;
`;

const ROWS = "SELECT seq, v, ts, type, body, prev_hash, hash FROM events WHERE session = ? ORDER BY seq LIMIT ?";
const ADD = "INSERT INTO packs (session, first, last, prev_hash, sum, lines) VALUES (?, ?, ?, ?, ?, ?)";

/**
 * Moves a session's rows into packs: as many as fill one, with `all` the rest too. In the transaction that wrote them, so
 * that an event is in one of the two places at any time.
 */
export function packRows(db: DatabaseSync, session: string, all: boolean): void {
  for (;;) {
    const rows = db.prepare(ROWS).all(session, PACK_EVENTS);
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined || (!all && rows.length < PACK_EVENTS)) return;
    const lines = packed(rows.map((row) => lineOfRow(session, row)));
    db.prepare(ADD).run(session, Number(first.seq), Number(last.seq), String(first.prev_hash), sha256Hex(lines), lines);
    db.prepare("DELETE FROM events WHERE session = ? AND seq <= ?").run(session, Number(last.seq));
  }
}

/** Whether a session has rows enough for a pack. */
export function isPackDue(db: DatabaseSync, session: string, headSeq: number): boolean {
  const first = db.prepare("SELECT min(seq) AS seq FROM events WHERE session = ?").get(session)?.seq;
  return first !== null && headSeq - Number(first) + 1 >= PACK_EVENTS;
}

/** The bytes of a pack of these lines. */
export function packed(lines: readonly string[]): Uint8Array {
  const text = lines.map((line) => `${line}\n`).join("");
  return deflateRawSync(text, { level: constants.Z_BEST_COMPRESSION });
}

/** What `info: true` gives back, which the types do not know. */
type Inflated = { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } };

/** The text of a pack's lines. Throws an Error for bytes that are no compressed text, or more than that. */
export function unpacked(bytes: Uint8Array): string {
  const { buffer, engine } = inflateRawSync(bytes, { info: true }) as unknown as Inflated;
  if (engine.bytesWritten !== bytes.length) throw new Error("there are bytes after its end");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(buffer);
}

/** The line of an event as it stands in a row, its body being canonical JSON already. */
function lineOfRow(session: string, row: Readonly<Record<string, unknown>>): string {
  const { seq, v, ts, type, body, hash } = row;
  const quoted = (value: unknown) => JSON.stringify(value);
  return `{"body":${String(body)},"hash":${quoted(hash)},"seq":${String(seq)},"session":${quoted(session)},"ts":${quoted(ts)},"type":${quoted(type)},"v":${String(v)}}`;
}
