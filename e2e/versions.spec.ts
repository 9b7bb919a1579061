import { maxTokensMidToolUse, oneClick, pauseTurn, unknownStopReason } from "../electron/practice/scenarios.ts";
import { expect, test } from "./app.ts";

for (const [model, tool, beta] of [
  ["claude-opus-5-5", "computer_toolset_20260801", "context-management-2025-06-27"],
  ["claude-opus-4-7", "computer_20251124", "computer-use-2025-11-24,context-management-2025-06-27"],
  ["claude-sonnet-4-5", "computer_20250124", "computer-use-2025-01-24,context-management-2025-06-27"],
] as const) {
  test(`a whole session with ${tool}`, async ({ launch }) => {
    const app = await launch({ script: oneClick(), args: ["--task=Click it", `--model=${model}`] });
    await app.approve("Left click at 640, 400");
    await app.finish();
    const request = await app.server?.waitForRequest(1);
    expect(request?.body).toMatchObject({ tools: [{ type: tool }] });
    expect(request?.headers["anthropic-beta"]).toBe(beta);
    expect(await app.results(2)).toEqual([{ text: "Clicked.", isError: false }]);
  });
}

test("max_tokens in the middle of a tool_use runs nothing, says so, and a reply goes on", async ({ launch }) => {
  const app = await launch({ script: maxTokensMidToolUse() });
  await app.start("Write a report");
  await expect(app.status).toHaveText("Claude answered", { timeout: 30_000 });
  await app.page.getByRole("textbox", { name: "Reply" }).fill("Go on");
  await app.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(app.page.getByText("nothing was typed").first()).toBeVisible({ timeout: 30_000 });
  await app.finish();
  expect(await app.all("action.proposed")).toEqual([]);
});

test("pause_turn sends the history again as it is", async ({ launch }) => {
  const app = await launch({ script: pauseTurn() });
  await app.start("Look");
  await expect(app.page.getByText("Now I have seen everything.").first()).toBeVisible({ timeout: 30_000 });
  await app.finish();
});

test("an unknown stop reason runs nothing and names itself", async ({ launch }) => {
  const app = await launch({ script: unknownStopReason() });
  await app.start("Look");
  await expect(app.page.getByText(/gone_fishing/).first()).toBeVisible({ timeout: 30_000 });
  expect(await app.all("action.started")).toEqual([]);
  await app.finish();
});
