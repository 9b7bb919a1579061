/** `npm start` with a key in the environment: Chromium's processes, forked before any script of ours runs, never had it. */
import { rmSync } from "node:fs";
import { childrenOf, expect, freshFolder, test } from "./app.ts";
import { runWithKey } from "./key-handed.ts";

test.skip(process.platform !== "linux", "elsewhere no process is forked before the key is out of the environment");

test("a key that npm start was given reaches the API, and no process of the app but main has it", async () => {
  test.setTimeout(120_000);
  const dir = freshFolder();
  const run = await runWithKey(process.execPath, ["scripts/start.mjs", `--user-data-dir=${dir}`], (started) =>
    childrenOf(started, "").at(0),
  );
  expect(run.code).toBe(0);
  for (const kind of ["--type=zygote", "--type=renderer", "--type=utility", "Xvfb"])
    expect(run.processes.filter((line) => line.includes(kind)).length).toBeGreaterThan(0);
  expect(run.given).toEqual([]);
  expect(run.inMemory).toEqual([]);
  if (process.getuid?.() === 0) expect(run.lookedInto).toBe(run.processes.length - 1);
  rmSync(dir, { recursive: true, force: true });
});
