/** From a bare start to a key and a healthy machine; the same list on the command line, without a window or a display. */
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerOnly } from "../electron/practice/scenarios.ts";
import { call, text, turn } from "../electron/practice/script.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "../electron/practice/server.ts";
import { type App, ELECTRON, expect, freshFolder, ROOT, runToEnd, SWITCHES, test, textOf } from "./app.ts";

/** A PATH with nothing in it but what is asked for. */
function pathWith(...programs: readonly string[]): string {
  const folder = freshFolder();
  for (const program of programs) link(folder, program);
  return folder;
}
function link(folder: string, program: string): void {
  writeFileSync(join(folder, program), "#!/bin/sh\n");
  chmodSync(join(folder, program), 0o755);
}

async function health(env: NodeJS.ProcessEnv, ...args: readonly string[]) {
  const { DISPLAY: _display, ...bare } = process.env;
  return await runToEnd(ELECTRON, [ROOT, ...SWITCHES, "--health", ...args], { ...bare, ...env });
}

const go = (app: App, view: string) =>
  app.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: view }).click();

test("the first start says what the app does and what leaves the machine, offers practice, and is done when the operator says so", async ({
  launch,
}) => {
  const dir = freshFolder();
  const app = await launch({ dir });
  const { page } = app;
  await expect(page.getByRole("heading", { name: "Welcome to Countersign" })).toBeVisible();
  await expect(page.getByRole("region", { name: "What it does" })).toContainText("Only then does it run");
  await expect(page.getByRole("region", { name: "What leaves this machine" })).toContainText("no telemetry");
  await expect(page.getByRole("region", { name: "Desktops" })).toContainText("A desktop of Claude's own");
  await expect(page.getByRole("button", { name: "Try the practice session" })).toBeEnabled();
  await page.getByRole("button", { name: "Keep sessions this long" }).click();
  await expect(page.getByRole("heading", { name: "How long should recorded sessions stay?" })).toHaveCount(0);
  await page.getByRole("button", { name: "Done with this page" }).click();
  await expect(page.getByRole("heading", { name: "Welcome to Countersign" })).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "Task" })).toBeVisible();
  expect(JSON.parse(textOf(join(dir, "settings.json")))).toMatchObject({
    welcomed: true,
    retention: { days: 90, gigabytes: 20 },
  });
  await go(app, "Health");
  await expect(page.getByRole("region", { name: "What leaves this machine" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Health" })).toHaveText(/thing to do|Everything needed/);
});

test("what is installed meanwhile is noticed without a restart, on Health and on the start page", async ({
  launch,
}) => {
  const folder = pathWith("openbox", "apt-get");
  const app = await launch({ env: { PATH: folder } });
  const desktops = app.page.getByRole("region", { name: "Desktops" });
  await expect(desktops).toContainText("Needs Xvfb. Install with:");
  await expect(desktops).toContainText(/(sudo )?apt-get install -y xvfb/);
  await expect(app.page.getByRole("main")).toContainText("Can't start: something the desktop needs is missing.");
  link(folder, "Xvfb");
  await expect(desktops).toContainText("Can be started");
  await expect(app.page.getByRole("main")).not.toContainText("Can't start: something");
});

test("a key is checked when it is entered: a wrong one is not kept, a good one is, and is never shown again", async ({
  launch,
}) => {
  const server = await startPracticeServer({ script: answerOnly() });
  const app = await launch();
  const { page } = app;
  await page.getByRole("button", { name: "Give it a name or another address" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Practice");
  await page.getByRole("textbox", { name: "Address" }).fill(server.url);
  await page.getByRole("textbox", { name: "API key" }).fill("wrong-key-hunter2-0123456789");
  await page.getByRole("button", { name: "Use this key" }).click();
  await expect(page.getByText(/The API key was not accepted/)).toBeVisible();
  expect((await page.evaluate(() => window.countersign.info())).keys.entries).toEqual([]);
  await page.getByRole("textbox", { name: "API key" }).fill(PRACTICE_API_KEY);
  await page.getByRole("button", { name: "Use this key" }).click();
  await expect(page.getByText(/The API accepts this key/).first()).toBeVisible();
  const info = await page.evaluate(() => window.countersign.info());
  expect(info.keys.entries).toMatchObject([{ name: "Practice", tail: "cret", baseUrl: server.url, from: "memory" }]);
  expect(info.baseUrl).toBe(server.url);
  expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(PRACTICE_API_KEY);
  expect(JSON.stringify(info)).not.toContain(PRACTICE_API_KEY);
  await app.start("Hello");
  await app.finish();
  expect(server.requests).toHaveLength(1);
  await server.close();
});

test("keys are named, chosen, renamed and deleted; each goes to its own address only", async ({ launch }) => {
  const [one, two] = [
    await startPracticeServer({ script: answerOnly(), apiKey: "key-of-one-0123456789" }),
    await startPracticeServer({ script: answerOnly(), apiKey: "key-of-two-0123456789" }),
  ];
  const app = await launch();
  const { page } = app;
  await page.evaluate(
    async ([a, b]) => {
      await window.countersign.setKey("key-of-one-0123456789", { name: "One", baseUrl: a ?? "" });
      await window.countersign.setKey("key-of-two-0123456789", { name: "Two", baseUrl: b ?? "" });
    },
    [one.url, two.url],
  );
  await go(app, "Settings");
  const keys = page.getByRole("region", { name: "API keys" });
  await expect(keys.getByRole("radio", { name: "Two, ending in 6789" })).toBeChecked();
  await keys.getByRole("button", { name: "Check Two" }).click();
  await expect(keys.getByText(/The API accepts this key/)).toBeVisible();
  await keys.getByRole("button", { name: "Rename Two" }).click();
  await keys.getByRole("textbox", { name: "New name" }).fill("Second");
  await page.keyboard.press("Enter");
  await keys.getByRole("radio", { name: "One, ending in 6789" }).check();
  await expect(page.getByRole("radio", { name: "Second, ending in 6789" })).not.toBeChecked();
  await go(app, "Gate");
  await app.start("Hello");
  await app.finish();
  expect([one.requests.length, two.requests.length]).toEqual([1, 0]);
  await go(app, "Settings");
  await keys.getByRole("button", { name: "Delete One" }).click();
  await keys.getByRole("button", { name: "Delete this key" }).click();
  await expect(keys.getByRole("radio")).toHaveCount(1);
  expect(await app.all("session.started")).toMatchObject([{ config: { baseUrl: one.url } }]);
  await one.close();
  await two.close();
});

test("a running session keeps the key it began with; without it nothing is sent, least of all another key's address", async ({
  launch,
}) => {
  const click = turn(call("left_click", { coordinate: [640, 400] }));
  const app = await launch({ script: [click, turn(text("Not clicked.")), turn(text("Still not."))] });
  const other = await startPracticeServer({ script: answerOnly(), apiKey: null });
  const address = app.server?.url ?? "";
  /** Enters a key, which is the one in use from then on. */
  const enter = (key: string, baseUrl: string) =>
    app.page.evaluate(([text, url]) => window.countersign.setKey(text, { baseUrl: url }), [key, baseUrl] as const);
  const began = await enter(PRACTICE_API_KEY, address);
  if (!began.ok) throw new Error(began.error);
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  await enter("key-of-another-0123456789", other.url);
  await app.reject("Once more");
  await expect(app.status).toHaveText("Claude answered");
  await app.page.evaluate((id) => window.countersign.keys.forget(id), began.id);
  await app.page.getByRole("textbox", { name: "Reply" }).fill("And now?");
  await app.page.getByRole("button", { name: "Send" }).click();
  await expect(app.status).toHaveText("Paused");
  await expect(app.page.getByText(`There is no API key for ${address}`).first()).toBeVisible();
  await app.page.evaluate(() => window.countersign.keys.choose("environment"));
  await app.page.getByRole("button", { name: "Resume" }).click();
  await app.finish();
  expect(other.requests).toEqual([]);
  await other.close();
});

test.describe("--health", () => {
  test("says that all is well, without a display, and writes no record and no settings", async () => {
    const server = await startPracticeServer({ script: answerOnly() });
    const parent = freshFolder();
    const key = { ANTHROPIC_API_KEY: PRACTICE_API_KEY, ANTHROPIC_BASE_URL: server.url };
    const run = await health({ ...key, PATH: pathWith("Xvfb", "openbox") }, `--user-data-dir=${join(parent, "data")}`);
    expect([run.stdout, run.code]).toEqual([expect.stringMatching(/\nEverything needed is here\.\n$/), 0]);
    expect(run.stdout).toContain("[ok]     API key: ANTHROPIC_API_KEY, ending in cret");
    expect(run.stdout).toContain("The API accepts this key");
    expect(run.stdout).not.toContain(PRACTICE_API_KEY);
    // Chromium makes the folder itself; nothing of ours is in it.
    expect(
      readdirSync(parent, { recursive: true }).filter((name) => /json|journal|bin|log/.test(String(name))),
    ).toEqual([]);
    await server.close();
  });

  test("names what is to do, with the exact command and exit code 1", async () => {
    const dir = freshFolder();
    writeFileSync(join(dir, "settings.json"), '{"version":2,"privacy":{"regions":[[0,0,"x",1]],"programs":[]}}');
    const run = await health({ ANTHROPIC_API_KEY: "", PATH: pathWith("Xvfb", "dnf") }, `--user-data-dir=${dir}`);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("[TO DO]  A desktop of Claude's own: Needs openbox.");
    expect(run.stdout).toMatch(/\n {11}(sudo )?dnf install -y openbox\n/);
    expect(run.stdout).toContain("settings.json: privacy.regions[0][2]: ");
    expect(run.stdout).toContain("[TO DO]  API key: There is none.");
    expect(readFileSync(join(dir, "settings.json"), "utf8")).toContain('"x"');
    rmSync(dir, { recursive: true });
  });

  test("a wrong key, no network and bad flags are told apart", async () => {
    const server = await startPracticeServer({ script: answerOnly() });
    const at = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: "wrong-key-hunter2-0123456789" };
    const wrong = await health(at);
    expect([wrong.code, wrong.stdout.includes("hunter2")]).toEqual([1, false]);
    expect(wrong.stdout).toContain("The API key was not accepted");
    await server.close();
    const away = await health(at);
    expect([away.code, away.stdout]).toEqual([1, expect.stringContaining(`No server answers at ${server.url}`)]);
    expect((await health({}, "--helth")).code).toBe(6);
    expect((await health({ ANTHROPIC_BASE_URL: "http://gateway.example" })).code).toBe(6);
  });
});
