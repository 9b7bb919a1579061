/**
 * Clicks in a Chromium that fills a display of its own: ours through the executor's own steps, raw nut-js and xdotool, in
 * turns; how many land within 1 px, ms a click, how many double clicks are one to the page. Run as `npm run bench clicks`.
 */
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Doing } from "../electron/computer/doing.ts";
import { performAction } from "../electron/computer/perform-action.ts";
import { startTestDesktop, type TestDesktop, until } from "../electron/computer/x11/test-desktop.ts";
import type { Action } from "../shared/action.ts";
import type { Point } from "../shared/geometry.ts";
import { type MousePage, mousePage } from "../soak/mouse-page.ts";
import { randomBelow } from "../soak/proof.ts";

const run = promisify(execFile);
const CLICKS = 60;
const DOUBLES = 20;
/** Longer than any double-click time, so that clicks at one place stay apart; not counted, ms. */
const APART = 600;

type Mouse = { readonly click: (at: Point) => Promise<unknown>; readonly double: (at: Point) => Promise<unknown> };
type Job = { readonly times: 1 | 2; readonly at: Point };

if (process.send !== undefined && process.env.CLICK_WITH !== undefined) await serve(process.env.CLICK_WITH);
else await main();

async function main(): Promise<void> {
  process.stdout.write("| | within 1 px | ms per click | double clicks recognised | ms per double click |\n");
  process.stdout.write("| --- | --- | --- | --- | --- |\n");
  for (const name of ["Countersign", "nut-js", "xdotool"]) await row(name);
}

/** One mouse on a fresh display. */
async function row(name: string): Promise<void> {
  const desktop = await startTestDesktop();
  try {
    const page = mousePage(desktop.folder);
    desktop.start("env", ["-u", "ELECTRON_RUN_AS_NODE", ...page.command]);
    await page.report(() => true);
    const { mouse, close } = name === "xdotool" ? xdotool(desktop) : await remote(desktop, name);
    const below = randomBelow(1);
    // Not at the edges, where a window manager may take a press for its own.
    const place = (): Point => [20 + below(1240), 260 + below(500)];
    const single = await clicks(page, mouse, place);
    const double = await doubles(page, mouse, place);
    close();
    process.stdout.write(
      `| ${name} | ${single.landed} of ${CLICKS} | ${single.ms.toFixed(1)} | ${double.seen} of ${DOUBLES} | ${double.ms.toFixed(1)} |\n`,
    );
  } finally {
    await desktop.close();
  }
}

async function clicks(page: MousePage, mouse: Mouse, place: () => Point): Promise<{ landed: number; ms: number }> {
  let ms = 0;
  let landed = 0;
  for (let i = 0; i < CLICKS; i += 1) {
    const at = place();
    const before = (await page.report(() => true)).clicks.length;
    const started = performance.now();
    await mouse.click(at);
    ms += performance.now() - started;
    const report = await page.report((seen) => seen.clicks.length > before);
    const got = report.clicks[before];
    if (got !== undefined && Math.abs(got.x - at[0]) <= 1 && Math.abs(got.y - at[1]) <= 1) landed += 1;
  }
  return { landed, ms: ms / CLICKS };
}

async function doubles(page: MousePage, mouse: Mouse, place: () => Point): Promise<{ seen: number; ms: number }> {
  let ms = 0;
  const before = (await page.report(() => true)).doubles;
  for (let i = 0; i < DOUBLES; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, APART));
    const at = place();
    const started = performance.now();
    await mouse.double(at);
    ms += performance.now() - started;
  }
  const { doubles } = await page.report((seen) => seen.doubles >= before + DOUBLES);
  return { seen: doubles - before, ms: ms / DOUBLES };
}

function xdotool({ env }: TestDesktop): { mouse: Mouse; close: () => void } {
  const at = ([x, y]: Point) => ["mousemove", "--sync", String(x), String(y), "click"];
  return {
    mouse: {
      click: (point) => run("xdotool", [...at(point), "1"], { env }),
      double: (point) => run("xdotool", [...at(point), "--repeat", "2", "--delay", "60", "1"], { env }),
    },
    close: () => undefined,
  };
}

/** A mouse in a process of its own: nut-js reads DISPLAY once, when it is loaded. */
async function remote(desktop: TestDesktop, name: string): Promise<{ mouse: Mouse; close: () => void }> {
  const child = fork(fileURLToPath(import.meta.url), { env: { ...desktop.env, CLICK_WITH: name } });
  let ready = false;
  child.once("message", () => {
    ready = true;
  });
  await until(name, async () => ready);
  const ask = async (job: Job) => {
    const done = once(child, "message");
    child.send(job);
    await done;
  };
  const mouse: Mouse = { click: (at) => ask({ times: 1, at }), double: (at) => ask({ times: 2, at }) };
  return { mouse, close: () => child.kill("SIGKILL") };
}

async function serve(name: string): Promise<void> {
  const mouse = name === "nut-js" ? await rawNut() : await ours();
  process.on("message", async ({ times, at }: Job) => {
    await (times === 1 ? mouse.click(at) : mouse.double(at));
    process.send?.("done");
  });
  process.send?.("ready");
}

async function rawNut(): Promise<Mouse> {
  const { Button, mouse, Point: NutPoint } = await import("@nut-tree/nut-js");
  mouse.config.autoDelayMs = 0;
  const to = ([x, y]: Point) => mouse.setPosition(new NutPoint(x, y));
  return {
    click: async (at) => {
      await to(at);
      await mouse.click(Button.LEFT);
    },
    double: async (at) => {
      await to(at);
      await mouse.doubleClick(Button.LEFT);
    },
  };
}

async function ours(): Promise<Mouse> {
  const { openNutHands } = await import("../electron/computer/nut-hands.ts");
  const hands = await openNutHands(process.env.DISPLAY ?? "", process.env.XAUTHORITY ?? "", null);
  const clock = {
    now: () => performance.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  };
  const act = (action: Action, at: Point) => {
    const target = {
      points: [at],
      cursor: null,
      windows: null,
      keysFor: null,
      leftHeld: false,
      moved: () => undefined,
    };
    return performAction(action, target, hands, new Doing(new AbortController().signal, clock, () => undefined));
  };
  return {
    click: (at) => act({ action: "left_click", coordinate: at }, at),
    double: (at) => act({ action: "double_click", coordinate: at }, at),
  };
}
