import { oneClick } from "../electron/practice/scenarios.ts";
import { call, type Script, text, thinking, turn } from "../electron/practice/script.ts";
import { type App, expect, test } from "./app.ts";

async function toStrip(app: App): Promise<void> {
  await app.page.keyboard.press("Control+j");
  await expect(app.page.getByRole("button", { name: "Expand" })).toBeVisible();
  await expect.poll(() => app.page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([420, 180]);
}

test("the strip shows what waits, arms it anew and decides it; it goes back to the whole window", async ({
  launch,
}) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  await toStrip(app);
  const approve = app.page.getByRole("button", { name: "Approve", exact: true });
  await expect(app.card.getByRole("heading", { name: "Left click at 640, 400" })).toBeVisible();
  await expect(approve).toHaveAttribute("aria-disabled", "false");
  await app.page.keyboard.press("Control+Enter");
  await expect(app.page.getByRole("status", { name: "Session status" })).toHaveText("Claude answered", {
    timeout: 30_000,
  });
  await app.page.getByRole("button", { name: "Expand" }).click();
  await app.finish();
  expect((await app.all("decision.made")).map(({ decision }) => decision)).toEqual([{ kind: "approve" }]);
});

test("a rejection there gives its reason, and the reason is offered the next time", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  await toStrip(app);
  await expect(app.page.getByRole("button", { name: "Approve", exact: true })).toHaveAttribute(
    "aria-disabled",
    "false",
  );
  await app.page.getByRole("button", { name: "Reject" }).click();
  await app.page.getByRole("textbox", { name: "Reason" }).fill("Not now");
  await app.page.keyboard.press("Enter");
  await app.page.getByRole("button", { name: "Expand" }).click();
  await app.finish();
  expect((await app.page.evaluate(() => window.countersign.info())).reasons).toEqual(["Not now"]);
  expect(await app.all("action.started")).toEqual([]);
});

const submit: Script = [
  turn(thinking("The form is filled in. I press Return."), call("key", { text: "Return" })),
  turn(text("Done.")),
];

test("what is risky is opened to be decided; there it takes a held key, or Approve and Confirm", async ({ launch }) => {
  const app = await launch({ script: submit });
  await app.start("Submit the form");
  await app.waits("Press Return");
  await toStrip(app);
  await expect(app.page.getByRole("button", { name: "Approve", exact: true })).toHaveCount(0);
  await app.page.keyboard.press("Control+Enter");
  await app.page.getByRole("button", { name: "Open to decide" }).click();
  await app.waits("Press Return");
  await expect(app.card.getByText("Return submits or runs what is entered.")).toBeVisible();
  // A press is not enough, and a double click is no confirmation.
  await app.page.getByRole("button", { name: "Approve", exact: true }).dblclick();
  const confirm = app.page.getByRole("button", { name: "Confirm", exact: true });
  await expect(confirm).toBeVisible();
  expect(await app.all("decision.made")).toEqual([]);
  await expect(confirm).toHaveAttribute("data-hold", "confirmArmed");
  await confirm.click();
  await app.finish();
  expect(await app.all("decision.made")).toHaveLength(1);
});
