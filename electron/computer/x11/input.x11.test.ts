/** Letting go, on a real server whose pointer somebody has frozen, as a window manager does at each press of a button. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { openX11, type X11 } from "./connection.ts";
import { Input } from "./input.ts";
import { startServer, type TestServer } from "./test-desktop.ts";

const [SYNC, ASYNC, ANY_BUTTON, ANY_MODIFIER, PRESSES] = [0, 1, 0, 0x8000, 0x4];
const ASYNC_POINTER = 0;

let server: TestServer;
let x11: X11;
let manager: X11;

beforeEach(async () => {
  server = await startServer("Xvfb", ["-screen", "0", "640x480x24"], process.env);
  x11 = await openX11(server);
  manager = await openX11(server);
  manager.tell((client) => client.GrabButton(manager.root, 0, PRESSES, SYNC, ASYNC, 0, 0, ANY_BUTTON, ANY_MODIFIER));
  await manager.sync();
});
afterEach(async () => {
  x11.close();
  manager.close();
  await server.close();
});

const down = async () => (await x11.pointer()).buttons;
const thaw = async () => {
  manager.tell((client) => client.AllowEvents(ASYNC_POINTER, 0));
  await manager.sync();
};

test("a release that waits behind the window manager is waited for, by whoever lets go", async () => {
  const input = new Input(x11);
  input.buttonDown(1);
  await x11.sync();
  const finished: string[] = [];
  const first = input.releaseAll().then(() => finished.push("first"));
  const second = input.releaseAll().then(() => finished.push("second"));
  for (let trips = 0; trips < 6; trips += 1) await x11.sync();
  expect(finished).toEqual([]);
  expect(await down()).toEqual([1]);
  await thaw();
  await Promise.all([first, second]);
  expect(await down()).toEqual([]);
});

test("a press that waits there, unseen by the display, is let go of as well", async () => {
  const input = new Input(x11);
  input.buttonDown(1);
  input.buttonUp(1);
  input.buttonDown(3);
  await x11.sync();
  expect(await down()).toEqual([1]);
  const released = input.releaseAll();
  await x11.sync();
  await thaw();
  await thaw();
  await released;
  expect(await down()).toEqual([]);
});

test("a window manager that never goes on does not hold up a stop for good", async () => {
  const input = new Input(x11);
  input.buttonDown(1);
  await input.releaseAll();
  expect(await down()).toEqual([1]);
  await thaw();
  expect(await down()).toEqual([]);
});
