/** The real app with real sessions: the practice desk, and a program that is not ours. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { batchOfFive, mousepadParagraph, oneClick } from "../../electron/practice/scenarios.ts";
import { type App, expect, freshFolder, ROOT, test } from "../app.ts";
import { PICTURES, resize, shoot, THEMES } from "./shoot.ts";

const TASK = "Write a note about the trip into notes.txt and save it";

/** A no-break space, a tab, a zero-width space and a right-to-left override are in it: what an operator has to see. */
const NOTE =
  "Grüße aus Lissabon\u00a0– 1\u202f284,50\u00a0€\n\tHotel: São João (3 Nächte) ✓\npay\u200bpal \u202egpj.exe 你好 😀\n";

/** Waits for the next card that can be decided; null when the session waits for something else. */
async function nextCard(app: App): Promise<string | null> {
  const approve = app.page.getByRole("button", { name: "Approve", exact: true });
  await expect
    .poll(
      async () => {
        if ((await app.status.textContent()) === "Claude answered") return true;
        return (await approve.count()) > 0 && (await approve.getAttribute("aria-disabled")) === "false";
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  return (await app.card.count()) === 0 ? null : await app.card.getByRole("heading").first().textContent();
}

async function go(app: App, view: string): Promise<void> {
  await app.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: view }).click();
}

test("start", async ({ launch }) => {
  const app = await launch();
  await resize(app.electron, app.page, 1280, 800);
  await app.page.evaluate(async () => {
    await window.countersign.setKey("sk-ant-a-key-for-pictures");
    await window.countersign.setPreferences({ welcomed: true });
  });
  await app.page.getByRole("textbox", { name: "Task" }).fill(TASK);
  await shoot(app, "start", { small: true });
  await go(app, "Sessions");
  await shoot(app, "sessions-empty");
  await go(app, "Policy");
  await shoot(app, "policy");
  await go(app, "Settings");
  await shoot(app, "settings", { small: true });
  await app.page.getByRole("textbox", { name: "Regions" }).scrollIntoViewIfNeeded();
  await shoot(app, "settings-record");
});

test("first start, without a key", async ({ launch }) => {
  const app = await launch();
  for (const [w, h, name] of [
    [1280, 800, ""],
    [1900, 1060, "-wide"],
  ] as const) {
    await resize(app.electron, app.page, w, h);
    await go(app, "Gate");
    await expect(app.page.getByRole("region", { name: "Desktops" })).toBeVisible();
    await shoot(app, `first-start${name}`);
    await app.page.getByRole("heading", { name: "What it needs of this machine" }).scrollIntoViewIfNeeded();
    await app.page.getByRole("button", { name: "Done with this page" }).scrollIntoViewIfNeeded();
    await shoot(app, `first-start-below${name}`);
    await go(app, "Health");
    await expect(app.page.getByRole("region", { name: "Desktops" })).toBeVisible();
    await shoot(app, `health${name}`);
  }
});

test("practice", async ({ launch }) => {
  const app = await launch({ args: ["--practice"] });
  await resize(app.electron, app.page, 1280, 800);
  const seen = new Set<string>();
  const once = async (name: string, small = false) => {
    if (seen.has(name)) return;
    seen.add(name);
    await shoot(app, name, { small });
  };
  for (let card = await nextCard(app); card !== null; card = await nextCard(app)) {
    if (seen.size === 0) {
      await once("gate-first", true);
      await app.page.keyboard.press("Control+Backspace");
      await app.page.getByRole("textbox", { name: "Reason" }).fill("Use the name as it is on the ticket");
      await shoot(app, "rejecting", { small: true });
      await app.page.keyboard.press("Escape");
    }
    if (card.startsWith("Left click") && seen.has("gate-batch") && !seen.has("gate-click")) {
      await once("gate-click", true);
      await app.page.getByRole("list", { name: "Actions of this turn" }).getByRole("button").last().click();
      await once("storyboard", true);
      await app.page.getByRole("button", { name: "Back to steps" }).click();
      await app.page.keyboard.press("Control+e");
      await app.page.getByLabel("X", { exact: true }).fill("184");
      await expect(app.page.getByRole("button", { name: "Approve edited" })).toBeVisible();
      await once("edit", true);
      await app.page.getByRole("button", { name: "Cancel edit" }).click();
      await nextCard(app);
    }
    if (card.startsWith("Type") && seen.has("gate-batch") && card.includes("characters")) await once("gate-type", true);
    if (card.startsWith("Type")) await once("gate-batch", true);
    if (card.startsWith("Drag")) await once("gate-drag", true);
    if (card.startsWith("Scroll")) await once("gate-scroll");
    if (card.startsWith("Press")) await once("gate-key");
    if (card.startsWith("Double click")) await once("gate-double-click");
    await app.approveWaiting();
  }
  await shoot(app, "answered", { small: true });
  await app.finish();
  await shoot(app, "finished");
  await go(app, "Sessions");
  await shoot(app, "sessions-practice");
  await app.page.locator(".session-open").first().click();
  await expect(app.page.getByRole("list", { name: "Steps" }).getByRole("listitem").first()).toBeVisible();
  await shoot(app, "session-opened", { small: true });
});

test("thinking", async ({ launch }) => {
  const app = await launch({ script: oneClick({ pace: 1500 }) });
  await resize(app.electron, app.page, 1280, 800);
  await app.start(TASK, "mousepad");
  await expect(app.page.getByRole("region", { name: "Thinking" })).toContainText("The button", { timeout: 30_000 });
  await shoot(app, "thinking");
  await app.page.getByRole("button", { name: "Stop session" }).click();
  await expect(app.status).toHaveText("Stopped", { timeout: 30_000 });
  await shoot(app, "stopped");
});

test("an editor", async ({ launch }) => {
  const app = await launch({ script: mousepadParagraph({ text: NOTE }) });
  await resize(app.electron, app.page, 1280, 800);
  await app.start(TASK, "mousepad");
  await app.waits(/^Left click/);
  await shoot(app, "editor-click");
  await app.approveWaiting();
  await nextCard(app);
  await app.waits(/^Type/);
  await shoot(app, "editor-type", { small: true });
  await app.page.getByRole("button", { name: "Text is secret" }).click();
  await app.page.getByRole("button", { name: "Keep it out" }).scrollIntoViewIfNeeded();
  await shoot(app, "secret-asked", { small: true });
  await app.page.getByRole("button", { name: "Cancel" }).click();
  await app.approveWaiting();
  await app.waits(/^Press/);
  await shoot(app, "editor-key");
  await app.page.keyboard.press("Control+.");
  await expect(app.status).toHaveText("Paused");
  await shoot(app, "paused");
});

test("taken over", async ({ launch }) => {
  const app = await launch({ args: ["--practice"] });
  await resize(app.electron, app.page, 1280, 800);
  await nextCard(app);
  await app.page.getByRole("button", { name: "Take over" }).click();
  await expect(app.page.getByRole("img", { name: "Live desktop" })).toBeVisible({ timeout: 30_000 });
  await shoot(app, "taken-over", { small: true });
  await app.page.getByRole("button", { name: "Pause capture" }).click();
  await expect(app.page.getByRole("button", { name: "Resume capture" })).toBeVisible();
  await shoot(app, "capture-paused", { small: true });
});

test("five in one turn", async ({ launch }) => {
  const app = await launch({ script: batchOfFive() });
  await resize(app.electron, app.page, 1280, 800);
  await app.start("Put the word into the editor and select it", "mousepad");
  await app.approve("Move the mouse to 640, 400");
  await app.approve("Left click at 640, 400");
  await app.waits('Type "batch"');
  await shoot(app, "batch-of-five", { small: true });
  await app.reject("Not that word");
  await expect(app.status).toHaveText("Claude answered", { timeout: 30_000 });
  await shoot(app, "rejected-answered");
});

/** What a reviewer sees, at both usual sizes. */
test("review", async ({ launch }) => {
  const dir = freshFolder();
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  const fill = join(ROOT, "e2e", "pictures", "fill-record.ts");
  execFileSync(process.env.COUNTERSIGN_ELECTRON ?? "", ["--no-warnings", fill, dir], { env });
  const app = await launch({ dir });
  const { page } = app;
  for (const [w, h] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await resize(app.electron, page, w, h);
    const name = (what: string) => (w === 1280 ? what : `${what}-${w}`);
    await go(app, "Sessions");
    await expect(page.locator(".sessions tbody .session-open").first()).toBeVisible();
    await page.waitForTimeout(800);
    await shoot(app, name("review-sessions"));
    await page.getByRole("textbox", { name: "Search" }).fill("Lisbon");
    await page.waitForTimeout(800);
    await shoot(app, name("review-search"));
    await page.getByRole("textbox", { name: "Search" }).fill("");
    await page.locator(".session-open").first().click();
    await expect(page.getByRole("img", { name: "Screenshot Claude saw" })).toBeVisible();
    await page.keyboard.press("e");
    await page.waitForTimeout(1500);
    await shoot(app, name("review-replay"));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("d");
    await page
      .getByRole("checkbox", { name: /^Pick step/ })
      .nth(2)
      .check();
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.waitForTimeout(400);
    await shoot(app, name("review-picked"));
    await page.keyboard.press("Escape");
    for (const tab of ["Claude", "Record", "Notes"]) {
      await page.getByRole("tab", { name: tab }).click();
      await shoot(app, name(`review-${tab.toLowerCase()}`));
    }
    await page.getByText("Charts", { exact: true }).click();
    await page.waitForTimeout(600);
    await shoot(app, name("review-charts"));
    await page.getByText("Compare", { exact: true }).click();
    await page.waitForTimeout(1200);
    await shoot(app, name("review-compare"));
    await page.getByRole("button", { name: "All sessions" }).click();
  }
  const report = join(dir, "report.html");
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
  }, report);
  const saved = await page.evaluate(() =>
    window.countersign.journal.report({ session: "20261120-long0000", steps: null }),
  );
  expect(saved).toEqual({ ok: true, file: report });
  await shootReport(app, pathToFileURL(report).href);
});

/** The report as a browser shows it in both themes, and as it comes out on paper. */
async function shootReport(app: App, url: string): Promise<void> {
  const shots = await app.electron.evaluate(
    async ({ BrowserWindow }, { address, themes }) => {
      const window = new BrowserWindow({ width: 1280, height: 900, show: true });
      const done: Record<string, string> = {};
      for (const theme of themes) {
        await window.loadURL(address);
        if (!window.webContents.debugger.isAttached()) window.webContents.debugger.attach();
        const features = [{ name: "prefers-color-scheme", value: theme }];
        await window.webContents.debugger.sendCommand("Emulation.setEmulatedMedia", { features });
        await new Promise((resolve) => setTimeout(resolve, 1000));
        done[`report-${theme}`] = (await window.webContents.capturePage()).toPNG().toString("base64");
        await window.webContents.executeJavaScript("document.querySelectorAll('article')[3].scrollIntoView()");
        await new Promise((resolve) => setTimeout(resolve, 500));
        done[`report-step-${theme}`] = (await window.webContents.capturePage()).toPNG().toString("base64");
      }
      await window.webContents.debugger.sendCommand("Emulation.setEmulatedMedia", { features: [] });
      done.paper = (await window.webContents.printToPDF({ pageSize: "A4" })).toString("base64");
      window.destroy();
      return done;
    },
    { address: url, themes: THEMES },
  );
  for (const [name, base64] of Object.entries(shots))
    writeFileSync(join(PICTURES, name === "paper" ? "report.pdf" : `${name}.png`), Buffer.from(base64, "base64"));
}
