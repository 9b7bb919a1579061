import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openX11 } from "../electron/computer/x11/connection.ts";
import { mousepadParagraph, typeLong } from "../electron/practice/scenarios.ts";
import { type App, expect, freshFolder, type LaunchOptions, test, textOf } from "./app.ts";

const PARAGRAPH = '~!@#$%^&*()_+{}|:"<>? äöüßéñ€ Привет 你好世界 😀';

test("a paragraph in five scripts, typed into mousepad and saved, is in the file exactly", async ({ launch }) => {
  const file = join(freshFolder(), "note.txt");
  writeFileSync(file, "");
  const app = await launch({ script: mousepadParagraph({ text: PARAGRAPH }) });
  await app.start("Write the paragraph", `mousepad "${file}"`);
  await app.approve("Left click at 640, 400");
  await app.approve(/^Type /);
  await app.approve("Press ctrl+s");
  await app.finish();
  expect(textOf(file).replace(/\n$/, "")).toBe(PARAGRAPH);
});

/**
 * 2,000 characters, hardly one of them twice: the keyboard map has to be changed for every few, so that typing them takes
 * long enough for a hand to come in between on any machine.
 */
const SLOW = Array.from({ length: 2000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7) % 5000))).join("");

/**
 * A session of typing 2,000 characters into a terminal that writes each to a file at once. The button is pressed in the page
 * as soon as a hundred are out: by the time a test had looked and clicked, all might be.
 */
async function inTheMiddleOfTyping(
  launch: (options: LaunchOptions) => Promise<App>,
  button: "Stop session" | "Pause",
): Promise<{ app: App; file: string }> {
  const file = join(freshFolder(), "typed");
  const app = await launch({ script: typeLong({ text: SLOW }) });
  await app.start(
    "Type the long text",
    `xterm -u8 -geometry 200x60+0+0 -e sh -c "stty -icanon -echo; cat > '${file}'"`,
  );
  await app.approve("Left click at 640, 400");
  const pressed = app.page.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const stop = window.countersign.onStream(({ update }) => {
          if (update.kind !== "running" || update.done < 100) return;
          stop();
          [...document.querySelectorAll("button")].find((each) => each.textContent?.trim() === name)?.click();
          resolve();
        });
      }),
    button,
  );
  await app.approve(/^Type /);
  await pressed;
  return { app, file };
}

/** The keycodes that are down on the open session's desktop. */
async function keysHeld(app: App): Promise<readonly number[]> {
  const [started] = await app.all("session.started");
  const authority = join(app.dir, "desktops", await app.session(), "Xauthority");
  const x11 = await openX11({ display: started?.desktop.display ?? "", authority });
  try {
    return await x11.pressedKeys();
  } finally {
    x11.close();
  }
}

test("stop in the middle of typing 2,000 characters: nothing more arrives after 200 ms", async ({ launch }) => {
  const { app, file } = await inTheMiddleOfTyping(launch, "Stop session");
  await sleep(200);
  const length = textOf(file).length;
  await sleep(800);
  expect(textOf(file).length).toBe(length);
  expect(length).toBeLessThan(2000);
  await expect(app.status).toHaveText("Stopped");
  const [last] = (await app.all("action.finished")).slice(-1);
  expect(last?.text).toMatch(/^Interrupted by the operator after \d+ of 2000 characters; keys released\.$/);
});

test("pause in the middle of typing cuts it with no key held, tells Claude how far it got, and never continues it", async ({
  launch,
}) => {
  const { app, file } = await inTheMiddleOfTyping(launch, "Pause");
  await expect(app.status).toHaveText("Paused");
  await sleep(200);
  const length = textOf(file).length;
  expect(await keysHeld(app)).toEqual([]);
  await app.page.getByRole("button", { name: "Resume" }).first().click();
  const [result] = await app.results(3);
  expect(result?.text).toMatch(/^Interrupted by the operator after \d+ of 2000 characters; keys released\.$/);
  await app.finish();
  expect(textOf(file).length).toBe(length);
});
