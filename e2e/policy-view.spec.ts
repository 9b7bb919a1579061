/** The policy view in the real app: everything it is for, over a record that a session has left. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, text, turn } from "../electron/practice/script.ts";
import type { Policy } from "../shared/policy/format.ts";
import { type App, expect, freshFolder, test } from "./app.ts";
import { formFile, startUnder } from "./under-policy.ts";

/** What the operator chooses in the system's dialogs from now on. */
async function choose(app: App, file: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
  }, file);
}

test("a policy is begun from a sample, edited, ordered, duplicated, stored, exported, imported and tested on the record", async ({
  launch,
}) => {
  test.setTimeout(120_000);
  const folder = freshFolder();
  const app = await launch({
    script: [
      turn(call("left_click", { coordinate: [640, 400] })),
      turn(call("type", { text: "rm -r notes" })),
      turn(text("Done.")),
    ],
  });
  const { page } = app;
  await startUnder(app, null, formFile().program);
  await app.approve("Left click at 640, 400");
  await app.waits('Type "rm -r notes"');
  await app.reject("not that");
  await app.finish();
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
  const stored = page.getByRole("list", { name: "Stored policies" }).getByRole("button");

  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Policy" }).click();
  await button("New policy").click();
  await expect(page.getByRole("menuitem")).toHaveText([
    /^Reading a screen/,
    /^Filling a form in one program/,
    /^Testing a web page/,
  ]);
  await page.getByRole("menuitem", { name: /^Filling a form/ }).click();
  const words = page.getByRole("region", { name: "In plain words" });
  await expect(words).toContainText("Claude may type in mousepad");
  await expect(words).not.toContainText("Wider than it may seem");

  // Made too wide, it is warned of at the rule and beside it.
  await button(/^Allow write/).click();
  await page.getByRole("textbox", { name: "Text pattern" }).fill("");
  await expect(words).toContainText("It types any text, line ends (Enter) among them.");
  const rules = page.getByRole("region", { name: "Rules" });
  await expect(rules.getByText("Too wide? It types any text")).toBeVisible();
  // A mistake is named at its rule by its path, and can't be stored.
  await page.getByRole("textbox", { name: "Text pattern" }).fill("(");
  await expect(rules.getByText(/^rules\[2\]\.text: is not a regular expression/)).toBeVisible();
  await expect(button("Save policy")).toBeDisabled();
  await page.getByRole("textbox", { name: "Text pattern" }).fill("[^\\n]{0,60}");

  await button("Move write up").click();
  await button("Duplicate look").click();
  await button("Remove look-copy").click();
  await page.getByRole("textbox", { name: "Policy name" }).fill("My form");
  await button("Save policy").click();
  await expect(stored).toHaveText([/^My form/]);
  await button("Duplicate").click();
  await button("Save policy").click();
  await expect(stored).toHaveText([/^My form(?! \()/, /^My form \(copy\)/]);

  await stored.first().click();
  const file = join(folder, "exported.json");
  await choose(app, file);
  await button("Export…").click();
  await expect(page.getByText(`Written to ${file}.`)).toBeVisible();
  const exported = JSON.parse(readFileSync(file, "utf8")) as Policy;
  expect(exported.rules.map(({ id }) => id)).toEqual(["look", "write", "point", "step", "leave"]);
  expect(exported.rules[1]?.text).toBe("[^\\n]{0,60}");

  const bad = { ...exported, rules: [...exported.rules, { id: "x", effect: "allow", keys: ["Retrun"] }] };
  writeFileSync(file, JSON.stringify(bad));
  await button("Import…").click();
  await expect(page.getByText(/was not imported\. rules\[5\]\.keys\[0\]: unknown key "Retrun"/)).toBeVisible();
  writeFileSync(file, JSON.stringify({ ...exported, name: "From a file" }));
  await button("Import…").click();
  await expect(page.getByRole("textbox", { name: "Policy name" })).toHaveValue("From a file");

  const backtest = page.getByRole("region", { name: "Back-test" });
  await backtest.getByRole("button", { name: "Run over all sessions" }).click();
  await expect(backtest.getByText("would pass, though you refused or changed them")).toBeVisible();
  const found = backtest.getByRole("listitem");
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('Type "rm -r notes"');
  await expect(found).toContainText("It lets it pass; then you rejected it.");
  await found.getByRole("button", { name: "Rule write" }).click();
  await expect(button(/^Allow write/)).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByRole("textbox", { name: "Text pattern" })).toBeInViewport();
  // Narrowed, it agrees with every decision.
  await page.getByRole("textbox", { name: "Text pattern" }).fill("[A-Z][^\\n]{0,60}");
  await backtest.getByRole("combobox", { name: "Sessions to run over" }).click();
  await page.getByRole("option", { name: /Fill in the form/ }).click();
  await page.keyboard.press("Escape");
  await backtest.getByRole("button", { name: "Run over 1 session" }).click();
  await expect(backtest.getByText("It agrees with every decision you made.")).toBeVisible();
});

test("figures over time: how often a policy asked, and how often the operator disagreed", async ({ launch }) => {
  test.setTimeout(120_000);
  const app = await launch({
    script: [
      turn(call("screenshot"), call("left_click", { coordinate: [640, 400] }), call("key", { text: "Return" })),
      turn(text("Done.")),
    ],
  });
  const policy: Policy = {
    version: 1,
    name: "Looks and clicks",
    rules: [
      { id: "look", effect: "allow", actions: ["screenshot"] },
      { id: "point", effect: "allow", actions: ["left_click"], app: ["mousepad"] },
    ],
  };
  await app.page.evaluate((given) => window.countersign.policies.save(null, given), policy);
  await startUnder(app, policy, formFile().program);
  await app.waits("Press Return");
  await app.reject("no line ends");
  await app.finish();
  await app.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Policy" }).click();
  await app.page.getByRole("button", { name: /^Looks and clicks/ }).click();
  const figures = app.page.getByRole("region", { name: "Over time" });
  await expect(figures.getByRole("row").last().getByRole("cell")).toHaveText(["3", "2", "1 (33 %)", "1 (100 %)", "0"]);
});
