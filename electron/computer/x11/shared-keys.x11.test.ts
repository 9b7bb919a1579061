/** Keys on a desktop that the operator sits at, too: none of them in a window of ours, none after the focus has gone. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FocusMovedError } from "../hands.ts";
import { fileText, startTestDesktop, type TestDesktop } from "./test-desktop.ts";
import { TestHands } from "./test-hands.ts";

const TEXT = "Pack my box with five dozen liquor jugs; 1 + 1 = 2? Yes. ".repeat(6);
const NOBODY = { owner: 1 };

let desktop: TestDesktop;
let hands: TestHands;
let theirs: { readonly id: number; readonly file: string };
let ours: { readonly id: number; readonly file: string; readonly pid: number };

beforeAll(async () => {
  desktop = await startTestDesktop();
  hands = new TestHands(desktop.x11);
  const open = async (name: string) => {
    const file = join(desktop.folder, name);
    const child = await desktop.open("xterm", ["-e", "sh", "-c", `stty -icanon -echo; cat > '${file}'`]);
    return { id: (await hands.focusWindow())?.id ?? 0, file, pid: child.pid ?? 0 };
  };
  ours = await open("ours");
  theirs = await open("theirs");
}, 30_000);
afterAll(() => desktop.close());

const focus = (id: number) => execFileSync("xdotool", ["windowfocus", "--sync", String(id)], { env: desktop.env });

describe("a text", () => {
  test("arrives whole, in chunks", { timeout: 20_000 }, async () => {
    focus(theirs.id);
    const steps: number[] = [];
    const keysFor = { window: theirs.id };
    const result = await hands.typeText(TEXT, { shared: NOBODY, keysFor, onProgress: (done) => steps.push(done) });
    expect(result).toMatchObject({ done: TEXT.length, stopped: false });
    expect(await fileText(theirs.file, (text) => text.length >= TEXT.length)).toBe(TEXT);
    const chunks = steps.map((done, i) => done - (steps[i - 1] ?? 0));
    expect(Math.max(...chunks)).toBe(8);
  });

  test("stops at the chunk before the focus goes elsewhere: not a key too many", { timeout: 20_000 }, async () => {
    focus(theirs.id);
    const before = (await fileText(theirs.file, () => true)).length;
    const onProgress = (done: number) => {
      if (done === 80) focus(ours.id);
    };
    const typing = hands.typeText(TEXT, { shared: NOBODY, keysFor: { window: theirs.id }, onProgress });
    await expect(typing).rejects.toMatchObject({ done: 80 });
    expect((await fileText(theirs.file, (text) => text.length >= before + 80)).slice(before)).toBe(TEXT.slice(0, 80));
    expect(await fileText(ours.file, () => true)).toBe("");
    expect(await hands.pressedKeys()).toEqual([]);
  });

  test("never meets a modifier of somebody else's: their Ctrl would make shortcuts of it", {
    timeout: 20_000,
  }, async () => {
    focus(theirs.id);
    const before = (await fileText(theirs.file, () => true)).length;
    const onProgress = (done: number) => {
      if (done === 80) execFileSync("xdotool", ["keydown", "ctrl"], { env: desktop.env });
    };
    try {
      const result = await hands.typeText(TEXT, { shared: NOBODY, keysFor: { window: theirs.id }, onProgress });
      expect(result).toMatchObject({ done: 80, stopped: true });
      expect((await fileText(theirs.file, (text) => text.length >= before + 80)).slice(before)).toBe(TEXT.slice(0, 80));
    } finally {
      execFileSync("xdotool", ["keyup", "ctrl"], { env: desktop.env });
    }
  });
});

test("a window of ours gets nothing, though it has the focus and nobody else was named", {
  timeout: 20_000,
}, async () => {
  focus(ours.id);
  const shared = { owner: ours.pid };
  const combo = { modifiers: [], key: "a" };
  await expect(hands.typeText("abc", { shared })).rejects.toBeInstanceOf(FocusMovedError);
  await expect(hands.pressKeys(combo, { shared })).rejects.toBeInstanceOf(FocusMovedError);
  await expect(hands.holdKeys(combo, 50, { shared })).rejects.toBeInstanceOf(FocusMovedError);
  // The presses themselves may move the focus: into our window they don't go on.
  focus(theirs.id);
  const onProgress = (done: number) => {
    if (done === 2) focus(ours.id);
  };
  await expect(hands.pressKeys(combo, { shared, repeat: 5, onProgress })).rejects.toMatchObject({ done: 2 });
  expect(await fileText(ours.file, () => true)).toBe("");
  expect(await hands.pressedKeys()).toEqual([]);
});
