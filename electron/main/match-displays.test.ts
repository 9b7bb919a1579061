import { expect, test } from "vitest";
import { type ElectronDisplay, matchDisplays } from "./match-displays.ts";

const monitor = (name: string, x: number, y: number, w: number, h: number) => ({
  name,
  x,
  y,
  w,
  h,
  scale: 1,
  primary: x === 0,
});
const display = (label: string, x: number, y: number, width: number, height: number, scaleFactor: number) =>
  ({ label, nativeOrigin: { x, y }, bounds: { width, height }, scaleFactor }) satisfies ElectronDisplay;

test("displays of other sizes and scales are found by place and size in physical px", () => {
  const monitors = [monitor("DP-1", 0, 120, 1366, 768), monitor("HDMI-1", 1366, 0, 1920, 1080)];
  const displays = [display("Big one", 1366, 0, 1536, 864, 1.25), display("DP-1", 0, 120, 1093, 614, 1.25)];
  expect(matchDisplays(monitors, displays)).toEqual([
    { ...monitors[0], scale: 1.25, label: "" },
    { ...monitors[1], scale: 1.25, label: "Big one" },
  ]);
});

test("one that Electron does not know is what RandR says", () => {
  const monitors = [monitor("DP-1", 0, 0, 1280, 800)];
  expect(matchDisplays(monitors, [display("X", 40, 0, 1280, 800, 1)])).toEqual([{ ...monitors[0], label: "" }]);
});
