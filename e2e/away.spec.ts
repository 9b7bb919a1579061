/** The screen is locked, asleep or behind its saver: input stops, the session pauses and says so. */
import { execFileSync } from "node:child_process";
import { oneClick } from "../electron/practice/scenarios.ts";
import { expect, test } from "./app.ts";

test("a machine that goes to sleep pauses every session; a lock of the operator's screen is none of an own desktop's", async ({
  launch,
}) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit("lock-screen"));
  await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit("suspend"));
  await expect(app.status).toHaveText("Paused");
  await expect(app.page.getByText("The machine went to sleep.")).toBeVisible();
  expect(await app.all("session.paused")).toEqual([{ why: "away", detail: "The machine went to sleep." }]);
  await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit("resume"));
  await expect(app.status).toHaveText("Paused");
  await app.page.getByRole("button", { name: "Resume", exact: true }).click();
  await app.approve("Left click at 640, 400");
  await app.finish();
});

test("on the operator's desktop a screen saver pauses; Resume is refused until it is gone; under it nothing starts", async ({
  launch,
}) => {
  const app = await launch({ script: oneClick() });
  const start = async () => {
    await app.page.getByRole("radio", { name: "This desktop" }).check();
    await app.page.getByRole("textbox", { name: "Task" }).fill("Click the button");
    await app.page.getByRole("button", { name: "Start session" }).click();
  };
  // A picture that is all black is an error of its own.
  execFileSync("xsetroot", ["-solid", "#5a6472"]);
  execFileSync("xset", ["s", "activate"]);
  await start();
  await expect(app.page.getByText(/The screen saver came up\. Nothing runs on this desktop/)).toBeVisible();
  execFileSync("xset", ["s", "reset"]);
  await start();
  await app.waits("Left click at 640, 400");
  execFileSync("xset", ["s", "activate"]);
  await expect(app.status).toHaveText("Paused");
  await expect(app.page.getByText("The screen saver came up.")).toBeVisible();
  const session = await app.session();
  const refused = await app.page.evaluate((id) => window.countersign.control(id, "resume"), session);
  expect(refused).toMatchObject({ ok: false, error: expect.stringContaining("until the screen is yours") });
  execFileSync("xset", ["s", "reset"]);
  await expect
    .poll(() => app.page.evaluate((id) => window.countersign.control(id, "resume"), session))
    .toMatchObject({ ok: true });
  await app.waits("Left click at 640, 400");
  expect(await app.all("action.started")).toEqual([]);
});
