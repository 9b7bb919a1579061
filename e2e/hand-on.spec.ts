/** What the window hands on and takes in, checked by the app's own command and by the second verifier. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { batchOfFive } from "../electron/practice/scenarios.ts";
import { type App, expect, freshFolder, ROOT, test } from "./app.ts";
import { journal } from "./record.ts";

/** The operator's answer to the next dialog that asks where to, or which file. */
async function answerDialogs(app: App, file: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
  }, file);
}

async function inMenu(app: App, item: string | RegExp, file: string): Promise<void> {
  await answerDialogs(app, file);
  await app.page.getByRole("button", { name: "Export", exact: true }).click();
  await app.page.getByRole("menuitem", { name: item }).click();
  await expect(app.page.getByRole("status", { name: "Export and check" })).toContainText(`Written to ${file}`);
}

/** The second verifier's word on an export; it runs in Electron's Node, as the first does. */
async function secondVerdict(file: string): Promise<{ readonly ok: boolean; readonly why?: string }> {
  const program = `import(${JSON.stringify(join(ROOT, "e2e", "independent-verifier.ts"))}).then(({ verifyZip }) => process.stdout.write(JSON.stringify(verifyZip(${JSON.stringify(file)}))))`;
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  const { stdout } = await promisify(execFile)(
    process.env.COUNTERSIGN_ELECTRON ?? "",
    ["--no-warnings", "-e", program],
    { env },
  );
  return JSON.parse(stdout) as { ok: boolean; why?: string };
}

async function bothFindWhole(app: App, file: string): Promise<string> {
  const { stdout } = await journal(app.dir, "verify", file);
  expect(stdout).toMatch(/^ok: session/);
  expect(await secondVerdict(file)).toMatchObject({ ok: true });
  return stdout;
}

test("Export, Report and Import in the window: whole, and only the selected steps", async ({ launch }) => {
  const folder = freshFolder();
  const app = await launch({ script: batchOfFive() });
  const { page } = app;
  await app.start("Five steps", "mousepad");
  await app.approve("Move the mouse to 640, 400");
  await app.approve("Left click at 640, 400");
  await app.waits('Type "batch"');
  await app.reject("Not that word");
  await app.finish();
  const id = await app.session();
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Sessions" }).click();
  await page.getByRole("button", { name: "Five steps", exact: true }).click();
  const steps = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(steps).toHaveCount(5);

  await inMenu(app, "Export with pictures (zip)", join(folder, "whole.zip"));
  expect(await bothFindWhole(app, join(folder, "whole.zip"))).not.toContain("chosen steps only");
  await inMenu(app, "Export without pictures (zip)", join(folder, "bare.zip"));
  expect(await bothFindWhole(app, join(folder, "bare.zip"))).toContain("the pictures were left out");
  await inMenu(app, "Report (HTML)", join(folder, "whole.html"));
  const report = readFileSync(join(folder, "whole.html"), "utf8");
  expect(report).toContain("The record is whole");
  expect(report).toContain("Not that word");
  expect(report).not.toContain("<script");

  // Two picked one by one.
  await page.getByRole("checkbox", { name: "Pick step 2" }).check();
  await page.getByRole("checkbox", { name: "Pick step 3" }).check();
  await expect(page.getByRole("status", { name: "Listed steps" })).toContainText("2 picked");
  await inMenu(app, "Export the selected steps (zip)", join(folder, "picked.zip"));
  await expect(page.getByRole("status", { name: "Export and check" })).toContainText("2 of 5 steps");
  expect(await bothFindWhole(app, join(folder, "picked.zip"))).toMatch(/chosen steps only: 1\.1, 1\.2/);
  await inMenu(app, "Report of the selected steps (HTML)", join(folder, "picked.html"));
  const part = readFileSync(join(folder, "picked.html"), "utf8");
  expect(part).toContain("2 of 5 steps");
  expect(part).toContain("Not that word");
  expect(part).not.toContain('id="step-1.0"');
  await page.getByRole("button", { name: "Pick none" }).click();

  // A stretch of time dragged on the timeline.
  const box = await page.locator(".timeline-strip").boundingBox();
  if (box === null) throw new Error("no timeline");
  await page.mouse.move(box.x + 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 4 });
  await page.mouse.up();
  const status = page.getByRole("status", { name: "Listed steps" });
  await expect(status).toContainText(/^\d of 5 steps/);
  const listed = Number(/^(\d) of 5/.exec((await status.textContent()) ?? "")?.[1]);
  await inMenu(app, "Export the selected steps (zip)", join(folder, "window.zip"));
  await expect(page.getByRole("status", { name: "Export and check" })).toContainText(`${listed} of 5 steps`);
  await bothFindWhole(app, join(folder, "window.zip"));

  // Another record takes the whole one in, and nothing of a part.
  const other = await launch();
  await other.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Sessions" }).click();
  await answerDialogs(other, join(folder, "picked.zip"));
  await other.page.getByRole("button", { name: "Import" }).click();
  await expect(other.page.getByRole("alert")).toContainText("only some of a session's steps");
  await answerDialogs(other, join(folder, "whole.zip"));
  await other.page.getByRole("button", { name: "Import" }).click();
  await expect(other.page.getByRole("list", { name: "Steps" }).getByRole("listitem")).toHaveCount(5);
  expect((await journal(other.dir, "verify", id)).stdout).toMatch(/^ok: \d+ events/);
  expect(await other.events(id)).toEqual(await app.events(id));
});

test("a link pasted into the palette opens the step; one that leads nowhere says so", async ({ launch }) => {
  const app = await launch({ script: batchOfFive() });
  const { page } = app;
  await app.start("Five steps", "mousepad");
  await app.waits("Move the mouse to 640, 400");
  await app.reject("No");
  await app.finish();
  const id = await app.session();
  const paste = async (link: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command" }).fill(link);
    await page.keyboard.press("Enter");
  };
  await paste(` countersign://session/${id}/step/1.2 `);
  await expect(page.locator(".replay-list [aria-current]")).toContainText('Type "batch"');
  await paste(`countersign://session/${id}/step/7.0`);
  await expect(page.getByText("This session has no step 7.0")).toBeVisible();
  await paste("countersign://session/20200101-none0000/step/1.0");
  await expect(page.getByRole("alert")).toContainText("There is no session 20200101-none0000 on record here");
});
