/** `npm run --silent journal -- <verb>`: the record from a terminal, without a display. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { assertNever } from "../../shared/assert-never.ts";
import type { StoredEvent } from "../../shared/session-event.ts";
import type { SessionRow } from "../../shared/session-view.ts";
import { showText } from "../../shared/visible-text.ts";
import { databasePath } from "./database.ts";
import { clip, eventLine } from "./event-line.ts";
import { exportSession } from "./export.ts";
import { JournalError } from "./journal.ts";
import { writeReport } from "./report.ts";
import { type JournalStore, openStore } from "./store.ts";
import { DROPPED, placeOf, verifySession } from "./verify.ts";
import { verifyExport } from "./verify-export.ts";

/** Where a command's words go; each text ends with a newline. */
export type CliIo = { readonly out: (text: string) => void; readonly err: (text: string) => void };

const USAGE = `Usage: npm run --silent journal -- <command> [--user-data-dir DIR]

  list [--json]          every session, the newest first
  show ID [--json]       one session's events
  search TEXT            where a text was said, typed, noted, or shown as a program's name
  verify ID|IN.zip       proves that nothing of a session or an export was changed, or says where
  export ID OUT.zip      one session, its pictures and its proof, in one file
  report ID OUT.html     one session to read or print
  import IN.zip          takes an exported session in, if it verifies
  delete ID              deletes a session and the pictures nothing else names; its tombstone stays

Exit codes: 0 good, 1 not found or damaged, 2 wrong usage.
`;

class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

type Command = { readonly dir: string; readonly json: boolean } & (
  | { readonly verb: "list" }
  | { readonly verb: "help" }
  | { readonly verb: "show" | "verify" | "search" | "import" | "delete"; readonly of: string }
  | { readonly verb: "export" | "report"; readonly of: string; readonly to: string }
);

/**
 * Runs one journal command.
 * @param argv the words after `journal --`
 * @param defaultDir the user data folder when `--user-data-dir` is not given
 * @returns the exit code: 0 good, 1 not found or damaged (said where), 2 wrong usage
 */
export async function runJournalCommand(argv: readonly string[], io: CliIo, defaultDir: string): Promise<number> {
  try {
    return await run(parse(argv, defaultDir), io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`${showText(error.message)}\n\n${USAGE}`);
      return 2;
    }
    if (!(error instanceof JournalError)) throw error;
    io.err(`${showText(error.message)}\n`);
    return 1;
  }
}

async function run(command: Command, io: CliIo): Promise<number> {
  const { dir, verb } = command;
  switch (verb) {
    case "help":
      io.out(USAGE);
      return 0;
    case "list":
      await list(dir, command.json, io);
      return 0;
    case "show":
      await withStore(dir, (store) => show(store, command, io));
      return 0;
    case "search":
      return await withStore(dir, (store) => search(store, command.of, io));
    case "verify":
      return command.of.endsWith(".zip") ? await verifyZip(command.of, io) : await verify(dir, command.of, io);
    case "export": {
      const { events, pictures, head } = await exportSession(dir, command.of, command.to, {
        steps: null,
        pictures: true,
      });
      io.out(`exported: ${count(events, "event")}, ${count(pictures, "picture")}, head ${head}\n`);
      return 0;
    }
    case "report":
      await withStore(dir, (store) =>
        writeReport(store, dir, command.of, command.to, { steps: null, now: Date.now() }),
      );
      io.out(`written: ${showText(command.to)}\n`);
      return 0;
    case "import":
      io.out(`imported: session ${await withStore(dir, (store) => store.importZip(command.of), false)}\n`);
      return 0;
    case "delete":
      checkThere(dir);
      await withStore(dir, (store) => store.delete(command.of, "operator"), false);
      io.out(`deleted: session ${showText(command.of)}\n`);
      return 0;
    default:
      return assertNever(verb);
  }
}

function parse(argv: readonly string[], defaultDir: string): Command {
  const { values, positionals } = parseOptions(argv);
  const dir = values["user-data-dir"] ?? defaultDir;
  const json = values.json ?? false;
  const [verb, of = "", to = "", ...rest] = positionals;
  if (values.help === true) return { verb: "help", dir, json };
  if (dir === "") throw new UsageError("--user-data-dir needs a folder.");
  if (json && verb !== "list" && verb !== "show" && verb !== undefined) throw new UsageError(`${verb} has no --json.`);
  switch (verb) {
    case undefined:
      throw new UsageError("Which command?");
    case "list":
      if (of !== "") throw new UsageError("list takes no session.");
      return { verb, dir, json };
    case "show":
    case "verify":
    case "search":
    case "import":
    case "delete":
      if (of === "") throw new UsageError(`${verb} needs ${NEEDS[verb]}.`);
      if (to !== "") throw new UsageError(`${verb} takes ${TAKES[verb]}.`);
      return { verb, of, dir, json };
    case "export":
    case "report":
      if (of === "" || to === "") throw new UsageError(`${verb} needs a session's id and ${NEEDS[verb]}.`);
      if (rest.length > 0) throw new UsageError(`${verb} takes one session and one file.`);
      return { verb, of, to, dir, json };
    default:
      throw new UsageError(`There is no command "${verb}".`);
  }
}

const NEEDS = {
  show: "a session's id",
  verify: "a session's id, or an export's file (IN.zip)",
  search: "a text",
  import: "an export's file (IN.zip)",
  delete: "a session's id",
  export: "the file to write (OUT.zip)",
  report: "the file to write (OUT.html)",
} as const;

const TAKES = {
  show: "one session",
  verify: "one session or export",
  search: "one text; put it in quotes",
  import: "one export",
  delete: "one session",
} as const;

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        "user-data-dir": { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function withStore<T>(dir: string, work: (store: JournalStore) => T | Promise<T>, readOnly = true): Promise<T> {
  const store = openStore(dir, { readOnly, busyMs: 5000 });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Nothing is made where nothing is. */
function checkThere(dir: string): void {
  if (!existsSync(databasePath(dir))) throw new JournalError("not_found", `There is no journal in ${dir}.`);
}

async function list(dir: string, json: boolean, io: CliIo): Promise<void> {
  const rows = existsSync(databasePath(dir)) ? await withStore(dir, (store) => store.list()) : [];
  if (json) io.out(toJson(rows));
  else io.out(rows.length === 0 ? "No sessions.\n" : table([HEADINGS, ...rows.map(listLine)]));
}

function show(store: JournalStore, { of: id, json }: { readonly of: string; readonly json: boolean }, io: CliIo): void {
  const session = store.row(id);
  if (session === null) throw new JournalError("not_found", `There is no session ${id}.`);
  const events = store.events(id);
  if (json) {
    io.out(toJson({ session, events }));
    return;
  }
  const facts = [
    ["Session", session.id],
    ["Task", showText(session.task)],
    ["Model", showText(session.model)],
    ["Where", session.where],
    ["Started", session.startedAt],
    ["Ended", session.endedAt ?? "-"],
    ["Outcome", session.outcome],
    ["Steps", `${session.steps} (${session.edits} edited, ${session.rejections} rejected)`],
    ["Cost", cost(session.costUsd)],
  ];
  io.out(table(facts));
  io.out("\n");
  io.out(table(events.map((event) => [String(event.seq), event.ts, showText(event.type), lineOf(event)])));
}

/** A changed record can hold anything; listing it must still work, and `verify` is what judges it. */
function lineOf(event: StoredEvent): string {
  try {
    return eventLine(event);
  } catch {
    return "(not readable: try verify)";
  }
}

async function verify(dir: string, id: string, io: CliIo): Promise<number> {
  const result = await verifySession(dir, id);
  if (result.ok) {
    io.out(`ok: ${count(result.events, "event")}, ${count(result.blobs, "picture")}, head ${result.head}\n`);
    if (result.signedBy !== null) io.out(`signed by the key ${result.signedBy}\n`);
    for (const each of result.dropped) io.out(`damaged: session ${each}: ${DROPPED}\n`);
    return result.dropped.length === 0 ? 0 : 1;
  }
  io.out(`damaged: session ${showText(id)}, ${showText(placeOf(result.at))}: ${showText(result.problem)}\n`);
  return 1;
}

async function verifyZip(path: string, io: CliIo): Promise<number> {
  const result = await verifyExport(path);
  if (!result.ok) {
    io.out(`damaged: ${showText(path)}, ${showText(placeOf(result.at))}: ${showText(result.problem)}\n`);
    return 1;
  }
  const { manifest, blobs, head, signedBy } = result;
  io.out(
    `ok: session ${manifest.session}, ${count(manifest.events, "event")}, ${count(blobs, "picture")}, head ${head}\n`,
  );
  if (manifest.leftOut > 0)
    io.out(
      `chosen steps only: ${manifest.steps?.join(", ") ?? ""}; of ${count(manifest.leftOut, "event")} just the hash is there\n`,
    );
  if (!manifest.pictures) io.out("the pictures were left out\n");
  if (signedBy !== null) io.out(`signed by the key ${signedBy}\n`);
  return 0;
}

function search(store: JournalStore, text: string, io: CliIo): number {
  const hits = store.search({ text, session: null, limit: 1000 });
  if (hits.length === 0) {
    io.err("Not found.\n");
    return 1;
  }
  const lines = hits.map(({ session, seq, step, kind, before, match, after }) => {
    const excerpt = clip(`${before}${match}${after}`, 160);
    return [session, String(seq), step ?? "-", kind, excerpt];
  });
  io.out(table([["SESSION", "EVENT", "STEP", "KIND", "TEXT"], ...lines]));
  return 0;
}

const HEADINGS = ["STARTED", "OUTCOME", "STEPS", "EDITS", "REJECTIONS", "COST", "MODEL", "WHERE", "ID", "TASK"];

function listLine(row: SessionRow): readonly string[] {
  const counts = [row.steps, row.edits, row.rejections].map(String);
  return [
    row.startedAt,
    row.outcome,
    ...counts,
    cost(row.costUsd),
    clip(row.model, 30),
    row.where,
    row.id,
    clip(row.task, 60),
  ];
}

function cost(usd: number | null): string {
  return usd === null ? "unknown" : `$${usd.toFixed(2)}`;
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}

/** Columns as wide as their longest cell, two spaces apart; the last one as long as it is. */
function table(lines: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const line of lines) line.forEach((cell, i) => widths.splice(i, 1, Math.max(widths[i] ?? 0, [...cell].length)));
  const pad = (cell: string, i: number) => cell + " ".repeat((widths[i] ?? 0) - [...cell].length);
  return lines.map((line) => `${line.map(pad).join("  ").trimEnd()}\n`).join("");
}

/**
 * JSON of exactly the recorded values. Control and formatting characters beyond ASCII, which JSON may carry as they
 * are, go out as escapes: recorded text must not steer the terminal it is printed on.
 */
function toJson(value: unknown): string {
  const asUnits = (character: string) =>
    character.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `${JSON.stringify(value, null, 2).replaceAll(/(?![\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, asUnits)}\n`;
}
