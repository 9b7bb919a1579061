import { setTimeout as sleep } from "node:timers/promises";
import { expect, freshFolder, ROOT, runToEnd, test } from "./app.ts";
import { journal, sessions } from "./record.ts";

/** The newest tool is the unattended practice session's, below. */
const OLDER = { model: "claude-opus-4-7", tool: "computer_20251124" } as const;

test(`a whole practice session by keyboard with ${OLDER.tool}, from the first card to the finished desk`, async ({
  launch,
}) => {
  test.setTimeout(240_000);
  const app = await launch({ args: ["--practice", `--model=${OLDER.model}`] });
  const approve = app.page.getByRole("button", { name: "Approve", exact: true });
  const deadline = Date.now() + 200_000;
  while ((await app.status.textContent()) !== "Claude answered") {
    if (Date.now() > deadline) throw new Error(`still ${await app.status.textContent()}`);
    const ready = (await approve.count()) > 0 && (await approve.getAttribute("aria-disabled")) !== "true";
    if (ready) await app.approveWaiting();
    await sleep(50);
  }
  await app.finish();
  const id = await app.session();
  await expect.poll(() => app.output).toContain(`session=${id} result=ok`);
  expect((await journal(app.dir, "verify", id)).stdout).toMatch(/good|ok|whole/i);
  expect((await app.all("action.finished")).map(({ outcome }) => outcome)).not.toContain("failed");
  expect(await app.all("session.started")).toMatchObject([{ config: { toolVersion: OLDER.tool } }]);
});

test("npm run practice with computer_toolset_20260801: unattended, judged by the desk's final state", async () => {
  test.setTimeout(240_000);
  const dir = freshFolder();
  const run = await runToEnd(process.execPath, ["scripts/practice.mjs", `--user-data-dir=${dir}`], { ...process.env });
  expect(run.stdout.trimEnd().split("\n").at(-1)).toMatch(/^session=\S+ result=ok$/);
  expect(run.code).toBe(0);
  const [row] = await sessions(dir);
  expect(row).toMatchObject({ outcome: "finished", rejections: 0 });
  const { stdout } = await journal(dir, "show", row?.id ?? "", "--json");
  expect(stdout).toContain('"toolVersion": "computer_toolset_20260801"');
});

test("bad flags start nothing and exit 6, naming the flag", async () => {
  const env = { ...process.env };
  const electron = process.env.COUNTERSIGN_ELECTRON ?? "";
  const switches = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  for (const flag of ["--max-step=5", "--where=moon", "--policy=nowhere.json", "--model=gpt"]) {
    const dir = freshFolder();
    const run = await runToEnd(electron, [ROOT, ...switches, `--user-data-dir=${dir}`, flag], env);
    expect([flag, run.code]).toEqual([flag, 6]);
    expect(await sessions(dir)).toEqual([]);
  }
});
