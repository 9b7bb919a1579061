/** What an export holds: manifest.json, events.jsonl, blobs/. docs/JOURNAL-FORMAT.md describes it. */
import { z } from "zod";
import { issueWords } from "../../shared/issue-words.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import type { SessionEvent, StoredEvent } from "../../shared/session-event.ts";
import { readJson } from "../../shared/strict-json.ts";
import { lineOfEvent } from "./chain.ts";
import { sha256Hex } from "./sha256.ts";

export const EXPORT_FORMAT = "countersign-export";
/** The version of exports written by this program. */
export const EXPORT_VERSION = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

/** The newest entry of the store's own chain about the session, with its key; it vouches for an event's hash. */
const vouchSchema = z.strictObject({
  v: z.int(),
  n: z.int().min(1),
  ts: z.string(),
  type: z.enum(["session.started", "session.head", "session.ended", "session.imported"]),
  body: z.looseObject({ session: z.string(), seq: z.int().min(1), hash }),
  prevHash: hash,
  hash,
  signature: z.string().nullable(),
  publicKey: z.string().nullable(),
});
export type Vouch = z.infer<typeof vouchSchema>;

const manifestSchema = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  v: z.literal(EXPORT_VERSION),
  session: z.string().regex(/^[0-9a-z-]{8,40}$/),
  /** The session's row of the list. */
  row: z.record(z.string(), z.unknown()),
  /** How many events the session has, those left out counted; and the hash of the last one. */
  events: count,
  head: hash,
  /** Events of which only the hash is there; 0 when the export is whole. */
  leftOut: count,
  /** The steps that were chosen (`<turn>.<index>`); null for the whole session. */
  steps: z.array(z.string()).nullable(),
  /** False when they were left out. */
  pictures: z.boolean(),
  /** Bytes of each picture in `blobs/`, by its hash. */
  blobs: z.record(hash, count),
  vouch: vouchSchema.nullable(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The bytes of manifest.json: canonical JSON with the SHA-256 of the rest as its `hash`. */
export function manifestText(manifest: Manifest): string {
  return canonicalJson({ ...manifest, hash: sha256Hex(canonicalJson(manifest)) });
}

/** Reads manifest.json. Throws an Error in words for anything but what `manifestText` writes. */
export function readManifest(text: string): Manifest {
  const read = readJson(text);
  if (!read.ok) throw new Error(`is not as this program writes it: ${read.error}`);
  const json = read.value;
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("is not an object");
  if ("format" in json && json.format === EXPORT_FORMAT && "v" in json && json.v !== EXPORT_VERSION)
    throw new Error(
      `has the format version ${String(json.v)}; this program reads ${EXPORT_VERSION}: update it to read this`,
    );
  if (!("hash" in json)) throw new Error("has no hash");
  const { hash: said, ...rest } = json;
  const parsed = manifestSchema.safeParse(rest);
  if (!parsed.success)
    throw new Error(`is not as this program writes it: ${issueWords(parsed.error, rest, "manifest")}`);
  if (manifestText(parsed.data) !== text || said !== sha256Hex(canonicalJson(rest)))
    throw new Error("was changed: its hash does not fit its content");
  return parsed.data;
}

/** A line of events.jsonl: an event with its hash, or the hash alone of one that was left out. */
export type Line =
  | { readonly event: StoredEvent }
  | { readonly leftOut: { readonly seq: number; readonly hash: string } };

export function lineText(line: Line): string {
  if ("leftOut" in line) return canonicalJson(line.leftOut);
  return lineOfEvent(line.event);
}

/** The steps an event is about: none when it belongs to the session as a whole. */
export function belongsTo(event: SessionEvent, steps: ReadonlySet<string>): boolean {
  const { type, body } = event;
  if (type === "session.started" || type === "session.ended") return true;
  if ("turn" in body && !("proposal" in body)) return [...steps].some((step) => step.startsWith(`${body.turn}.`));
  if (!("proposal" in body) || body.proposal === null) return false;
  return steps.has(typeof body.proposal === "string" ? body.proposal : body.proposal.id);
}

export function blobName(sha256: string): string {
  return `blobs/${sha256.slice(0, 2)}/${sha256}.png`;
}
