import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator } from "@playwright/test";
import { centre, LAYOUT } from "../electron/practice/desk/layout.ts";
import { batchOfFive, oneClick } from "../electron/practice/scenarios.ts";
import { call, type Script, text, thinking, turn } from "../electron/practice/script.ts";
import { type App, expect, freshFolder, test } from "./app.ts";
import { clicksOn, deskProgram } from "./desk.ts";
import { journal, sessions } from "./record.ts";

/** The names of the pictures on record. */
const picturesIn = (dir: string) => readdirSync(join(dir, "blobs"), { recursive: true }).map(String).sort();

const NAME = centre(LAYOUT.name);
const AMOUNT = centre(LAYOUT.amount);

/** Name, amount and notes in one turn, then an answer. */
const fillThree: Script = [
  turn(
    thinking("Three fields, one after the other."),
    call("left_click", { coordinate: [...NAME] }),
    call("type", { text: "Ada" }),
    call("triple_click", { coordinate: [...AMOUNT] }),
    call("type", { text: "12" }),
  ),
  turn(text("Filled in.")),
];

test("an edited click lands where the operator put it, and Claude reads both", async ({ launch }) => {
  const desk = deskProgram();
  const app = await launch({ script: oneClick({ at: [NAME[0], NAME[1]] }) });
  await app.start("Click the name", desk.program);
  await app.waits(`Left click at ${NAME[0]}, ${NAME[1]}`);
  await app.page.keyboard.press("Control+e");
  await app.page.getByRole("spinbutton", { name: "X", exact: true }).fill(String(AMOUNT[0]));
  await app.page.getByRole("spinbutton", { name: "Y", exact: true }).fill(String(AMOUNT[1]));
  await app.page.getByRole("button", { name: "Approve edited" }).click();
  expect(await app.results(2)).toEqual([
    {
      text: `The operator changed this action before it ran. Proposed: Left click at ${NAME[0]}, ${NAME[1]}. Executed: Left click at ${AMOUNT[0]}, ${AMOUNT[1]}.`,
      isError: false,
    },
  ]);
  expect(clicksOn(desk)).toEqual([[AMOUNT[0], AMOUNT[1]]]);
  await app.finish();
  expect(await sessions(app.dir)).toMatchObject([{ edits: 1 }]);
});

test("the target is moved on the picture with the arrow keys", async ({ launch }) => {
  const desk = deskProgram();
  const app = await launch({ script: oneClick({ at: [NAME[0], NAME[1]] }) });
  await app.start("Click the name", desk.program);
  await app.waits(`Left click at ${NAME[0]}, ${NAME[1]}`);
  await app.page.keyboard.press("Control+e");
  const target = app.page.getByRole("slider", { name: "Target", exact: true });
  await target.focus();
  await app.page.keyboard.press("ArrowRight");
  await app.page.keyboard.press("Shift+ArrowDown");
  await expect(target).toHaveAttribute("aria-valuetext", `${NAME[0] + 1}, ${NAME[1] + 10}`);
  await expect(app.page.getByRole("spinbutton", { name: "X", exact: true })).toHaveValue(String(NAME[0] + 1));
  await app.page.keyboard.press("Control+Enter");
  await app.finish();
  expect(clicksOn(desk)).toEqual([[NAME[0] + 1, NAME[1] + 10]]);
});

test("an invalid edit says why and can't be approved", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click");
  await app.waits("Left click at 640, 400");
  await app.page.keyboard.press("Control+e");
  await app.page.getByRole("spinbutton", { name: "X", exact: true }).fill("5000");
  await expect(app.page.getByText(/5000 is outside the 1280x800 screenshot/)).toBeVisible();
  await app.page.keyboard.press("Control+Enter");
  await sleep(500);
  expect(await app.all("decision.made")).toEqual([]);
  await app.page.getByRole("button", { name: "Cancel edit" }).click();
  await app.reject("enough");
  await app.finish();
});

test("a batch approved at once runs step by step with a decision for each", async ({ launch }) => {
  const desk = deskProgram();
  const app = await launch({ script: fillThree });
  await app.start("Fill in", desk.program);
  await app.waits(`Left click at ${NAME[0]}, ${NAME[1]}`);
  await app.page.getByRole("button", { name: "Approve batch" }).click();
  expect((await app.results(2)).map(({ text: words }) => words)).toEqual([
    "Clicked.",
    "Typed.",
    "Triple-clicked.",
    "Typed.",
  ]);
  await app.finish();
  expect(desk.read()?.form).toMatchObject({ name: "Ada", amount: "12" });
  const made = await app.all("decision.made");
  expect(made.map(({ proposal }) => proposal).sort()).toEqual(["1.0", "1.1", "1.2", "1.3"]);
  expect((await app.events()).filter(({ type }) => type === "action.started")).toHaveLength(4);
});

test("reject in the middle of a batch leaves a valid history", async ({ launch }) => {
  const app = await launch({ script: batchOfFive() });
  await app.start("Five steps", "mousepad");
  await app.waits("Move the mouse to 640, 400");
  const steps = app.page.getByRole("region", { name: "Batch" });
  await steps
    .getByText(/Left click/)
    .first()
    .click();
  await app.page.getByRole("button", { name: "Approve up to here" }).click();
  await app.waits('Type "batch"');
  await app.reject("No typing");
  const results = await app.results(2);
  expect(results.map(({ isError }) => isError)).toEqual([false, false, true, true, true]);
  await app.finish();
});

/** Takes over and clicks into the name on the live picture: it goes to the desktop. Gives the picture back. */
async function takenOver(app: App, desk: ReturnType<typeof deskProgram>) {
  await app.page.getByRole("button", { name: "Take over" }).click();
  await expect(app.status).toHaveText("You have control");
  const live = app.page.getByRole("img", { name: "Live desktop" });
  await expect(live).toBeVisible();
  await clickOn(live, NAME);
  await expect.poll(() => clicksOn(desk).length).toBe(1);
  return live;
}

/** The pixels of the live picture. */
function shownBy(live: Locator): Promise<string> {
  return live.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

/** Clicks a place of the desktop (px) on its live picture. */
async function clickOn(live: Locator, [x, y]: readonly [number, number]): Promise<void> {
  const box = await live.boundingBox();
  if (box === null) throw new Error("no live picture");
  await live.click({ position: { x: (x / 1280) * box.width, y: (y / 800) * box.height } });
}

test("take over, fix a field by hand and with pasted text, hand back with a note", async ({ launch }) => {
  const desk = deskProgram();
  const app = await launch({ script: fillThree });
  await app.start("Fill in", desk.program);
  await app.waits(`Left click at ${NAME[0]}, ${NAME[1]}`);
  await takenOver(app, desk);
  const [x, y] = clicksOn(desk)[0] ?? [];
  expect(Math.abs((x ?? 0) - NAME[0])).toBeLessThanOrEqual(2);
  expect(Math.abs((y ?? 0) - NAME[1])).toBeLessThanOrEqual(2);
  await app.page.keyboard.type("By hand");
  await expect.poll(() => desk.read()?.form.name, { timeout: 15_000 }).toBe("By hand");
  await app.electron.evaluate(({ clipboard }) => clipboard.writeText("Zoë Müller 你好"));
  await app.page.keyboard.press("Control+a");
  await app.page.keyboard.press("Control+v");
  await expect.poll(() => desk.read()?.form.name, { timeout: 15_000 }).toBe("Zoë Müller 你好");
  await expect(app.page.getByRole("status", { name: "Pasted text" })).toHaveText("13 pasted characters typed");
  await app.electron.evaluate(({ clipboard }) => clipboard.clear());
  await app.page.keyboard.press("Control+v");
  await expect(app.page.getByRole("alert")).toContainText("Not pasted: there is no text on the clipboard.");
  // The key that decides at the gate is a key like any other there.
  await app.page.keyboard.press("Control+Enter");
  await expect(app.status).toHaveText("You have control");
  await app.page.getByRole("textbox", { name: "Note to Claude" }).fill("The name is in");
  await app.page.getByRole("button", { name: "Hand back" }).click();
  expect((await app.results(2)).map(({ text: words }) => words)).toEqual([
    "The operator performed this step by hand.",
    ...Array<string>(3).fill("Not executed: the operator took over; the new screenshot shows the result."),
  ]);
  const request = await app.server?.waitForRequest(2);
  expect(JSON.stringify(request?.body)).toContain("Note from the operator: The name is in");
  await app.finish();
  expect(await app.all("action.started")).toEqual([]);
});

test("capture paused for a login: no picture is taken, stored or sent until the operator resumes it", async ({
  launch,
}) => {
  const desk = deskProgram();
  const app = await launch({ script: fillThree });
  await app.start("Fill in", desk.program);
  await app.waits(`Left click at ${NAME[0]}, ${NAME[1]}`);
  const live = await takenOver(app, desk);

  await app.page.getByRole("button", { name: "Pause capture" }).click();
  await expect(app.page.getByText("Capture is paused: this is how the desktop looked before")).toBeVisible();
  const picture = await shownBy(live);
  const stored = picturesIn(app.dir);
  const session = await app.session();
  const asked = await app.page.evaluate((id) => window.countersign.live(id, true), session);
  expect(asked).toMatchObject({ ok: false, error: expect.stringContaining("Capture is paused") });
  // Hands go on working, on the picture as it was.
  await clickOn(live, NAME);
  await app.page.keyboard.type("hunter2");
  await expect.poll(() => desk.read()?.form.name, { timeout: 15_000 }).toBe("hunter2");
  const refused = await app.page.evaluate((id) => window.countersign.handBack(id, null), session);
  expect(refused).toMatchObject({ ok: false, error: expect.stringContaining("Capture is paused") });
  await expect(app.page.getByRole("button", { name: "Hand back" })).toHaveAttribute("aria-disabled", "true");
  expect(await shownBy(live)).toBe(picture);
  expect(picturesIn(app.dir)).toEqual(stored);
  expect(app.server?.requests.length).toBe(1);
  await app.page.keyboard.press("Control+a");
  await app.page.keyboard.press("Delete");
  await expect.poll(() => desk.read()?.form.name, { timeout: 15_000 }).toBe("");

  await app.page.getByRole("button", { name: "Resume capture" }).click();
  await expect.poll(() => shownBy(live)).not.toBe(picture);
  await app.page.getByRole("button", { name: "Hand back" }).click();
  expect((await app.results(2))[0]?.text).toBe("The operator performed this step by hand.");
  await app.finish();
  const events = await app.events();
  const order = events.map(({ type }) => type).filter((type) => /^(takeover|capture)/.test(type));
  expect(order).toEqual(["takeover.started", "capture.paused", "capture.resumed", "takeover.ended"]);
  expect(JSON.stringify(events)).not.toContain("hunter2");
});

test("a limit pauses and asks; going on grants as much again", async ({ launch }) => {
  const app = await launch({ script: batchOfFive(), args: ["--task=Five steps", "--max-steps=1"] });
  await app.approve("Move the mouse to 640, 400");
  await expect(app.status).toHaveText("Paused", { timeout: 30_000 });
  await expect(app.page.getByText(/limit of 1 step is reached/i).first()).toBeVisible();
  await app.page.getByRole("button", { name: "Resume" }).first().click();
  await app.waits("Left click at 640, 400");
  await app.reject("enough");
  await app.finish();
});

test("a session that a crash interrupted goes on: history rebuilt, first request valid, nothing run by itself", async ({
  launch,
}) => {
  const dir = freshFolder();
  const script: Script = (request, index) =>
    index === 0
      ? turn(thinking("One click."), call("left_click", { coordinate: [640, 400] }))
      : turn(text(`There are ${request.body === null ? 0 : 1} histories.`));
  const first = await launch({ script, dir });
  await first.start("Click it");
  await first.waits("Left click at 640, 400");
  const id = await first.session();
  const pid = first.electron.process().pid;
  if (pid === undefined) throw new Error("no process");
  process.kill(pid, "SIGKILL");
  await sleep(500);

  const second = await launch({ script: [turn(text("Good to be back."))], dir });
  await second.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Sessions" }).click();
  await second.page.getByRole("button", { name: "Go on" }).first().click();
  await expect(second.page.getByText("Good to be back.").first()).toBeVisible({ timeout: 30_000 });
  const request = await second.server?.waitForRequest(1);
  expect(request?.status).toBe(200);
  expect(JSON.stringify(request?.body)).toContain("goes on with a fresh desktop");
  await second.finish();
  expect((await second.events(id)).filter(({ type }) => type === "action.started")).toHaveLength(0);
  expect((await journal(dir, "verify", id)).stdout).toMatch(/^ok/);
});
