import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { centre, LAYOUT } from "../electron/practice/desk/layout.ts";
import { typeLong } from "../electron/practice/scenarios.ts";
import { call, text, thinking, turn } from "../electron/practice/script.ts";
import { expect, freshFolder, test, textOf } from "./app.ts";
import { deskProgram } from "./desk.ts";
import { test as personTest } from "./person.ts";
import { deciders, docPolicy, formFile, leaseChanges, startUnder } from "./under-policy.ts";

const NAME = centre(LAYOUT.name);
const SAVE = centre(LAYOUT.save);
/** More than can be typed before a hand has moved, on a busy machine too. */
const LONG = "The quick brown fox jumps over the lazy dog. ".repeat(400);

test("docs example: reading a screen passes, typing waits", async ({ launch }) => {
  const form = formFile();
  const app = await launch({
    script: [
      turn(
        thinking("I read it."),
        call("mouse_move", { coordinate: [640, 400] }),
        call("scroll", { coordinate: [640, 400], scroll_direction: "down", scroll_amount: 2 }),
        call("screenshot"),
      ),
      turn(call("type", { text: "x" })),
      turn(text("Read.")),
    ],
  });
  await startUnder(app, docPolicy("Reading a screen"), form.program);
  await app.waits('Type "x"');
  expect(await deciders(app)).toEqual(["read", "read", "look"]);
  await app.reject("only read");
  await app.finish();
});

test("docs example: testing a web page; saving waits, another page is denied", async ({ launch }) => {
  const desk = deskProgram();
  const app = await launch({
    script: [
      turn(thinking("The name."), call("left_click", { coordinate: [...NAME] }), call("type", { text: "Ada" })),
      turn(call("key", { text: "ctrl+t" }), call("type", { text: "elsewhere" })),
      turn(call("left_click", { coordinate: [...SAVE] })),
      turn(text("Tested.")),
    ],
  });
  await startUnder(app, docPolicy("Test the page"), desk.program);
  await app.waits(`Left click at ${SAVE[0]}, ${SAVE[1]}`);
  expect(await deciders(app)).toEqual(["page", "fill"]);
  expect((await app.results(3)).map(({ text: words }) => words)).toEqual([
    "A rule denied this action; it was NOT executed. Reason: Leaves the page under test",
    "Not executed: an earlier computer action in this turn failed.",
  ]);
  await app.reject("not yet");
  await app.finish();
});

personTest(
  "the person moves the mouse under a policy: typing is cut, and nothing passes by itself any more",
  async ({ desktop, launch }) => {
    const folder = freshFolder();
    const file = join(folder, "typed");
    await desktop.open("xterm", ["-geometry", "80x50+20+40", "-e", "sh", "-c", `stty -icanon -echo; cat > '${file}'`]);
    await desktop.person.moveTo(395, 400);
    const policy = join(folder, "policy.json");
    const rules = [{ id: "all", effect: "allow", actions: ["left_click", "type"], app: ["xterm"] }];
    writeFileSync(policy, JSON.stringify({ version: 1, name: "Terminal", rules }));
    const app = await launch({
      script: typeLong({ at: [200, 300], text: LONG }),
      env: { DISPLAY: desktop.display, XAUTHORITY: desktop.authority },
      args: ["--task=Type it", "--where=this", `--policy=${policy}`],
    });
    await expect.poll(() => textOf(file).length, { intervals: [20], timeout: 60_000 }).toBeGreaterThan(30);
    await desktop.person.moveTo(420, 420);
    await desktop.person.moveTo(450, 440);
    await expect(app.status).toHaveText("Paused");
    expect(await leaseChanges(app)).toEqual(["suspended: You took the mouse or the keyboard."]);
    const { length } = textOf(file);
    expect(length).toBeLessThan(LONG.length);
    await sleep(300);
    expect(textOf(file)).toHaveLength(length);
    expect(await deciders(app)).toEqual(["all", "all"]);
  },
);
