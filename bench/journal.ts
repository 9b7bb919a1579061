/**
 * How long it takes until a record is on disk: the store's appends and pictures, against the least that could be
 * durable: the same JSON appended to a file with fsync, the same bytes written to a file with fsync. Both on the same
 * disk, taking turns in the same run. Usage: npm run bench journal [steps]
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

const PICTURE_BYTES = 200_000;
const steps = Number(process.argv[2] ?? 200);
const dir = mkdtempSync(join(tmpdir(), "bench-journal-"));
const times = new Map<string, { ours: number[]; plain: number[] }>();

async function measure(name: string, whose: "ours" | "plain", work: () => unknown): Promise<void> {
  const row = times.get(name) ?? { ours: [], plain: [] };
  times.set(name, row);
  const start = performance.now();
  await work();
  row[whose].push(performance.now() - start);
}

function percentile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
}

function print(lines: readonly (readonly string[])[]): void {
  const width = (i: number) => Math.max(...lines.map((line) => (line[i] ?? "").length));
  for (const line of lines)
    console.log(line.map((cell, i) => (i === 0 ? cell.padEnd(width(0)) : cell.padStart(width(i)))).join("  "));
}

const store = openStore(join(dir, "store"));
const plainFile = openSync(join(dir, "plain.jsonl"), "a");
try {
  const journal = store.createSession(SESSION, Date.now);
  const append = async (name: string, events: readonly NewEvent[]) => {
    await measure(name, "ours", () => journal.append(events));
    await measure(name, "plain", () => {
      writeSync(plainFile, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
      fsyncSync(plainFile);
    });
  };
  const picture = async (n: number) => {
    const { bytes, ref } = samplePicture(n, PICTURE_BYTES);
    await measure("picture, 200 kB", "ours", () => journal.putImage(bytes, ref));
    await measure("picture, 200 kB", "plain", async () => {
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

  console.log(
    `${steps} steps; ms until on disk; plain = JSON lines (or a file) with fsync, no index, no chain, no check`,
  );
  const lines = [...times].map(([name, { ours, plain }]) => {
    return [name, percentile(ours, 0.5), percentile(ours, 0.95), percentile(plain, 0.5), percentile(plain, 0.95)];
  });
  print([["", "ours p50", "p95", "plain p50", "p95"], ...lines]);

  const start = performance.now();
  const result = await verifySession(join(dir, "store"), SESSION);
  if (!result.ok) throw new Error(result.problem);
  console.log(
    `verify: ${result.events} events, ${result.blobs} pictures in ${(performance.now() - start).toFixed(0)} ms`,
  );
} finally {
  closeSync(plainFile);
  store.close();
  rmSync(dir, { recursive: true, force: true });
}
