/** The operator at their own desktop: Xephyr makes their hand, so that it comes from a device. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PersonDesktop } from "../electron/computer/listener/test-person.ts";
import { mousepadParagraph, oneClick, typeLong } from "../electron/practice/scenarios.ts";
import { call, type Script, text, thinking, turn } from "../electron/practice/script.ts";
import { expect, freshFolder, textOf } from "./app.ts";
import { onScreen, test } from "./person.ts";

const CHORD = ["Control_L", "Shift_L"] as const;

/** A terminal in the left half that writes what it gets to a file at once. */
async function terminal(desktop: PersonDesktop): Promise<string> {
  const file = join(freshFolder(), "typed");
  const write = `stty -icanon -echo; cat > '${file}'`;
  await desktop.open("xterm", ["-geometry", "80x50+20+40", "-e", "sh", "-c", write]);
  return file;
}

test("a decision takes the person's own hand: a program's click and a page's keys decide nothing", async ({
  desktop,
  startHere,
}) => {
  const file = await terminal(desktop);
  const app = await startHere({ script: oneClick({ at: [200, 300] }) });
  await app.waits("Left click at 200, 300");
  const [x, y] = await onScreen(app, "Approve");
  execFileSync("xdotool", ["mousemove", String(x), String(y), "click", "1"], { env: desktop.env });
  await expect(app.card.getByText(/No mouse or keyboard was touched just before this decision/)).toBeVisible();
  await app.waits("Left click at 200, 300");
  await app.page.keyboard.press("Control+Enter");
  await expect(app.card.getByText(/so it did not count/)).toBeVisible();
  expect(await app.all("decision.made")).toEqual([]);

  await app.waits("Left click at 200, 300");
  await desktop.person.moveTo(x - 5, y);
  await desktop.person.click(x, y);
  await expect(app.status).toHaveText("Claude answered", { timeout: 30_000 });
  expect((await app.all("decision.made")).map(({ decision }) => decision.kind)).toEqual(["approve"]);
  expect((await app.all("decision.refused")).map(({ reason, count }) => [reason, count])).toEqual([["no_hand", 2]]);
  expect(textOf(file)).toBe("");
});

test("with another program in front the chords approve, reject, call the card and stop", async ({
  desktop,
  startHere,
}) => {
  const file = await terminal(desktop);
  const typing = (words: string) => turn(thinking("Type."), call("type", { text: words }));
  const script: Script = [typing("first"), typing("second"), typing("third"), turn(text("Done."))];
  const app = await startHere({ script });
  await desktop.person.moveTo(150, 290);
  await desktop.person.click(160, 300);
  await app.waits(/^Type .*first/);
  await desktop.person.chord(...CHORD, "F9");
  await expect.poll(() => textOf(file), { timeout: 20_000 }).toBe("first");
  await app.waits(/^Type .*second/);
  await desktop.person.chord(...CHORD, "F10");
  await app.waits(/^Type .*third/);
  const focused = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isFocused()));
  expect(await focused()).toBe(false);
  await desktop.person.chord(...CHORD, "F8");
  await expect.poll(focused).toBe(true);
  await desktop.person.chord(...CHORD, "F12");
  await expect(app.status).toHaveText("Stopped");
  expect(textOf(file)).toBe("first");
  expect((await app.all("decision.made")).map(({ decision }) => decision.kind)).toEqual(["approve", "reject"]);
});

test("a person who moves the mouse stops the typing: paused, said, nothing held; then the stop chord ends it", async ({
  desktop,
  startHere,
}) => {
  const file = await terminal(desktop);
  const app = await startHere({ script: typeLong({ at: [200, 300] }) });
  await app.waits("Left click at 200, 300");
  await desktop.person.chord(...CHORD, "F9");
  await app.waits(/^Type /);
  await desktop.person.moveTo(395, 400);
  await desktop.person.chord(...CHORD, "F9");
  await expect.poll(() => textOf(file).length, { intervals: [20], timeout: 20_000 }).toBeGreaterThan(30);
  await desktop.person.moveTo(420, 420);
  await expect(app.status).toHaveText("Paused");
  await expect(app.page.getByText("Paused: someone is at the desktop")).toBeVisible();
  await expect(app.page.getByText("You moved the mouse while the action ran.")).toBeVisible();
  expect(await desktop.x11.pressedKeys()).toEqual([]);
  const { length } = textOf(file);
  expect(length).toBeLessThan(2000);
  await sleep(300);
  expect(textOf(file)).toHaveLength(length);
  await desktop.person.chord(...CHORD, "F12");
  await expect(app.status).toHaveText("Stopped");
});

test("a menu that Claude opened keeps the keyboard: the card says so, and a chord chooses the item", async ({
  desktop,
  startHere,
}) => {
  const script: Script = [
    turn(thinking("Open the menu."), call("key", { text: "alt+f" })),
    turn(thinking("Choose New."), call("key", { text: "Return" })),
    turn(text("Done.")),
  ];
  await desktop.open("mousepad", ["--disable-server"]);
  execFileSync("xdotool", ["getactivewindow", "windowsize", "--sync", "600", "500", "windowmove", "20", "40"], {
    env: desktop.env,
  });
  const app = await startHere({ script });
  await desktop.person.moveTo(290, 290);
  await desktop.person.click(300, 300);
  await app.waits("Press alt+f");
  await desktop.person.chord(...CHORD, "F9");
  await app.waits("Press Return");
  await expect(app.card.getByText(/Another program has a menu or list open/)).toBeVisible();
  expect(await desktop.x11.keyboardGrabbed()).toBe(true);
  await desktop.person.chord(...CHORD, "F9");
  // Return is risky: like Approve and Confirm in the window, the chord is pressed twice.
  await expect(app.card.getByText(/press the same keys once more/)).toBeVisible();
  await sleep(300);
  await desktop.person.chord(...CHORD, "F9");
  await expect(app.status).toHaveText("Claude answered", { timeout: 30_000 });
  expect(await desktop.x11.keyboardGrabbed()).toBe(false);
  expect((await app.all("action.finished")).map(({ outcome }) => outcome)).toEqual(["done", "done"]);
});

test("while Claude holds the mouse button the card says so, and a chord decides", async ({ desktop, startHere }) => {
  await terminal(desktop);
  const script: Script = [
    turn(thinking("Point."), call("mouse_move", { coordinate: [200, 300] })),
    turn(thinking("Press."), call("left_mouse_down", {})),
    turn(thinking("Let go."), call("left_mouse_up", {})),
    turn(text("Done.")),
  ];
  const app = await startHere({ script });
  for (const sentence of [/^Move/, /down|Press|Hold/i]) {
    await app.waits(sentence);
    await desktop.person.chord(...CHORD, "F9");
  }
  await expect(app.card.getByText(/Claude holds the mouse button down/)).toBeVisible({ timeout: 20_000 });
  await app.waits(/^Release/);
  await desktop.person.chord(...CHORD, "F9");
  await expect(app.status).toHaveText("Claude answered", { timeout: 30_000 });
  expect((await desktop.x11.pointer()).buttons).toEqual([]);
});

test("on a desktop of Claude's own the stop chord is heard at the operator's keyboard", async ({
  desktop,
  startHere,
}) => {
  const app = await startHere({ script: mousepadParagraph() }, "own");
  await app.waits(/^Left click/);
  await desktop.person.chord(...CHORD, "F12");
  await expect(app.status).toHaveText("Stopped");
});

test("a bare black desktop: paused as one that can't be seen, with what to do; a window there, and it goes on", async ({
  desktop,
  startHere,
}) => {
  const app = await startHere({ script: oneClick({ at: [200, 300] }) });
  await expect(app.status).toHaveText("Paused", { timeout: 20_000 });
  await expect(app.page.getByRole("heading", { name: "Paused: the screen can't be seen" })).toBeVisible();
  await expect(app.page.getByText(/nothing is on it but a black background, open a window there/)).toBeVisible();
  expect((await app.all("session.paused")).map(({ why }) => why)).toEqual(["capture"]);
  await terminal(desktop);
  await app.page.getByRole("button", { name: "Resume", exact: true }).click();
  await app.waits("Left click at 200, 300");
});

test("where stop can't be heard no session starts on this desktop", async ({ desktop, startHere }) => {
  execFileSync("xmodmap", ["-e", "keycode 96 = NoSymbol"], { env: desktop.env });
  const app = await startHere({ script: oneClick() });
  await expect(
    app.page.getByText(/Ctrl\+Shift\+F12 can't be heard everywhere: no key of the keyboard makes it/),
  ).toBeVisible();
});

test("a main process that hangs in the middle of typing: the keys are up and nothing more arrives", async ({
  desktop,
  startHere,
}) => {
  const file = await terminal(desktop);
  const app = await startHere({ script: typeLong({ at: [200, 300] }) });
  await app.waits("Left click at 200, 300");
  await desktop.person.chord(...CHORD, "F9");
  await app.waits(/^Type /);
  await desktop.person.chord(...CHORD, "F9");
  await expect.poll(() => textOf(file).length, { intervals: [20], timeout: 20_000 }).toBeGreaterThan(30);
  const main = app.electron.process();
  main.kill("SIGSTOP");
  try {
    await expect
      .poll(
        async () => {
          const before = textOf(file).length;
          await sleep(200);
          return textOf(file).length === before && (await desktop.x11.pressedKeys()).length === 0;
        },
        { timeout: 5000 },
      )
      .toBe(true);
    expect(textOf(file).length).toBeLessThan(2000);
  } finally {
    main.kill("SIGCONT");
  }
});
