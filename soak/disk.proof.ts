/**
 * A disk that fails under a running session: it fills up, its pictures' folder becomes read-only, another program holds
 * the database. The session stops before its next action, says why, and the record so far is whole.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { startPracticeServer } from "../electron/practice/server.ts";
import type { StoredEvent } from "../shared/session-event.ts";
import { checkInputs, ENDLESS, inputsIn } from "./crash.proof.ts";
import type { Proof } from "./proof.ts";

const ID = "20261121-disk0001";
const PATIENCE = 45_000;

type Trouble = {
  readonly name: string;
  /** What the session has to say. */
  readonly words: RegExp;
  /** Shell words that make the disk, in a mount namespace of its own; `$1` is the folder. */
  readonly before: string;
  /** The same, once the session has performed some actions. */
  readonly during: string;
  /** Held while the session goes on, from then on; null for nothing. */
  readonly hold: ((dir: string) => () => void) | null;
};

const TROUBLES: readonly Trouble[] = [
  {
    name: "a disk of 2 MB that fills up",
    words: /the disk is full\. Free some space/,
    before: 'mount -t tmpfs -o size=2m none "$1"',
    during: ":",
    hold: null,
  },
  {
    name: "a picture folder that becomes read-only",
    words: /can't be written to\. Check its permissions/,
    before: ":",
    // Refused as busy while a picture is being written there.
    during: 'mount --bind "$1/blobs" "$1/blobs"; until mount -o remount,bind,ro "$1/blobs" 2>&1; do sleep 0.01; done',
    hold: null,
  },
  {
    name: "a database that another program holds",
    words: /another program holds the journal\. Close it/,
    before: ":",
    during: ":",
    hold: (dir) => {
      const db = new DatabaseSync(join(dir, "journal.db"), { timeout: 10_000 });
      db.exec("BEGIN IMMEDIATE");
      return () => db.close();
    },
  },
];

export const PROOFS: readonly Proof[] = [
  { name: "a disk that fails under a session", whole: TROUBLES.length * 5, sample: TROUBLES.length, run: troubles },
];

async function troubles(count: number, seed: number): Promise<string> {
  let inputs = 0;
  for (let i = 0; i < count; i += 1) {
    const trouble = TROUBLES[i % TROUBLES.length];
    if (trouble !== undefined) inputs += await met(trouble, seed + i);
  }
  return `${count} times: stopped with its words, ${inputs} inputs before, each approved on record, none after`;
}

async function met(trouble: Trouble, seed: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-disk-"));
  const dir = join(folder, "data");
  const world = join(folder, "world");
  mkdirSync(dir);
  const server = await startPracticeServer({ script: ENDLESS });
  const wrong = (what: string) => new Error(`${trouble.name}: ${what}`);
  try {
    const lines = await ran(trouble, { dir, world, url: server.url, seed });
    const record = lines.find((line) => line.startsWith("record "));
    if (record === undefined) throw wrong("the record can't be read afterwards");
    const { verified, events } = JSON.parse(record.slice(7)) as { verified: { ok: boolean }; events: StoredEvent[] };
    // Where events can still be written, the session's end is on record, too.
    const last = events.at(-1);
    const ended = last?.type === "session.ended" ? (last.body.detail ?? "") : "";
    const told = lines.find((line) => line.startsWith("bad ")) ?? ended;
    if (!trouble.words.test(told)) throw wrong(`it said ${told}`);
    const late = lines.slice(lines.findIndex((line) => line.startsWith("bad "))).filter((line) => line === "executing");
    if (told !== ended && late.length > 0) throw wrong(`${late.length} actions ran after it`);
    if (!verified.ok) throw wrong(`the record is not whole: ${JSON.stringify(verified)}`);
    for (const line of lines) {
      const [kind, seq, hash] = line.split(" ");
      if (kind === "said" && events[Number(seq) - 1]?.hash !== hash)
        throw wrong(`event ${seq} was told and is not there`);
    }
    const inputs = inputsIn(world);
    checkInputs(inputs, events, wrong);
    return inputs.length;
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Where = { readonly dir: string; readonly world: string; readonly url: string; readonly seed: number };

/** Runs a session until it ends by the trouble, then the check, both where the disk is mounted; all their lines. */
async function ran({ before, during, hold }: Trouble, { dir, world, url, seed }: Where): Promise<readonly string[]> {
  const node = (file: string, ...args: string[]) =>
    [process.execPath, "--no-warnings", join(import.meta.dirname, file), ...args].map((word) => `'${word}'`).join(" ");
  // The trouble is made when a line comes; a session that ends before that is waited for all the same.
  const script = `${before}
exec 3<&0
${node("crash-child.ts", dir, url, String(seed), "0", ID, "new")} </dev/null 3<&- &
session=$!
{ read -r _ <&3 && { ${during}; }; } >/dev/null &
reader=$!
wait "$session"
kill "$reader" 2>/dev/null
${node("disk-check.ts", dir, ID)}`;
  const shell = spawn("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", dir], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", COUNTERSIGN_WORLD: world },
    stdio: ["pipe", "pipe", "inherit"],
    // A group of its own, to be ended with the session in it.
    detached: true,
  });
  const late = setTimeout(() => shell.pid !== undefined && process.kill(-shell.pid, "SIGKILL"), PATIENCE);
  const lines: string[] = [];
  let release: () => void = () => undefined;
  let actions = 0;
  createInterface({ input: shell.stdout }).on("line", (line) => {
    lines.push(line);
    if (line.startsWith("bad ")) release();
    if (line !== "executing") return;
    actions += 1;
    if (actions !== 3) return;
    release = hold?.(dir) ?? release;
    shell.stdin.end("now\n");
  });
  shell.stdin.on("error", () => undefined);
  await once(shell, "close");
  clearTimeout(late);
  return lines;
}
