/** The record of an app under test, read by the app's own journal commands in one process for all tests of a worker. */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EventType, StoredEvent } from "../shared/session-event.ts";
import type { SessionRow } from "../shared/session-view.ts";

/** One request to record-process.ts: the words of a journal command, or `twice`. */
export type Asked = { readonly id: number; readonly dir: string; readonly args: readonly string[] | "twice" };
export type Said = { readonly code: number; readonly stdout: string; readonly stderr: string };

type Waiting = { readonly resolve: (said: Said) => void; readonly reject: (error: Error) => void };

const waiting = new Map<number, Waiting>();
let reader: ChildProcess | null = null;
let asked = 0;

/** Without a display, as on a server. */
function startReader(): ChildProcess {
  const { DISPLAY: _display, ...env } = process.env;
  const child = fork(join(import.meta.dirname, "record-process.ts"), {
    execPath: process.env.COUNTERSIGN_ELECTRON ?? "",
    execArgv: ["--no-warnings"],
    env: { ...env, ELECTRON_RUN_AS_NODE: "1" },
  });
  child.on("message", ({ id, said }: { readonly id: number; readonly said: Said }) => {
    waiting.get(id)?.resolve(said);
    waiting.delete(id);
  });
  child.once("exit", (code, signal) => {
    reader = null;
    for (const each of waiting.values()) each.reject(new Error(`the reader of records ended: ${code ?? signal}`));
    waiting.clear();
  });
  // It ends with the worker, which it must not keep.
  child.unref();
  child.channel?.unref();
  return child;
}

async function ask(dir: string, args: Asked["args"]): Promise<Said> {
  reader ??= startReader();
  const child = reader;
  asked += 1;
  const id = asked;
  const said = await new Promise<Said>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    child.send({ id, dir, args } satisfies Asked);
  });
  if (said.code !== 0) throw Object.assign(new Error(said.stderr || said.stdout), said);
  return said;
}

/** Runs a journal command on a data folder. Rejects (with `code`, `stdout`, `stderr`) on any exit code but 0. */
export async function journal(dir: string, ...args: readonly string[]): Promise<Said> {
  return await ask(dir, args);
}

/** Two verifiers agree that every session of a folder is whole, and its export too; rejects with what is not so. */
export async function verifyTwice(dir: string): Promise<void> {
  // A test that damages or removes its record on purpose has nothing to be verified.
  if (existsSync(join(dir, "journal.db"))) await ask(dir, "twice");
}

/** The sessions of a data folder, the newest first; none while the app is only just making its record. */
export async function sessions(dir: string): Promise<readonly SessionRow[]> {
  const { stdout } = await journal(dir, "list", "--json").catch((error: Error) => {
    if (error.message.startsWith("There is no journal")) return { stdout: "[]" };
    throw error;
  });
  return JSON.parse(stdout) as SessionRow[];
}

/** A session's events, in order. */
export async function eventsOf(dir: string, id: string): Promise<readonly StoredEvent[]> {
  return (JSON.parse((await journal(dir, "show", id, "--json")).stdout) as { events: StoredEvent[] }).events;
}

/** The types of all events of a folder's newest session, in order; empty while there is none. */
export async function typesOf(dir: string): Promise<readonly EventType[]> {
  const [row] = await sessions(dir);
  return row === undefined ? [] : (await eventsOf(dir, row.id)).map(({ type }) => type);
}
