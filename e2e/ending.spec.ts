import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { oneClick } from "../electron/practice/scenarios.ts";
import { startPracticeServer } from "../electron/practice/server.ts";
import { childrenOf, expect, freshFolder, processesNaming, ROOT, spawnApp, test } from "./app.ts";
import { sessions, typesOf } from "./record.ts";

test("a signal to an unattended run: the session is closed on record and the exit code is 2", async () => {
  const dir = freshFolder();
  const server = await startPracticeServer({ script: oneClick() });
  const app = spawnApp(["--task=Click", "--exit-when-done", `--user-data-dir=${dir}`], server.url);
  const code = new Promise((resolve) => app.once("exit", resolve));
  await expect.poll(() => typesOf(dir), { timeout: 30_000 }).toContain("action.proposed");
  app.kill("SIGTERM");
  expect(await code).toBe(2);
  await server.close();
  expect(await sessions(dir)).toMatchObject([{ outcome: "app_closed" }]);
});

test("quitting while a session starts leaves nothing behind", async () => {
  const dir = freshFolder();
  const server = await startPracticeServer({ script: oneClick() });
  const app = spawnApp(["--task=Click", `--user-data-dir=${dir}`], server.url);
  const ended = new Promise((resolve) => app.once("exit", resolve));
  await expect
    .poll(() => existsSync(join(dir, "desktops")) && readdirSync(join(dir, "desktops")).length > 0, {
      intervals: [10],
      timeout: 20_000,
    })
    .toBe(true);
  app.kill("SIGTERM");
  await ended;
  await server.close();
  await sleep(200);
  expect(processesNaming(join(dir, "desktops"))).toEqual([]);
});

test("a data folder may be given relative to where one is", async () => {
  const dir = freshFolder();
  const server = await startPracticeServer({ script: oneClick() });
  const app = spawnApp(["--task=Click", `--user-data-dir=${relative(ROOT, dir)}`], server.url);
  const ended = new Promise((resolve) => app.once("exit", resolve));
  await expect.poll(() => typesOf(dir), { timeout: 30_000 }).toContain("action.proposed");
  expect(childrenOf(app.pid ?? 0, "--type=renderer").length).toBe(1);
  app.kill("SIGTERM");
  await ended;
  await server.close();
});
