/** Writes a session into one zip that can be verified, and taken in, somewhere else. */
import type { DatabaseSync } from "node:sqlite";
import { emptySession, reduceSession, sessionRow } from "../../shared/session-view.ts";
import { Blobs } from "./blobs.ts";
import { BrokenChain, walkChain } from "./chain.ts";
import { openDatabase } from "./database.ts";
import { journalError } from "./errors.ts";
import {
  belongsTo,
  blobName,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type Line,
  lineText,
  type Manifest,
  manifestText,
  type Vouch,
} from "./export-format.ts";
import { imagesOf } from "./images-of.ts";
import { JournalError } from "./journal.ts";
import { entriesOf, keyOf } from "./ledger.ts";
import { writeZip } from "./zip-write.ts";

export type ExportChoice = {
  /** `<turn>.<index>` of the steps to hand on; null for the whole session. */
  readonly steps: readonly string[] | null;
  readonly pictures: boolean;
};

export type Exported = { readonly events: number; readonly pictures: number; readonly head: string };

/**
 * Writes a session to `path`: the same session, the same bytes. Chosen steps come with their turns; of the events in
 * between only the hashes are there, so that the chain still shows that nothing was put in or taken out. Throws a
 * JournalError: `not_found` for a session or step that is not there, `damaged` for one that does not verify.
 */
export async function exportSession(
  dir: string,
  session: string,
  path: string,
  { steps, pictures }: ExportChoice,
): Promise<Exported> {
  const { lines, manifest, named } = readAll(dir, session, steps);
  const blobs = new Blobs(dir);
  const names = pictures ? [...named].sort() : [];
  const sizes = Object.fromEntries(names.map((sha256) => [sha256, blobs.size(sha256)]));
  const text = manifestText({ ...manifest, pictures, blobs: sizes });
  await writeZip(path, [
    { name: "manifest.json", read: async () => Buffer.from(text) },
    { name: "events.jsonl", read: async () => Buffer.from(lines.map((line) => `${lineText(line)}\n`).join("")) },
    ...names.map((sha256) => ({ name: blobName(sha256), read: () => blobs.read(sha256) })),
  ]);
  return { events: manifest.events - manifest.leftOut, pictures: names.length, head: manifest.head };
}

type All = {
  readonly lines: readonly Line[];
  readonly manifest: Omit<Manifest, "pictures" | "blobs">;
  /** The pictures that the events of the export name. */
  readonly named: ReadonlySet<string>;
};

function readAll(dir: string, session: string, steps: readonly string[] | null): All {
  const db = openDatabase(dir, { readOnly: true, busyMs: 250 });
  try {
    db.exec("BEGIN");
    return readSession(db, session, steps);
  } catch (error) {
    if (error instanceof BrokenChain) {
      const problem = `Session ${session} is damaged: its event ${error.seq} ${error.message}.`;
      throw new JournalError("damaged", problem, { cause: error });
    }
    throw journalError(error, "Reading the journal");
  } finally {
    db.close();
  }
}

function readSession(db: DatabaseSync, session: string, steps: readonly string[] | null): All {
  const chosen = steps === null ? null : new Set(steps);
  const lines: Line[] = [];
  const named = new Set<string>();
  let view = emptySession(session);
  let head = "";
  for (const event of walkChain(db, session)) {
    view = reduceSession(view, event);
    head = event.hash;
    if (chosen !== null && !belongsTo(event, chosen)) {
      lines.push({ leftOut: { seq: event.seq, hash: event.hash } });
      continue;
    }
    lines.push({ event });
    for (const sha256 of imagesOf(event)) named.add(sha256);
  }
  const row = sessionRow(view);
  if (row === null) throw new JournalError("not_found", `There is no session ${session}.`);
  const missing = steps?.find((id) => !view.steps.some((step) => `${step.turn}.${step.index}` === id));
  if (missing !== undefined) throw new JournalError("not_found", `Session ${session} has no step ${missing}.`);
  const manifest = {
    format: EXPORT_FORMAT,
    v: EXPORT_VERSION,
    session,
    row,
    events: lines.length,
    head,
    leftOut: lines.filter((line) => "leftOut" in line).length,
    steps: steps === null ? null : [...steps],
    vouch: vouchFor(db, session),
  } as const;
  return { lines, manifest, named };
}

/** The newest entry of the ledger that says where the session stood. */
function vouchFor(db: DatabaseSync, session: string): Vouch | null {
  const entry = entriesOf(db, session).findLast(
    ({ type }) =>
      type === "session.started" || type === "session.head" || type === "session.ended" || type === "session.imported",
  );
  if (entry === undefined) return null;
  return { ...entry, publicKey: entry.signature === null ? null : keyOf(db) } as Vouch;
}
