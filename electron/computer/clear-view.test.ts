import { describe, expect, test } from "vitest";
import type { Region } from "../../shared/geometry.ts";
import { ClearView } from "./clear-view.ts";
import { ComputerError } from "./computer.ts";
import { cropFrame, type Frame } from "./frame.ts";
import type { Grabber } from "./grabber.ts";
import type { OwnWindows } from "./own-windows.ts";
import { wholeShot } from "./shot.ts";
import { fakeClock, frameOf, GREY } from "./test-frames.ts";

const size = { w: 200, h: 100 };
const AT: Region = [20, 20, 120, 80];
const OURS = 0xff00ff;
const NEVER = new AbortController().signal;

/** A display at 1000, 0 on which our window stands at AT; `below` is what is seen there at a time after it has gone, ms. */
function desk(below: (ms: number, wiped: number) => Frame) {
  const clock = fakeClock();
  const log: string[] = [];
  let screen: () => Frame = () => frameOf(size, GREY, [AT, OURS]);
  const display = { x: 1000, y: 0, ...size, scale: 1 };
  const grabber: Grabber = {
    display: async () => display,
    grab: async (region) => cropFrame(screen(), region),
    shot: async () => wholeShot(screen()),
    close: () => undefined,
  };
  const onDesktop: Region = [AT[0] + 1000, AT[1], AT[2] + 1000, AT[3]];
  let up = true;
  let colour = 0;
  const own: OwnWindows = {
    inTheWay: async () => (up ? [{ id: 7, region: onDesktop }] : []),
    gone: async () => {
      if (!up) return [];
      up = false;
      log.push("gone");
      const since = clock.now();
      screen = () => below(clock.now() - since, colour);
      return [onDesktop];
    },
    wipe: async (_, painted) => {
      colour = painted;
      log.push("wipe");
    },
    focusBack: async () => void log.push("focus"),
    isOn: async () => up,
    isUnder: async (point) => point?.[0] === 1050,
    focusWindow: async () => null,
    windowAt: async () => null,
    close: () => undefined,
  };
  const view = new ClearView(own, grabber, clock, () => 0);
  return { clock, log, view, display };
}

const plain = () => frameOf(size, GREY);
const filled = (colour: number) => frameOf(size, GREY, [AT, colour]);

describe("after our window has gone", () => {
  test("what is below as it was before is enough, at once", async () => {
    const { view, clock, log, display } = desk(plain);
    view.remember(wholeShot(plain()), display);
    expect(await view.inTheWay()).toEqual([7]);
    await view.cleared(false, NEVER);
    expect(clock.now()).toBe(0);
    expect(log).toEqual(["gone", "wipe", "focus"]);
  });

  test("our own pixels are waited out, and so is the colour we wiped them with", async () => {
    const { view, clock, display } = desk((ms, wiped) => (ms < 90 ? filled(OURS) : ms < 300 ? filled(wiped) : plain()));
    view.remember(wholeShot(plain()), display);
    await view.inTheWay();
    await view.cleared(false, NEVER);
    expect(clock.now()).toBeGreaterThanOrEqual(300);
    expect(clock.now()).toBeLessThan(340);
  });

  test("a picture that is new has to be still for a while", async () => {
    const { view, clock } = desk((ms) => filled(ms < 200 ? 0x101010 : 0xe0e0e0));
    await view.inTheWay();
    await view.cleared(false, NEVER);
    expect(clock.now()).toBeGreaterThanOrEqual(150);
    expect(clock.now()).toBeLessThan(400);
  });

  test("a place that nobody paints is wiped, not ours: it is seen as it is", async () => {
    const { view, clock, display } = desk((_, wiped) => filled(wiped));
    view.remember(wholeShot(plain()), display);
    await view.inTheWay();
    await view.cleared(false, NEVER);
    expect(clock.now()).toBeGreaterThanOrEqual(1000);
  });

  test("our own picture that stays is an error, not a picture", async () => {
    const { view } = desk(() => filled(OURS));
    await view.inTheWay();
    await expect(view.cleared(false, NEVER)).rejects.toMatchObject({ code: "capture_failed" });
  });

  test("a stop ends the waiting", async () => {
    const { view, clock } = desk(() => filled(OURS));
    await view.inTheWay();
    const stop = new AbortController();
    stop.abort();
    await view.cleared(false, stop.signal);
    expect(clock.now()).toBe(0);
  });
});

test("with nothing of ours in the way, only an action gives the focus back", async () => {
  const { view, log } = desk(plain);
  await view.inTheWay();
  await view.cleared(false, NEVER);
  log.length = 0;
  expect(await view.inTheWay()).toEqual([]);
  await view.cleared(false, NEVER);
  expect(log).toEqual([]);
  await view.cleared(true, NEVER);
  expect(log).toEqual(["focus"]);
});

test("a point under a window of ours is known; on a desktop of its own there is nothing of ours", async () => {
  const { view, display } = desk(plain);
  await expect(view.verify(display)).rejects.toMatchObject({ code: "capture_failed" });
  await view.inTheWay();
  await view.cleared(false, NEVER);
  await view.verify(display);
  expect(await view.isOursAt([[1050, 10]])).toBe(true);
  expect(await view.isOursAt([[1051, 10]])).toBe(false);
  const grabber = { display: () => Promise.reject(new Error("not asked")) } as unknown as Grabber;
  const alone = new ClearView(null, grabber, fakeClock(), () => 0);
  expect(await alone.inTheWay()).toEqual([]);
  expect(await alone.isOursAt([[1, 1]])).toBe(false);
  await alone.cleared(true, NEVER);
});

test("a display that is switched off has nothing in its way", async () => {
  const { view, clock } = desk(plain);
  void view;
  const gone = () => Promise.reject(new ComputerError("no_monitor", "off"));
  const own = { inTheWay: gone } as unknown as OwnWindows;
  const off = new ClearView(own, { display: gone } as unknown as Grabber, clock, () => 0);
  expect(await off.inTheWay()).toEqual([]);
  await expect(off.cleared(false, NEVER)).rejects.toMatchObject({ code: "no_monitor" });
});
