/**
 * How long the real app's main process stands still while a session takes and sends pictures: the built app on a display of
 * its own, a scripted Claude that asks for one screenshot after the other, the event loop watched from inside.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { _electron } from "@playwright/test";
import { startTestDesktop } from "../../electron/computer/x11/test-desktop.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "../../electron/practice/server.ts";
import type { Size } from "../../shared/geometry.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
/** Timers are not exact to less, ms; taken off each delay. */
const RESOLUTION = 1;

/** Requests until the window has started. */
const STARTING = 3;

export type MainDelay = {
  readonly pictures: number;
  /** Of all delays, ms. */
  readonly p95: number;
  /** The longest delay during each picture (taken, stored, sent, shown), ms, ascending. */
  readonly longest: readonly number[];
};

type Histograms = {
  readonly all: { readonly percentile: (percent: number) => number };
  readonly one: { readonly max: number; readonly reset: () => void };
};

function ms(ns: number): number {
  return Math.max(0, ns / 1e6 - RESOLUTION);
}

/**
 * Delays in ms over a whole session of `pictures` screenshots of an own desktop of `size`, start and end left out.
 * @param record the folder to keep the record under: a commit waits for its disk
 */
export async function mainDelay(size: Size, pictures: number, record: string): Promise<MainDelay> {
  const look = { kind: "call", member: "screenshot", input: {} } as const;
  const turns = Array.from({ length: pictures }, () => ({ kind: "turn", parts: [look] }) as const);
  const server = await startPracticeServer({ script: turns });
  const dir = await mkdtemp(join(record, "countersign-bench-"));
  const desktop = await startTestDesktop();
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  delete env.ELECTRON_RUN_AS_NODE;
  const where = `--where=own:${size.w}x${size.h}`;
  const app = await _electron.launch({
    executablePath: process.execPath,
    args: [ROOT, ...SWITCHES, `--user-data-dir=${dir}`, where, "--task", "Look at the screen.", "--no-operator"],
    env: {
      ...env,
      DISPLAY: desktop.display,
      XAUTHORITY: desktop.authority,
      ANTHROPIC_API_KEY: PRACTICE_API_KEY,
      ANTHROPIC_BASE_URL: server.url,
    },
  });
  try {
    // The first pictures are taken while the window still starts.
    await server.waitForRequest(STARTING, 60_000);
    await app.evaluate(() => {
      const { monitorEventLoopDelay } = process.getBuiltinModule("node:perf_hooks");
      const [all, one] = [monitorEventLoopDelay({ resolution: 1 }), monitorEventLoopDelay({ resolution: 1 })];
      for (const each of [all, one]) each.enable();
      Object.assign(globalThis, { countersignBench: { all, one } });
    });
    const longest: number[] = [];
    for (let n = STARTING + 1; n <= pictures + 1; n += 1) {
      await server.waitForRequest(n, 120_000);
      longest.push(
        await app.evaluate(() => {
          const { one } = (globalThis as unknown as { countersignBench: Histograms }).countersignBench;
          const { max } = one;
          one.reset();
          return max;
        }),
      );
    }
    const p95 = await app.evaluate(() => {
      const { all } = (globalThis as unknown as { countersignBench: Histograms }).countersignBench;
      return all.percentile(95);
    });
    return { pictures: longest.length, p95: ms(p95), longest: longest.map(ms).toSorted((x, y) => x - y) };
  } finally {
    const child = app.process();
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
    await desktop.close();
    await server.close();
    await rm(dir, { recursive: true, force: true });
  }
}
