/** A task started from the command line, under a policy file. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, text, thinking, turn } from "../electron/practice/script.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "../electron/practice/server.ts";
import { MODELS } from "../shared/model.ts";
import { expect, freshFolder, ROOT, runToEnd, test } from "./app.ts";
import { sessions } from "./record.ts";

const LOOK = { id: "look", effect: "allow", actions: ["screenshot", "wait"] } as const;
const POINT = {
  id: "point",
  effect: "allow",
  actions: ["left_click"],
  region: { space: "screenshot", of: [1280, 800], rect: [600, 360, 680, 440] },
} as const;

/** Two clicks: the first is the policy's, the second is outside. */
const SCRIPT = [
  turn(thinking("First I wait."), call("wait", { duration: 2 }), call("left_click", { coordinate: [640, 400] })),
  turn(call("left_click", { coordinate: [20, 20] })),
  turn(text("Done.")),
];

function policyFile(lease?: object): string {
  const file = join(freshFolder(), "policy.json");
  writeFileSync(file, JSON.stringify({ version: 1, name: "One place", rules: [LOOK, POINT], lease }));
  return file;
}

/** Notes notifications instead of leaving them to a system that has none here. */
type Noted = { readonly shown: string[]; click: () => void };
declare global {
  var noted: Noted | undefined;
}

test("what a policy does not cover waits for the operator, who is called though the window is not open; the rest calls nobody", async ({
  launch,
}) => {
  const args = ["--task=Click twice", `--policy=${policyFile()}`, "--exit-when-done"];
  const app = await launch({ script: SCRIPT, args });
  await app.electron.evaluate(({ BrowserWindow, Notification }) => {
    globalThis.noted = { shown: [], click: () => undefined };
    Notification.isSupported = () => true;
    Notification.prototype.show = function show(this: Electron.Notification) {
      globalThis.noted?.shown.push(`${this.title}: ${this.body}`);
      if (globalThis.noted !== undefined) globalThis.noted.click = () => this.emit("click");
    };
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isVisible()) window.hide();
    else window?.once("show", () => window.hide());
  });
  const shown = () => app.electron.evaluate(() => globalThis.noted?.shown);
  await expect.poll(shown, { timeout: 30_000 }).toEqual(["A decision waits: Claude proposes an action."]);
  expect(app.output).toContain('1.1 Left click at 640, 400: done (by rule "point")');
  expect(app.output).toContain("2.0 waits for you: Asks: no rule of the policy covers this action.");
  const window = () =>
    app.electron.evaluate(({ BrowserWindow }) => {
      const [first] = BrowserWindow.getAllWindows();
      return { title: first?.getTitle(), visible: first?.isVisible() };
    });
  expect(await window()).toEqual({ title: "Waits for you - Countersign", visible: false });
  expect(await app.all("decision.made")).toHaveLength(2);
  await app.electron.evaluate(() => globalThis.noted?.click());
  await app.waits("Left click at 20, 20");
  expect((await window()).visible).toBe(true);
  expect(await shown()).toHaveLength(1);
});

test("with nobody there it is rejected with a reason that Claude reads, and the run ends by itself", async () => {
  const dir = freshFolder();
  const server = await startPracticeServer({ script: SCRIPT });
  const run = await start(server.url, dir, ["--task=Click twice", `--policy=${policyFile()}`, "--no-operator"]);
  expect(run.code).toBe(0);
  const request = await server.waitForRequest(3);
  await server.close();
  expect(JSON.stringify(request.body)).toContain("No operator is present to approve this action; it was NOT executed.");
  expect(await sessions(dir)).toMatchObject([{ outcome: "finished" }]);
});

test("a policy that can't be kept starts nothing: exit 6", async () => {
  const unpriced = MODELS.find(({ prices }) => prices === null)?.id ?? "";
  const dir = freshFolder();
  const flags = ["--task=Click", `--model=${unpriced}`, `--policy=${policyFile({ costUsd: 1 })}`];
  expect((await start("http://127.0.0.1:9", dir, flags)).code).toBe(6);
  expect(await sessions(dir)).toEqual([]);
});

async function start(apiUrl: string, dir: string, flags: readonly string[]): Promise<{ readonly code: number | null }> {
  const env = { ...process.env, ANTHROPIC_API_KEY: PRACTICE_API_KEY, ANTHROPIC_BASE_URL: apiUrl };
  const switches = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const all = [ROOT, ...switches, `--user-data-dir=${dir}`, "--exit-when-done", ...flags];
  return await runToEnd(process.env.COUNTERSIGN_ELECTRON ?? "", all, env);
}
