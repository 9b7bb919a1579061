/**
 * A second verifier, written from docs/JOURNAL-FORMAT.md alone: it shares no code with the app. Says "ok" and the head, or
 * the first thing that is wrong.
 */
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inflateRawSync } from "node:zlib";

export type Verdict = { readonly ok: true; readonly head: string } | { readonly ok: false; readonly why: string };

const ZEROS = "0".repeat(64);
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Body = { [key: string]: Json };

class Wrong extends Error {}

function wrong(why: string): never {
  throw new Wrong(why);
}

const sha = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

/** RFC 8785. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) {
    if (typeof value === "string" && !value.isWellFormed()) wrong("a lone surrogate");
    return JSON.stringify(value);
  }
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(",")}}`;
}

function text(bytes: unknown, what: string): string {
  if (!(bytes instanceof Uint8Array)) return wrong(`${what} is no text`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return wrong(`${what} is not UTF-8`);
  }
}

function parsed(source: string, what: string): Json {
  let value: Json;
  try {
    value = JSON.parse(source) as Json;
  } catch {
    return wrong(`${what} is not JSON`);
  }
  if (canonical(value) !== source) wrong(`${what} is not canonical`);
  return value;
}

function object(value: Json | undefined, what: string): Body {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : wrong(`${what} is no object`);
}

type Event = { seq: number; ts: string; type: string; body: Body; hash: string };

/** Verifies one session of a data folder. */
export function verifyStore(dir: string, session: string): Verdict {
  return verdict(() => {
    const db = new DatabaseSync(join(dir, "journal.db"), { readOnly: true });
    try {
      db.exec("BEGIN");
      if (Number(db.prepare("PRAGMA user_version").get()?.user_version) !== 3) wrong("another version of the tables");
      const events = readEvents(db, session);
      checkRow(db, session, events);
      const pictures = checkLedger(db, session, events);
      if (db.prepare("PRAGMA integrity_check(1)").get()?.integrity_check !== "ok") wrong("integrity_check");
      if (pictures) for (const hash of events.flatMap(picturesOf)) checkFile(dir, hash);
      return events.at(-1)?.hash ?? wrong("no such session");
    } finally {
      db.close();
    }
  });
}

function verdict(work: () => string): Verdict {
  try {
    return { ok: true, head: work() };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

function readEvents(db: DatabaseSync, session: string): Event[] {
  const sql = `SELECT CAST(seq AS TEXT) AS seq, CAST(v AS TEXT) AS v, CAST(ts AS BLOB) AS ts, CAST(type AS BLOB) AS type,
    CAST(body AS BLOB) AS body, CAST(prev_hash AS BLOB) AS prev, CAST(hash AS BLOB) AS hash
    FROM events WHERE session = ? ORDER BY events.seq`;
  const events = readPacks(db, session);
  let prev = events.at(-1)?.hash ?? ZEROS;
  let before = events.at(-1)?.ts ?? "";
  for (const row of db.prepare(sql).iterate(session)) {
    const seq = events.length + 1;
    const at = `event ${seq}`;
    if (row.seq !== String(seq)) wrong(`${at} is missing`);
    if (row.v !== "1") wrong(`${at}: version`);
    if (text(row.prev, at) !== prev) wrong(`${at}: prev_hash`);
    const body = object(parsed(text(row.body, at), at), at);
    const event = { seq, ts: text(row.ts, at), type: text(row.type, at), body, hash: text(row.hash, at) };
    checkEvent(session, event, prev);
    if (event.ts < before) wrong(`${at}: earlier than the one before`);
    before = event.ts;
    prev = event.hash;
    events.push(event);
  }
  checkOrder(events);
  return events;
}

function readPacks(db: DatabaseSync, session: string): Event[] {
  const sql = `SELECT CAST(first AS TEXT) AS first, CAST(last AS TEXT) AS last, CAST(prev_hash AS BLOB) AS prev,
    CAST(sum AS BLOB) AS sum, lines FROM packs WHERE session = ? ORDER BY packs.first`;
  const events: Event[] = [];
  for (const row of db.prepare(sql).iterate(session)) {
    const at = `pack of event ${events.length + 1}`;
    if (row.first !== String(events.length + 1)) wrong(`${at} is missing`);
    const prev = events.at(-1)?.hash ?? ZEROS;
    if (text(row.prev, at) !== prev) wrong(`${at}: prev_hash`);
    const bytes = row.lines instanceof Uint8Array ? row.lines : wrong(`${at}: no bytes`);
    if (sha(bytes) !== text(row.sum, at)) wrong(`${at}: sum`);
    const { buffer, engine } = inflateRawSync(bytes, { info: true }) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    if (engine.bytesWritten !== bytes.length) wrong(`${at}: bytes behind its end`);
    events.push(...readLines(text(buffer, at), session, events.length, prev).events);
    if (row.last !== String(events.length)) wrong(`${at}: last`);
  }
  for (const [i, { ts }] of events.entries())
    if (ts < (events[i - 1]?.ts ?? "")) wrong(`event ${i + 1}: earlier than the one before`);
  return events;
}

function checkEvent(session: string, { seq, ts, type, body, hash }: Event, prev: string): void {
  if (sha(`${prev}\n${canonical({ body, seq, session, ts, type, v: 1 })}`) !== hash) wrong(`event ${seq}: hash`);
}

function checkOrder(events: readonly Event[]): void {
  for (const { seq, type } of events) {
    if ((type === "session.started") !== (seq === 1)) wrong(`event ${seq}: ${type} there`);
    if (type === "session.ended" && seq !== events.length) wrong(`event ${seq + 1} is after the end`);
  }
}

function checkRow(db: DatabaseSync, session: string, events: readonly Event[]): void {
  const row = db
    .prepare(
      `SELECT CAST(started_at AS BLOB) AS started, CAST(ended_at AS BLOB) AS ended, CAST(head_seq AS TEXT) AS seq,
       CAST(head_hash AS BLOB) AS hash, CAST(row AS BLOB) AS row FROM sessions WHERE id = ?`,
    )
    .get(session);
  const last = events.at(-1);
  if (row === undefined || last === undefined) return wrong(row === undefined ? "no row" : "event 1 is missing");
  if (row.seq !== String(last.seq) || text(row.hash, "head_hash") !== last.hash) wrong("the row's head");
  const ended = last.type === "session.ended" ? last.ts : null;
  if (text(row.started, "started_at") !== events[0]?.ts) wrong("started_at");
  if ((row.ended === null ? null : text(row.ended, "ended_at")) !== ended) wrong("ended_at");
  checkListed(object(parsed(text(row.row, "row"), "row"), "row"), session, events, ended);
}

/** The row as the events give it. */
function checkListed(row: Body, session: string, events: readonly Event[], ended: string | null): void {
  const config = object(events[0]?.body.config, "config");
  const where = object(config.where, "where");
  const size = where.kind === "own" ? object(where.size, "size") : null;
  const finished = events.filter(({ type }) => type === "turn.finished");
  const costs = finished.map(({ body }) => body.costUsd ?? null);
  const ids = finished.flatMap(({ body }) => list(body.calls).map((_, i) => `${body.turn}.${i}`));
  const last = (id: string, ...types: string[]) =>
    events.findLast(({ type, body }) => types.includes(type) && stepOf(body) === id);
  const decisions = ids.map((id) => last(id, "decision.made", "decision.withdrawn", "action.returned"));
  const kinds = decisions.map((event) =>
    event?.type === "decision.made" ? object(event.body.decision, "decision").kind : null,
  );
  const expected: Body = {
    id: session,
    task: config.task ?? null,
    model: config.model ?? null,
    where: size === null ? "this" : `own:${size.w}x${size.h}`,
    startedAt: events[0]?.ts ?? null,
    endedAt: ended,
    outcome: ended === null ? "open" : (events.at(-1)?.body.reason ?? null),
    steps: ids.filter(
      (id) => last(id, "action.proposed", "action.returned", "action.started")?.type === "action.started",
    ).length,
    edits: kinds.filter((kind) => kind === "edit").length,
    rejections: kinds.filter((kind) => kind === "reject").length,
    costUsd: costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + Number(cost), 0),
  };
  if (canonical(row) !== canonical(expected)) wrong(`row: ${canonical(expected)} expected`);
}

function stepOf({ proposal }: Body): string {
  return String(typeof proposal === "object" && proposal !== null ? object(proposal, "proposal").id : proposal);
}

const STANDS = ["session.started", "session.head", "session.ended", "session.imported"];

/** Whether the session's pictures have to be there. */
function checkLedger(db: DatabaseSync, session: string, events: readonly Event[]): boolean {
  const sql = `SELECT CAST(n AS TEXT) AS n, CAST(v AS TEXT) AS v, CAST(ts AS BLOB) AS ts, CAST(type AS BLOB) AS type,
    CAST(session AS BLOB) AS session, CAST(body AS BLOB) AS body, CAST(prev_hash AS BLOB) AS prev,
    CAST(hash AS BLOB) AS hash, CAST(signature AS BLOB) AS signature FROM ledger ORDER BY ledger.n`;
  let n = 0;
  let prev = ZEROS;
  let key: string | null = null;
  let stands: { type: string; body: Body }[] = [];
  let deleted = false;
  for (const row of db.prepare(sql).iterate()) {
    n += 1;
    const at = `entry ${n}`;
    if (row.n !== String(n) || row.v !== "1") wrong(`${at} is missing`);
    if (text(row.prev, at) !== prev) wrong(`${at}: prev_hash`);
    const [ts, type, hash] = [text(row.ts, at), text(row.type, at), text(row.hash, at)];
    const body = object(parsed(text(row.body, at), at), at);
    if (sha(`${prev}\n${canonical({ body, n, ts, type, v: 1 })}`) !== hash) wrong(`${at}: hash`);
    const about = row.session === null ? null : text(row.session, at);
    if (about !== (body.session ?? null)) wrong(`${at}: session`);
    if (type === "key.created") key = String(body.publicKey);
    const signature = row.signature === null ? null : text(row.signature, at);
    if (type === "key.created" && signature === null) wrong(`${at}: unsigned key`);
    if (signature !== null && !isSigned(key, hash, signature)) wrong(`${at}: signature`);
    prev = hash;
    if (about !== session) continue;
    if (type === "session.deleted") {
      deleted = true;
      stands = [];
    } else if (STANDS.includes(type)) {
      if (type === "session.started" || type === "session.imported") deleted = false;
      stands.push({ type, body });
    }
  }
  if (deleted) wrong("was deleted");
  const first = stands[0];
  const last = stands.at(-1);
  if (first === undefined || last === undefined) return wrong("the ledger does not know it");
  if (first.type !== "session.started" && first.type !== "session.imported") wrong("the ledger has no start of it");
  for (const { body } of stands)
    if (events[Number(body.seq) - 1]?.hash !== body.hash) wrong(`event ${body.seq}: ledger`);
  const over = last.type === "session.ended" || last.type === "session.imported";
  if (over !== (events.at(-1)?.type === "session.ended")) wrong("the ledger knows another end");
  if (over && last.body.seq !== events.length) wrong("events after the end");
  return !stands.some(({ type, body }) => type === "session.imported" && body.pictures === false);
}

function isSigned(publicKey: string | null, hash: string, signature: string): boolean {
  if (publicKey === null) return false;
  const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), type: "spki", format: "der" });
  const bytes = Buffer.from(signature, "base64");
  const signed = Buffer.from(`countersign ledger 1\n${hash}`);
  return bytes.toString("base64") === signature && verifySignature(null, signed, key, bytes);
}

function picturesOf({ type, body }: Event): readonly string[] {
  const refs = (...values: (Json | undefined)[]) =>
    values.flatMap((value) => (value === null || value === undefined ? [] : [String(object(value, "picture").sha256)]));
  switch (type) {
    case "turn.started":
      return [
        ...refs(body.screenshot),
        ...list(body.appended).flatMap((each) => inContent(object(each, "message").content)),
      ];
    case "action.proposed":
    case "action.returned": {
      const proposal = object(body.proposal, "proposal");
      return refs(proposal.screenshot, proposal.now);
    }
    case "action.finished":
      return refs(body.after, body.image);
    case "takeover.ended":
      return refs(body.after);
    default:
      return [];
  }
}

function inContent(content: Json | undefined): readonly string[] {
  return list(content).flatMap((block) => {
    if (typeof block !== "object" || block === null || Array.isArray(block)) return [];
    if (block.type === "tool_result") return inContent(block.content);
    const source = block.source;
    if (block.type !== "image" || typeof source !== "object" || source === null || Array.isArray(source)) return [];
    return source.type === "blob" && typeof source.sha256 === "string" ? [source.sha256] : [];
  });
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function checkFile(dir: string, hash: string): void {
  const path = join(dir, "blobs", hash.slice(0, 2), `${hash}.png`);
  if (!existsSync(path) || sha(readFileSync(path)) !== hash) wrong(`picture ${hash}`);
}

/** Verifies an export. */
export function verifyZip(path: string): Verdict {
  return verdict(() => {
    const members = readZip(readFileSync(path));
    const manifest = object(parsed(text(members[0]?.bytes, "manifest"), "manifest"), "manifest");
    const { hash, ...rest } = manifest;
    if (members[0]?.name !== "manifest.json" || members[1]?.name !== "events.jsonl") wrong("the members' order");
    if (sha(canonical(rest)) !== hash) wrong("the manifest's hash");
    if (rest.format !== "countersign-export" || rest.v !== 1) wrong("the manifest's format");
    const session = String(rest.session);
    const { hashes, events } = readLines(text(members[1]?.bytes, "events"), session);
    if (rest.events !== hashes.length || rest.head !== hashes.at(-1)) wrong("the manifest's head");
    if (rest.leftOut !== hashes.length - events.length) wrong("leftOut");
    if (rest.leftOut === 0) {
      checkOrder(events);
      const last = events.at(-1);
      const ended = last?.type === "session.ended" ? last.ts : null;
      checkListed(object(rest.row, "row"), session, events, ended);
    }
    checkSteps(rest.steps, events, Number(rest.leftOut));
    if (rest.vouch !== null) checkVouch(object(rest.vouch, "vouch"), session, hashes);
    const named = rest.pictures === true ? [...new Set(events.flatMap(picturesOf))].sort() : [];
    const blobs = object(rest.blobs, "blobs");
    if (Object.keys(blobs).sort().join() !== named.join()) wrong("blobs");
    if (members.length !== named.length + 2) wrong("a picture is missing, or there is one more");
    for (const [i, name] of named.entries()) {
      const member = members[i + 2];
      if (member?.name !== `blobs/${name.slice(0, 2)}/${name}.png` || sha(member.bytes) !== name)
        wrong(`picture ${name}`);
      if (blobs[name] !== member.bytes.length) wrong(`size of ${name}`);
    }
    return String(rest.head);
  });
}

function readLines(jsonl: string, session: string, after = 0, prev = ZEROS): { hashes: string[]; events: Event[] } {
  const lines = jsonl.split("\n");
  if (lines.pop() !== "") wrong("the last line has no end");
  const hashes: string[] = [];
  const events: Event[] = [];
  for (const line of lines) {
    const seq = after + hashes.length + 1;
    const at = `event ${seq}`;
    const value = object(parsed(line, at), at);
    const hash = String(value.hash);
    if (value.seq !== seq) wrong(`${at} is missing`);
    if ("body" in value) {
      if (value.session !== session || value.v !== 1) wrong(`${at}: session or version`);
      if (Object.keys(value).sort().join() !== "body,hash,seq,session,ts,type,v") wrong(`${at}: fields`);
      const event = { seq, ts: String(value.ts), type: String(value.type), body: object(value.body, at), hash };
      checkEvent(session, event, hashes.at(-1) ?? prev);
      events.push(event);
    } else if (Object.keys(value).sort().join() !== "hash,seq" || !/^[0-9a-f]{64}$/.test(hash)) wrong(`${at}: fields`);
    hashes.push(hash);
  }
  return { hashes, events };
}

function checkSteps(steps: Json | undefined, events: readonly Event[], leftOut: number): void {
  if (steps === null) {
    if (leftOut > 0) wrong("events were left out of a whole export");
    return;
  }
  const chosen = list(steps).map(String);
  for (const { seq, type, body } of events) {
    if (type === "session.started" || type === "session.ended") continue;
    const belongs =
      "turn" in body && !("proposal" in body)
        ? chosen.some((step) => step.startsWith(`${body.turn}.`))
        : chosen.includes(stepOf(body));
    if (!belongs) wrong(`event ${seq} belongs to no chosen step`);
  }
}

function checkVouch(vouch: Body, session: string, hashes: readonly string[]): void {
  const { body, n, ts, type, v, hash, prevHash, signature, publicKey } = vouch;
  const about = object(body, "vouch");
  const covered = canonical({ body: about, n: n ?? null, ts: ts ?? null, type: type ?? null, v: v ?? null });
  if (sha(`${prevHash}\n${covered}`) !== hash) wrong("vouch: hash");
  if (about.session !== session || hashes[Number(about.seq) - 1] !== about.hash) wrong("vouch: event");
  if (signature !== null && !isSigned(publicKey === null ? null : String(publicKey), String(hash), String(signature)))
    wrong("vouch: signature");
}

type Member = { name: string; bytes: Buffer };

/** Reads a zip from its front, then makes the directory it has to have. */
function readZip(file: Buffer): Member[] {
  const members: Member[] = [];
  const records: Buffer[] = [];
  let at = 0;
  while (file.length >= at + 4 && file.readUInt32LE(at) === 0x04034b50) {
    const fixed = file.subarray(at, at + 30);
    if (fixed.length < 30) wrong("zip: cut");
    const size = fixed.readUInt32LE(22);
    const nameEnd = at + 30 + fixed.readUInt16LE(26);
    const bytes = file.subarray(nameEnd, nameEnd + size);
    const name = text(file.subarray(at + 30, nameEnd), "a name");
    const expected = Buffer.from("504b0304140000080000000021000000000000000000000000000000".padEnd(60, "0"), "hex");
    expected.writeUInt32LE(crc32(bytes), 14);
    expected.writeUInt32LE(size, 18);
    expected.writeUInt32LE(size, 22);
    expected.writeUInt16LE(nameEnd - at - 30, 26);
    if (!expected.equals(fixed) || bytes.length !== size) wrong(`zip: header of ${name}`);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(0x033f, 4);
    expected.copy(record, 6, 4, 28);
    record.writeUInt32LE(0x81800000, 38);
    record.writeUInt32LE(at, 42);
    records.push(record, file.subarray(at + 30, nameEnd));
    members.push({ name, bytes });
    at = nameEnd + size;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  if (!file.subarray(at).equals(Buffer.concat([directory, end]))) wrong("zip: bytes outside the members");
  return members;
}

const CRC_TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (CRC_TABLE[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
