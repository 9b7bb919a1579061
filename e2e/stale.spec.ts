/** Between the picture and the input the screen changes: the action comes back with the difference, and nothing is sent. */
import { execFileSync, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "../electron/practice/script.ts";
import { call, text, turn } from "../electron/practice/script.ts";
import type { Policy } from "../shared/policy/format.ts";
import type { ReturnReason } from "../shared/session-event.ts";
import { type App, expect, freshFolder, test, textOf } from "./app.ts";
import { deciders, startUnder } from "./under-policy.ts";

const AT = [640, 400] as const;
/** How often and how many times the screen is looked at for a change. */
const LOOK_AGAIN = "0.05";
const LOOKS = 200;

type Env = NodeJS.ProcessEnv;
type Change = {
  readonly what: string;
  readonly reasons: readonly ReturnReason[];
  readonly words: RegExp;
  readonly make: (env: Env) => void;
  /** Whether it is there for everybody to see. */
  readonly seen: (env: Env) => boolean;
};

/** What a program of the desktop prints; "" when it fails. */
function said(env: Env, command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}

const CHANGES: readonly Change[] = [
  {
    what: "a dialog opened",
    // Told by the window under the target, or by its pixels where the dialog was there before that window was looked up.
    reasons: ["window", "pixels"],
    words: /^Under the target was .* and is now "Open|^The screen (around|right at) 640, 400 is not the one/,
    make: (env) => void execFileSync("xdotool", ["key", "ctrl+o"], { env }),
    seen: (env) => said(env, "xdotool", "search", "--onlyvisible", "--name", "^Open") !== "",
  },
  {
    what: "another program came to the front",
    reasons: ["window"],
    words: /^In front was .* and is now "late"/,
    make: (env) =>
      void spawn("xterm", ["-T", "late", "-geometry", "20x5+0+0"], { env, stdio: "ignore", detached: true }),
    seen: (env) => said(env, "xdotool", "getactivewindow", "getwindowname").trim() === "late",
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
    seen: (env) => /Width: 1024$/m.test(said(env, "xwininfo", "-root")),
  },
];

/** Makes a change and waits until it is on the screen. */
function change(env: Env, { what, make, seen }: Change): void {
  make(env);
  for (let looks = 0; !seen(env); looks += 1) {
    if (looks > LOOKS) throw new Error(`not to be seen: ${what}`);
    execFileSync("sleep", [LOOK_AGAIN]);
  }
}

/** The environment of a program on the one desktop below a data folder. */
function desktopOf(dir: string): Env {
  const [session = ""] = readdirSync(join(dir, "desktops"));
  const folder = join(dir, "desktops", session);
  const { display } = JSON.parse(textOf(join(folder, "desktop.json"))) as { display: string };
  return { ...process.env, DISPLAY: display, XAUTHORITY: join(folder, "Xauthority") };
}

const look = turn(call("screenshot", {}));
const click = turn(call("left_click", { coordinate: [...AT] }));

/** The n-th change (from 1) has brought its click back, with nothing sent. */
async function cameBack(app: App, { reasons, words }: Change, n: number): Promise<void> {
  await expect.poll(async () => (await app.all("action.returned")).length, { timeout: 30_000 }).toBe(n);
  const returned = (await app.all("action.returned")).at(-1);
  expect(returned?.detail).toMatch(words);
  expect(reasons).toContain(returned?.reason);
  await expect(app.page.getByText(returned?.detail ?? "").first()).toBeVisible();
  await app.waits(/^Left click at 640, 400/);
}

async function nothingClicked(app: App): Promise<void> {
  await app.finish();
  const outcomes = (await app.all("action.finished")).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(CHANGES.flatMap(() => ["done", "rejected"]));
}

test("approved by hand: what changed meanwhile brings it back", async ({ launch }) => {
  test.setTimeout(120_000);
  const script: Script = [...CHANGES.flatMap(() => [look, click]), turn(text("Done."))];
  const app = await launch({ script });
  await app.start("Click", "mousepad --disable-server");
  for (const [i, each] of CHANGES.entries()) {
    await app.waits("Left click at 640, 400");
    // The change has to be there before the approval, not in the middle of its check.
    change(desktopOf(app.dir), each);
    await app.page.keyboard.press("Control+Enter");
    await cameBack(app, each, i + 1);
    await app.reject("The screen changed");
  }
  await nothingClicked(app);
});

const EVERYTHING: Policy = {
  version: 1,
  name: "Look and click",
  rules: [{ id: "all", effect: "allow", actions: ["screenshot", "left_click"], app: ["mousepad", "xterm"] }],
};

test("let through by a rule: what changed while Claude thought brings it to the operator", async ({ launch }) => {
  test.setTimeout(120_000);
  const dir = freshFolder();
  const script: Script = (_request, index) => {
    const each = CHANGES[Math.floor(index / 2)];
    if (each === undefined) return turn(text("Done."));
    if (index % 2 === 0) return look;
    change(desktopOf(dir), each);
    return click;
  };
  const app = await launch({ script, dir });
  await startUnder(app, EVERYTHING, "mousepad --disable-server", "Click");
  for (const [i, each] of CHANGES.entries()) {
    await cameBack(app, each, i + 1);
    // The surprise has suspended auto-approval; one click lifts that.
    await app.page.getByRole("button", { name: "Let it go on" }).click();
    await app.reject("The screen changed");
  }
  await nothingClicked(app);
  expect((await deciders(app)).filter((by) => by === "operator")).toHaveLength(CHANGES.length);
  const changes = (await app.all("lease.changed")).map(({ state }) => state);
  expect(changes.filter((state) => state === "suspended")).toHaveLength(CHANGES.length);
});
