/**
 * How long it takes until a record is on disk, and how much of the disk it takes. Peers, on the same disk and taking turns
 * in the same run: plain SQLite (node:sqlite, WAL, synchronous=FULL, one row an event, no chain, no index, no check), and
 * JSON lines appended to a file with fsync (a picture: its bytes written to a file with fsync). For size the peer is a
 * folder with a PNG for each step, as recorders that keep one screenshot a step have it.
 * Usage: npm run bench journal [steps]
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { NewEvent } from "../electron/journal/journal.ts";
import {
  approvedEvents,
  finishedEvent,
  proposedEvent,
  SESSION,
  samplePicture,
  startedEvent,
  turnEvents,
} from "../electron/journal/sample-session.ts";
import { openStore } from "../electron/journal/store.ts";
import { verifySession } from "../electron/journal/verify.ts";
import type { Action } from "../shared/action.ts";
import { recordLongSession } from "./lib/long-session.ts";
import { printTable } from "./lib/table.ts";

const PICTURE_BYTES = 200_000;
const steps = Number(process.argv[2] ?? 200);
const dir = mkdtempSync(join(tmpdir(), "bench-journal-"));

type Who = "ours" | "sqlite" | "file";
const times = new Map<string, Record<Who, number[]>>();

async function measure(name: string, who: Who, work: () => unknown): Promise<void> {
  const row = times.get(name) ?? { ours: [], sqlite: [], file: [] };
  times.set(name, row);
  const start = performance.now();
  await work();
  row[who].push(performance.now() - start);
}

function percentile(values: readonly number[], share: number): string {
  if (values.length === 0) return "";
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
}

async function appends(): Promise<void> {
  const store = openStore(join(dir, "store"));
  const plainFile = openSync(join(dir, "plain.jsonl"), "a");
  const plainDb = new DatabaseSync(join(dir, "plain.db"));
  plainDb.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE events (body TEXT NOT NULL) STRICT");
  const insert = plainDb.prepare("INSERT INTO events VALUES (?)");
  try {
    const journal = store.createSession(SESSION, Date.now);
    const append = async (name: string, events: readonly NewEvent[]) => {
      await measure(name, "ours", () => journal.append(events));
      await measure(name, "sqlite", () => {
        plainDb.exec("BEGIN IMMEDIATE");
        for (const event of events) insert.run(JSON.stringify(event));
        plainDb.exec("COMMIT");
      });
      await measure(name, "file", () => {
        writeSync(plainFile, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
        fsyncSync(plainFile);
      });
    };
    const picture = async (n: number) => {
      const { bytes, ref } = samplePicture(n, PICTURE_BYTES);
      await measure("picture, 200 kB", "ours", () => journal.putImage(bytes, ref));
      await measure("picture, 200 kB", "file", async () => {
        const file = await open(join(dir, `plain-${n}.png`), "w");
        await file.writeFile(bytes);
        await file.sync();
        await file.close();
      });
      return ref;
    };
    journal.append([startedEvent()]);
    let screenshot = await picture(0);
    for (let turn = 1; turn <= steps; turn += 1) {
      const action: Action = { action: "type", text: `line ${turn} `.repeat(20) };
      await append("a turn, started and finished", turnEvents(turn, screenshot, action));
      await append("a proposal", [proposedEvent(turn, screenshot, action)]);
      await append("decision + start (before input)", approvedEvents(turn, action));
      screenshot = await picture(turn);
      await append("a result", [finishedEvent(turn, "done", screenshot)]);
    }
  } finally {
    closeSync(plainFile);
    plainDb.close();
    store.close();
  }
  console.log(`${steps} steps; ms until on disk`);
  const lines = [...times].map(([name, { ours, sqlite, file }]) => {
    return [name, ...[ours, sqlite, file].flatMap((each) => [percentile(each, 0.5), percentile(each, 0.95)])];
  });
  printTable([["", "ours p50", "p95", "plain SQLite p50", "p95", "file + fsync p50", "p95"], ...lines]);
  const start = performance.now();
  const result = await verifySession(join(dir, "store"), SESSION);
  if (!result.ok) throw new Error(result.problem);
  console.log(
    `verify: ${result.events} events, ${result.blobs} pictures in ${(performance.now() - start).toFixed(0)} ms\n`,
  );
}

async function size(): Promise<void> {
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const lines: string[][] = [];
  for (const changesEvery of [1, 2, 4, 10, 20]) {
    const folder = join(dir, `size-${changesEvery}`);
    const store = openStore(folder);
    const { pngBytes, stepBytes } = await recordLongSession(store, {
      id: "20261001-size0001",
      steps: 1000,
      changesEvery,
    });
    store.close();
    const ours = bytesIn(folder);
    const share = (bytes: number) => (bytes / pngBytes).toFixed(2);
    lines.push([`at every ${changesEvery}`, mb(pngBytes), mb(ours), share(ours), mb(stepBytes), share(stepBytes)]);
    rmSync(folder, { recursive: true });
  }
  console.log("1,000 steps at 1280x800; x: of the distinct PNG bytes");
  printTable([["the screen changes", "distinct PNGs", "ours", "x", "a PNG for each step", "x"], ...lines]);
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

try {
  await appends();
  await size();
} finally {
  rmSync(dir, { recursive: true, force: true });
}
