/** The X server's own screen saver on a real server, and the desktop's services on a real bus with a stand-in for each. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchLogind, watchSavers } from "./bus/logind.ts";
import { startFakeLogind, startTestBus, type TestBus } from "./bus/test-bus.ts";
import { watchScreenSaver } from "./screen-saver.ts";
import { startTestDesktop, type TestDesktop, until } from "./x11/test-desktop.ts";

const run = promisify(execFile);
let desktop: TestDesktop;
let bus: TestBus;

beforeAll(async () => {
  [desktop, bus] = await Promise.all([startTestDesktop(), startTestBus()]);
});
afterAll(async () => {
  await Promise.all([desktop.close(), bus.close()]);
});

/** What a watch has reported, by source. */
function reports() {
  const now = new Map<string, string | null>();
  const says = (source: string, words: RegExp | null) =>
    until(`${source}: ${words}`, async () => {
      const said = now.get(source);
      return words === null ? said === null : typeof said === "string" && words.test(said);
    });
  return { report: (source: string, words: string | null) => void now.set(source, words), says };
}

test("the X screen saver comes and goes", async () => {
  const { report, says } = reports();
  const end = await watchScreenSaver(desktop.display, desktop.authority, report);
  await says("screen-saver", null);
  await run("xset", ["s", "activate"], { env: desktop.env });
  await says("screen-saver", /screen saver/);
  await run("xset", ["s", "reset"], { env: desktop.env });
  await says("screen-saver", null);
  end();
});

test("a display that is already behind its saver is reported at once", async () => {
  await run("xset", ["s", "activate"], { env: desktop.env });
  const { report, says } = reports();
  const end = await watchScreenSaver(desktop.display, desktop.authority, report);
  await says("screen-saver", /screen saver/);
  await run("xset", ["s", "reset"], { env: desktop.env });
  end();
});

test("logind: a lock and another user's session, by its signals", async () => {
  const logind = await startFakeLogind(bus.address);
  const { report, says } = reports();
  const end = await watchLogind(bus.address, "7", report);
  await Promise.all([says("logind-lock", null), says("logind-user", null)]);
  logind.set({ LockedHint: true });
  await says("logind-lock", /locked/);
  logind.set({ LockedHint: false });
  await says("logind-lock", null);
  logind.set({ Active: false });
  await says("logind-user", /Another user/);
  end?.();
  logind.close();
});

test("a screen saver that announces itself on the session bus", async () => {
  const { report, says } = reports();
  const end = await watchSavers(bus.address, report);
  await bus.signal("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", true);
  await says("org.gnome.ScreenSaver", /lock screen/);
  await bus.signal("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", false);
  await says("org.gnome.ScreenSaver", null);
  end?.();
});

test("no bus, no logind: nothing is known, and nothing fails", async () => {
  const { report } = reports();
  expect(await watchLogind("unix:path=/nonexistent/bus", null, report)).toBeNull();
  expect(await watchLogind(bus.address, null, report)).toBeNull();
  expect(await watchSavers("unix:path=/nonexistent/bus", report)).toBeNull();
});
