/** Closing the window while a session is open: it pauses and asks what becomes of it. */
import { execFileSync, spawnSync } from "node:child_process";
import { startTestShell } from "../electron/computer/bus/test-shell.ts";
import { oneClick } from "../electron/practice/scenarios.ts";
import { type App, expect, freshFolder, type LaunchOptions, ROOT, runToEnd, SWITCHES } from "./app.ts";
import { sessions } from "./record.ts";
import { isShown, test } from "./shell.ts";

const END = 0;
const KEEP = 1;

async function waiting(launch: (options: LaunchOptions) => Promise<App>, more: LaunchOptions = {}): Promise<App> {
  const app = await launch({ script: oneClick(), ...more });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  return app;
}

/** Closes the window as the window manager would; the question gets this answer, after `before`. Returns its buttons. */
async function closeAnswering(app: App, response: number): Promise<readonly string[]> {
  return await app.electron.evaluate(
    ({ BrowserWindow, dialog }, answer) =>
      new Promise<readonly string[]>((resolve) => {
        const ask = async (_window: unknown, { buttons = [] }: { buttons?: string[] }) => {
          resolve(buttons);
          return { response: answer, checkboxChecked: false };
        };
        Object.assign(dialog, { showMessageBox: ask });
        BrowserWindow.getAllWindows()[0]?.close();
      }),
    response,
  );
}

/** What a second start does: it only shows the window. */
async function startAgain(app: App): Promise<void> {
  const electron = process.env.COUNTERSIGN_ELECTRON ?? "";
  const again = await runToEnd(electron, [ROOT, ...SWITCHES, `--user-data-dir=${app.dir}`], { ...process.env });
  expect(again.code).toBe(1);
  await expect.poll(() => isShown(app)).toBe(true);
}

/** How many windows a process shows; null when one went while they were being counted, which ends xdotool with an X error. */
function windowsOf(pid: number | undefined): number | null {
  const args = ["search", "--onlyvisible", "--pid", String(pid)];
  const { status, stdout } = spawnSync("xdotool", args, { encoding: "utf8" });
  return status === 0 ? stdout.trim().split("\n").length : null;
}

test("the question is a real one; while it waits nothing can run, and Escape leaves the session paused", async ({
  launch,
}) => {
  const app = await waiting(launch);
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const windows = () => windowsOf(app.electron.process().pid);
  await expect.poll(windows).toBe(2);
  await expect(app.status).toHaveText("Paused");
  expect((await app.all("session.paused")).map(({ why }) => why)).toEqual(["operator"]);
  await app.page.keyboard.press("Control+Enter");
  execFileSync("xdotool", ["key", "--clearmodifiers", "Escape"]);
  await expect.poll(windows).toBe(1);
  await expect(app.status).toHaveText("Paused");
  expect(await isShown(app)).toBe(true);
  expect(await app.all("decision.made")).toEqual([]);
  await app.page.getByRole("button", { name: "Resume", exact: true }).click();
  await app.approve("Left click at 640, 400");
  await app.finish();
});

test("End session: it is ended on record, then the app", async ({ launch }) => {
  const dir = freshFolder();
  const app = await waiting(launch, { dir });
  const gone = new Promise((resolve) => app.electron.process().once("exit", resolve));
  expect(await closeAnswering(app, END)).toEqual(["End session", "Keep minimised", "Cancel"]);
  await gone;
  expect(await sessions(dir)).toMatchObject([{ outcome: "app_closed" }]);
});

test("kept: it goes on minimised; nothing can be decided there; a second start shows it, armed anew", async ({
  launch,
}) => {
  const app = await waiting(launch);
  await closeAnswering(app, KEEP);
  await expect.poll(() => isShown(app)).toBe(false);
  await expect(app.status).toHaveText("Waiting for you");
  expect((await app.all("session.resumed")).length).toBe(1);
  await expect(app.page.getByText("Can't be decided: The window can't be seen.")).toBeVisible();
  await app.page.keyboard.press("Control+Enter");
  expect(await app.all("decision.made")).toEqual([]);
  await startAgain(app);
  await app.approve("Left click at 640, 400");
  await app.finish();
});

test("where a tray has come it is kept there: hidden, going on, and shown again by its icon", async ({
  bus,
  launch,
}) => {
  const app = await waiting(launch, { env: { DBUS_SESSION_BUS_ADDRESS: bus } });
  const shell = await startTestShell(bus);
  expect(await closeAnswering(app, KEEP)).toEqual(["End session", "Keep in the tray", "Cancel"]);
  await expect.poll(() => isShown(app)).toBe(false);
  await expect.poll(() => shell.icons().length).toBe(1);
  await shell.icons()[0]?.click();
  await expect.poll(() => isShown(app)).toBe(true);
  await app.approve("Left click at 640, 400");
  await app.finish();
  shell.close();
});

test("without a session it closes and asks nothing", async ({ launch }) => {
  const app = await launch();
  const gone = new Promise((resolve) => app.electron.process().once("exit", resolve));
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await gone;
});
