/**
 * On the desktop the operator sits at: whatever our window does, nothing of it is in a picture, nothing that we send arrives
 * in it, and the program that had the keyboard focus has it again.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { X11 } from "../electron/computer/x11/connection.ts";
import { startMonitorDesktop } from "../electron/computer/x11/test-monitors.ts";
import { windowManagerReady } from "../electron/computer/x11/window-manager.ts";
import { focusId, windowAt } from "../electron/computer/x11/windows.ts";
import { call, type Script, text, turn } from "../electron/practice/script.ts";
import type { Action } from "../shared/action.ts";
import type { Size } from "../shared/geometry.ts";
import type { SessionView, StepView } from "../shared/session-view.ts";
import { type Proof, randomBelow } from "./proof.ts";
import { type ShieldApp, startShieldApp } from "./shield-app.ts";
import { openTarget, type TargetEvent } from "./target-window.ts";

/** Claude works on the first display; our window may be on either, or on both. */
const SIZE = { w: 1280, h: 800 } as const;
/** One row less: what covers a display wholly is full screen to openbox, and above everything while it has the focus. */
const PROGRAM = { w: 1280, h: 799 } as const;

export const PROOFS: readonly Proof[] = [
  { name: "the shield keeps our window out of pictures and out of the way", whole: 500, sample: 8, run: shielded },
];

type Below = (limit: number) => number;
/** What has to be so again after a step. */
type Stance = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
  readonly onTop: boolean;
  readonly visible: boolean;
};

/** Steps of one session: a longer one would begin a new epoch, which is another proof's affair. */
const SESSION = 50;

/** How often one step may come back as late before that is a failure. */
const LATE = 5;

type Seen = { steps: number; late: number; aside: number; stayed: number; focused: number; pictures: number };

async function shielded(count: number, seed: number, tell: (words: string) => void): Promise<string> {
  const below = randomBelow(seed);
  const all: Seen = { steps: 0, late: 0, aside: 0, stayed: 0, focused: 0, pictures: 0 };
  while (all.steps < count) {
    const seen = await session(Math.min(SESSION, count - all.steps), below);
    for (const key of Object.keys(all) as (keyof Seen)[]) all[key] += seen[key];
    tell(`${all.steps} of ${count} steps`);
  }
  return (
    `${all.steps} steps, our window aside in ${all.aside}, in sight all the time in ${all.stayed}, with the keyboard ` +
    `focus before ${all.focused}, decided again in ${all.late} as the machine was too slow: ${all.pictures} pictures without a pixel of it, no input in it`
  );
}

async function session(count: number, below: Below): Promise<Seen> {
  const desktop = await startMonitorDesktop([
    { size: "1280x800", at: [0, 0] },
    { size: "1280x800", at: [SIZE.w, 0] },
  ]);
  const target = await openTarget(desktop, { x: 0, y: 0, ...PROGRAM }, () => below(120));
  desktop.x11.tell((client) => {
    client.ChangeWindowAttributes(desktop.x11.root, { backgroundPixel: target.colour });
    client.ClearArea(desktop.x11.root, 0, 0, 0, 0, 0);
  });
  let app: ShieldApp | null = null;
  try {
    const policy = join(desktop.folder, "policy.json");
    writeFileSync(policy, JSON.stringify(POLICY));
    const flags = ["--task=Do what the script says", "--where=this:DUMMY0", `--policy=${policy}`];
    app = await startShieldApp(desktop.env, scriptOf(count, below), flags, {
      armingMs: 0,
      settleMs: 300,
      anyInput: true,
    });
    await watchHides(app);
    const seen: Seen = { steps: 0, late: 0, aside: 0, stayed: 0, focused: 0, pictures: 0 };
    const first = await app.until("deciding", "answered");
    // What the policy let through before anything was asked was not watched.
    seen.steps = first.steps.filter((step) => step.result !== null).length;
    for (let now = first; now.phase.kind !== "answered"; ) {
      const focused = await arrange(app, below, desktop.x11);
      const before = { stance: await stanceOf(app), hides: await hides(app), focus: await focusId(desktop.x11) };
      target.take();
      await app.inputs();
      await app.approve();
      now = await app.until("deciding", "answered");
      // On a machine that is too busy for a check right before the input nothing is sent: decided once more, as an operator would.
      for (let tries = 0; tries < LATE && isLate(now, seen.steps); tries += 1) {
        seen.late += 1;
        await app.approve();
        now = await app.until("deciding", "answered");
      }
      // The approved step, and those after it that the policy let through.
      const done = now.steps.filter((step) => step.result !== null).slice(seen.steps);
      const calls = done.map(({ call }) => `${call.name} ${JSON.stringify(call.input)}`).join(", ");
      const where = `step ${seen.steps + 1}, ${calls}, window at ${JSON.stringify(before.stance)}`;
      const fail = (what: string) => {
        throw new Error(`${where}: ${what}`);
      };
      seen.steps += done.length;
      const bad = done.find((step) => step.status !== "done");
      const back = now.steps.at(-1)?.returned.at(-1);
      if (done.length === 0) fail(`${now.steps.at(-1)?.call.name} came back: ${back?.reason}, ${back?.detail}`);
      if (bad !== undefined) fail(`ended ${bad.status}: ${bad.result?.text}`);
      for (const image of done.flatMap((step) => [step.after, step.image])) {
        if (image === null) continue;
        seen.pictures += 1;
        const strange = strangeIn(await app.pixels(image.sha256), image, target.colour);
        if (strange !== null) fail(`the picture ${image.sha256} has ${strange}`);
      }
      const inputs = await app.inputs();
      if (inputs.length > 0) fail(`our window got ${inputs.join(" ")}`);
      const aside = (await hides(app)) > before.hides;
      const onSecond = before.stance.x > SIZE.w && !before.stance.maximized;
      if (aside && onSecond) fail("it was hidden though it is on the other display");
      const looked = done.every(({ call }) => LOOKS.has(call.name));
      const focus = await focusId(desktop.x11);
      if (focus !== target.id && (aside || !looked)) fail(`the focus is on ${focus}, not on the program ${target.id}`);
      // While the window manager frames it, it may say that it is elsewhere.
      let stance = await stanceOf(app);
      for (const end = Date.now() + 1500; JSON.stringify(stance) !== JSON.stringify(before.stance); ) {
        if (Date.now() > end) fail(`it came back as ${JSON.stringify(stance)}`);
        await sleep(30);
        stance = await stanceOf(app);
      }
      if (!(await inSight(app, desktop.x11))) fail("it came back behind another window");
      checkArrived(done, target.take(), fail);
      seen[aside ? "aside" : "stayed"] += done.length;
      if (focused) seen.focused += 1;
    }
    if (seen.steps !== count) throw new Error(`the session ended after ${seen.steps} of ${count} steps`);
    return seen;
  } finally {
    await app?.close();
    target.close();
    await desktop.close();
  }
}

/** Whether what waits came back because the desktop answered too slowly, with nothing done since. */
function isLate({ phase, steps }: SessionView, done: number): boolean {
  if (phase.kind !== "deciding" || steps.filter((step) => step.result !== null).length > done) return false;
  return steps.at(-1)?.returned.at(-1)?.reason === "late";
}

/** Some pass by themselves: then our window stays aside until something waits again. */
const POLICY = {
  version: 1,
  name: "Some pass",
  rules: [{ id: "some", effect: "allow", actions: ["mouse_move", "scroll", "zoom", "hold_key"] }],
};
const LOOKS: ReadonlySet<string> = new Set(["screenshot", "zoom", "cursor_position", "wait"]);

/** One random action a turn, over the whole display. */
function scriptOf(count: number, below: Below): Script {
  const at = () => [below(PROGRAM.w), below(PROGRAM.h)] as const;
  const zoomed = () => {
    const [x, y] = [below(SIZE.w - 200), below(SIZE.h - 200)];
    return [x, y, x + 100 + below(100), y + 100 + below(100)];
  };
  const actions = [
    () => call("left_click", { coordinate: at() }),
    () => call("double_click", { coordinate: at() }),
    () => call("right_click", { coordinate: at(), text: "shift" }),
    () => call("mouse_move", { coordinate: at() }),
    () => call("left_click_drag", { start_coordinate: at(), coordinate: at() }),
    () =>
      call("scroll", {
        coordinate: at(),
        scroll_direction: below(2) === 0 ? "up" : "down",
        scroll_amount: 1 + below(4),
      }),
    () => call("type", { text: "The quick brown fox; and 1 more?".slice(0, 1 + below(32)) }),
    () => call("key", { text: ["a", "Return", "ctrl+s", "F5", "shift+Tab"][below(5)] ?? "a", repeat: 1 + below(3) }),
    () => call("hold_key", { text: "b", duration: 0.1 }),
    () => call("screenshot", {}),
    () => call("zoom", { region: zoomed() }),
    () => call("wait", { duration: 0.1 }),
  ];
  const turns = Array.from({ length: count }, () =>
    turn((actions[below(actions.length)] ?? (() => call("screenshot", {})))()),
  );
  return [...turns, turn(text("That was all."))];
}

/** Puts our window somewhere, in some state; returns whether it has the keyboard focus then. */
export async function arrange(app: ShieldApp, below: Below, x11: X11): Promise<boolean> {
  const size = { width: 900 + below(300), height: 600 + below(150) };
  const places = [
    // Anywhere on the first display, partly off it, over the edge to the second, on the second alone.
    { x: below(SIZE.w - size.width), y: 24 + below(30) },
    { x: -below(300), y: 24 + below(300) },
    { x: SIZE.w - 1 - below(size.width), y: 24 + below(30) },
    { x: SIZE.w + 10, y: 24 + below(30) },
  ];
  const place = places[below(places.length)] ?? { x: 0, y: 24 };
  const wanted = { ...place, ...size, maximized: below(5) === 0, onTop: below(3) === 0, focused: below(2) === 0 };
  if ((await stanceOf(app)).maximized) {
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.unmaximize());
    await stands(app, x11);
  }
  await app.electron.evaluate(({ BrowserWindow }, to) => {
    const window = BrowserWindow.getAllWindows()[0];
    window?.setAlwaysOnTop(to.onTop);
    window?.setBounds(to);
    if (to.maximized) window?.maximize();
    if (to.focused) window?.focus();
  }, wanted);
  await stands(app, x11);
  return await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFocused() ?? false);
}

/** Waits until the window manager has done what was asked of it and Electron has heard of it. */
async function stands(app: ShieldApp, x11: X11): Promise<void> {
  let last = "";
  for (let same = 0; same < 3; ) {
    await windowManagerReady(x11);
    const now = JSON.stringify([await stanceOf(app), await focusId(x11)]);
    same = now === last ? same + 1 : 0;
    last = now;
    await sleep(40);
  }
}

async function stanceOf(app: ShieldApp): Promise<Stance> {
  return await app.electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window === undefined) throw new Error("the window is gone");
    const [maximized, onTop, visible] = [window.isMaximized(), window.isAlwaysOnTop(), window.isVisible()];
    // What is left of a frame around a maximized window is the window manager's affair.
    const { x, y, width, height } = maximized ? { x: 0, y: 0, width: 0, height: 0 } : window.getBounds();
    return { x, y, width, height, maximized, onTop, visible };
  });
}

/** Whether the middle of our window is what is in front there: the operator has to see the card. */
async function inSight(app: ShieldApp, x11: X11): Promise<boolean> {
  const { x, y, width, height } = await app.electron.evaluate(({ BrowserWindow }) => {
    return BrowserWindow.getAllWindows()[0]?.getBounds() ?? { x: 0, y: 0, width: 0, height: 0 };
  });
  const [across = 0, down = 0] = [x + width / 2, y + height / 2].map(Math.round);
  // The window manager takes its time with a window that comes back.
  for (const end = Date.now() + 1500; ; await sleep(30)) {
    if ((await windowAt(x11, across, down))?.pid === app.electron.process().pid) return true;
    if (Date.now() > end) return false;
  }
}

/** Counts from now on how often our window is hidden. */
async function watchHides(app: ShieldApp): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }) => {
    const counter = globalThis as { shieldHides?: number };
    counter.shieldHides = 0;
    BrowserWindow.getAllWindows()[0]?.on("hide", () => {
      counter.shieldHides = (counter.shieldHides ?? 0) + 1;
    });
  });
}

async function hides(app: ShieldApp): Promise<number> {
  return await app.electron.evaluate(() => (globalThis as { shieldHides?: number }).shieldHides ?? 0);
}

/** What of a picture is not the colour the program fills it with; null when all of it is. */
function strangeIn(pixels: Uint8Array, { w, h }: Size, colour: number): string | null {
  const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255];
  let count = 0;
  let first = -1;
  const bytes = pixels.length / (w * h);
  for (let i = 0; i + 2 < pixels.length; i += bytes) {
    if (pixels[i] === red && pixels[i + 1] === green && pixels[i + 2] === blue) continue;
    count += 1;
    if (first < 0) first = i;
  }
  if (count === 0) return null;
  return `${count} px that are not the program's, the first is #${Buffer.from(pixels.slice(first, first + 3)).toString("hex")} at ${(first / bytes) % w}, ${Math.floor(first / bytes / w)}`;
}

/** Clicks arrive in the program, at the px that was asked for, and keys in their number. */
function checkArrived(steps: readonly StepView[], events: readonly TargetEvent[], fail: (what: string) => void): void {
  const actions = steps.map(({ executed }) => executed).filter((action) => action !== null);
  const wanted = actions.flatMap(pressesOf);
  const presses = events.filter(({ name }) => name === "ButtonPress").map(({ x, y }) => `${x},${y}`);
  if (presses.join(" ") !== wanted.join(" "))
    fail(`presses arrived at ${presses.join(" ")}, not at ${wanted.join(" ")}`);
  const keys = events.filter(({ name }) => name === "KeyPress").length;
  const least = actions.reduce((sum, action) => sum + keysOf(action), 0);
  if (keys < least) fail(`${keys} keys arrived of ${least}`);
}

function pressesOf(action: Action): readonly string[] {
  switch (action.action) {
    case "left_click":
    case "right_click":
      return [String(action.coordinate)];
    case "double_click":
      return [String(action.coordinate), String(action.coordinate)];
    case "left_click_drag":
      return [String(action.start_coordinate)];
    case "scroll":
      return Array.from({ length: action.scroll_amount }, () => String(action.coordinate));
    default:
      return [];
  }
}

function keysOf(action: Action): number {
  if (action.action === "type") return action.text.length;
  if (action.action === "key") return action.repeat ?? 1;
  return action.action === "hold_key" ? 1 : 0;
}
