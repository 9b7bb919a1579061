/**
 * One picture of the desktop, ready to be sent: ours (the executor's process, asked from here as the main process asks)
 * against `scrot`, ImageMagick's `convert -resize` and base64, which is how Anthropic's demo takes its screenshots; both
 * on the same desktops, in turns. And how long the real app's main process stands still while a session takes pictures.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Bench, startBench, still } from "../electron/computer/test-support.ts";
import { findProgram } from "../electron/desktop/desktop-problem.ts";
import { startOwnDesktop } from "../electron/desktop/own-desktop.ts";
import { fitToTier, type Size } from "../shared/geometry.ts";
import { type MainDelay, mainDelay } from "./lib/main-delay.ts";

const run = promisify(execFile);
const SIZES: readonly Size[] = [
  { w: 1280, h: 800 },
  { w: 1920, h: 1080 },
  { w: 3840, h: 2160 },
];
const TIER = { longEdge: 2576, maxTokens: 4784 };
const ROUNDS = 15;
const PICTURES = 40;

/** Where the record is kept: a commit of it waits for the disk, which in memory costs nothing. */
const IN_MEMORY = "/dev/shm";
const RECORDS = [
  { words: "on disk", folder: tmpdir() },
  ...(existsSync(IN_MEMORY) ? [{ words: "in memory", folder: IN_MEMORY }] : []),
];

type Delay = { readonly size: Size; readonly record: string; readonly delay: MainDelay };

type Row = {
  readonly size: string;
  readonly sent: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly kB: number;
};

const havePeer = ["scrot", "convert"].every((program) => findProgram(program, process.env) !== null);
if (!havePeer) console.log("scrot or convert (ImageMagick) is not installed: ours alone is measured.");

const rows: Row[] = [];
for (const size of SIZES) rows.push(await measure(size));
print(rows);
const delays: Delay[] = [];
for (const size of SIZES)
  for (const { words, folder } of RECORDS)
    delays.push({ size, record: words, delay: await mainDelay(size, PICTURES, folder) });
printDelays(delays);

async function measure(size: Size): Promise<Row> {
  const readme = join(import.meta.dirname, "..", "README.md");
  const bench = await startBench(startOwnDesktop, size, [
    `mousepad --disable-server ${quoted(readme)}`,
    "xterm -e 'ls -lR /usr/share | head -200; sleep 600'",
  ]);
  try {
    const space = fitToTier(size, TIER);
    await still(bench.computer, space);
    const ours: number[] = [];
    const peer: number[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(
        await timed(async () => {
          bytes = (await ourPicture(bench, space)).length;
        }),
      );
      if (havePeer) peer.push(await timed(() => peerPicture(bench, space)));
    }
    return {
      size: `${size.w}x${size.h}`,
      sent: `${space.w}x${space.h}`,
      ours: median(ours),
      peer: havePeer ? median(peer) : null,
      kB: (bytes * 3) / 4 / 1000,
    };
  } finally {
    await bench.close();
  }
}

async function ourPicture(bench: Bench, space: Size): Promise<string> {
  return Buffer.from((await bench.computer.look(space, [])).picture.png).toString("base64");
}

async function peerPicture(bench: Bench, space: Size): Promise<string> {
  const [shot, sent] = [join(bench.dir, "shot.png"), join(bench.dir, "sent.png")];
  await run("scrot", ["-o", "-p", shot], { env: { ...bench.desktop.env } });
  await run("convert", [shot, "-resize", `${space.w}x${space.h}!`, sent]);
  return (await readFile(sent)).toString("base64");
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\"'\"'")}'`;
}

function print(all: readonly Row[]): void {
  console.log(`\nOne picture ready to be sent, median of ${ROUNDS}, ms`);
  console.log("| display | sent as | ours | scrot + convert | ratio | PNG kB |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const { size, sent, ours, peer, kB } of all) {
    const ratio = peer === null ? "-" : (ours / peer).toFixed(2);
    console.log(`| ${[size, sent, ours.toFixed(0), peer?.toFixed(0) ?? "-", ratio, kB.toFixed(0)].join(" | ")} |`);
  }
}

function printDelays(delays: readonly Delay[]): void {
  console.log(`\nThe main process standing still in a session of ${PICTURES} pictures, ms`);
  console.log("| display | the record | all delays, 95 % | longest during a picture, median | 95 % | worst |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const { size, record, delay } of delays) {
    const { p95, longest } = delay;
    const at = (share: number) => longest[Math.min(longest.length - 1, Math.floor(longest.length * share))] ?? 0;
    const cells = [`${size.w}x${size.h}`, record, ...[p95, at(0.5), at(0.95), at(1)].map((each) => each.toFixed(1))];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
