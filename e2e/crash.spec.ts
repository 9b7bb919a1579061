import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LONG_TEXT, oneClick, typeLong } from "../electron/practice/scenarios.ts";
import { childrenOf, expect, freshFolder, processesNaming, test, textOf } from "./app.ts";
import { journal, sessions } from "./record.ts";

test("kill -9 while typing: the record is whole, nothing runs again, the next start ends what was left", async ({
  launch,
}) => {
  const dir = freshFolder();
  const file = join(freshFolder(), "typed");
  const first = await launch({ script: typeLong(), dir });
  await first.start("Type the long text", `xterm -geometry 200x60+0+0 -e sh -c "stty -icanon -echo; cat > '${file}'"`);
  await first.approve("Left click at 640, 400");
  await first.approve(/^Type /);
  await expect.poll(() => (existsSync(file) ? readFileSync(file).length : 0), { intervals: [20] }).toBeGreaterThan(100);
  const id = await first.session();
  const pid = first.electron.process().pid;
  if (pid === undefined) throw new Error("no process");
  const chromium = childrenOf(pid, "--type=");
  expect(chromium.length).toBeGreaterThan(3);
  process.kill(pid, "SIGKILL");
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  // None of them is kept alive by a program of the desktop that has its socket.
  await expect.poll(() => chromium.filter((each) => textOf(`/proc/${each}/cmdline`) !== "")).toEqual([]);
  expect((await journal(dir, "verify", id)).stdout).not.toBe("");

  const second = await launch({ dir });
  await expect(second.status).toHaveText("Ready");
  expect(await sessions(dir)).toMatchObject([{ id, outcome: "open" }]);
  const events = await second.events(id);
  expect(events.filter(({ type }) => type === "action.interrupted")).toHaveLength(1);
  expect(events.filter(({ type }) => type === "action.started")).toHaveLength(2);
  expect((await journal(dir, "verify", id)).stdout).not.toBe("");
  await expect.poll(() => processesNaming(join(dir, "desktops"))).toEqual([]);
  await second.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Sessions" }).click();
  await second.page.getByRole("button", { name: "Close" }).first().click();
  await expect.poll(async () => (await sessions(dir))[0]?.outcome).toBe("interrupted");
  const length = readFileSync(file).length;
  expect(length).toBeLessThan(LONG_TEXT);
});

test("an ended session leaves no process and no cookie behind", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button", "mousepad");
  await app.waits("Left click at 640, 400");
  expect(processesNaming(join(app.dir, "desktops")).length).toBeGreaterThan(2);
  await app.page.getByRole("button", { name: "Stop session" }).click();
  await expect(app.status).toHaveText("Stopped");
  await expect.poll(() => processesNaming(join(app.dir, "desktops"))).toEqual([]);
  await expect
    .poll(() => readdirSync(join(app.dir, "desktops")).flatMap((id) => readdirSync(join(app.dir, "desktops", id))))
    .toEqual([]);
});
