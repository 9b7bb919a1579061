import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UntypeableError } from "../hands.ts";
import { openX11 } from "./connection.ts";
import { Borrowed, readKeymap, repairKeymap } from "./keyboard.ts";
import { end, fileText, startTestDesktop, type TestDesktop } from "./test-desktop.ts";
import { TestHands } from "./test-hands.ts";
import { windowManagerReady } from "./window-manager.ts";

/** Ten scripts, as runs of code points. */
const SCRIPTS: readonly (readonly [number, number])[] = [
  [0x21, 0x7e],
  [0xa1, 0x17f],
  [0x410, 0x44f],
  [0x3b1, 0x3c9],
  [0x5d0, 0x5ea],
  [0x621, 0x63a],
  [0x4e00, 0x5fff],
  [0x3041, 0x3096],
  [0xac00, 0xb000],
  [0x1f600, 0x1f64f],
];
const SYMBOLS = '~!@#$%^&*()_+{}|:"<>?';

let desktop: TestDesktop;
let hands: TestHands;
let files = 0;

beforeAll(async () => {
  desktop = await startTestDesktop();
  hands = new TestHands(desktop.x11);
});

afterAll(async () => {
  await desktop.close();
});

/** `count` characters of all scripts, in lines a terminal can hold; the same for the same seed. */
function randomText(count: number, seed: number): string {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return Array.from({ length: count }, (_, i) => {
    const [first, last] = SCRIPTS[below(SCRIPTS.length)] ?? [0x61, 0x61];
    return i % 60 === 59 ? "\n" : String.fromCodePoint(first + below(last - first + 1));
  }).join("");
}

/** A mousepad on a new file; `saved` presses ctrl+s and gives what is on disk. */
async function openEditor() {
  files += 1;
  const path = join(desktop.folder, `note-${files}.txt`);
  await writeFile(path, "");
  const child = await desktop.open("mousepad", ["--disable-server", path]);
  await sleep(500);
  return {
    child,
    saved: async (expected: string) => {
      await hands.pressKeys({ modifiers: ["ctrl"], key: "s" });
      return await fileText(path, (text) => text === expected);
    },
    close: () => end(child),
  };
}

describe("in mousepad", () => {
  let editor: Awaited<ReturnType<typeof openEditor>>;
  beforeEach(async () => {
    editor = await openEditor();
    return () => editor.close();
  });

  it("a thousand characters of ten scripts arrive as they are, in a few changes of the map, and the map comes back", async () => {
    const before = await readKeymap(desktop.x11);
    const text = randomText(1000, 1);
    const progress: number[] = [];
    const result = await hands.typeText(text, { onProgress: (done) => progress.push(done) });
    expect(await windowManagerReady(desktop.x11), "openbox answers within a second").toBe(true);
    expect(await editor.saved(text)).toBe(text);
    expect(result).toMatchObject({ done: 1000, total: 1000, stopped: false });
    expect(result.changes).toBeLessThanOrEqual(16);
    expect(progress).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    expect(await readKeymap(desktop.x11)).toEqual(before);
    expect(await desktop.x11.property(desktop.x11.root, "_COUNTERSIGN_KEYMAP")).toBeNull();
  });

  it("marks, joiners and line ends are typed in order, and a text of several languages needs one change", async () => {
    const text = `${SYMBOLS}\tGrüße, Łódź; Привет, Мир! Γειά σου\r\nétude e\u0301 👩‍👩‍👧 ☝️🏽\rзадача 你好世界\n`;
    const result = await hands.typeText(text);
    const normal = text.replace(/\r\n?/g, "\n");
    expect(await editor.saved(normal)).toBe(normal);
    expect(result).toMatchObject({ done: [...normal].length, changes: 1 });
  });

  it("Caps Lock and Num Lock change nothing and stay on", async () => {
    execFileSync("xdotool", ["key", "Caps_Lock", "key", "Num_Lock"], { env: desktop.env });
    const locks = await desktop.x11.locks();
    expect(locks.modifiers).not.toBe(0);
    const text = "Hello wORLD 123 äÖ привет ПРИВЕТ ßé";
    await hands.typeText(text);
    expect(await editor.saved(text)).toBe(text);
    expect(await desktop.x11.locks()).toEqual(locks);
    execFileSync("xdotool", ["key", "Caps_Lock", "key", "Num_Lock"], { env: desktop.env });
    expect((await desktop.x11.locks()).modifiers).toBe(0);
  });

  it("a stop takes effect at the next key: what arrived is what was counted, nothing is held, the map is back", async () => {
    const before = await readKeymap(desktop.x11);
    const stop = new AbortController();
    const text = "STOP me Жук 你 ".repeat(150);
    let stoppedAt = 0;
    const result = await hands.typeText(text, {
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 777) {
          stoppedAt = performance.now();
          stop.abort();
        }
      },
    });
    expect(performance.now() - stoppedAt).toBeLessThan(400);
    expect(result).toMatchObject({ done: 777, stopped: true });
    expect(await hands.pressedKeys()).toEqual([]);
    const expected = [...text].slice(0, 777).join("");
    expect(await editor.saved(expected)).toBe(expected);
    expect(await readKeymap(desktop.x11)).toEqual(before);
  });

  it("a character without a key is refused before the first one", async () => {
    await expect(hands.typeText("abc\u0007")).rejects.toThrow(
      new UntypeableError("text: the character ␇ at 3 can't be typed"),
    );
    await expect(hands.typeText("fine \ud83d")).rejects.toThrow(UntypeableError);
    await hands.typeText("x");
    expect(await editor.saved("x")).toBe("x");
  });
});

/** An xterm whose `cat` keeps whole lines in a file. */
async function openTerminal() {
  files += 1;
  const path = join(desktop.folder, `terminal-${files}.txt`);
  const child = await desktop.open("xterm", ["-u8", "-e", "sh", "-c", `stty -echo; cat > '${path}'`]);
  await sleep(1000);
  const saved = async (expected: string) => await fileText(path, (text) => text === expected);
  return { child, saved, close: () => end(child) };
}

it("a thousand characters of ten scripts arrive in xterm as they are", async () => {
  const terminal = await openTerminal();
  const text = `${randomText(1000, 2)}\n`;
  await hands.typeText(text);
  expect(await terminal.saved(text)).toBe(text);
  await terminal.close();
});

it("keys for one window: its own focus changes are fine, another window gets none, the map comes back", async () => {
  const path = join(desktop.folder, "mine.txt");
  const mine = await desktop.open("xterm", ["-u8", "-e", "sh", "-c", `stty -echo; cat > '${path}'`]);
  await sleep(1000);
  const window = (await hands.focusWindow())?.id ?? 0;
  const inner = (await desktop.x11.tree(window)).children[0];
  const before = await readKeymap(desktop.x11);
  const focus = (id: number | undefined) => execFileSync("xdotool", ["windowfocus", String(id)], { env: desktop.env });
  const text = `Жук 你好 ${"abc ".repeat(20)}\n`;
  const inside = (done: number) => {
    if (done === 20) focus(inner);
  };
  expect(await hands.typeText(text, { keysFor: { window }, onProgress: inside })).toMatchObject({ stopped: false });
  expect(await fileText(path, (typed) => typed === text)).toBe(text);

  const other = await desktop.open("xterm", ["-e", "cat"]);
  const keysFor = { window };
  for (const keys of [
    () => hands.typeText("Жук", { keysFor }),
    () => hands.pressKeys({ modifiers: ["ctrl"], key: "s" }, { keysFor }),
    () => hands.holdKeys({ modifiers: [], key: "a" }, 50, { keysFor }),
  ]) {
    await expect(keys()).rejects.toMatchObject({ name: "FocusMovedError", done: 0 });
  }
  focus(window);
  const away = (done: number) => {
    if (done === 30) execFileSync("xdotool", ["windowfocus", "--sync", String(otherId)], { env: desktop.env });
  };
  const otherId = execFileSync("xdotool", ["search", "--pid", String(other.pid)], {
    env: desktop.env,
    encoding: "utf8",
  })
    .trim()
    .split("\n")
    .at(-1);
  await expect(hands.typeText("Жук ".repeat(99), { keysFor, onProgress: away })).rejects.toMatchObject({ done: 30 });
  expect(await readKeymap(desktop.x11)).toEqual(before);
  expect(await hands.pressedKeys()).toEqual([]);
  await end(other);
  await end(mine);
});

it("what a crashed executor left is put right at the next start: borrowed keycodes and keys held down", async () => {
  const before = await readKeymap(desktop.x11);
  const crashed = await openX11({ display: desktop.display, authority: desktop.authority });
  await new Borrowed(crashed, before).bind(new Map([[0x1000416, { keycode: 149, shift: false }]]));
  crashed.fakeKey(50, true);
  crashed.fakeButton(1, true);
  await crashed.sync();
  crashed.close();
  expect(await readKeymap(desktop.x11)).not.toEqual(before);
  expect(await hands.pressedKeys()).toEqual([50]);

  await hands.recover();
  expect(await readKeymap(desktop.x11)).toEqual(before);
  expect(await hands.pressedKeys()).toEqual([]);
  expect((await hands.queryPointer()).buttons).toEqual([]);
  expect(await repairKeymap(desktop.x11)).toBe(false);
});

describe.each([
  ["mousepad", openEditor],
  ["xterm", openTerminal],
])("%s, when it hangs", (_, open) => {
  it("is not typed at blindly: a stop still ends it, and nothing stays held or bound", async () => {
    const before = await readKeymap(desktop.x11);
    const program = await open();
    const stop = new AbortController();
    const result = await hands.typeText("Жук 你好 ".repeat(200), {
      signal: stop.signal,
      onProgress: (done) => {
        if (done !== 100) return;
        program.child.kill("SIGSTOP");
        setTimeout(() => stop.abort(), 300);
      },
    });
    expect(result.stopped).toBe(true);
    expect(result.done).toBeLessThanOrEqual(104);
    expect(await hands.pressedKeys()).toEqual([]);
    expect(await readKeymap(desktop.x11)).toEqual(before);
    await program.close();
  });

  it("gets its keys as they were meant once it goes on, in spite of the changes of the map between", async () => {
    const program = await open();
    const text = `${randomText(400, 3)}\n`;
    await hands.typeText(text, {
      onProgress: (done) => {
        if (done % 90 !== 0) return;
        program.child.kill("SIGSTOP");
        setTimeout(() => program.child.kill("SIGCONT"), 200);
      },
    });
    expect(await program.saved(text)).toBe(text);
    await program.close();
  });
});
