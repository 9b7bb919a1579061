/** An executor on the operator's own desktop, with the operator's hand on it: Xephyr inside an Xvfb. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Action } from "../../shared/action.ts";
import { STILL_DOWN } from "./listener/guard.ts";
import { type Here, startHere } from "./listener/test-here.ts";
import { type PersonDesktop, startPersonDesktop } from "./listener/test-person.ts";
import { until } from "./x11/test-desktop.ts";
import { startProxy } from "./x11/test-proxy.ts";

let desktop: PersonDesktop;
let here: Here;
let seen = 0;

beforeAll(async () => {
  desktop = await startPersonDesktop();
  await desktop.open("xterm", ["-geometry", "150x45+100+60", "-e", "cat"]);
});
afterAll(() => desktop.close());
beforeEach(async () => {
  here = await startHere(desktop);
  // Xephyr's mouse reports places: the first one has nothing to be compared with.
  await desktop.person.moveTo(590, 400);
  await desktop.person.moveTo(600, 400);
  await here.sync();
  seen = here.events.length;
});
afterEach(async () => {
  await desktop.person.letGo();
  await here.close();
});

const down = async () => ({ keys: await desktop.x11.pressedKeys(), buttons: (await desktop.x11.pointer()).buttons });
const since = () => here.events.slice(seen);
const heard = () => here.heard.map(({ what }) => what);

/** Performs, and calls `meanwhile` once the action's own input has begun. */
async function actWhile(action: Action, meanwhile: () => Promise<void>) {
  const running = here.act(action);
  const input = action.action === "wait" ? null : async () => since().some((event) => event.from === "xtest");
  if (input !== null) await until("the first input", input);
  await meanwhile();
  return await running;
}

const LONG: readonly Action[] = [
  { action: "type", text: "The quick brown fox jumps over the lazy dog. ".repeat(40) },
  { action: "hold_key", text: "shift", duration: 20 },
  { action: "scroll", coordinate: [600, 400], scroll_direction: "down", scroll_amount: 100 },
];

describe.each(LONG)("while $action runs", (action) => {
  test.each([
    ["key", () => desktop.person.key("a", true)],
    ["button", () => desktop.person.button(1, true)],
    ["pointer", () => desktop.person.moveTo(620, 400)],
  ] as const)("a person's %s stops it, with everything let go", async (touch, reach) => {
    const result = await actWhile(action, reach);
    expect(result.kind).toBe("interrupted");
    expect(heard()).toEqual([{ kind: "person", touch }]);
    await desktop.person.letGo();
    await expect.poll(down).toEqual({ keys: [], buttons: [] });
  });
});

test("the stop chord stops it, and nothing runs after it", async () => {
  const result = await actWhile(LONG[0] as Action, () => desktop.person.chord("Control_L", "Shift_L", "F12"));
  expect(result.kind).toBe("interrupted");
  expect(heard()).toContainEqual({ kind: "stop" });
  expect(await here.act({ action: "key", text: "a" })).toMatchObject({ kind: "interrupted" });
});

test("the stop chord is heard while nothing runs, too", async () => {
  await desktop.person.chord("Control_L", "Shift_L", "F12");
  await until("the stop", async () => heard().length > 0);
  expect(heard()).toEqual([{ kind: "stop" }]);
});

test("an ear that goes deaf in the middle of typing: cut, everything let go, and nothing runs after it", async () => {
  await here.close();
  const proxy = await startProxy(desktop, desktop.folder);
  here = await startHere({ ...desktop, display: proxy.display, authority: proxy.authority });
  seen = 0;
  // The listener is the last connection that an executor opens.
  const result = await actWhile(LONG[0] as Action, async () => proxy.cutNewest());
  expect(result).toMatchObject({
    kind: "failed",
    message: expect.stringMatching(
      /^The operator's stop could no longer be heard, so this action was cut after \d+ of /,
    ),
  });
  expect(heard()).toEqual([{ kind: "deaf", why: expect.stringContaining(proxy.display) }]);
  await expect.poll(down).toEqual({ keys: [], buttons: [] });
  expect(await here.act({ action: "key", text: "a" })).toMatchObject({ kind: "interrupted" });
  await here.close();
  proxy.close();
});

test("a wait is stopped, too", async () => {
  const running = here.act({ action: "wait", duration: 30 });
  await until("the wait", async () => {
    await desktop.person.key("a", true);
    await desktop.person.key("a", false);
    return heard().length > 0;
  });
  expect(await running).toMatchObject({ kind: "interrupted" });
});

test("keys of the person that are down are waited for, and the hand that drifts after its click", async () => {
  await desktop.person.key("Control_L", true);
  const running = here.act({ action: "type", text: "abc" });
  for (let i = 1; i <= 10; i += 1) await desktop.person.moveTo(600 + i * 3, 400);
  expect(since().some(({ from }) => from === "xtest")).toBe(false);
  await desktop.person.key("Control_L", false);
  expect(await running).toMatchObject({ kind: "done" });
  expect(heard()).toEqual([]);
});

test("a key that stays down brings the proposal back, with nothing sent", async () => {
  await desktop.person.key("Control_L", true);
  const result = await here.act({ action: "type", text: "abc" });
  expect(result).toMatchObject({ kind: "returned", reason: "late", detail: STILL_DOWN });
  expect(since().filter(({ from }) => from === "xtest")).toEqual([]);
});

test("what Claude holds is not taken for the person's", async () => {
  expect(await here.act({ action: "left_mouse_down" }, {}, [600, 400])).toMatchObject({ kind: "done" });
  expect(await here.act({ action: "mouse_move", coordinate: [700, 450] }, {}, [600, 400])).toMatchObject({
    kind: "done",
  });
  expect(await here.act({ action: "left_mouse_up" }, {}, [700, 450])).toMatchObject({ kind: "done" });
  expect(heard()).toEqual([]);
});

test("Claude's cursor is its own: a click without a place lands there, wherever the person left the pointer", async () => {
  await desktop.person.moveTo(900, 600);
  expect(await here.act({ action: "left_click" }, {}, [300, 250])).toMatchObject({ kind: "done", cursor: [300, 250] });
  expect(await desktop.x11.pointer()).toMatchObject({ x: 300, y: 250 });
});

test("another program's synthesised input counts as a person", async () => {
  const result = await actWhile(LONG[0] as Action, async () => {
    desktop.start("xdotool", ["key", "F2"]);
    await until("the person", async () => heard().length > 0);
  });
  expect(result.kind).toBe("interrupted");
  expect(heard()).toEqual([{ kind: "person", touch: "key" }]);
});
