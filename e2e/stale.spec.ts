/** Between the picture and the input the screen changes: the action comes back with the difference. */
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import type { Script } from "../electron/practice/script.ts";
import { call, text, turn } from "../electron/practice/script.ts";
import type { ReturnReason } from "../shared/session-event.ts";
import { type App, expect, test } from "./app.ts";

const AT = [640, 400] as const;
/** Until a window is there, ms. */
const SEEN = 1500;

type Change = {
  readonly what: string;
  readonly reasons: readonly ReturnReason[];
  readonly words: RegExp;
  readonly make: (env: NodeJS.ProcessEnv) => void;
};

const CHANGES: readonly Change[] = [
  {
    what: "a dialog opened",
    // Told by the window under the target, or by its pixels where the dialog was there before that window was looked up.
    reasons: ["window", "pixels"],
    words: /^Under the target was .* and is now "Open|^The screen (around|right at) 640, 400 is not the one/,
    make: (env) => void execFileSync("xdotool", ["key", "ctrl+o"], { env }),
  },
  {
    what: "another program came to the front",
    reasons: ["window"],
    words: /^In front was .* and is now "late"/,
    make: (env) =>
      void spawn("xterm", ["-T", "late", "-geometry", "20x5+0+0"], { env, stdio: "ignore", detached: true }),
  },
  {
    what: "the resolution changed",
    reasons: ["geometry"],
    words: /1280x800 and is now 1024x768/,
    make: (env) => {
      const xrandr = (...args: readonly string[]) => void execFileSync("xrandr", args, { env });
      xrandr("--newmode", "small", "30", "1024", "1040", "1056", "1072", "768", "770", "772", "774");
      xrandr("--addmode", "screen", "small");
      xrandr("--output", "screen", "--mode", "small");
    },
  },
];

const look = turn(call("screenshot", {}));
const click = turn(call("left_click", { coordinate: [...AT] }));
const byHand: Script = [...CHANGES.flatMap(() => [look, click]), turn(text("Done."))];
/** The environment of a program on the open session's desktop. */
async function desktopOf(app: App): Promise<NodeJS.ProcessEnv> {
  const [started] = await app.all("session.started");
  const authority = join(app.dir, "desktops", await app.session(), "Xauthority");
  return { ...process.env, DISPLAY: started?.desktop.display ?? "", XAUTHORITY: authority };
}

/** The n-th change (from 1) has brought its click back, with nothing sent; it is rejected. */
async function cameBack(app: App, { reasons, words }: Change, n: number): Promise<void> {
  await expect.poll(async () => (await app.all("action.returned")).length, { timeout: 30_000 }).toBe(n);
  const returned = (await app.all("action.returned")).at(-1);
  expect(returned?.detail).toMatch(words);
  expect(reasons).toContain(returned?.reason);
  await expect(app.page.getByText(returned?.detail ?? "").first()).toBeVisible();
  await app.waits(/^Left click at 640, 400/);
  await app.reject("The screen changed");
}

async function nothingClicked(app: App): Promise<void> {
  await app.finish();
  const outcomes = (await app.all("action.finished")).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(CHANGES.flatMap(() => ["done", "rejected"]));
}

test("approved by hand: what changed meanwhile brings it back", async ({ launch }) => {
  test.setTimeout(120_000);
  const app = await launch({ script: byHand });
  await app.start("Click", "mousepad --disable-server");
  for (const [i, change] of CHANGES.entries()) {
    await app.waits("Left click at 640, 400");
    change.make(await desktopOf(app));
    // The change has to be there before the approval, not in the middle of its check.
    await app.page.waitForTimeout(SEEN);
    await app.page.keyboard.press("Control+Enter");
    await cameBack(app, change, i + 1);
  }
  await nothingClicked(app);
});
