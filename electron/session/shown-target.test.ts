import { expect, test } from "vitest";
import type { Display } from "../../shared/geometry.ts";
import type { WindowFacts } from "../computer/computer.ts";
import { shownTarget } from "./shown-target.ts";

const DISPLAY: Display = { x: 0, y: 0, w: 2560, h: 1600, scale: 1 };
const SPACE = { w: 1280, h: 800 };
const EDITOR: WindowFacts = {
  id: 1,
  pid: 10,
  class: "Mousepad",
  title: "notes.txt",
  bounds: { x: 1000, y: 600, w: 1000, h: 800, scale: 1 },
  exe: "mousepad",
};
const DIALOG: WindowFacts = {
  ...EDITOR,
  id: 2,
  title: "Open File",
  bounds: { x: 800, y: 500, w: 1400, h: 1000, scale: 1 },
};

const shown = (
  front: WindowFacts | null,
  focus: WindowFacts | null,
  target: WindowFacts | null,
  at: [number, number],
) => shownTarget(front, { display: DISPLAY, focus, targets: [target] }, at, SPACE)?.title ?? null;

test("nothing came since: what is under the target", () => {
  expect(shown(EDITOR, EDITOR, EDITOR, [640, 400])).toBe("notes.txt");
  expect(shown(EDITOR, EDITOR, DIALOG, [640, 400])).toBe("Open File");
  expect(shown(EDITOR, EDITOR, null, [640, 400])).toBeNull();
});

test("a dialog that came over the target since the picture was not what the picture showed", () => {
  expect(shown(EDITOR, DIALOG, DIALOG, [640, 400])).toBe("notes.txt");
});

test("where the window in front did not reach, nobody knows what was there", () => {
  expect(shown(EDITOR, DIALOG, DIALOG, [420, 270])).toBe("Open File");
  expect(shown(null, DIALOG, DIALOG, [640, 400])).toBe("Open File");
});

test("an action without a target has none", () => {
  expect(shownTarget(EDITOR, null, undefined, SPACE)).toBeNull();
});
