import { expect, test } from "vitest";
import { type ListedWindow, systemWindows } from "./system-windows.ts";

function listed(id: number, over: Partial<ListedWindow> = {}): ListedWindow {
  return {
    id,
    title: `Window ${id}`,
    position: { x: 100, y: 50, width: 400, height: 300 },
    info: { processId: 1000 + id, name: "Notepad", execName: "notepad", path: "C:\\Windows\\System32\\notepad.exe" },
    ...over,
  };
}

const NONE = listed(0, { title: "", info: { processId: 0, name: "", execName: "", path: "" } });
const OURS = listed(9, { info: { processId: 77, name: "Countersign", execName: "countersign", path: "" } });

function on(open: readonly ListedWindow[], active = open[0] ?? NONE, scale = 1) {
  return systemWindows({ active: async () => active, open: async () => open }, 77, scale);
}

test("the window with the keyboard, with its program's name for a class", async () => {
  expect(await on([listed(1), listed(2)]).focusWindow()).toEqual({
    id: 1,
    pid: 1001,
    class: "Notepad",
    title: "Window 1",
    bounds: { x: 100, y: 50, w: 400, h: 300, scale: 1 },
    exe: "notepad",
  });
  expect(await on([], NONE).focusWindow()).toBeNull();
});

test("of windows that overlap the one in front; edges belong to the left and upper side", async () => {
  const front = listed(1, { position: { x: 300, y: 200, width: 100, height: 100 } });
  const windows = on([front, listed(2)]);
  const at = async (x: number, y: number) => (await windows.windowAt([x, y]))?.id ?? null;
  expect(await Promise.all([at(300, 200), at(399, 299), at(400, 299), at(299, 200), at(500, 50), at(99, 50)])).toEqual([
    1,
    1,
    2,
    2,
    null,
    null,
  ]);
});

test("our own windows are looked past, in focus too", async () => {
  const windows = on([OURS, listed(2)], OURS);
  expect((await windows.windowAt([200, 100]))?.id).toBe(2);
  expect((await windows.focusWindow())?.id).toBe(2);
  expect(await on([OURS], OURS).focusWindow()).toBeNull();
});

test("points of a Retina display become its px", async () => {
  const windows = on([listed(1)], listed(1), 2);
  expect((await windows.focusWindow())?.bounds).toEqual({ x: 200, y: 100, w: 800, h: 600, scale: 1 });
  expect((await windows.windowAt([999, 699]))?.id).toBe(1);
  expect(await windows.windowAt([1000, 699])).toBeNull();
});

test("a program whose file is not told has its short name, or none", async () => {
  const info = { processId: 5, name: "", execName: "Safari", path: "" };
  expect(await on([listed(1, { info })]).focusWindow()).toMatchObject({ class: "Safari", exe: "Safari" });
  const bare = { ...info, execName: "" };
  expect(await on([listed(1, { info: bare })]).focusWindow()).toMatchObject({ class: "", exe: null });
});
