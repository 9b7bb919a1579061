import { REFUSAL_WORDS } from "../electron/gate/gate.ts";
import { answerThenReply, batchOfFive, brokenInput, oneClick } from "../electron/practice/scenarios.ts";
import { startPracticeServer } from "../electron/practice/server.ts";
import { childrenOf, expect, freshFolder, spawnApp, test } from "./app.ts";
import { typesOf } from "./record.ts";

const HALTED = "Not executed: an earlier computer action in this turn failed.";

test("a rejection reaches Claude word for word, and nothing is clicked", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  await app.reject("That is the wrong button");
  expect(await app.results(2)).toEqual([
    {
      text: "The operator rejected this action; it was NOT executed. Reason: That is the wrong button",
      isError: true,
    },
  ]);
  await app.finish();
  expect(await app.all("action.started")).toEqual([]);
});

test("a batch whose third step is rejected halts there, with the exact text for the rest", async ({ launch }) => {
  const app = await launch({ script: batchOfFive() });
  await app.start("Five steps", "mousepad");
  await app.approve("Move the mouse to 640, 400");
  await app.approve("Left click at 640, 400");
  await app.waits('Type "batch"');
  await app.reject("Not yet");
  expect(await app.results(2)).toEqual([
    { text: "Moved the mouse.", isError: false },
    { text: "Clicked.", isError: false },
    { text: "The operator rejected this action; it was NOT executed. Reason: Not yet", isError: true },
    { text: HALTED, isError: true },
    { text: HALTED, isError: true },
  ]);
  await app.finish();
});

test("reloading the window approves nothing, and the proposal is shown again", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  await app.page.reload();
  await app.waits("Left click at 640, 400");
  expect(await app.all("decision.made")).toEqual([]);
  await app.approve("Left click at 640, 400");
  await app.finish();
  expect(await app.all("action.started")).toHaveLength(1);
});

test("killing the renderer while deciding approves nothing, and the card is shown again", async () => {
  // A plain process: Playwright never lets go of an app whose page has crashed.
  const dir = freshFolder();
  const server = await startPracticeServer({ script: oneClick() });
  const app = spawnApp(["--task=Click the button", `--user-data-dir=${dir}`], server.url);
  try {
    await expect.poll(() => typesOf(dir), { timeout: 30_000 }).toContain("action.proposed");
    const [renderer] = childrenOf(app.pid ?? 0, "--type=renderer");
    if (renderer === undefined) throw new Error("no renderer");
    process.kill(renderer, "SIGKILL");
    await expect
      .poll(() => childrenOf(app.pid ?? 0, "--type=renderer").filter((pid) => pid !== renderer).length)
      .toBe(1);
    expect(await typesOf(dir)).not.toContain("decision.made");
    expect(await typesOf(dir)).not.toContain("session.ended");
  } finally {
    const gone = new Promise((resolve) => app.once("exit", resolve));
    app.kill("SIGTERM");
    await gone;
    await server.close();
  }
  expect((await typesOf(dir)).at(-1)).toBe("session.ended");
  expect(await typesOf(dir)).not.toContain("action.started");
});

test("an answer can be replied to in the same session", async ({ launch }) => {
  const app = await launch({ script: answerThenReply() });
  await app.start("Fill in the form");
  await expect(app.page.getByText("Which one shall I fill in?").first()).toBeVisible({ timeout: 30_000 });
  await app.page.getByRole("textbox", { name: "Reply" }).fill("The left one");
  await app.page.getByRole("button", { name: "Send", exact: true }).click();
  await app.approve("Left click at 640, 400");
  await expect(app.page.getByText("Done, as you said: The left one").first()).toBeVisible({ timeout: 30_000 });
  await app.finish();
});

test("broken input is answered with the field's name, and never reaches the gate", async ({ launch }) => {
  const app = await launch({ script: brokenInput() });
  await app.start("Try this");
  await expect(app.status).toHaveText("Claude answered", { timeout: 30_000 });
  const texts = [];
  for (const n of [2, 3, 4, 5]) texts.push(...(await app.results(n)).map(({ text }) => text));
  expect(texts[0]).toBe("coordinate[0]: 99999 is outside the 1280x800 screenshot");
  expect(texts[1]).toMatch(/^coordinate: expected a list of numbers/);
  expect(texts[2]).toMatch(/^action: unknown action "fly_away"/);
  expect(texts[3]).toMatch(/^toolset_name: is missing/);
  expect(await app.all("action.proposed")).toEqual([]);
  await app.finish();
});

test("a decision from anywhere else than the card's digest is refused", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  const session = await app.session();
  const forged = await app.page.evaluate(
    (id) =>
      window.countersign.decide({
        session: id,
        proposal: "1.0",
        rev: 1,
        digest: "0".repeat(64),
        decision: { kind: "approve" },
      }),
    session,
  );
  expect(forged).toEqual({ ok: false, error: REFUSAL_WORDS.digest_mismatch });
  await app.reject("Enough");
  await app.finish();
  expect(await app.all("decision.refused")).toEqual([{ proposal: "1.0", reason: "digest_mismatch", count: 1 }]);
});
