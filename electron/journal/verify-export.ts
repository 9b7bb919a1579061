/** Proves an export whole, or names the first event, picture or part of its manifest that is not as it was written. */
import { eventProblem } from "../../shared/event-schema.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import { FIRST_PREV_HASH, type StoredEvent } from "../../shared/session-event.ts";
import { emptySession, reduceSession, sessionRow } from "../../shared/session-view.ts";
import { BrokenChain, eventOfLine, textOf } from "./chain.ts";
import { journalError } from "./errors.ts";
import { belongsTo, blobName, type Line, type Manifest, readManifest, type Vouch } from "./export-format.ts";
import { imagesOf } from "./images-of.ts";
import { type LedgerEntry, ledgerHashText } from "./ledger-entry.ts";
import { sha256Hex } from "./sha256.ts";
import { fingerprint, isSigned } from "./signer.ts";
import type { DamageAt } from "./verify.ts";
import { BadZip, openZip, type Zip } from "./zip-read.ts";

export type WholeExport = {
  readonly ok: true;
  readonly manifest: Manifest;
  /** What is there of the session, in order; every event of it when nothing was left out. */
  readonly events: readonly StoredEvent[];
  readonly blobs: number;
  readonly head: string;
  readonly signedBy: string | null;
};
export type ExportResult = WholeExport | { readonly ok: false; readonly at: DamageAt; readonly problem: string };

class Finding extends Error {
  readonly at: DamageAt;
  constructor(at: DamageAt, problem: string) {
    super(problem);
    this.name = "Finding";
    this.at = at;
  }
}

/**
 * Checks every byte of an export: the zip's layout, the manifest, each event, each picture. Throws a JournalError when
 * the file is not there or can't be read.
 * @param eachPicture called with every picture once it has been checked
 */
export async function verifyExport(
  path: string,
  eachPicture: (sha256: string, bytes: Uint8Array) => Promise<void> = async () => undefined,
): Promise<ExportResult> {
  let zip: Zip;
  try {
    zip = await openZip(path);
  } catch (error) {
    if (error instanceof BadZip)
      return { ok: false, at: { session: "unknown", file: path }, problem: `the zip ${error.message}` };
    throw journalError(error, `Reading ${path}`);
  }
  try {
    return await checkAll(zip, path, eachPicture);
  } catch (error) {
    if (error instanceof Finding) return { ok: false, at: error.at, problem: error.message };
    if (error instanceof BadZip)
      return { ok: false, at: { session: "unknown", file: path }, problem: `the zip ${error.message}` };
    throw journalError(error, `Reading ${path}`);
  } finally {
    await zip.close();
  }
}

async function checkAll(
  zip: Zip,
  path: string,
  eachPicture: (sha256: string, bytes: Uint8Array) => Promise<void>,
): Promise<WholeExport> {
  const manifest = await manifestOf(zip, path);
  const { session } = manifest;
  const lines = await linesOf(zip, session);
  const events = lines.flatMap((line) => ("event" in line ? [line.event] : []));
  checkChosen(manifest, lines);
  checkRow(manifest, lines, events);
  const signedBy = checkVouch(manifest, lines);
  const named = new Set(events.flatMap((event) => imagesOf(event)));
  await checkPictures(zip, manifest, named, eachPicture);
  const head = hashOf(lines.at(-1));
  return { ok: true, manifest, events, blobs: Object.keys(manifest.blobs).length, head, signedBy };
}

async function manifestOf(zip: Zip, path: string): Promise<Manifest> {
  try {
    return readManifest(utf8(await zip.read("manifest.json")));
  } catch (error) {
    throw new Finding(
      { session: "unknown", file: path },
      `manifest.json ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function linesOf(zip: Zip, session: string): Promise<readonly Line[]> {
  const bytes = await zip.read("events.jsonl");
  const lines: Line[] = [];
  let prevHash = FIRST_PREV_HASH;
  let start = 0;
  while (start < bytes.length) {
    const seq = lines.length + 1;
    const end = bytes.indexOf(0x0a, start);
    try {
      if (end < 0) throw new BrokenChain(seq, "has no end of its line");
      const line = lineOf(utf8(bytes.subarray(start, end)), session, seq, prevHash);
      prevHash = hashOf(line);
      lines.push(line);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new Finding({ session, seq }, `event ${seq} ${words}`);
    }
    start = end + 1;
  }
  return lines;
}

function lineOf(text: string, session: string, seq: number, prevHash: string): Line {
  const broken = (problem: string) => new BrokenChain(seq, problem);
  if (depthOf(text) > MOST_LINE_DEPTH) throw broken(`is nested more than ${MOST_LINE_DEPTH} deep`);
  const json = objectIn(text);
  if (json === null) throw broken("is no JSON object");
  if ("body" in json) {
    const { type, ts, body } = json;
    if (typeof type !== "string" || typeof ts !== "string" || !isObject(body))
      throw broken("has no type, time or body");
    // What a strict reader looks for (names given twice, numbers that were rounded) can't be in canonical JSON.
    const event = eventOfLine(text, session, seq, prevHash);
    // A chain proves that nothing was changed since; whoever made it may have made it of anything.
    const problem = eventProblem(event);
    if (problem !== null) throw broken(`is of no form that this program writes: ${problem}`);
    return { event };
  }
  if (json.seq !== seq) throw broken(`is missing; the next line has the number ${String(json.seq)}`);
  const { hash } = json;
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) throw broken("has no hash");
  if (canonicalJson({ seq, hash }) !== text) throw broken("was changed: a line of a left-out event holds more");
  return { leftOut: { seq, hash } };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

/** A reply of Claude's may be nested deeper than anything of ours, but reading it must not use up the stack. */
const MOST_LINE_DEPTH = 2000;

function depthOf(json: string): number {
  let [depth, most, inText] = [0, 0, false];
  for (let i = 0; i < json.length; i += 1) {
    const unit = json.charCodeAt(i);
    if (unit === 0x22) inText = !inText;
    else if (unit === 0x5c) i += 1;
    else if (inText) continue;
    else if (unit === 0x7b || unit === 0x5b) most = Math.max(most, ++depth);
    else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return most;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Left out is what was not chosen, and nothing else. */
function checkChosen({ session, steps, leftOut, events }: Manifest, lines: readonly Line[]): void {
  if (lines.length !== events)
    throw new Finding(
      { session, seq: Math.min(lines.length, events) + 1 },
      `the manifest says ${events} events, and ${lines.length} are there`,
    );
  const gone = lines.filter((line) => "leftOut" in line).length;
  if (gone !== leftOut)
    throw new Finding(
      { session, row: "leftOut" },
      `the manifest says that ${leftOut} events were left out, and ${gone} were`,
    );
  if (steps === null && gone > 0)
    throw new Finding({ session, row: "steps" }, "events were left out of an export of all steps");
  const chosen = new Set(steps ?? []);
  for (const line of lines) {
    if (steps !== null && "event" in line && !belongsTo(line.event, chosen))
      throw new Finding({ session, seq: line.event.seq }, `event ${line.event.seq} belongs to no chosen step`);
  }
}

function checkRow(
  { session, row, leftOut, head }: Manifest,
  lines: readonly Line[],
  events: readonly StoredEvent[],
): void {
  if (hashOf(lines.at(-1)) !== head)
    throw new Finding({ session, row: "head" }, "the manifest's head is not the hash of the last event");
  if (events[0]?.type !== "session.started") throw new Finding({ session, seq: 1 }, "event 1 is not session.started");
  if (leftOut > 0) return;
  let view = emptySession(session);
  for (const event of events) {
    try {
      view = reduceSession(view, event);
    } catch {
      throw new Finding({ session, seq: event.seq }, `event ${event.seq} is of no form that this program writes`);
    }
  }
  if (canonicalJson(sessionRow(view)) !== canonicalJson(row))
    throw new Finding({ session, row: "row" }, "the manifest's row is not what the events give");
}

/** Whose key signed for the session; null when no key did. */
function checkVouch({ session, vouch }: Manifest, lines: readonly Line[]): string | null {
  if (vouch === null) return null;
  const wrong = (problem: string) =>
    new Finding({ session, entry: vouch.n }, `entry ${vouch.n} of the store's own chain ${problem}`);
  if (sha256Hex(ledgerHashText(vouch.prevHash, entryOf(vouch))) !== vouch.hash)
    throw wrong("was changed: its hash does not fit");
  if (vouch.body.session !== session) throw wrong("is about another session");
  if (hashOf(lines[vouch.body.seq - 1]) !== vouch.body.hash) throw wrong(`names another event ${vouch.body.seq}`);
  if (vouch.signature === null) return null;
  if (vouch.publicKey === null || !isSigned(vouch.publicKey, vouch.hash, vouch.signature))
    throw wrong("has a signature that is not its key's");
  return fingerprint(vouch.publicKey);
}

function entryOf({ v, n, ts, type, body }: Vouch): Pick<LedgerEntry, "v" | "n" | "ts" | "type" | "body"> {
  return { v, n, ts, type, body } as Pick<LedgerEntry, "v" | "n" | "ts" | "type" | "body">;
}

async function checkPictures(
  zip: Zip,
  { session, pictures, blobs }: Manifest,
  named: ReadonlySet<string>,
  each: (sha256: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const wanted = pictures ? [...named].sort() : [];
  const order = ["manifest.json", "events.jsonl", ...wanted.map(blobName)];
  for (const [i, name] of order.entries()) {
    if (zip.members[i]?.name === name) continue;
    const blob = wanted[i - 2];
    if (blob === undefined) throw new Finding({ session, file: name }, `${name} is not where it has to be`);
    throw new Finding({ session, blob }, `the picture ${blob} is missing`);
  }
  const extra = zip.members[order.length];
  if (extra !== undefined) throw new Finding({ session, file: extra.name }, `${extra.name} is named by no event`);
  if (canonicalJson(Object.keys(blobs).sort()) !== canonicalJson(wanted))
    throw new Finding({ session, row: "blobs" }, "the manifest's pictures are not those that the events name");
  for (const sha256 of wanted) {
    const bytes = await zip.read(blobName(sha256)).catch((error: unknown) => {
      if (error instanceof BadZip) throw new Finding({ session, blob: sha256 }, error.message);
      throw error;
    });
    if (sha256Hex(bytes) !== sha256) throw new Finding({ session, blob: sha256 }, `the picture ${sha256} is damaged`);
    if (blobs[sha256] !== bytes.length)
      throw new Finding({ session, row: "blobs" }, `the manifest gives ${sha256} another size`);
    await each(sha256, bytes);
  }
}

function hashOf(line: Line | undefined): string {
  if (line === undefined) return "";
  return "event" in line ? line.event.hash : line.leftOut.hash;
}

function utf8(bytes: Uint8Array): string {
  try {
    return textOf(bytes) ?? "";
  } catch (error) {
    throw new Error("is not UTF-8", { cause: error });
  }
}
