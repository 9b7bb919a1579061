/** The thread, its own connection and a real server: what a watcher gets of a real desktop. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LiveFrame, type ToWatcher, toWatcherSchema } from "../../../shared/live.ts";
import type { Blackout } from "../blackout.ts";
import { openPainter, type Painter } from "../test-painter.ts";
import { startTestDesktop, type TestDesktop, until } from "../x11/test-desktop.ts";
import { type LiveView, openLive, UNWATCHED, type WatchPort } from "./live.ts";

const SIZE = { w: 1280, h: 800 };
const BLUE = 0x3050a0;
const RED = 0xff0000;

let desktop: TestDesktop;
let painter: Painter;
let view: LiveView | null = null;

beforeAll(async () => {
  desktop = await startTestDesktop();
  painter = await openPainter(desktop.display, desktop.authority, [100, 100, 500, 400], BLUE);
}, 30_000);
afterEach(() => view?.close());
afterAll(async () => {
  painter.close();
  await desktop.close();
});

/** A watcher that keeps what it is shown as a canvas would, and says so unless told not to. */
function watcher() {
  const canvas = new Uint32Array(SIZE.w * SIZE.h);
  const frames: LiveFrame[] = [];
  const state = {
    ended: null as string | null,
    closed: false,
    paints: true,
    say: (_: unknown) => undefined as unknown,
  };
  const port: WatchPort = {
    post: (message: ToWatcher) => {
      const read = toWatcherSchema.parse(message);
      if (read.type === "ended") state.ended = read.why;
      else {
        frames.push(read.frame);
        for (const { x, y, w, h, data } of read.frame.pieces) {
          const pixels = new Uint32Array(data.buffer, data.byteOffset, w * h);
          for (let row = 0; row < h; row += 1)
            canvas.set(pixels.subarray(row * w, (row + 1) * w), (y + row) * SIZE.w + x);
        }
        if (state.paints) state.say({ type: "painted", seq: read.frame.seq });
      }
    },
    onMessage: (listener) => {
      state.say = listener;
    },
    onClose: () => undefined,
    close: () => {
      state.closed = true;
    },
  };
  const at = (x: number, y: number) => {
    const pixel = canvas[y * SIZE.w + x] ?? 0;
    return ((pixel & 0xff) << 16) | (pixel & 0xff00) | ((pixel >>> 16) & 0xff);
  };
  return { port, frames, state, at };
}

function open(blackout?: Blackout): LiveView {
  const { display, authority } = desktop;
  view = openLive({ display, authority, here: null, ...(blackout === undefined ? {} : { blackout }) });
  return view;
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("the desktop as it is, then what changes on it, and nothing while nothing does", async () => {
  painter.fill([0, 0, 400, 300], BLUE);
  const seen = watcher();
  open().watch(seen.port, SIZE);
  await until("the first picture", async () => seen.frames.length === 1);
  expect(seen.frames[0]).toMatchObject({ whole: true, size: SIZE });
  expect(seen.at(110, 110)).toBe(BLUE);
  await rest(400);
  expect(seen.frames).toHaveLength(1);
  painter.fill([10, 20, 40, 60], RED);
  await until("the change", async () => seen.at(115, 125) === RED);
  expect(seen.frames[1]?.pieces.map(({ x, y, w, h }) => [x, y, w, h])).toEqual([[110, 120, 30, 40]]);
  expect([seen.at(109, 125), seen.at(140, 125), seen.at(139, 159)]).toEqual([BLUE, BLUE, RED]);
  await rest(400);
  expect(seen.frames).toHaveLength(2);
});

test("while something moves the pictures follow, at most 12 a second, and never a second one before the first is painted", async () => {
  const seen = watcher();
  open().watch(seen.port, SIZE);
  await until("the first picture", async () => seen.frames.length === 1);
  const begun = performance.now();
  // How many a second is for the benchmark to say; here it only has to go on.
  for (let i = 0; seen.frames.length < 10; i += 1) {
    expect(performance.now() - begun).toBeLessThan(8000);
    painter.fill([0, 0, 400, 300], i % 2 === 0 ? RED : BLUE);
    await painter.done();
    await rest(10);
  }
  expect(performance.now() - begun).toBeGreaterThan(8 * 75);
  seen.state.paints = false;
  painter.fill([0, 0, 400, 300], 0x00ff00);
  await until("one more", async () => seen.at(110, 110) === 0x00ff00);
  const unpainted = seen.frames.length;
  painter.fill([0, 0, 400, 300], RED);
  await rest(300);
  expect(seen.frames).toHaveLength(unpainted);
  seen.state.say({ type: "painted", seq: seen.frames.at(-1)?.seq });
  await until("the newest", async () => seen.at(110, 110) === RED);
});

test("what is blacked out, a place or a program, is black here too", async () => {
  painter.fill([0, 0, 400, 300], BLUE);
  await desktop.open("xterm", ["-bg", "#ff0000", "-fg", "#ff0000", "-geometry", "40x20+700+300", "-e", "cat"]);
  const open1 = watcher();
  open().watch(open1.port, SIZE);
  await until("the terminal", async () => open1.at(800, 400) === RED);
  view?.close();
  const seen = watcher();
  open({ regions: [[150, 150, 200, 200]], programs: ["xterm"] }).watch(seen.port, SIZE);
  await until("the first picture", async () => seen.frames.length === 1);
  expect([seen.at(800, 400), seen.at(160, 160), seen.at(149, 160)]).toEqual([0, 0, BLUE]);
  painter.fill([0, 0, 400, 300], RED);
  await until("the change", async () => seen.at(149, 160) === RED);
  expect([seen.at(800, 400), seen.at(160, 160), seen.at(199, 199), seen.at(200, 200)]).toEqual([0, 0, 0, RED]);
  expect(seen.frames.flatMap(({ pieces }) => pieces).some(({ data }) => data.length === 0)).toBe(false);
});

test("whoever watches anew has it alone; the one before gets nothing more", async () => {
  const [first, second] = [watcher(), watcher()];
  const live = open();
  live.watch(first.port, SIZE);
  await until("the first picture", async () => first.frames.length === 1);
  live.watch(second.port, SIZE);
  expect(first.state.closed).toBe(true);
  await until("the second's picture", async () => second.frames.length === 1);
  painter.fill([0, 0, 20, 20], 0x112233);
  await until("the change", async () => second.at(105, 105) === 0x112233);
  expect(first.frames).toHaveLength(1);
  live.watch(null, SIZE);
  expect(second.state.closed).toBe(true);
  painter.fill([0, 0, 20, 20], BLUE);
  await rest(300);
  expect(second.at(105, 105)).toBe(0x112233);
});

test("while a precheck needs the desktop nothing is sent; afterwards the newest", async () => {
  const seen = watcher();
  const live = open();
  live.watch(seen.port, SIZE);
  await until("the first picture", async () => seen.frames.length === 1);
  const release = live.hold();
  painter.fill([0, 0, 400, 300], 0x445566);
  await rest(300);
  expect(seen.frames).toHaveLength(1);
  release();
  release();
  await until("the change", async () => seen.at(110, 110) === 0x445566);
});

test("a watcher that says anything else, and a desktop that can't be seen, end it in words", async () => {
  const odd = watcher();
  open().watch(odd.port, SIZE);
  odd.state.say({ type: "painted", seq: "1" });
  expect(odd.state).toMatchObject({ closed: true, ended: expect.stringContaining("no answer to a picture") });
  const blind = watcher();
  view = openLive({ display: ":9999", authority: desktop.authority, here: null });
  view.watch(blind.port, SIZE);
  await until("the end", async () => blind.state.ended !== null);
  expect(blind.state.closed).toBe(true);
  const here = watcher();
  UNWATCHED.watch(here.port, SIZE);
  expect(here.state).toMatchObject({ closed: true, ended: "This desktop has no live picture." });
});

test("a desktop that ends while nothing moves on it ends the watching", async () => {
  const seen = watcher();
  open().watch(seen.port, SIZE);
  await until("the first picture", async () => seen.frames.length === 1);
  await desktop.endServer();
  await until("the end", async () => seen.state.ended !== null);
  expect(seen.state.closed).toBe(true);
});
