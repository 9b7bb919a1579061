import { overloaded, rateLimitedThenFine, refusal, streamCut, unauthorised } from "../electron/practice/scenarios.ts";
import { expect, test } from "./app.ts";

test("401: said in words, with a way on", async ({ launch }) => {
  const app = await launch({ script: unauthorised() });
  await app.start("Hello");
  await expect(app.status).toHaveText("Paused", { timeout: 30_000 });
  await expect(
    app.page
      .getByText(/key/i)
      .filter({ hasText: /accept/i })
      .first(),
  ).toBeVisible();
  expect((await app.all("turn.failed"))[0]?.error).toMatchObject({ kind: "auth", status: 401 });
  await app.page.getByRole("button", { name: "Stop session" }).click();
  await expect(app.status).toHaveText("Stopped");
});

test("429: the wait is shown and can be cut short, then it works", async ({ launch }) => {
  const app = await launch({ script: rateLimitedThenFine({ retryAfter: 20 }) });
  await app.start("Click it");
  await expect(app.status).toHaveText("Retrying", { timeout: 30_000 });
  await app.page.getByRole("button", { name: "Try now" }).click();
  await app.approve("Left click at 640, 400");
  await app.finish();
  expect((await app.all("api.retrying"))[0]).toMatchObject({ turn: 1, attempt: 2 });
});

test("529: retried until it works", async ({ launch }) => {
  const app = await launch({ script: overloaded() });
  await app.start("What do you see?");
  await app.finish();
  expect((await app.all("api.retrying")).filter(({ until }) => until !== null)).toHaveLength(2);
});

test("a stream cut in the middle of a tool_use runs nothing of it, and is tried again", async ({ launch }) => {
  const app = await launch({ script: streamCut() });
  await app.start("Click it");
  await app.approve("Left click at 640, 400");
  await app.finish();
  expect(await app.all("action.started")).toHaveLength(1);
  expect(await app.all("turn.finished")).toHaveLength(2);
});

test("a refusal ends the session and says so", async ({ launch }) => {
  const app = await launch({ script: refusal() });
  await app.start("Something bad");
  await expect(app.page.getByText("I can't help with that.").first()).toBeVisible({ timeout: 30_000 });
  expect(await app.all("action.proposed")).toEqual([]);
  expect((await app.all("session.ended"))[0]?.reason).toBe("refused");
});
