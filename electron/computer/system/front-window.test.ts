import { expect, test } from "vitest";
import { type ActiveWindow, frontWindow } from "./front-window.ts";

const NOTEPAD: ActiveWindow = {
  id: 71,
  title: "notes.txt - Notepad",
  position: { x: -8, y: -8, width: 1936, height: 1048 },
  info: { processId: 1001, name: "Notepad", execName: "notepad", path: "C:\\Windows\\System32\\notepad.exe" },
};
const OURS = 77;

const seen = (active: Partial<ActiveWindow>) => frontWindow(async () => ({ ...NOTEPAD, ...active }), OURS);

test("program, class, title and place, as rules see them", async () => {
  expect(await seen({})).toEqual({
    id: 71,
    pid: 1001,
    class: "Notepad",
    title: "notes.txt - Notepad",
    bounds: { x: -8, y: -8, w: 1936, h: 1048, scale: 1 },
    exe: "notepad",
  });
});

test("a program of macOS, whose file is a folder", async () => {
  const info = { processId: 5, name: "Safari", execName: "", path: "/Applications/Safari.app" };
  expect(await seen({ info })).toMatchObject({ class: "Safari", exe: "Safari" });
});

test("what is not told is not known, so that no allowance matches it", async () => {
  const info = { processId: 0, name: "", execName: "", path: "" };
  expect(await seen({ info })).toMatchObject({ pid: null, class: "", exe: null });
  expect(await seen({ id: 0 })).toBeNull();
  expect(await seen({ info: { ...NOTEPAD.info, processId: OURS } })).toBeNull();
  expect(await frontWindow(() => Promise.reject(new Error("no such library")), OURS)).toBeNull();
});
