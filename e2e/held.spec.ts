/** This desktop: a button that Claude holds across turns is let go however the session ends; a session that nothing can stop ends. */

import { startProxy } from "../electron/computer/x11/test-proxy.ts";
import { call, type Script, text, thinking, turn } from "../electron/practice/script.ts";
import { type App, expect } from "./app.ts";
import { test } from "./person.ts";

const HOLD: Script = [
  turn(thinking("Point."), call("mouse_move", { coordinate: [200, 300] })),
  turn(thinking("Press."), call("left_mouse_down", {})),
  turn(text("Done.")),
];
const CHORD = ["Control_L", "Shift_L"] as const;

const ENDS: Readonly<Record<string, { readonly end: (app: App) => Promise<unknown>; readonly status: string | null }>> =
  {
    "is finished": {
      end: (app) => app.page.getByRole("button", { name: "Finish", exact: true }).click(),
      status: "Finished",
    },
    "is stopped": {
      end: (app) => app.page.getByRole("button", { name: "Stop session", exact: true }).click(),
      status: "Stopped",
    },
    "loses its main process": {
      end: async (app) => void app.electron.process().kill("SIGKILL"),
      status: null,
    },
  };

for (const [how, { end, status }] of Object.entries(ENDS)) {
  test(`a button held across turns is let go when the session ${how}`, async ({ desktop, startHere }) => {
    await desktop.open("xterm", ["-geometry", "80x50+20+40"]);
    const app = await startHere({ script: HOLD });
    await app.waits(/^Move/);
    await desktop.person.chord(...CHORD, "F9");
    await app.waits(/^Press/);
    await desktop.person.chord(...CHORD, "F9");
    await expect(app.status).toHaveText("Claude answered", { timeout: 30_000 });
    expect((await desktop.x11.pointer()).buttons).toEqual([1]);
    await end(app);
    if (status !== null) await expect(app.status).toHaveText(status);
    await expect.poll(async () => (await desktop.x11.pointer()).buttons).toEqual([]);
  });
}

test("a listener whose connection ends in a session ends the session, in words", async ({ desktop, startHere }) => {
  await desktop.open("xterm", ["-geometry", "80x50+20+40"]);
  const proxy = await startProxy(desktop, desktop.folder);
  const app = await startHere({ script: HOLD, through: proxy });
  await app.waits(/^Move/);
  // The executor's listener is the last to connect before the first action.
  proxy.cutNewest();
  await expect(app.status).toHaveText("Failed");
  await expect(app.page.getByText(/Stop can no longer be heard on this desktop/).first()).toBeVisible();
  expect(await app.all("action.started")).toEqual([]);
  proxy.close();
});
