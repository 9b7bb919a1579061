/**
 * How long input goes on after a stop, and what it leaves down: ours by the person's chord and by the app's message; raw nut-js
 * and xdotool, which can only be killed. Run as `npm run bench stop [runs]`.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type PersonDesktop, startPersonDesktop } from "../electron/computer/listener/test-person.ts";
import {
  openTarget,
  type StopHow,
  type Stoppable,
  serverNow,
  stopOnce,
} from "../electron/computer/listener/test-stop.ts";
import { openRawInput, type RawEvent } from "../electron/computer/x11/raw-input.ts";
import { until } from "../electron/computer/x11/test-desktop.ts";

/** What the peers type; ours types as much. */
const TEXT = "The quick brown fox jumps over the lazy dog 42 times. ".repeat(12);
const OURS: readonly Stoppable[] = ["type", "drag", "hold_key", "scroll"];

type Row = { readonly name: string; readonly last: number[]; readonly up: number[]; down: number };

if (process.send !== undefined && process.env.NUT_TEXT !== undefined) await nutChild(process.env.NUT_TEXT);
else await main(Number(process.argv[2] ?? 15));

async function main(runs: number): Promise<void> {
  const desktop = await startPersonDesktop();
  try {
    await openTarget(desktop);
    const rows: Row[] = [];
    for (const how of ["chord", "message"] satisfies StopHow[]) {
      for (const what of OURS) rows.push(await ours(desktop, what, how, runs));
    }
    rows.push(await peer(desktop, "nut-js keyboard.type, stopped by nothing it has", runs, nut, () => undefined));
    rows.push(
      await peer(desktop, "nut-js keyboard.type, its process killed", runs, nut, (child) => child.kill("SIGKILL")),
    );
    rows.push(await peer(desktop, "xdotool type --delay 12, killed", runs, xdotool, (child) => child.kill("SIGKILL")));
    process.stdout.write("\n| | last input p50 | p95 | max | all up p50 | p95 | max | left something down |\n");
    process.stdout.write(`|${" --- |".repeat(8)}\n`);
    for (const { name, last, up, down } of rows)
      process.stdout.write(`| ${[name, ...shares(last), ...shares(up), `${down} of ${last.length}`].join(" | ")} |\n`);
  } finally {
    await desktop.close();
  }
  process.exit(0);
}

async function ours(desktop: PersonDesktop, what: Stoppable, how: StopHow, runs: number): Promise<Row> {
  const row: Row = { name: `Countersign, ${what}, ${how}`, last: [], up: [], down: 0 };
  for (let i = 0; i < runs; i += 1) {
    // Throws when something stays down.
    const stopped = await stopOnce(desktop, what, how, (what === "drag" ? 130 : 450) * ((i + 0.5) / runs));
    row.last.push(stopped.lastInputMs);
    row.up.push(stopped.allUpMs);
  }
  return row;
}

/** A peer types; `stop` is what can be done about it. */
async function peer(
  desktop: PersonDesktop,
  name: string,
  runs: number,
  start: (desktop: PersonDesktop) => ChildProcess,
  stop: (child: ChildProcess) => void,
): Promise<Row> {
  const row: Row = { name, last: [], up: [], down: 0 };
  for (let i = 0; i < runs; i += 1) {
    const events: RawEvent[] = [];
    const input = await openRawInput(desktop.display, desktop.authority, (event) => events.push(event));
    const child = start(desktop);
    const exit = once(child, "exit");
    await until("its first key", async () => events.length > 0);
    await sleep(450 * ((i + 0.5) / runs));
    const at = serverNow();
    stop(child);
    await exit;
    await sleep(100);
    await input.sync();
    input.close();
    const after = events.filter(({ time }) => time > at);
    const last = (these: readonly RawEvent[]) => Math.max(0, (these.at(-1)?.time ?? at) - at);
    row.last.push(last(after.filter((event) => event.kind === "motion" || event.down)));
    row.up.push(last(after));
    const keys = await desktop.x11.pressedKeys();
    if (keys.length > 0) row.down += 1;
    for (const key of keys) desktop.x11.fakeKey(key, false);
    await desktop.x11.sync();
  }
  return row;
}

function nut(desktop: PersonDesktop): ChildProcess {
  return fork(fileURLToPath(import.meta.url), [], {
    env: { ...desktop.env, NUT_TEXT: TEXT },
    execArgv: ["--no-warnings"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

function xdotool(desktop: PersonDesktop): ChildProcess {
  return spawn("xdotool", ["type", "--delay", "12", "--", TEXT], { env: desktop.env, stdio: "ignore" });
}

async function nutChild(text: string): Promise<void> {
  const { keyboard } = await import("@nut-tree/nut-js");
  keyboard.config.autoDelayMs = 2;
  await keyboard.type(text);
  process.exit(0);
}

/** p50, p95 and the maximum, ms. */
function shares(values: readonly number[]): readonly string[] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return [at(0.5), at(0.95), at(1)].map((ms) => `${ms} ms`);
}
