/** The operator's displays on a real X server, and the claim on it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDesktopLink } from "./desktop-link.ts";
import { startTestDesktop, type TestDesktop } from "./x11/test-desktop.ts";

let desktop: TestDesktop;
beforeAll(async () => {
  desktop = await startTestDesktop();
});
afterAll(() => desktop.close());

const link = () => openDesktopLink(desktop.display, desktop.authority);

test("a server with one display has one, and its place and size", async () => {
  const one = await link();
  expect(await one.monitors()).toEqual([
    { name: "screen", x: 0, y: 0, w: 1280, h: 800, scale: 1, primary: expect.any(Boolean) },
  ]);
  one.close();
});

test("one session at a time: the claim is refused to a second one until the first ends", async () => {
  const [one, two] = [await link(), await link()];
  expect(await one.claim()).toBe(true);
  expect(await two.claim()).toBe(false);
  one.close();
  await expect.poll(() => two.claim()).toBe(true);
  two.close();
});
