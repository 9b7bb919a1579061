/** A reviewer and a record of many sessions: moving through a long one, comparing two, deleting one. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type App, expect, freshFolder, type LaunchOptions, ROOT, test } from "./app.ts";
import { journal } from "./record.ts";

const REPORT = "Write the monthly report from the figures in the ledger, check the totals and save it";

/** The app over a generated record: two long sessions of one task, two dozen short ones. */
async function reviewing(launch: (options: LaunchOptions) => Promise<App>): Promise<App> {
  const dir = freshFolder();
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  const fill = join(ROOT, "e2e", "pictures", "fill-record.ts");
  await promisify(execFile)(process.env.COUNTERSIGN_ELECTRON ?? "", ["--no-warnings", fill, dir], { env });
  const app = await launch({ dir });
  await app.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Sessions" }).click();
  await expect(app.page.getByRole("status", { name: "Sessions found" })).toHaveText("26 sessions");
  await app.page.getByRole("button", { name: REPORT }).first().click();
  await expect(app.page.getByRole("img", { name: "Screenshot Claude saw" })).toHaveAttribute("data-ready", "true");
  await expect(app.page.getByRole("status", { name: "Listed steps" })).toContainText("84 steps");
  return app;
}

const current = (app: App) => app.page.locator(".replay-list [aria-current]");

test("a reviewer previews, steps by keys and by decision, and compares with another session of the task", async ({
  launch,
}) => {
  const app = await reviewing(launch);
  const { page } = app;
  const strip = await page.locator(".timeline-strip").boundingBox();
  if (strip === null) throw new Error("no timeline");
  await page.mouse.move(strip.x + strip.width / 2, strip.y + 20);
  await expect(page.locator(".timeline-preview")).toContainText(/Step \d+: /);

  await page.keyboard.press("x");
  await expect(current(app)).toContainText("Failed");
  await page.keyboard.press("End");
  await expect(current(app)).toContainText("84");
  await page.keyboard.press("ArrowLeft");
  await expect(current(app)).toContainText("83");
  await page.keyboard.press("Home");
  await page.getByRole("combobox", { name: "Speed" }).selectOption("decisions");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(current(app)).toContainText(/^[3-9]/, { timeout: 20_000 });
  await page.getByRole("button", { name: "Pause replay" }).click();

  await page.getByText("Compare", { exact: true }).click();
  const figures = page.getByRole("group", { name: "Figures of both" });
  await expect(figures).toContainText("The other");
  await expect(page.getByRole("img", { name: "Screenshot Claude saw" })).toHaveCount(2);
});

test("a session is deleted from the window, after one more question; a tombstone stays and the rest verifies", async ({
  launch,
}) => {
  const app = await reviewing(launch);
  const { page } = app;
  const inMenu = async (name: string) => {
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  await inMenu("Delete it");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await inMenu("Delete it");
  await page.getByRole("button", { name: "Delete session" }).click();
  await expect(page.getByRole("status", { name: "Sessions found" })).toHaveText("25 sessions");
  const gone = await journal(app.dir, "verify", "20261120-long0001").catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(gone).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/was deleted on .* \(entry \d+ of the store's own chain\)/),
  });
  expect((await journal(app.dir, "verify", "20261120-long0000")).stdout).toMatch(/^ok: \d+ events, \d+ pictures/);
});
