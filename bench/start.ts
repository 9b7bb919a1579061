/**
 * From starting the process to a window with its content painted, as somebody at the screen would see it: told from the
 * pixels of a display of its own. The built app and the whole of `npm start`, each on a start that is not its first,
 * against a bare Electron window that shows one line of text; in turns. Run as `npm run bench start [rounds]`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type Grabber, openGrabber } from "../electron/computer/grabber.ts";
import { startTestDesktop } from "../electron/computer/x11/test-desktop.ts";
import type { Region } from "../shared/geometry.ts";

const ROOT = join(import.meta.dirname, "..");
const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const PAGE = "data:text/html,<body style='font:40px sans-serif;text-align:center;padding-top:200px'>Here I am";
/** Inside every window of 1280x800, wherever its frame is: screen px of the display. */
const INSIDE: Region = [100, 60, 1240, 700];
/** Letters are painted in many shades of their colour; an empty window has one. */
const COLOURS_OF_TEXT = 8;
const POLL_MS = 4;
const GIVE_UP_MS = 30_000;

type Contender = {
  readonly name: string;
  readonly command: string;
  readonly args: (data: string) => readonly string[];
  readonly window: number[];
  readonly content: number[];
};

const rounds = Number(process.argv[2] ?? 7);
const contender = (name: string, command: string, args: Contender["args"]): Contender => {
  return { name, command, args, window: [], content: [] };
};
const contenders: readonly Contender[] = [
  contender("a bare Electron window", process.execPath, (data) => [
    join(import.meta.dirname, "bare-window.cjs"),
    ...SWITCHES,
    `--user-data-dir=${data}`,
    PAGE,
  ]),
  contender("Countersign", process.execPath, (data) => [ROOT, ...SWITCHES, `--user-data-dir=${data}`]),
  contender("npm start", "npm", (data) => ["start", "--silent", "--", `--user-data-dir=${data}`]),
];

const folder = await mkdtemp(join(tmpdir(), "countersign-start-"));
const desktop = await startTestDesktop();
try {
  const grabber = await openGrabber(desktop.display, desktop.authority, null);
  const env: NodeJS.ProcessEnv = { ...process.env, DISPLAY: desktop.display, XAUTHORITY: desktop.authority };
  delete env.ELECTRON_RUN_AS_NODE;
  const empty = await firstPixel(grabber);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [i, each] of contenders.entries()) {
      const times = await startOnce(each, join(folder, String(i)), env, grabber, empty);
      // The first start of each fills the caches; it is not counted.
      if (round === 0) continue;
      each.window.push(times.window);
      each.content.push(times.content);
    }
  }
  grabber.close();
} finally {
  await desktop.close();
  await rm(folder, { recursive: true, force: true });
}
print();

async function startOnce(
  { name, command, args }: Contender,
  data: string,
  env: NodeJS.ProcessEnv,
  grabber: Grabber,
  empty: number,
): Promise<{ readonly window: number; readonly content: number }> {
  const started = performance.now();
  const child = spawn(command, args(data), { cwd: ROOT, env, stdio: "ignore", detached: true });
  try {
    let window: number | null = null;
    while (performance.now() - started < GIVE_UP_MS) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
      const seen = await look(grabber, empty);
      const now = performance.now() - started;
      if (seen !== "nothing") window ??= now;
      if (seen === "content") return { window: window ?? now, content: now };
      await sleep(POLL_MS);
    }
    throw new Error(`${name}: no window within ${GIVE_UP_MS} ms`);
  } finally {
    await end(child);
    while ((await look(grabber, empty)) !== "nothing") await sleep(50);
    await sleep(300);
  }
}

/** What there is to see: the empty desktop, a window without content, or one with text in it. */
async function look(grabber: Grabber, empty: number): Promise<"nothing" | "window" | "content"> {
  const { data } = await grabber.grab(INSIDE);
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  const colours = new Set<number>();
  let covered = 0;
  for (const pixel of pixels) {
    const colour = pixel & 0xffffff;
    if (colour !== empty) covered += 1;
    if (colours.size < COLOURS_OF_TEXT) colours.add(colour);
  }
  if (covered < pixels.length / 2) return "nothing";
  return colours.size < COLOURS_OF_TEXT ? "window" : "content";
}

async function firstPixel(grabber: Grabber): Promise<number> {
  const { data } = await grabber.grab(INSIDE);
  return new DataView(data.buffer, data.byteOffset).getUint32(0, true) & 0xffffff;
}

/** Ends a program and everything it started, by their process group. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  await gone;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function print(): void {
  console.log(`\nFrom the start of the process, median (fastest to slowest) of ${rounds}, ms\n`);
  console.log("| | window there | content painted | against bare |\n| --- | --- | --- | --- |");
  const bare = median(contenders[0]?.content ?? []);
  for (const { name, window, content } of contenders) {
    const spread = `${Math.min(...content).toFixed(0)} to ${Math.max(...content).toFixed(0)}`;
    const cells = [
      name,
      median(window).toFixed(0),
      `${median(content).toFixed(0)} (${spread})`,
      `${(median(content) / bare).toFixed(2)} x`,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
