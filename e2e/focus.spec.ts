/** Our window never takes the keyboard from a person who types elsewhere, whatever a session has to say. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { PersonDesktop } from "../electron/computer/listener/test-person.ts";
import { call, type Script, text, thinking, turn, withSettings } from "../electron/practice/script.ts";
import { type App, expect, freshFolder, textOf } from "./app.ts";
import { test } from "./person.ts";

/** A terminal in the left half that writes what it gets to a file at once, with the person's focus in it. */
async function typingThere(desktop: PersonDesktop): Promise<string> {
  const file = join(freshFolder(), "typed");
  const write = `stty -icanon -echo; cat > '${file}'`;
  await desktop.open("xterm", ["-T", "there", "-geometry", "80x50+20+40", "-e", "sh", "-c", write]);
  return file;
}

/** From here on every time the window gets the focus is counted; returns how often it was. */
async function countFocus(app: App): Promise<() => Promise<number>> {
  await app.electron.evaluate(({ BrowserWindow }) => {
    const counted = { times: 0 };
    Object.assign(globalThis, { counted });
    BrowserWindow.getAllWindows()[0]?.on("focus", () => {
      counted.times += 1;
    });
  });
  return () => app.electron.evaluate(() => (globalThis as unknown as { counted: { times: number } }).counted.times);
}

/** The person clicks into the terminal, and it has the keyboard. */
async function turnTo(desktop: PersonDesktop): Promise<void> {
  await desktop.person.click(160, 300);
  const has = () =>
    execFileSync("xdotool", ["getwindowfocus", "getwindowname"], { env: desktop.env, encoding: "utf8" });
  await expect.poll(() => has().trim()).toBe("there");
}

/** Types letters one after the other until it is told to stop; resolves with what was typed. */
function keepTyping(desktop: PersonDesktop): () => Promise<string> {
  let stopped = false;
  const typed = (async () => {
    let words = "";
    for (let n = 0; !stopped; n += 1) {
      const letter = "abcdefghij"[n % 10] ?? "a";
      await desktop.person.chord(letter);
      words += letter;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    return words;
  })();
  return () => {
    stopped = true;
    return typed;
  };
}

const slowly = (...parts: Parameters<typeof turn>) => withSettings({ delay: 600 }, turn(...parts));

test("a session on its own desktop: cards, a rejection, an answer and the end leave the keyboard where it is", async ({
  desktop,
  startHere,
}) => {
  const file = await typingThere(desktop);
  const script: Script = [
    slowly(thinking("First."), call("left_click", { coordinate: [640, 400] })),
    slowly(thinking("Then."), call("key", { text: "ctrl+s" })),
    slowly(text("Done.")),
  ];
  const app = await startHere({ script }, "own");
  await turnTo(desktop);
  const focused = await countFocus(app);
  const stop = keepTyping(desktop);
  await app.approve("Left click at 640, 400");
  await app.waits("Press ctrl+s");
  await app.reject("No");
  await expect(app.status).toHaveText("Claude answered", { timeout: 30_000 });
  await app.page.getByRole("button", { name: "Finish", exact: true }).press("Enter");
  await expect(app.status).toHaveText("Finished");
  const typed = await stop();
  await expect.poll(() => textOf(file)).toBe(typed);
  expect(await focused()).toBe(0);
});

test("on this desktop: the window steps aside and comes back while the person types, and takes no key", async ({
  desktop,
  startHere,
}) => {
  const file = await typingThere(desktop);
  const script: Script = [
    turn(thinking("Look."), call("screenshot", {})),
    slowly(thinking("Look again."), call("zoom", { region: [0, 0, 400, 300] })),
    slowly(thinking("And a click."), call("left_click", { coordinate: [200, 300] })),
    turn(text("Done.")),
  ];
  const app = await startHere({ script });
  await turnTo(desktop);
  const focused = await countFocus(app);
  const stop = keepTyping(desktop);
  await app.waits("Left click at 200, 300");
  await new Promise((resolve) => setTimeout(resolve, 500));
  const typed = await stop();
  await expect.poll(() => textOf(file)).toBe(typed);
  expect(typed.length).toBeGreaterThan(10);
  expect(await focused()).toBe(0);
});
