import { expect, test } from "vitest";
import { SYSTEM_PAGES } from "../../shared/ipc-health.ts";
import { openSystemPage } from "./system-pages.ts";

function opener() {
  const opened: string[] = [];
  return { opened, open: async (address: string) => void opened.push(address) };
}

test("each page has a fixed address of macOS's own settings, and nothing else is ever opened", async () => {
  const { opened, open } = opener();
  for (const page of SYSTEM_PAGES) expect(await openSystemPage(page, "darwin", open)).toEqual({ ok: true });
  expect(opened).toEqual([
    "x-apple.systempreferences:com.apple.preference.security?Privacy_ScreenCapture",
    "x-apple.systempreferences:com.apple.preference.security?Privacy_Accessibility",
  ]);
});

test.each(["linux", "win32"])("on %s nothing is opened", async (platform) => {
  const { opened, open } = opener();
  expect(await openSystemPage("accessibility", platform, open)).toMatchObject({ ok: false });
  expect(opened).toEqual([]);
});

test("what macOS does not open is said, with the way there by hand", async () => {
  const outcome = await openSystemPage("accessibility", "darwin", async () => {
    throw new Error("no such scheme");
  });
  expect(outcome).toEqual({ ok: false, error: expect.stringMatching(/no such scheme.*Privacy & Security/) });
});
