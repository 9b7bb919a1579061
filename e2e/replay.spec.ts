import AxeBuilder from "@axe-core/playwright";
import { batchOfFive, oneClick } from "../electron/practice/scenarios.ts";
import { type App, expect, test } from "./app.ts";
import { checkReplays } from "./replays.ts";

/** A session with an approval, an edit and a rejection, opened in the replay. */
async function recorded(launch: (options: { script: ReturnType<typeof batchOfFive> }) => Promise<App>): Promise<App> {
  const app = await launch({ script: batchOfFive() });
  await app.start("Five steps", "mousepad");
  await app.approve("Move the mouse to 640, 400");
  await app.waits("Left click at 640, 400");
  await app.page.keyboard.press("Control+e");
  await app.page.getByLabel("X", { exact: true }).fill("500");
  await app.page.getByRole("button", { name: "Approve edited" }).click();
  await app.waits('Type "batch"');
  await app.reject("Not that word");
  await app.finish();
  await app.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Sessions" }).click();
  await app.page.getByRole("button", { name: "Five steps", exact: true }).click();
  await expect(app.page.getByRole("list", { name: "Steps" }).getByRole("listitem")).toHaveCount(5);
  return app;
}

const picture = (app: App) => app.page.getByRole("img", { name: "Screenshot Claude saw" });
const current = (app: App) => app.page.locator(".replay-list [aria-current]");

test("a recorded session: keys, timeline, pictures, filters, request and hashes", async ({ launch }) => {
  const app = await recorded(launch);
  const { page } = app;
  await expect(picture(app)).toBeVisible();
  await expect(picture(app)).toHaveAttribute("data-ready", "true");

  const slider = page.getByRole("slider", { name: "Timeline" });
  await expect(current(app)).toContainText("Move the mouse");
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(current(app)).toContainText("Left click at 500, 400");
  await expect(slider).toHaveAttribute("aria-valuetext", /step 2: Left click at 500, 400, Done$/);
  await page.keyboard.press("Home");
  await page.keyboard.press("e");
  await expect(current(app)).toContainText("Edited: Left click at 500, 400");
  await page.keyboard.press("r");
  await expect(current(app)).toContainText("Rejected");
  await expect(page.getByRole("group", { name: "Facts" })).toContainText("Not that word");

  await page.keyboard.press("e");
  await page.keyboard.press("a");
  await expect(page.getByRole("img", { name: "Screen after this step" })).toBeVisible();
  await page.keyboard.press("d");
  await expect(page.getByRole("status", { name: "How much changed" })).toHaveText(/changed/);
  await page.keyboard.press("b");
  await expect(picture(app)).toBeVisible();

  await page.getByRole("textbox", { name: "Find in this session" }).fill("not that word");
  await expect(page.getByRole("status", { name: "Listed steps" })).toContainText("1 of 5 steps");
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("combobox", { name: "Outcome" }).selectOption("edited");
  await expect(page.getByRole("list", { name: "Steps" }).getByRole("listitem")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Show all" }).click();

  await page.getByRole("tab", { name: "Record" }).click();
  const events = await app.events((await page.evaluate(() => window.countersign.info())).current ?? "");
  const made = events.find(({ type, body }) => type === "decision.made" && JSON.stringify(body).includes('"edit"'));
  await expect(page.getByRole("group", { name: "Events and hashes" })).toContainText(made?.hash ?? "no such event");

  await page.getByRole("tab", { name: "Claude" }).click();
  await page.getByRole("button", { name: "Exact request and response" }).click();
  const json = page.getByRole("group", { name: "JSON" });
  await expect(json).toContainText("stream");
  await json.evaluate((box) => box.scrollTo(0, 0));
  await expect(json).toContainText('"model"');
  expect(await json.textContent()).not.toContain("practice-key");
});

test("a stretch of the timeline lists only what was then; playing goes to the end", async ({ launch }) => {
  const app = await recorded(launch);
  const { page } = app;
  const strip = page.locator(".timeline-strip");
  const box = await strip.boundingBox();
  if (box === null) throw new Error("no timeline");
  await page.mouse.move(box.x + 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.3, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole("status", { name: "Listed steps" })).toContainText(/^\d of 5 steps/);
  await page.getByRole("button", { name: "Show all" }).click();
  // Slowly at first: a short session is over at once.
  const speed = page.getByRole("combobox", { name: "Speed" });
  await speed.selectOption("0.5");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(page.getByRole("button", { name: "Pause replay" })).toBeVisible();
  await speed.selectOption("8");
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(current(app)).toContainText("Claude answered");
});

test("notes, flags and links lead back to a step", async ({ launch }) => {
  const app = await recorded(launch);
  const { page } = app;
  await page.keyboard.press("r");
  await page.getByRole("tab", { name: "Notes" }).click();
  await page.getByRole("button", { name: "Flag this step" }).click();
  await page.getByRole("textbox", { name: "Note on this step" }).fill("Rightly refused");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.getByRole("tab", { name: "Notes (1)" })).toBeVisible();
  await page.getByRole("tab", { name: "Record" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(link).toMatch(/^countersign:\/\/session\/[0-9a-z-]+\/step\/\d+\.\d+$/);

  await page.getByRole("button", { name: "All sessions" }).click();
  await expect(page.getByRole("region", { name: "All sessions" })).toContainText("1 flagged");
  await page.getByRole("textbox", { name: "Search" }).fill(link);
  await expect(current(app)).toContainText("Rejected");
  await page.getByRole("button", { name: "All sessions" }).click();
  await page.getByText("Flagged steps", { exact: true }).click();
  await page.getByRole("list", { name: "Flagged steps" }).getByRole("button").click();
  await expect(current(app)).toContainText("Rejected");
  // The session's own chain is not touched by any of it.
  const [row] = await page.evaluate(async () => {
    const { rows } = await window.countersign.journal.sessions({
      text: "",
      sort: "startedAt",
      descending: true,
      offset: 0,
      limit: 5,
    });
    return Promise.all(rows.map(({ id }) => window.countersign.journal.verify(id)));
  });
  expect(row).toMatchObject({ ok: true });
});

test("sessions are found by what was said in them and sorted; charts and comparison open", async ({ launch }) => {
  const app = await recorded(launch);
  const { page } = app;
  await page.getByText("Charts", { exact: true }).click();
  await expect(page.getByRole("heading", { name: "Where the time went" })).toBeVisible();
  await expect(page.getByRole("figure", { name: "Tokens by turn" }).locator("svg").first()).toBeVisible();
  await page.getByText("Compare", { exact: true }).click();
  await expect(page.getByRole("combobox", { name: "Compare with" })).toBeVisible();
  await page.getByRole("button", { name: "All sessions" }).click();
  const table = page.getByRole("region", { name: "All sessions" });
  await page.getByRole("textbox", { name: "Search" }).fill("that word");
  await expect(table).toContainText("Reason: Not that word");
  await page.getByRole("textbox", { name: "Search" }).fill("never said anywhere");
  await expect(page.getByText("Nothing on record matches.")).toBeVisible();
  await page.getByRole("textbox", { name: "Search" }).fill("");
  await page.getByRole("button", { name: "Cost" }).click();
  await expect(page.getByRole("columnheader", { name: "Cost" })).toHaveAttribute("aria-sort", "descending");
});

for (const theme of ["light", "dark"] as const)
  test(`axe finds nothing serious in the replay, ${theme}`, async ({ launch }) => {
    const app = await recorded(launch);
    await app.page.evaluate((name) => window.countersign.setPreferences({ theme: name }), theme);
    await expect(app.page.locator("html")).toHaveAttribute("data-mantine-color-scheme", theme);
    const look = async (what: string) => {
      const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode().analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect([what, serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)]).toEqual([
        what,
        [],
      ]);
    };
    await look("step");
    for (const tab of ["Claude", "Record", "Notes"]) {
      await app.page.getByRole("tab", { name: tab }).click();
      await look(tab);
    }
    for (const side of ["Difference", "Slider"]) {
      await app.page.getByText(side, { exact: true }).click();
      await look(side);
    }
    await app.page.getByRole("button", { name: "Filters" }).click();
    await look("filters");
    await app.page.keyboard.press("Escape");
    for (const mode of ["Charts", "Compare"]) {
      await app.page.getByText(mode, { exact: true }).click();
      await look(mode);
    }
    await app.page.getByRole("button", { name: "All sessions" }).click();
    await expect(app.page.getByRole("region", { name: "All sessions" })).toBeVisible();
    await look("sessions");
  });

test("what is checked after every test is there to be checked", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.approve("Left click at 640, 400");
  await app.finish();
  expect(await checkReplays(app.page)).toBe(1);
});
