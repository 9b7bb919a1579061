import { batchOfFive, oneClick } from "../electron/practice/scenarios.ts";
import { expect, test } from "./app.ts";

test("a finished session can be opened again, with its steps, decisions and pictures", async ({ launch }) => {
  const app = await launch({ script: batchOfFive() });
  await app.start("Five steps", "mousepad");
  for (const sentence of ["Move the mouse to 640, 400", "Left click at 640, 400", 'Type "batch"', "Press ctrl+a"])
    await app.approve(sentence);
  await app.finish();
  await app.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Sessions" }).click();
  await app.page.getByRole("main").getByText("Five steps").click();
  const steps = app.page.getByRole("list", { name: "Steps" });
  await expect(steps.getByRole("listitem")).toHaveCount(5);
  await expect(steps).toContainText("Left click at 640, 400");
  await steps.getByText('Type "batch"').click();
  await expect(app.page.getByRole("img", { name: "Screenshot Claude saw" })).toBeVisible();
  await expect(app.page.getByRole("img", { name: "Screenshot Claude saw" })).toHaveAttribute("data-ready", "true");
});

test("without a key the start view says so and offers practice; an entered key is used and never shown again", async ({
  launch,
}) => {
  const app = await launch();
  await expect(app.page.getByRole("button", { name: "Try the practice session" })).toBeVisible();
  const info = await app.page.evaluate(async () => {
    await window.countersign.setKey("sk-ant-test-marked-key");
    return JSON.stringify(await window.countersign.info());
  });
  expect(info).not.toContain("marked-key");
  await expect(app.page.getByText("marked-key")).toHaveCount(0);
});

test("pause holds the proposal, resume shows it again; a note reaches Claude", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  await app.page.keyboard.press("Control+.");
  await expect(app.status).toHaveText("Paused");
  await app.page.getByRole("button", { name: "Resume" }).click();
  await app.waits("Left click at 640, 400");
  await app.page.evaluate(async () => {
    const { current } = await window.countersign.info();
    await window.countersign.note(current ?? "", "Mind the gap");
  });
  await app.page.keyboard.press("Control+Enter");
  const request = await app.server?.waitForRequest(2);
  expect(JSON.stringify(request?.body)).toContain("Note from the operator: Mind the gap");
  await app.finish();
});
