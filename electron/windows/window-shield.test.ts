import { EventEmitter } from "node:events";
import type { BrowserWindow } from "electron";
import { beforeEach, expect, test } from "vitest";
import { WindowShield } from "./window-shield.ts";

const ID = 77;

/** A window as far as the shield moves it; the window manager maps it whenever it likes, which nobody here is told. */
class FakeWindow extends EventEmitter {
  readonly log: string[] = [];
  visible = true;
  bounds = { x: 10, y: 20, width: 300, height: 200 };
  isDestroyed = () => false;
  isVisible = () => this.visible;
  isMaximized = () => false;
  isAlwaysOnTop = () => false;
  getBounds = () => this.bounds;
  setBounds = (bounds: typeof this.bounds) => {
    this.bounds = bounds;
  };
  moveTop = () => undefined;
  getNativeWindowHandle = () => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32LE(ID);
    return handle;
  };
  hide = () => {
    this.visible = false;
    this.log.push("hide");
  };
  showInactive = () => {
    this.visible = true;
    this.log.push("show");
  };
}

let window: FakeWindow;
let shield: WindowShield;
let timers: (() => void)[];

beforeEach(() => {
  window = new FakeWindow();
  timers = [];
  shield = new WindowShield(
    () => [window as unknown as BrowserWindow],
    (run) => timers.push(run),
  );
});

test("what is in the way is hidden, what is not stays, and comes back where it was", () => {
  shield.lower([]);
  expect(window.log).toEqual([]);
  shield.lower([ID]);
  expect([shield.down, window.log]).toEqual([true, ["hide"]]);
  shield.raise();
  expect([shield.down, window.log]).toEqual([false, ["hide", "show"]]);
});

test("one that is only just coming back is hidden again, though the display does not show it yet", () => {
  shield.lower([ID]);
  shield.raise();
  // Placed anew by the window manager: where it was before is where it belongs.
  window.bounds = { x: 0, y: 0, width: 300, height: 200 };
  shield.lower([]);
  expect(window.log).toEqual(["hide", "show", "hide"]);
  shield.raise();
  window.emit("move");
  expect(window.bounds).toEqual({ x: 10, y: 20, width: 300, height: 200 });
});

test("one that comes back and is there already is taken as it is now", () => {
  shield.lower([ID]);
  shield.raise();
  window.bounds = { x: 50, y: 60, width: 320, height: 240 };
  shield.lower([ID]);
  shield.raise();
  window.emit("move");
  expect(window.bounds).toEqual({ x: 50, y: 60, width: 320, height: 240 });
});

test("one that has been back for a while stays where nothing is in the way", () => {
  shield.lower([ID]);
  shield.raise();
  for (const run of timers) run();
  shield.lower([]);
  expect(window.log).toEqual(["hide", "show"]);
});
