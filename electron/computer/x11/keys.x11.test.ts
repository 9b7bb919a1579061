import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type KeyCombo, parseKeys } from "../../../shared/keys.ts";
import { clickTimes } from "./double-click.ts";
import { readKeymap } from "./keyboard.ts";
import { end, fileText, startTestDesktop, type TestDesktop, until } from "./test-desktop.ts";
import { TestHands } from "./test-hands.ts";

let desktop: TestDesktop;
let hands: TestHands;
let log: string;

beforeAll(async () => {
  desktop = await startTestDesktop();
  hands = new TestHands(desktop.x11);
  log = join(desktop.folder, "xev.log");
  desktop.start("sh", ["-c", `exec stdbuf -oL xev -geometry 600x400+100+100 > '${log}'`]);
  await until("xev", async () => (await hands.focusWindow())?.title === "Event Tester");
  await sleep(300);
});

afterAll(async () => {
  await desktop.close();
});

function combo(text: string): KeyCombo {
  const parsed = parseKeys(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.combo;
}

/** What xev hears while `act` runs: `ctrl a` for a key pressed with its modifiers (mask), `button 4`, in order. */
async function heard(act: () => Promise<unknown>): Promise<string[]> {
  const before = (await fileText(log, () => true)).length;
  await act();
  await sleep(150);
  const text = (await fileText(log, () => true)).slice(before);
  const events = text.matchAll(
    /^(KeyPress|ButtonPress) event[\s\S]*?state (0x[0-9a-f]+), (?:keycode \d+ \(keysym 0x[0-9a-f]+, (\S+)\)|button (\d+))/gm,
  );
  return [...events].map(
    ([, kind, state, keysym, button]) => `${Number(state) & 0x4f} ${kind === "KeyPress" ? keysym : `button ${button}`}`,
  );
}

const press = (text: string, repeat = 1) => heard(() => hands.pressKeys(combo(text), { repeat }));

it("presses a key with its modifiers, and shift for a shifted character", async () => {
  expect(await press("ctrl+a")).toEqual(["0 Control_L", "4 a"]);
  expect(await press("ctrl++")).toEqual(["0 Control_L", "4 Shift_L", "5 plus"]);
  expect(await press("?")).toEqual(["0 Shift_L", "1 question"]);
  expect(await press("A")).toEqual(["0 Shift_L", "1 A"]);
  expect(await press("ctrl+alt+shift+Page_Down")).toEqual(["0 Control_L", "4 Alt_L", "12 Shift_L", "13 Next"]);
  expect(await press("super")).toEqual(["0 Super_L"]);
  expect(await press("Return", 3)).toEqual(["0 Return", "0 Return", "0 Return"]);
  expect(await hands.pressedKeys()).toEqual([]);
});

it("presses keypad digits whatever Num Lock says, and what the layout lacks", async () => {
  const before = await readKeymap(desktop.x11);
  expect(await press("KP_5")).toEqual(["0 KP_5"]);
  execFileSync("xdotool", ["key", "Num_Lock"], { env: desktop.env });
  expect(await press("KP_5")).toEqual(["0 KP_5"]);
  expect(await press("KP_Home")).toEqual(["0 KP_Home"]);
  execFileSync("xdotool", ["key", "Num_Lock"], { env: desktop.env });
  expect(await press("ctrl+ж")).toEqual(["0 Control_L", "4 U0436"]);
  expect(await press("F20")).toEqual(["0 F20"]);
  expect(await readKeymap(desktop.x11)).toEqual(before);
});

it("is not fooled by Caps Lock, and can press it", async () => {
  await hands.pressKeys(combo("Caps_Lock"));
  expect((await desktop.x11.locks()).modifiers).toBe(2);
  expect(await press("ctrl+a")).toEqual(["0 Control_L", "4 a"]);
  expect((await desktop.x11.locks()).modifiers).toBe(2);
  await hands.pressKeys(combo("Caps_Lock"));
  expect((await desktop.x11.locks()).modifiers).toBe(0);
});

it("repeats until stopped, counting the presses", async () => {
  const stop = new AbortController();
  const events = await heard(async () => {
    const result = await hands.pressKeys(combo("ctrl+z"), {
      repeat: 50,
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 7) stop.abort();
      },
    });
    expect(result).toEqual({ done: 7, total: 50, stopped: true });
  });
  expect(events.filter((event) => event === "4 z")).toHaveLength(7);
  expect(await hands.pressedKeys()).toEqual([]);
});

it("holds keys for a time, and lets go when stopped", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 120);
  const started = performance.now();
  const held = hands.holdKeys(combo("shift+w"), 5000, { signal: stop.signal });
  await sleep(60);
  expect(await hands.pressedKeys()).toHaveLength(2);
  expect(await held).toEqual({ stopped: true });
  expect(performance.now() - started).toBeLessThan(400);
  expect(await hands.pressedKeys()).toEqual([]);
  expect(await hands.holdKeys(combo("w"), 30)).toEqual({ stopped: false });
});

it("holds modifiers for clicks and scrolls, each direction its own button", async () => {
  await hands.movePointer(300, 300);
  expect(await hands.queryPointer()).toMatchObject({ x: 300, y: 300, buttons: [] });
  const events = await heard(async () => {
    await hands.holdModifiers(["ctrl", "shift"]);
    await hands.buttonDown(1);
    expect((await hands.queryPointer()).buttons).toEqual([1]);
    await hands.buttonUp(1);
    await hands.releaseModifiers();
    for (const way of ["up", "down", "down", "left", "right", "right", "right"] as const) await hands.turnWheel(way);
  });
  expect(events).toEqual(
    ["0 Control_L", "4 Shift_L", "5 button 1", "0 button 4", "0 button 5", "0 button 5"].concat([
      "0 button 6",
      "0 button 7",
      "0 button 7",
      "0 button 7",
    ]),
  );
});

it("lets go of everything at once", async () => {
  await hands.holdModifiers(["alt"]);
  await hands.buttonDown(3);
  expect(hands.held).toEqual({ keys: [64], buttons: [3] });
  await hands.releaseAll();
  expect(hands.held).toEqual({ keys: [], buttons: [] });
  expect(await hands.pressedKeys()).toEqual([]);
  expect((await hands.queryPointer()).buttons).toEqual([]);
});

it("knows how long a double click may take: what toolkits use unset, the X resource, XSETTINGS", async () => {
  expect(await clickTimes(desktop.x11)).toEqual({ shortest: 200, longest: 500 });
  execFileSync("xrdb", ["-merge"], { env: desktop.env, input: "*multiClickTime: 150\n" });
  expect(await clickTimes(desktop.x11)).toEqual({ shortest: 150, longest: 500 });
  const manager = desktop.x11.hiddenWindow();
  const name = Buffer.from("Net/DoubleClickTime\0");
  const words = Array.from({ length: name.length / 4 }, (_, i) => name.readUInt32LE(i * 4));
  await desktop.x11.setCardinals(manager, "_XSETTINGS_SETTINGS", [0, 1, 1, (name.length - 1) << 16, ...words, 1, 800]);
  const deaf = desktop.x11.refuseSelection(await desktop.x11.atom("_XSETTINGS_S0"), () => undefined);
  expect(await clickTimes(desktop.x11)).toEqual({ shortest: 150, longest: 800 });
  deaf();
});

it("knows the windows: focus, what is under a point, menus, and none", async () => {
  expect(await hands.displaySize()).toEqual({ w: 1280, h: 800 });
  expect(await hands.windowAt(1279, 799)).toBeNull();
  const tester = await hands.focusWindow();
  expect(tester).toMatchObject({ title: "Event Tester", class: "", bounds: { w: 600, h: 400, scale: 1 } });

  const path = join(desktop.folder, "título.txt");
  await writeFile(path, "");
  const editor = await desktop.open("mousepad", ["--disable-server", path]);
  const focus = await hands.focusWindow();
  expect(focus).toMatchObject({ pid: editor.pid, class: "Mousepad", title: `${path} - Mousepad` });
  const { x, y, w, h } = focus?.bounds ?? { x: 0, y: 0, w: 0, h: 0 };
  expect(await hands.windowAt(x + w / 2, y + h - 5)).toEqual(focus);
  // The title bar belongs to the window it frames.
  expect(await hands.windowAt(x + w / 2, y - 8)).toEqual(focus);

  await hands.pressKeys(combo("alt+f"));
  await until("the menu", async () => (await hands.windowAt(x + 20, y + 60))?.id !== focus?.id);
  expect(await hands.windowAt(x + 20, y + 60)).toMatchObject({ class: "Mousepad" });
  await hands.pressKeys(combo("Escape"));
  await end(editor);
  await until("the window's end", async () => (await hands.focusWindow())?.pid !== editor.pid);
});

it("tells when the display has gone, and fails what is asked then", async () => {
  const other = await startTestDesktop();
  const gone = new Promise((resolve) => other.x11.onClosed(resolve));
  const asked = new TestHands(other.x11).holdKeys(combo("a"), 10_000);
  const failed = expect(asked).rejects.toMatchObject({ name: "X11Error", code: "closed" });
  await sleep(100);
  await other.endServer();
  await expect(gone).resolves.toMatchObject({ code: "closed" });
  await expect(other.x11.sync()).rejects.toMatchObject({ code: "closed" });
  await failed;
  await other.close();
});
