/** The session's desktop, live in the gate; and the operator's own, which nothing of it touches. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Frame, pixelsOf } from "../electron/computer/frame.ts";
import { openGrabber } from "../electron/computer/grabber.ts";
import { openPainter } from "../electron/computer/test-painter.ts";
import { openRawInput } from "../electron/computer/x11/raw-input.ts";
import { startServer, startTestDesktop, type TestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { openClient } from "../electron/computer/x11-client.ts";
import { mousepadParagraph } from "../electron/practice/scenarios.ts";
import { call, text, thinking, turn, withSettings } from "../electron/practice/script.ts";
import { type App, expect, freshFolder, test, textOf } from "./app.ts";

const SCREEN = { w: 1920, h: 1080 };
const WINDOW = { x: 560, y: 120, width: 1280, height: 800 };
/** Our window with what a window manager puts around it. */
const OURS = { left: WINDOW.x - 10, top: WINDOW.y - 50, right: WINDOW.x + 1290, bottom: WINDOW.y + 850 };
/** Everything a window can be told but that it is to be drawn, the pointer's hints and resize redirects (X protocol, SETofEVENT). */
const EVERYTHING = 0x7f | (1 << 15) | (1 << 16) | (1 << 17) | (1 << 21) | (1 << 22);

/** The operator's desktop: a program of theirs that counts what reaches it, every device listened to, every pixel kept. */
async function watched(desktop: TestDesktop) {
  const { display, authority } = desktop;
  const program = await openPainter(display, authority, [20, 40, 500, 1040], 0x2f6f4f);
  for (let i = 0; i < 40; i += 1) program.text([20, 30 + i * 24], `Line ${i} of what the operator works on`);
  await program.done();
  const events: string[] = [];
  const listener = await openClient(display, authority);
  listener.client.on("event", (event) => events.push(event.name ?? "unknown"));
  listener.client.ChangeWindowAttributes(program.window, { eventMask: EVERYTHING });
  const raw = await openRawInput(display, authority, ({ kind }) => events.push(`raw ${kind}`));
  const grabber = await openGrabber(display, authority, null);
  return {
    events,
    raw,
    look: () => grabber.grab([0, 0, SCREEN.w, SCREEN.h]),
    close: () => {
      program.close();
      listener.client.terminate();
      raw.close();
      grabber.close();
    },
  };
}

/** How many pixels outside our window differ. */
function differing(a: Frame, b: Frame): number {
  const [before, after] = [pixelsOf(a), pixelsOf(b)];
  let count = 0;
  for (let y = 0; y < SCREEN.h; y += 1) {
    for (let x = 0; x < SCREEN.w; x += 1) {
      if (x >= OURS.left && x < OURS.right && y >= OURS.top && y < OURS.bottom) continue;
      if (before[y * SCREEN.w + x] !== after[y * SCREEN.w + x]) count += 1;
    }
  }
  return count;
}

const live = (app: App) => app.page.getByRole("img", { name: "Live desktop" });
const saw = (app: App) => app.page.getByRole("img", { name: "Screenshot Claude saw" });
const word = (app: App) => app.page.getByText("Live", { exact: true }).and(app.page.locator(".live-word"));

test("a task in mousepad on a desktop of its own: not a pixel and not an event on the operator's", async ({
  launch,
}) => {
  const desktop = await startTestDesktop(() =>
    startServer("Xvfb", ["-screen", "0", `${SCREEN.w}x${SCREEN.h}x24`, "-s", "0"], process.env),
  );
  try {
    const file = join(freshFolder(), "note.txt");
    writeFileSync(file, "");
    const { display: DISPLAY, authority: XAUTHORITY } = desktop;
    const app = await launch({
      script: mousepadParagraph({ text: "Nobody noticed. Ünï 你好" }),
      env: { DISPLAY, XAUTHORITY },
    });
    await app.electron.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), WINDOW);
    await expect.poll(() => app.page.evaluate(() => [window.screenX, window.screenY].every((at) => at > 0))).toBe(true);
    const theirs = await watched(desktop);
    const before = await theirs.look();
    await app.start("Write the note", `mousepad "${file}"`);
    for (const sentence of ["Left click at 640, 400", /^Type /, "Press ctrl+s"]) {
      await app.approve(sentence);
      expect(differing(before, await theirs.look())).toBe(0);
    }
    await app.finish();
    expect(textOf(file).replace(/\n$/, "")).toBe("Nobody noticed. Ünï 你好");
    await theirs.raw.sync();
    expect(differing(before, await theirs.look())).toBe(0);
    expect(theirs.events).toEqual([]);
    theirs.close();
  } finally {
    await desktop.close();
  }
});

/** Thinks long enough to be looked at, once before a click and once after it. */
const slowly = [
  withSettings(
    { delay: 4000 },
    turn(thinking("A click into the text."), call("left_click", { coordinate: [640, 400] })),
  ),
  withSettings({ delay: 4000 }, turn(text("Done."))),
];

/** Whether the live picture is another one 700 ms later; a picture that stands still can be told by nothing but time. */
async function isMoving(app: App): Promise<boolean> {
  const pixels = () => live(app).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const first = await pixels();
  await app.page.waitForTimeout(700);
  return (await pixels()) !== first;
}

test("live while Claude thinks, still while a proposal waits, one key to compare, nothing while nobody can see it", async ({
  launch,
}) => {
  const app = await launch({ script: slowly });
  await app.start("Click", "xterm -geometry 40x10+100+100 -e sh -c 'while :; do date +%N; sleep 0.1; done'");
  await expect(word(app)).toBeVisible({ timeout: 30_000 });
  await expect(live(app)).toBeVisible();
  expect(await isMoving(app)).toBe(true);

  await app.waits("Left click at 640, 400");
  await expect(saw(app)).toBeVisible();
  await expect(live(app)).toBeHidden();
  await expect(word(app)).toBeHidden();
  await app.page.keyboard.press("Control+d");
  await expect(live(app)).toBeVisible();
  await expect(word(app)).toBeVisible();
  expect(await isMoving(app)).toBe(true);
  await app.page.keyboard.press("Control+d");
  await expect(live(app)).toBeVisible();
  await expect(saw(app)).toBeVisible();
  await app.page.keyboard.press("Control+d");
  await expect(live(app)).toBeHidden();

  await app.approveWaiting();
  await expect(word(app)).toBeVisible();
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  await expect(app.page.locator(".live-word-on")).toHaveCount(0);
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.restore());
  await expect(word(app)).toBeVisible();
  await app.finish();
  await expect(live(app)).toBeHidden();
  // Nothing of it is on record: only the pictures that Claude was sent, and the one after the click.
  const named = new Set(JSON.stringify(await app.events()).match(/"sha256":"[0-9a-f]{64}"/g));
  expect(named.size).toBeLessThanOrEqual(3);
});
