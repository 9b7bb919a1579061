/** The operator is called while the window is not in front: by a notification, the tray and a sound, and decides by none of them. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestShell } from "../electron/computer/bus/test-shell.ts";
import { call, type Script, text, turn } from "../electron/practice/script.ts";
import type { Policy } from "../shared/policy/format.ts";
import { type App, expect, freshFolder } from "./app.ts";
import { isShown, test } from "./shell.ts";

/** The mouse may be moved; everything else is asked. */
const POLICY: Policy = {
  version: 1,
  name: "Moves only",
  rules: [{ id: "moves", effect: "allow", actions: ["mouse_move"] }],
};

/** While Claude waits there is time to turn elsewhere; then it does what a rule lets through, and what is asked. */
const SCRIPT: Script = [
  turn(call("wait", { duration: 1 })),
  turn(call("mouse_move", { coordinate: [300, 300] }), call("left_click", { coordinate: [640, 400] })),
  turn(call("wait", { duration: 1 })),
  turn(call("mouse_move", { coordinate: [300, 400] }), call("left_click", { coordinate: [640, 500] })),
  turn(text("Done.")),
];

/** Approves what waits, and turns elsewhere at once. */
async function approveAndLeave(app: App): Promise<void> {
  await app.approve(/^Wait /);
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
}

/** Counts the tones that were played to their end, from here on. */
async function countTones(app: App): Promise<() => Promise<number>> {
  await app.page.evaluate(() => {
    const played = { tones: 0 };
    Object.assign(window, { played });
    window.AudioContext = class extends AudioContext {
      override createOscillator(): OscillatorNode {
        const tone = super.createOscillator();
        tone.addEventListener("ended", () => {
          played.tones += 1;
        });
        return tone;
      }
    };
  });
  return () => app.page.evaluate(() => (window as unknown as { played: { tones: number } }).played.tones);
}

/** The size of the icon that task bars show for the window, px. */
async function iconSize(app: App): Promise<readonly number[]> {
  const id = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getNativeWindowHandle().readUInt32LE(0),
  );
  const told = execFileSync("xprop", ["-id", String(id), "-notype", "-len", "16", "32c", " $0 $1\n", "_NET_WM_ICON"], {
    encoding: "utf8",
  });
  return told.match(/\d+/g)?.map(Number) ?? [];
}

test("a notification, the tray and a sound call for what waits; clicked, they show the window and decide nothing", async ({
  bus,
  launch,
}) => {
  const shell = await startTestShell(bus);
  const policy = join(freshFolder(), "policy.json");
  writeFileSync(policy, JSON.stringify(POLICY));
  const args = ["--task=Do it", "--where=own:1280x800", `--policy=${policy}`];
  const app = await launch({ script: SCRIPT, args, env: { DBUS_SESSION_BUS_ADDRESS: bus } });
  expect(await iconSize(app)).toEqual([256, 256]);
  const tones = await countTones(app);
  const decided = async () => (await app.all("decision.made")).map(({ by }) => by.kind);

  await approveAndLeave(app);
  await expect.poll(() => shell.notifications().length, { timeout: 20_000 }).toBe(1);
  const [notification] = shell.notifications();
  expect(notification).toMatchObject({ title: "A decision waits", body: "Claude proposes an action." });
  expect(notification?.actions.filter((name) => name !== "default")).toEqual([]);
  const [icon] = shell.icons();
  expect(shell.icons().length).toBe(1);
  await expect.poll(() => icon?.toolTip()).toContain("waits for you");
  await expect.poll(tones).toBe(2);
  expect(await isShown(app)).toBe(false);
  notification?.click();
  await expect.poll(() => isShown(app)).toBe(true);
  await app.waits("Left click at 640, 400");
  expect(await decided()).toEqual(["operator", "policy"]);
  // What the rule let through called for nobody.
  expect([shell.notified(), await tones()]).toEqual([1, 2]);

  await app.page.evaluate(() => window.countersign.setPreferences({ notify: false, sound: false }));
  await app.approveWaiting();
  await approveAndLeave(app);
  await expect.poll(() => icon?.toolTip(), { timeout: 20_000 }).toContain("waits for you");
  expect(await icon?.menu()).toEqual(["Show Countersign", "Pause every session"]);
  await icon?.choose("Show Countersign");
  await expect.poll(() => isShown(app)).toBe(true);
  await app.waits("Left click at 640, 500");
  await icon?.choose("Pause every session");
  await expect(app.status).toHaveText("Paused");
  await icon?.click();
  expect(await decided()).toEqual(["operator", "policy", "operator", "operator", "policy"]);
  expect([shell.notified(), await tones()]).toEqual([1, 2]);
  await app.page.getByRole("button", { name: "Stop session" }).click();
  await expect(app.status).toHaveText("Stopped");
  // The same icon is there for the next session.
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  await icon?.click();
  await expect.poll(() => isShown(app)).toBe(true);
  expect(shell.icons().length).toBe(1);
  shell.close();
});
