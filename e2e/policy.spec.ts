import { call, lastResults, type ScriptRequest, text, thinking, turn } from "../electron/practice/script.ts";
import { expect, test } from "./app.ts";
import {
  deciders,
  FILLED,
  FORM_POLICY,
  filled,
  formCalls,
  formFile,
  formTask,
  INSIDE,
  leaseChanges,
  openThere,
  startUnder,
} from "./under-policy.ts";

/** Whether the last results are those of the typing. */
function lastTyped(request: ScriptRequest): boolean {
  return lastResults(request).some(({ text: words }) => /rejected|Typed/.test(words));
}

test("a form task in mousepad runs under a policy without one question, each step with its rule", async ({
  launch,
}) => {
  test.setTimeout(180_000);
  const form = formFile();
  expect(formCalls()).toHaveLength(20);
  const app = await launch({ script: formTask() });
  await startUnder(app, FORM_POLICY, form.program);
  await expect(app.status).toHaveText("Claude answered", { timeout: 120_000 });
  expect(form.read()).toBe(FILLED);
  const by = await deciders(app);
  expect(by).toHaveLength(20);
  expect(new Set(by)).toEqual(new Set(["point", "write", "keys"]));
  const evaluated = await app.all("policy.evaluated");
  expect(evaluated.filter(({ at }) => at === "precheck")).toHaveLength(20);
  expect(evaluated[0]?.verdict.explanation).toBe(
    'Allowed by rule "point": left_click in mousepad, inside 340,240-940,620, use 1 of 50.',
  );
  expect(evaluated[0]?.verdict.lease).toMatchObject({ state: "active", left: { actions: 100 } });
  const [proposed] = await app.all("action.proposed");
  expect(proposed?.proposal.windows?.points[0]).toMatchObject({ class: "Mousepad", exe: "mousepad" });
  await expect(app.page.getByRole("region", { name: "Auto-approval" })).toContainText("80 actions left");
  await app.finish();
});

test("the same task with one step outside the region asks exactly once", async ({ launch }) => {
  test.setTimeout(180_000);
  const form = formFile();
  // The menu bar: mousepad all the same, but not the part the policy names.
  const outside = call("left_click", { coordinate: [640, 230] });
  const app = await launch({ script: formTask([outside, call("key", { text: "Escape" }), ...formCalls(1)]) });
  const policy = {
    ...FORM_POLICY,
    rules: FORM_POLICY.rules.map((rule) =>
      rule.keys?.includes("End") ? { ...rule, keys: [...rule.keys, "Escape"] } : rule,
    ),
  };
  await startUnder(app, policy, form.program);
  await app.waits("Left click at 640, 230");
  await expect(app.card).toContainText("Asks: no rule of the policy covers this action.");
  await app.page.keyboard.press("Control+Enter");
  await expect(app.status).toHaveText("Claude answered", { timeout: 120_000 });
  expect((await deciders(app)).filter((who) => who === "operator")).toHaveLength(1);
  expect(form.read()).toBe(filled(1));
  await app.finish();
});

test("the lease runs out in the middle of a batch; one click extends it", async ({ launch }) => {
  test.setTimeout(180_000);
  const form = formFile();
  const app = await launch({ script: formTask() });
  await startUnder(app, { ...FORM_POLICY, lease: { actions: 2 } }, form.program);
  await app.waits("Press End");
  const bar = app.page.getByRole("region", { name: "Auto-approval" });
  await expect(bar).toContainText("Auto-approval has stopped");
  await expect(bar).toContainText("Its 2 actions are used up.");
  expect(await deciders(app)).toHaveLength(2);
  await bar.getByRole("button", { name: "Extend lease" }).click();
  await expect(bar).toContainText("2 actions left");
  await app.page.keyboard.press("Control+Enter");
  // 2 more, the one by hand among them; then it asks again.
  await app.waits(/^(Press|Type)/);
  await expect(bar).toContainText("Auto-approval has stopped");
  expect(await deciders(app)).toHaveLength(4);
  expect((await deciders(app))[2]).toBe("operator");
  await app.page.getByRole("button", { name: "Stop session" }).click();
});

test("a window of another program pops up: auto-approval stops, and nothing reaches it", async ({ launch }) => {
  test.setTimeout(180_000);
  const form = formFile();
  let opened = false;
  const app = await launch({
    script: (_request, n) => {
      if (n === 0) return turn(thinking("First the caret."), call("left_click", { coordinate: [...INSIDE] }));
      if (!opened) return turn(call("wait", { duration: 1 }), call("screenshot"));
      return lastTyped(_request) ? turn(text("Done.")) : turn(call("type", { text: "into the form" }));
    },
  });
  await startUnder(app, FORM_POLICY, form.program);
  await expect.poll(async () => (await app.all("action.finished")).length, { timeout: 60_000 }).toBeGreaterThan(0);
  const close = await openThere(app, "xterm", ["-geometry", "80x24+400+300"]);
  try {
    await expect.poll(() => leaseChanges(app), { timeout: 30_000 }).toHaveLength(1);
    expect((await leaseChanges(app))[0]).toBe("suspended: xterm came to the front, and no rule names it.");
    opened = true;
    // Whatever Claude asks for now waits, looking too.
    const heading = app.card.getByRole("heading", { level: 2 });
    for (;;) {
      await expect(heading).toBeVisible({ timeout: 30_000 });
      const asked = (await heading.textContent()) ?? "";
      if (asked.startsWith("Type")) break;
      await app.approve(asked);
      await expect(app.card.getByRole("heading", { name: asked })).toBeHidden();
    }
    await expect(app.page.getByRole("region", { name: "Auto-approval" })).toContainText("Auto-approval has stopped");
    await app.waits('Type "into the form"');
    await app.reject("another window");
  } finally {
    close();
  }
  await app.finish();
});
