/** What is left on a display after kill -9 of the executor, of it and main at once, and after main hangs: nothing. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Action } from "../../shared/action.ts";
import { readKeymap } from "./x11/keyboard.ts";
import { startTestDesktop, type TestDesktop, until } from "./x11/test-desktop.ts";

let desktop: TestDesktop;
const mains: ChildProcess[] = [];

beforeAll(async () => {
  desktop = await startTestDesktop();
  await desktop.open("xterm", ["-geometry", "120x40+50+50", "-e", "cat"]);
});
afterAll(() => desktop.close());
afterEach(async () => {
  for (const main of mains.splice(0)) {
    if (main.exitCode !== null || main.signalCode !== null) continue;
    const exit = once(main, "exit");
    main.kill("SIGKILL");
    await exit;
  }
});

const held = async () => ({ keys: await desktop.x11.pressedKeys(), buttons: (await desktop.x11.pointer()).buttons });
const nothing = { keys: [], buttons: [] };
const record = () => desktop.x11.property(desktop.x11.root, "_COUNTERSIGN_KEYMAP");

async function begin(action: Action) {
  const main = fork(
    join(import.meta.dirname, "test-main.ts"),
    [desktop.display, desktop.authority, JSON.stringify(action)],
    {
      execArgv: ["--no-warnings"],
    },
  );
  mains.push(main);
  const [{ executor }] = (await once(main, "message")) as [{ executor: number }];
  return { main, executor };
}

const ACTIONS = {
  "a drag": { action: "left_click_drag", start_coordinate: [200, 200], coordinate: [600, 500] },
  hold_key: { action: "hold_key", text: "ctrl+alt+shift", duration: 20 },
  "typing with borrowed keys": { action: "type", text: "ЖЩ世界 ABC ñ€".repeat(200) },
} as const satisfies Readonly<Record<string, Action>>;
type Doing = keyof typeof ACTIONS;

const UNDER_WAY: Readonly<Record<Doing, () => Promise<boolean>>> = {
  "a drag": async () => (await held()).buttons.length > 0,
  hold_key: async () => (await held()).keys.length === 3,
  "typing with borrowed keys": async () => (await record()) !== null,
};

async function allLetGo(): Promise<void> {
  await until("everything let go", async () => JSON.stringify(await held()) === JSON.stringify(nothing));
  await until("the keyboard map", async () => (await record()) === null);
}

test.each<[Doing, "the executor" | "both"]>([
  ["a drag", "both"],
  ["hold_key", "both"],
  ["typing with borrowed keys", "the executor"],
  ["typing with borrowed keys", "both"],
])("in %s, kill -9 of %s leaves nothing down and the map as it was", { timeout: 60_000 }, async (doing, what) => {
  const before = await readKeymap(desktop.x11);
  const { main, executor } = await begin(ACTIONS[doing]);
  await until(doing, UNDER_WAY[doing]);
  process.kill(executor, "SIGKILL");
  if (what === "both") main.kill("SIGKILL");
  await allLetGo();
  expect(await readKeymap(desktop.x11)).toEqual(before);
});

test.each<Doing>(["a drag", "hold_key"])(
  "in %s, a main that hangs counts as lost: all is let go, and it goes on afterwards",
  { timeout: 60_000 },
  async (doing) => {
    const { main } = await begin(ACTIONS[doing]);
    await until(doing, UNDER_WAY[doing]);
    main.kill("SIGSTOP");
    await allLetGo();
    main.kill("SIGCONT");
    const [{ result }] = (await once(main, "message")) as [{ result: string }];
    // A drag may have ended before main counted as lost.
    expect(["failed", ...(doing === "a drag" ? ["done"] : [])]).toContain(result);
  },
);
