/** Several sessions at once in one window: a queue, one decision at a time, and nothing of one in the other. */
import { createHash } from "node:crypto";
import { REFUSAL_WORDS } from "../electron/gate/gate.ts";
import { call, type Script, text, turn } from "../electron/practice/script.ts";
import { PRACTICE_API_KEY, type PracticeServer, startPracticeServer } from "../electron/practice/server.ts";
import { digestInputOf, digestText } from "../shared/digest.ts";
import { type App, test as base, expect, type LaunchOptions } from "./app.ts";
import { journal, sessions } from "./record.ts";

const A = "Click on the left";
const B = "Click on the right";

/** Two clicks, then an answer; both sessions' first proposals have the same id, revision and kind. */
const clicks = (x: number): Script => [
  turn(call("left_click", { coordinate: [x, 400] })),
  turn(call("left_click", { coordinate: [x + 1, 400] })),
  turn(text("Done.")),
];

type Two = { readonly app: App; readonly a: string; readonly b: string; readonly other: PracticeServer };

/** A second Claude at an address of its own. */
const test = base.extend<{ readonly other: PracticeServer; readonly two: (more?: LaunchOptions) => Promise<Two> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  other: async ({}, use) => {
    const server = await startPracticeServer({ script: clicks(900) });
    await use(server);
    await server.close();
  },
  two: async ({ launch, other }, use) => {
    await use(async (more = {}) => {
      const app = await launch({ script: clicks(300), ...more });
      await app.start(A);
      await app.waits("Left click at 300, 400");
      const a = await app.session();
      const added = await app.page.evaluate(([key, baseUrl]) => window.countersign.setKey(key, { baseUrl }), [
        PRACTICE_API_KEY,
        other.url,
      ] as const);
      expect(added).toMatchObject({ ok: true });
      await app.page.getByRole("button", { name: "Start another session" }).click();
      await app.start(B);
      await app.waits("Left click at 900, 400");
      return { app, a, b: await app.session(), other };
    });
  },
});

const queue = (app: App) => app.page.getByRole("list", { name: "Sessions waiting" });
const entry = (app: App, task: string) => app.page.getByRole("button", { name: new RegExp(`^${task} ?, `) });

test("both wait; each decision moves to the other, and neither gets what belongs to the other", async ({ two }) => {
  test.setTimeout(120_000);
  const { app, a, b, other } = await two();
  await expect(queue(app).getByRole("listitem")).toHaveCount(2);
  // The longest waiting comes first; the one that was begun is in the gate.
  await expect(queue(app).getByRole("button", { name: /, ?Waiting for you$/ })).toHaveText([
    /^Click on the left/,
    /^Click on the right/,
  ]);
  await expect(entry(app, B)).toHaveAttribute("aria-current", "true");

  // Each time both wait; the one that has waited longer comes.
  const bothWait = () => expect(queue(app).getByRole("listitem")).toHaveCount(2);
  await app.approveWaiting();
  await app.waits("Left click at 300, 400");
  await expect(entry(app, A)).toHaveAttribute("aria-current", "true");
  await bothWait();
  await app.approveWaiting();
  await app.waits("Left click at 901, 400");
  await bothWait();
  await app.approveWaiting();
  await app.waits("Left click at 301, 400");
  await bothWait();
  await app.reject("Not there");
  // Both have answered, this Claude at once: whichever is in view is finished first.
  await expect(queue(app).getByRole("button", { name: /, ?Claude answered$/ })).toHaveCount(2);
  await app.page.getByRole("button", { name: "Finish", exact: true }).click();
  await expect.poll(async () => (await app.page.evaluate(() => window.countersign.info())).open.length).toBe(1);
  await app.finish();

  for (const [id, x, results] of [
    [a, 300, await app.server?.waitForRequest(3, 10_000)],
    [b, 900, await other.waitForRequest(3, 10_000)],
  ] as const) {
    const clicked = (await app.all("action.started", id)).map(({ action }) => action);
    expect(clicked).toEqual(
      [x, x + 1].slice(0, id === a ? 1 : 2).map((at) => ({ action: "left_click", coordinate: [at, 400] })),
    );
    expect(new Set((await app.events(id)).map(({ session }) => session))).toEqual(new Set([id]));
    expect(JSON.stringify(results?.body).includes("Not there")).toBe(id === a);
    expect((await journal(app.dir, "verify", id)).stdout).toMatch(/good|ok|whole/i);
  }
  expect((await app.all("decision.made", a)).length + (await app.all("decision.made", b)).length).toBe(4);
});

test("one key press decides one session: held over the move it decides nothing, nor does a foreign decision", async ({
  two,
}) => {
  test.setTimeout(120_000);
  const { app, a, b } = await two();
  const { keyboard } = app.page;
  // The key goes down for B, repeats while A comes up and arms, and is let go there.
  await keyboard.down("Control");
  await keyboard.down("Enter");
  for (let i = 0; i < 15; i += 1) {
    await keyboard.down("Enter");
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await app.waits("Left click at 300, 400");
  await keyboard.down("Enter");
  await keyboard.up("Enter");
  await keyboard.up("Control");
  expect(await app.page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
  expect(await app.all("decision.made", a)).toEqual([]);
  expect(await app.all("decision.made", b)).toHaveLength(1);

  // What was right for B, sent for A.
  const [made] = await app.all("decision.made", b);
  const foreign = await app.page.evaluate(
    ([session, digest]) =>
      window.countersign.decide({ session, proposal: "1.0", rev: 1, digest, decision: { kind: "approve" } }),
    [a, made?.digest ?? ""] as const,
  );
  expect(foreign).toMatchObject({ ok: false });

  // A's own card was painted, but another is in view now: neither a message nor a chord decides on what nobody sees.
  const right = await digestOfWaiting(app, a);
  await app.page.keyboard.press("Control+PageDown");
  await app.waits("Left click at 901, 400");
  const unseen = await app.page.evaluate(
    ([session, digest]) =>
      window.countersign.decide({ session, proposal: "1.0", rev: 1, digest, decision: { kind: "approve" } }),
    [a, right] as const,
  );
  expect(unseen).toEqual({ ok: false, error: REFUSAL_WORDS.not_shown });
  expect(await app.all("action.started", a)).toEqual([]);
});

/** The digest of the proposal that waits in a session, from its record. */
async function digestOfWaiting(app: App, session: string): Promise<string> {
  const proposal = (await app.all("action.proposed", session)).at(-1)?.proposal;
  if (proposal === undefined) throw new Error("nothing was proposed");
  return createHash("sha256")
    .update(digestText(digestInputOf(session, proposal)))
    .digest("hex");
}

test("an edit keeps the gate where it is; pinned it stays; by key it goes round; one ends and the other goes on", async ({
  two,
}) => {
  test.setTimeout(120_000);
  const { app, a, b } = await two();
  const { page } = app;
  await page.keyboard.press("Control+e");
  await expect(page.getByRole("button", { name: "Cancel edit" })).toBeVisible();
  await page.keyboard.press("Control+PageDown");
  await expect(entry(app, B)).toHaveAttribute("aria-current", "true");
  await page.getByRole("button", { name: "Cancel edit" }).click();
  await page.keyboard.press("Control+PageDown");
  await app.waits("Left click at 300, 400");
  await page.getByRole("button", { name: "Stay with this session" }).click();
  await app.approveWaiting();
  await app.waits("Left click at 301, 400");
  await page.keyboard.press("Control+PageUp");
  await app.waits("Left click at 900, 400");
  await page.getByRole("button", { name: "Stop session" }).click();
  // It is over; the one that waits comes, and goes on as before.
  await app.approve("Left click at 301, 400");
  await app.finish();
  const rows = await sessions(app.dir);
  expect(new Map(rows.map(({ id, outcome }) => [id, outcome]))).toEqual(
    new Map([
      [b, "stopped"],
      [a, "finished"],
    ]),
  );
});

test("closing asks once for all, and ends all; the title says how many wait", async ({ two }) => {
  test.setTimeout(120_000);
  const { app } = await two();
  const title = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
  expect(await title()).toBe("2 wait for you - Countersign");
  const gone = new Promise((resolve) => app.electron.process().once("exit", resolve));
  const asked = await app.electron.evaluate(
    ({ BrowserWindow, dialog }) =>
      new Promise<{ message?: string; buttons?: string[] }>((resolve) => {
        const ask = async (_window: unknown, options: { message?: string; buttons?: string[] }) => {
          resolve(options);
          return { response: 0, checkboxChecked: false };
        };
        Object.assign(dialog, { showMessageBox: ask });
        BrowserWindow.getAllWindows()[0]?.close();
      }),
  );
  expect(asked).toMatchObject({
    message: "End all 2 sessions?",
    buttons: ["End all sessions", "Keep minimised", "Cancel"],
  });
  await gone;
  expect((await sessions(app.dir)).map(({ outcome }) => outcome)).toEqual(["app_closed", "app_closed"]);
});
