/**
 * Opening and scrubbing a long session, and the list of many: a generated session of 5,000 steps with a picture of
 * 1280x800 each, in the real app on a display of its own, in a record with 5,000 sessions. The peer, in the same run on the
 * same display: a plain page in a bare Electron window that shows the same PNG files in one `<img>`.
 * Usage: npm run bench replay [steps] [sessions]
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { startTestDesktop } from "../electron/computer/x11/test-desktop.ts";
import {
  approvedEvents,
  finishedEvent,
  proposedEvent,
  samplePicture,
  startedEvent,
  turnEvents,
} from "../electron/journal/sample-session.ts";
import { type JournalStore, openStore } from "../electron/journal/store.ts";
import type { CountersignApi } from "../shared/ipc.ts";
import { recordLongSession } from "./lib/long-session.ts";
import { printTable } from "./lib/table.ts";

declare global {
  interface Window {
    readonly countersign: CountersignApi;
  }
}

const ROOT = join(import.meta.dirname, "..");
const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const LONG = "20261001-long0001";
const LONG_TASK = "The long session of this benchmark";
const ROUNDS = 7;
/** Moves of a scrub, one a frame, from one end of the timeline to the other. */
const MOVES = 400;

const steps = Number(process.argv[2] ?? 5000);
const sessions = Number(process.argv[3] ?? 5000);
// What is measured is reading: the record is made where writing it does not wait for a disk.
const dir = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "bench-replay-"));
const desktop = await startTestDesktop();
const env = Object.fromEntries(
  Object.entries({ ...process.env, DISPLAY: desktop.display, XAUTHORITY: desktop.authority }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== "ELECTRON_RUN_AS_NODE",
  ),
);

try {
  const store = openStore(join(dir, "data"));
  let files: readonly string[];
  try {
    await recordMany(store, sessions - 1);
    await recordLongSession(store, { id: LONG, steps, task: LONG_TASK, startsAt: Date.UTC(2026, 10, 20) });
    const pictures = store.eventsOf(LONG, ["turn.started"]);
    files = [
      ...new Set(
        pictures.flatMap(({ type, body }) =>
          type === "turn.started" && body.screenshot !== null ? [body.screenshot.sha256] : [],
        ),
      ),
    ].map((sha256) => store.imagePath(sha256));
  } finally {
    store.close();
  }
  const ours = await measureOurs();
  const peer = await measurePeer(files);
  console.log(
    `${steps} steps, ${files.length} distinct pictures at turns, ${sessions} sessions; ms, median (slowest) of ${ROUNDS}`,
  );
  printTable([
    ["", "Countersign", "plain page"],
    ["first picture after the click", spread(ours.opened), spread(peer.opened)],
    ["a frame while scrubbing, median", quantile(ours.frames, 0.5), quantile(peer.frames, 0.5)],
    ["a frame while scrubbing, p95", quantile(ours.frames, 0.95), quantile(peer.frames, 0.95)],
    ["renderer memory, resident MB", String(ours.memory.resident), String(peer.memory.resident)],
    ["renderer memory, its own MB", String(ours.memory.own), String(peer.memory.own)],
    ["the same after a collection, MB", String(ours.memory.live), String(peer.memory.live)],
    ["whole session read and folded", ours.loaded.toFixed(0), ""],
    ["sessions listed, click to paint", spread(ours.listed), ""],
    ["sessions searched, main's answer", spread(ours.searched), ""],
    ["sessions searched, key to paint", spread(ours.found), ""],
  ]);
} finally {
  await desktop.close();
  rmSync(dir, { recursive: true, force: true });
}

/** Short sessions, one commit each. */
async function recordMany(store: JournalStore, count: number): Promise<void> {
  const { bytes, ref } = samplePicture(1);
  for (let i = 0; i < count; i += 1) {
    let now = Date.UTC(2026, 0, 1) + i * 3_600_000;
    const journal = store.createSession(`20260101-${String(i).padStart(8, "0")}`, () => {
      now += 900;
      return now;
    });
    if (i === 0) await journal.putImage(bytes, ref);
    const action = { action: "type", text: `Line ${i} of the ledger\n` } as const;
    journal.append([
      startedEvent(`Enter receipt ${i} into the ledger of ${["rent", "travel", "food", "tools"][i % 4]}`),
      ...turnEvents(1, ref, action),
      proposedEvent(1, ref, action),
      ...approvedEvents(1, action),
      finishedEvent(1, "done", ref),
      { type: "session.ended", body: { reason: i % 9 === 0 ? "stopped" : "finished", detail: null } },
    ]);
  }
}

type Memory = {
  readonly resident: number;
  readonly own: number;
  /** Its own, after a collection of garbage. */
  readonly live: number;
};

async function measureOurs() {
  const app = await launch([ROOT, ...SWITCHES, `--user-data-dir=${join(dir, "data")}`]);
  try {
    const page = await app.firstWindow();
    await page.getByRole("navigation", { name: "Views" }).waitFor();
    const listed: number[] = [];
    const opened: number[] = [];
    let loaded = 0;
    let frames: readonly number[] = [];
    let memory: Memory = { resident: 0, own: 0, live: 0 };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const list = await page.evaluate(pressUntil, [
        'nav a[href="#sessions"]',
        ".sessions tbody .session-open",
      ] as const);
      const open = await page.evaluate(pressUntil, [
        ".sessions tbody .session-open",
        'canvas[aria-label="Screenshot Claude saw"][data-ready="true"]',
      ] as const);
      const start = performance.now();
      await page.getByText(/^Finished · /).waitFor({ timeout: 120_000 });
      loaded = performance.now() - start + open;
      // The first round fills the caches of code, so its times are not counted; its memory is that of one opening.
      if (round === 0) {
        frames = await scrub(page);
        memory = await memoryOf(app, page);
        continue;
      }
      listed.push(list);
      opened.push(open);
    }
    await page.getByRole("button", { name: "All sessions" }).click();
    await page.getByRole("textbox", { name: "Search" }).waitFor();
    const searched: number[] = [];
    const found: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const words = `receipt ${round * 611}`;
      searched.push(await page.evaluate(askMain, words));
      found.push(await page.evaluate(typeUntil, words));
    }
    return { listed, opened, loaded, frames, memory, searched, found };
  } finally {
    await app.close();
  }
}

/** Drags the timeline's ruler from end to end, a move a frame. */
async function scrub(page: Page): Promise<readonly number[]> {
  const box = await page.getByRole("slider", { name: "Timeline" }).boundingBox();
  if (box === null) throw new Error("there is no timeline");
  await page.mouse.move(box.x + 2, box.y + 8);
  await page.mouse.down();
  const frames = await page.evaluate(
    async ([left, width, y, moves]) => {
      const ruler = document.querySelector('[role="slider"][aria-label="Timeline"]');
      const times: number[] = [];
      for (let i = 0; i <= moves; i += 1) {
        times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
        const clientX = left + (width * i) / moves;
        ruler?.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX, clientY: y, pointerId: 1 }));
      }
      return times.slice(1).map((time, i) => time - (times[i] ?? time));
    },
    [box.x, box.width, box.y + 8, MOVES] as const,
  );
  await page.mouse.up();
  return frames;
}

async function measurePeer(files: readonly string[]) {
  const html = join(dir, "plain.html");
  writeFileSync(html, `<!doctype html><body style="margin:0"><img style="width:100%">`);
  const app = await launch([
    join(ROOT, "bench", "bare-window.cjs"),
    ...SWITCHES,
    `--user-data-dir=${join(dir, "plain")}`,
    `file://${html}`,
  ]);
  try {
    const page = await app.firstWindow();
    await page.waitForSelector("img", { state: "attached" });
    const opened: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const time = await page.evaluate(showFile, `file://${files[Math.floor((files.length * round) / (ROUNDS + 1))]}`);
      if (round > 0) opened.push(time);
    }
    const frames = await page.evaluate(
      async ([list, moves]) => {
        const image = document.querySelector("img");
        const times: number[] = [];
        for (let i = 0; i <= moves; i += 1) {
          times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
          if (image !== null) image.src = list[Math.floor(((list.length - 1) * i) / moves)] ?? "";
        }
        return times.slice(1).map((time, i) => time - (times[i] ?? time));
      },
      [files.map((file) => `file://${file}`), MOVES] as const,
    );
    return { opened, frames, memory: await memoryOf(app, page) };
  } finally {
    await app.close();
  }
}

/** In the page: presses one thing and waits until another is there, and painted. ms. */
async function pressUntil([press, wanted]: readonly [string, string]): Promise<number> {
  const button = document.querySelector<HTMLElement>(press);
  if (button === null) throw new Error(`there is no ${press}`);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const start = performance.now();
  button.click();
  const limit = start + 60_000;
  for (let found = null; found === null && performance.now() < limit; ) {
    await frame();
    found = document.querySelector(wanted);
  }
  await frame();
  return performance.now() - start;
}

/** In the page: how long main takes to search the sessions. ms. */
async function askMain(text: string): Promise<number> {
  const start = performance.now();
  await window.countersign.journal.sessions({ text, sort: "startedAt", descending: true, offset: 0, limit: 10_000 });
  return performance.now() - start;
}

/** In the page: types a search and waits until its result is painted. ms. */
async function typeUntil(text: string): Promise<number> {
  const field = document.querySelector<HTMLInputElement>('input[aria-label="Search"]');
  if (field === null) throw new Error("there is no search field");
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const start = performance.now();
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const first = () => document.querySelector(".sessions tbody .session-open")?.textContent ?? "";
  while (!first().startsWith(`Enter ${text}`) && performance.now() < start + 10_000) await frame();
  await frame();
  return performance.now() - start;
}

/** In the plain page: shows one file and waits until it is painted. ms. */
async function showFile(url: string): Promise<number> {
  const image = document.querySelector("img");
  if (image === null) throw new Error("there is no picture");
  const start = performance.now();
  image.src = url;
  await image.decode();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - start;
}

async function launch(args: readonly string[]): Promise<ElectronApplication> {
  return await _electron.launch({ executablePath: process.execPath, args: [...args], env });
}

/** The window's process: all it has in memory, and what it shares with nobody. */
async function memoryOf(app: ElectronApplication, page: Page): Promise<Memory> {
  const before = await memoryNow(app);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  await devtools.detach();
  return { ...before, live: (await memoryNow(app)).own };
}

async function memoryNow(app: ElectronApplication): Promise<Omit<Memory, "live">> {
  const pid = await app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  );
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  const mb = (n: number) => Math.round(n / 1000);
  return { resident: mb(kb("Rss")), own: mb(kb("Private_Clean") + kb("Private_Dirty")) };
}

function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

function spread(values: readonly number[]): string {
  return `${quantile(values, 0.5)} (${Math.max(...values).toFixed(1)})`;
}
