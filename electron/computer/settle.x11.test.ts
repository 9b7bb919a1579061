/** Settling on real pixels: programs that answer, and programs that never stop drawing. */
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Frame } from "./frame.ts";
import { pixelsOf } from "./frame.ts";
import { type Grabber, openGrabber } from "./grabber.ts";
import { settle } from "./settle.ts";
import { openPainter, type Painter } from "./test-painter.ts";
import { end, startTestDesktop, type TestDesktop } from "./x11/test-desktop.ts";
import { TestHands } from "./x11/test-hands.ts";

const SIZE = { w: 1280, h: 800 };
/** Longer than anything here needs, on a busy machine too, ms. */
const LIMIT = 10_000;
const signal = new AbortController().signal;
let desktop: TestDesktop;
let grabber: Grabber;

beforeAll(async () => {
  desktop = await startTestDesktop();
  grabber = await openGrabber(desktop.display, desktop.authority, null);
});
afterAll(async () => {
  grabber.close();
  await desktop.close();
});

function settled(limit = LIMIT) {
  const grab = async (): Promise<Frame> => (await grabber.shot(SIZE)).frame;
  return settle({ grab, now: () => performance.now(), sleep: (ms) => wait(ms) }, limit, signal);
}

/** Draws again and again until told to stop. */
function keepDrawing(painter: Painter, every: number, draw: (n: number) => void): () => Promise<void> {
  let on = true;
  const drawing = (async () => {
    for (let n = 0; on; n += 1) {
      draw(n);
      await painter.done();
      await wait(every);
    }
  })();
  return async () => {
    on = false;
    await drawing;
    painter.close();
  };
}

const paint = (w: number, h: number) =>
  openPainter(desktop.display, desktop.authority, [300, 200, 300 + w, 200 + h], 0xffffff);

test("a click into mousepad's text: its blinking caret holds nothing up", async () => {
  const child = await desktop.open("mousepad", ["--disable-server"]);
  const hands = new TestHands(desktop.x11);
  const at = await hands.focusWindow();
  await hands.movePointer((at?.bounds.x ?? 0) + 100, (at?.bounds.y ?? 0) + 120);
  await hands.buttonDown(1);
  await hands.buttonUp(1);
  expect((await settled()).still).toBe(true);
  await end(child);
});

test("a clock whose hand moves every second", async () => {
  const child = desktop.start("xclock", ["-update", "1", "-geometry", "164x164+40+40"]);
  await wait(800);
  expect((await settled()).still).toBe(true);
  await end(child);
});

test("a spinner of 40 px", async () => {
  const painter = await paint(40, 40);
  const stop = keepDrawing(painter, 30, (n) => {
    painter.fill([0, 0, 40, 40], 0xffffff);
    painter.fill([(n % 2) * 20, ((n >> 1) % 2) * 20, (n % 2) * 20 + 20, ((n >> 1) % 2) * 20 + 20], 0x202020);
  });
  expect((await settled()).still).toBe(true);
  await stop();
});

test("a film is waited for until the limit", async () => {
  const painter = await paint(480, 320);
  const stop = keepDrawing(painter, 20, (n) => painter.fill([0, 0, 480, 320], (n * 0x1f3b57) & 0xffffff));
  expect((await settled(1500)).still).toBe(false);
  await stop();
});

test("what a program draws late and in several parts is all in the picture", async () => {
  const painter = await paint(600, 400);
  const settling = settled();
  for (let row = 0; row < 10; row += 1) {
    painter.fill([0, row * 40, 600, row * 40 + 40], 0x1040a0);
    await painter.done();
    await wait(50);
  }
  const { frame, still } = await settling;
  const last = (pixelsOf(frame)[(200 + 395) * SIZE.w + 305] ?? 0) & 0xffffff;
  expect({ still, last }).toEqual({ still: true, last: 0x1040a0 });
  painter.close();
});
