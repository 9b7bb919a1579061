/** Between the last look and the input nothing can come: a window raised right then gets nothing. On any desktop. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Interrupted } from "../doing.ts";
import { AimMovedError, FocusMovedError } from "../hands.ts";
import { openX11, type X11 } from "./connection.ts";
import { fileText, startTestDesktop, type TestDesktop } from "./test-desktop.ts";
import { TestHands } from "./test-hands.ts";
import { windowAt } from "./windows.ts";

type Term = { readonly id: number; readonly file: string };

let desktop: TestDesktop;
let hands: TestHands;
/** Another program's connection: it takes the focus, or comes to the front. */
let other: X11;
let named: Term;
let taker: Term;

beforeAll(async () => {
  desktop = await startTestDesktop();
  hands = new TestHands(desktop.x11);
  other = await openX11({ display: desktop.display, authority: desktop.authority });
  const open = async (name: string) => {
    const file = join(desktop.folder, name);
    const shell = `stty -icanon -echo; printf '\\033[?1000h'; cat > '${file}'`;
    await desktop.open("xterm", ["-geometry", "80x24+100+100", "-e", "sh", "-c", shell]);
    return { id: (await hands.focusWindow())?.id ?? 0, file };
  };
  taker = await open("taker");
  named = await open("named");
}, 30_000);
afterAll(async () => {
  other.close();
  await desktop.close();
});
beforeEach(async () => {
  execFileSync("xdotool", ["windowraise", String(named.id), "windowfocus", "--sync", String(named.id)], {
    env: desktop.env,
  });
  await hands.movePointer(300, 300);
  await expect.poll(async () => (await hands.windowAt(300, 300))?.id).toBe(named.id);
});

/** From now on `meddle` is done right after each answer to `look`, before whoever asked has it. */
function after<K extends "inputFocus" | "pointer">(look: K, meddle: () => Promise<void>): () => void {
  const x11 = desktop.x11;
  const asked = x11[look].bind(x11) as X11[K];
  x11[look] = (async () => {
    const answer = await (asked as () => Promise<unknown>)();
    await meddle();
    return answer;
  }) as X11[K];
  return () => {
    x11[look] = asked;
  };
}

/** Lets another program do something, and waits until it is done, or until it is clear that the server does not let it. */
async function tryTo(work: () => Promise<unknown>): Promise<void> {
  await Promise.race([work(), sleep(100)]);
}

const text = (term: Term) => fileText(term.file, () => true);
const takeFocus = () =>
  tryTo(async () => {
    other.tell((client) => client.SetInputFocus(taker.id, 2));
    await other.sync();
  });
const comeToFront = () =>
  tryTo(async () => {
    await other.messageToRoot(taker.id, await other.atom("_NET_ACTIVE_WINDOW"), [2, 0, 0, 0, 0]);
    while ((await windowAt(other, 300, 300))?.id !== taker.id) await sleep(5);
  });

test("a key, a combination and each key of a text reach the window that was looked at", {
  timeout: 20_000,
}, async () => {
  const keysFor = { window: named.id };
  const before = { named: await text(named), taker: await text(taker) };
  let meddling = 0;
  const stop = after("inputFocus", async () => {
    meddling += 1;
    if (meddling === 1) await takeFocus();
  });
  try {
    await hands.pressKeys({ modifiers: [], key: "q" }, { keysFor });
    // By now the focus has moved: the next look finds that.
    await expect(hands.pressKeys({ modifiers: ["ctrl"], key: "w" }, { keysFor })).rejects.toBeInstanceOf(
      FocusMovedError,
    );
    await expect(hands.typeText("abc", { keysFor })).rejects.toBeInstanceOf(FocusMovedError);
    await expect(hands.holdKeys({ modifiers: [], key: "z" }, 50, { keysFor })).rejects.toBeInstanceOf(FocusMovedError);
  } finally {
    stop();
  }
  expect(await fileText(named.file, (now) => now.length > before.named.length)).toBe(`${before.named}q`);
  expect(await text(taker)).toBe(before.taker);
  expect(await hands.pressedKeys()).toEqual([]);
});

test("a combination pressed again and again stops when another window takes the focus", {
  timeout: 20_000,
}, async () => {
  const before = await text(taker);
  const keysFor = { window: named.id };
  const onProgress = (done: number) => {
    if (done === 2) execFileSync("xdotool", ["windowfocus", "--sync", String(taker.id)], { env: desktop.env });
  };
  const pressing = hands.pressKeys({ modifiers: [], key: "r" }, { repeat: 9, keysFor, onProgress });
  await expect(pressing).rejects.toMatchObject({ name: "FocusMovedError", done: 2 });
  expect(await text(taker)).toBe(before);
});

test("a held key is let go when another window takes the focus", { timeout: 20_000 }, async () => {
  const holding = hands.holdKeys({ modifiers: [], key: "h" }, 10_000, { keysFor: { window: named.id } });
  holding.catch(() => undefined);
  await expect.poll(() => hands.pressedKeys()).toHaveLength(1);
  await takeFocus();
  await expect(holding).rejects.toMatchObject({ name: "FocusMovedError", done: 1 });
  expect(await hands.pressedKeys()).toEqual([]);
});

test("a press and a turn of the wheel reach the window that was looked at, and no other", {
  timeout: 20_000,
}, async () => {
  const aim = { at: [300, 300], window: named.id, done: 0 } as const;
  const before = { named: await text(named), taker: await text(taker) };
  let meddling = 0;
  const stop = after("pointer", async () => {
    meddling += 1;
    if (meddling === 1) await comeToFront();
  });
  try {
    await hands.buttonDown(1, aim);
    await hands.buttonUp(1);
    await expect.poll(async () => (await hands.windowAt(300, 300))?.id).toBe(taker.id);
    await expect(hands.buttonDown(1, { ...aim, done: 1 })).rejects.toMatchObject({ name: "AimMovedError", done: 1 });
    await expect(hands.turnWheel("down", aim)).rejects.toBeInstanceOf(AimMovedError);
  } finally {
    stop();
  }
  expect((await fileText(named.file, (now) => now.length > before.named.length)).length).toBeGreaterThan(
    before.named.length,
  );
  expect(await text(taker)).toBe(before.taker);
  expect((await hands.queryPointer()).buttons).toEqual([]);
});

test("what was cut while it was looked at is not sent: no press, no turn of the wheel, no pointer put back", {
  timeout: 20_000,
}, async () => {
  const aim = { at: [300, 300], window: named.id, done: 0 } as const;
  const before = await text(named);
  let cut = false;
  const check = () => {
    if (cut) throw new Interrupted();
  };
  const stop = after("pointer", async () => {
    cut = true;
  });
  try {
    await expect(hands.buttonDown(1, aim, check)).rejects.toBeInstanceOf(Interrupted);
    cut = false;
    await expect(hands.turnWheel("down", aim, check)).rejects.toBeInstanceOf(Interrupted);
    await hands.movePointer(1200, 700);
    cut = false;
    await expect(hands.buttonDown(1, aim, check)).rejects.toBeInstanceOf(Interrupted);
  } finally {
    stop();
  }
  expect(await hands.queryPointer()).toMatchObject({ x: 1200, y: 700, buttons: [] });
  expect(await text(named)).toBe(before);
});

test("a pointer that was moved away is put back, or the press is not made", { timeout: 20_000 }, async () => {
  await hands.movePointer(1200, 700);
  await hands.buttonDown(1, { at: [300, 300], window: named.id, done: 0 });
  expect(await hands.queryPointer()).toMatchObject({ x: 300, y: 300, buttons: [1] });
  await hands.buttonUp(1);
  await expect(hands.buttonDown(1, { at: [1200, 700], window: named.id, done: 0 })).rejects.toBeInstanceOf(
    AimMovedError,
  );
});
