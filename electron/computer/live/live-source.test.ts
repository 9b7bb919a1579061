import { describe, expect, it } from "vitest";
import type { Region, Size } from "../../../shared/geometry.ts";
import type { LiveFrame } from "../../../shared/live.ts";
import { type Frame, pixelsOf } from "../frame.ts";
import { fakeClock, frameOf } from "../test-frames.ts";
import { tidied } from "./changed.ts";
import { LiveSource } from "./live-source.ts";

const SIZE = { w: 8, h: 4 };

function setUp(display: Size = SIZE) {
  const clock = fakeClock();
  const screen = frameOf(display, 0x102030);
  const state = {
    screen,
    changed: [] as Region[],
    grabs: [] as Region[],
    sent: [] as LiveFrame[],
    ended: [] as unknown[],
    waits: [] as { ms: number; work: () => void }[],
    beforeGrab: async () => undefined as unknown,
    grabTakes: 0,
  };
  const source = new LiveSource({
    display: async () => state.screen.size,
    grab: async (region) => {
      await state.beforeGrab();
      clock.pass(state.grabTakes);
      state.grabs.push(region);
      return part(state.screen, region);
    },
    damage: async () => state.changed.splice(0),
    scale: async (_data, _from, { w, h }) => new Uint8Array(w * h * 4).fill(7),
    now: clock.now,
    after: (ms, work) => state.waits.push({ ms, work }),
    send: (frame) => state.sent.push(frame),
    ended: (error) => state.ended.push(error),
  });
  /** Another colour in a region, told as the server tells it. */
  const draw = ([x0, y0, x1, y1]: Region, colour: number) => {
    const pixels = pixelsOf(state.screen);
    for (let y = y0; y < y1; y += 1) pixels.fill(colour, y * state.screen.size.w + x0, y * state.screen.size.w + x1);
    state.changed.push([x0, y0, x1, y1]);
    source.damaged();
  };
  /** Everything that can happen now happens; waits are over after their time. */
  const settle = async () => {
    for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
    const [next] = state.waits.splice(0, 1);
    if (next === undefined) return;
    clock.pass(next.ms);
    next.work();
    await settle();
  };
  const watched = async () => {
    source.watch(SIZE);
    await settle();
    source.painted(state.sent[0]?.seq ?? 0);
    await settle();
  };
  return { clock, source, state, draw, settle, watched };
}

function part(frame: Frame, [x0, y0, x1, y1]: Region): Frame {
  const [from, w] = [pixelsOf(frame), x1 - x0];
  const to = new Uint32Array(w * (y1 - y0));
  for (let y = y0; y < y1; y += 1) to.set(from.subarray(y * frame.size.w + x0, y * frame.size.w + x1), (y - y0) * w);
  return { size: { w, h: y1 - y0 }, data: new Uint8Array(to.buffer), at: 0 };
}

const regions = (frame: LiveFrame | undefined) => frame?.pieces.map(({ x, y, w, h }) => [x, y, x + w, y + h]);

describe("what is sent to who watches", () => {
  it("first the whole picture, then what has changed, in the colours of a canvas", async () => {
    const { state, draw, settle, watched } = setUp();
    await watched();
    expect(state.sent).toMatchObject([{ seq: 1, size: SIZE, whole: true }]);
    expect(regions(state.sent[0])).toEqual([[0, 0, 8, 4]]);
    draw([2, 1, 4, 2], 0x0a0b0c);
    await settle();
    expect(regions(state.sent[1])).toEqual([[2, 1, 4, 2]]);
    expect([...(state.sent[1]?.pieces[0]?.data ?? [])]).toEqual([10, 11, 12, 255, 10, 11, 12, 255]);
  });

  it("of what was drawn anew only what looks different; nothing where it is all the same", async () => {
    const { source, state, draw, settle, watched } = setUp();
    await watched();
    draw([0, 0, 8, 4], 0x102030);
    await settle();
    expect(state.sent).toHaveLength(1);
    draw([3, 2, 5, 3], 0xffffff);
    state.changed.push([0, 0, 8, 4]);
    await settle();
    expect(regions(state.sent[1])).toEqual([[3, 2, 5, 3]]);
    source.painted(2);
    await settle();
    expect(state.sent).toHaveLength(2);
  });

  it("in another size where the display has another; a display that changes its own is sent whole", async () => {
    const { source, state, settle, watched } = setUp({ w: 16, h: 8 });
    await watched();
    expect(regions(state.sent[0])).toEqual([[0, 0, 8, 4]]);
    expect(state.sent[0]?.pieces[0]?.data[0]).toBe(7);
    state.screen = frameOf(SIZE, 0);
    source.damaged();
    await settle();
    expect(state.sent[1]).toMatchObject({ whole: true });
  });
});

describe("when the desktop is looked at", () => {
  it("never while nobody watches, and not again while nothing has changed", async () => {
    const { source, state, draw, settle, watched } = setUp();
    draw([0, 0, 1, 1], 1);
    await settle();
    expect(state.grabs).toEqual([]);
    await watched();
    await settle();
    expect(state.grabs).toHaveLength(1);
    expect(state.waits).toEqual([]);
    source.unwatch();
    draw([0, 0, 1, 1], 2);
    await settle();
    expect(state.grabs).toHaveLength(1);
  });

  it("not before the last picture is painted; then all that has changed meanwhile is in one", async () => {
    const { source, state, draw, settle } = setUp();
    source.watch(SIZE);
    await settle();
    draw([0, 0, 1, 1], 1);
    await settle();
    draw([6, 3, 7, 4], 2);
    await settle();
    expect(state.grabs).toHaveLength(1);
    source.painted(99);
    await settle();
    expect(state.grabs).toHaveLength(1);
    source.painted(1);
    await settle();
    expect(regions(state.sent[1])).toEqual([
      [0, 0, 1, 1],
      [6, 3, 7, 4],
    ]);
  });

  it("at most every 80 ms, and for at most a third of the time", async () => {
    const { source, state, draw, settle, watched, clock } = setUp();
    await watched();
    draw([0, 0, 1, 1], 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.waits.map(({ ms }) => ms)).toEqual([80]);
    await settle();
    state.grabTakes = 100;
    source.painted(2);
    clock.pass(1000);
    draw([0, 0, 1, 1], 2);
    await settle();
    source.painted(3);
    draw([0, 0, 1, 1], 3);
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.waits.map(({ ms }) => ms)).toEqual([200]);
  });

  it("not while something more urgent needs the display; in the middle of a picture too", async () => {
    const { source, state, draw, settle, watched } = setUp();
    await watched();
    source.hold();
    draw([0, 0, 1, 1], 1);
    await settle();
    expect(state.grabs).toHaveLength(1);
    source.resume();
    await settle();
    expect(state.grabs).toHaveLength(2);
    source.painted(2);
    state.beforeGrab = () => source.free();
    draw([0, 0, 1, 1], 2);
    source.hold();
    await settle();
    expect(state.grabs).toHaveLength(2);
    source.resume();
    await settle();
    expect(state.grabs).toHaveLength(3);
  });

  it("a picture under way when watching ends, or begins anew, reaches nobody", async () => {
    const { source, state, settle } = setUp();
    state.beforeGrab = async () => source.unwatch();
    source.watch(SIZE);
    await settle();
    expect(state.sent).toEqual([]);
    let asked = false;
    state.beforeGrab = async () => {
      if (!asked) source.watch({ w: 4, h: 2 });
      asked = true;
    };
    source.watch(SIZE);
    await settle();
    expect(state.sent).toMatchObject([{ seq: 1, size: { w: 4, h: 2 } }]);
  });

  it("a desktop that can't be seen ends it, once", async () => {
    const { source, state, draw, settle } = setUp();
    state.beforeGrab = async () => {
      throw new Error("gone");
    };
    source.watch(SIZE);
    await settle();
    draw([0, 0, 1, 1], 1);
    await settle();
    expect(state.ended).toEqual([new Error("gone")]);
    expect(state.sent).toEqual([]);
  });
});

it("parts outside the screen are cut, many or large ones made one", () => {
  expect(tidied([[-3, -3, 2, 2]], SIZE)).toEqual([[0, 0, 2, 2]]);
  expect(tidied([[9, 0, 12, 4]], SIZE)).toEqual([]);
  expect(
    tidied(
      [
        [0, 0, 8, 2],
        [0, 2, 7, 4],
      ],
      SIZE,
    ),
  ).toEqual([[0, 0, 8, 4]]);
  const many = Array.from({ length: 9 }, (_, i): Region => [i * 10, i * 10, i * 10 + 1, i * 10 + 1]);
  expect(tidied(many, { w: 100, h: 100 })).toEqual([[0, 0, 81, 81]]);
});
