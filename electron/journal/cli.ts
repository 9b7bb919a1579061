/** `npm run --silent journal -- <verb>`: the record read from a terminal, without a display. It never writes. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import type { StoredEvent } from "../../shared/session-event.ts";
import type { SessionRow } from "../../shared/session-view.ts";
import { showText } from "../../shared/visible-text.ts";
import { databasePath } from "./database.ts";
import { clip, eventLine } from "./event-line.ts";
import { JournalError } from "./journal.ts";
import { type JournalStore, openStore } from "./store.ts";
import { DROPPED, placeOf, verifySession } from "./verify.ts";

/** Where a command's words go; each text ends with a newline. */
export type CliIo = { readonly out: (text: string) => void; readonly err: (text: string) => void };

const USAGE = `Usage: npm run --silent journal -- <command> [--user-data-dir DIR]

  list [--json]        every session, the newest first
  show ID [--json]     one session's events
  verify ID            proves that nothing of a session was changed, or says where

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
  | { readonly verb: "show" | "verify"; readonly id: string }
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
  switch (command.verb) {
    case "help":
      io.out(USAGE);
      return 0;
    case "list":
      list(command.dir, command.json, io);
      return 0;
    case "show":
      withStore(command.dir, (store) => show(store, command, io));
      return 0;
    case "verify":
      return await verify(command.dir, command.id, io);
  }
}

function parse(argv: readonly string[], defaultDir: string): Command {
  const { values, positionals } = parseOptions(argv);
  const dir = values["user-data-dir"] ?? defaultDir;
  const json = values.json ?? false;
  const [verb, id, ...rest] = positionals;
  if (values.help === true) return { verb: "help", dir, json };
  if (dir === "") throw new UsageError("--user-data-dir needs a folder.");
  switch (verb) {
    case undefined:
      throw new UsageError("Which command?");
    case "list":
      if (id !== undefined) throw new UsageError("list takes no session.");
      return { verb, dir, json };
    case "show":
    case "verify":
      if (id === undefined || id === "") throw new UsageError(`${verb} needs a session's id.`);
      if (rest.length > 0) throw new UsageError(`${verb} takes one session.`);
      if (verb === "verify" && json) throw new UsageError("verify has no --json.");
      return { verb, id, dir, json };
    default:
      throw new UsageError(`There is no command "${verb}".`);
  }
}

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

function withStore<T>(dir: string, work: (store: JournalStore) => T): T {
  const store = openStore(dir, { readOnly: true });
  try {
    return work(store);
  } finally {
    store.close();
  }
}

function list(dir: string, json: boolean, io: CliIo): void {
  const rows = existsSync(databasePath(dir)) ? withStore(dir, (store) => store.list()) : [];
  if (json) io.out(toJson(rows));
  else io.out(rows.length === 0 ? "No sessions.\n" : table([HEADINGS, ...rows.map(listLine)]));
}

function show(store: JournalStore, { id, json }: { readonly id: string; readonly json: boolean }, io: CliIo): void {
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
