/** A session on a desktop of its own, confined; and one whose desktop ends. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { oneClick } from "../electron/practice/scenarios.ts";
import { expect, processesNaming, test, textOf } from "./app.ts";

test("a confined session: its programs have their home and not the record; what was chosen is on record", async ({
  launch,
}) => {
  const app = await launch({ script: oneClick(), args: ["--confine=on"] });
  await expect(app.page.getByRole("checkbox", { name: "Keep the programs away from your files" })).toBeChecked();
  await app.page.getByRole("textbox", { name: "Programs" }).fill("xclock");
  await app.page.getByPlaceholder("Add an installed program").fill("simple text");
  await app.page.getByRole("option", { name: /^Mousepad/ }).click();
  await expect(app.page.getByRole("textbox", { name: "Programs" })).toHaveValue("xclock\nmousepad");
  const tries = `ls '${app.dir}' >>out 2>&1; echo record=$? >>out; pwd >>out; touch kept && echo done >>out; sleep 60`;
  await app.start("Look", `xterm -e sh -c "${tries}"`);
  const home = join(app.dir, "desktops", await app.session(), "home");
  await expect.poll(() => textOf(join(home, "out")), { timeout: 20_000 }).toContain("done");
  expect(textOf(join(home, "out"))).toContain("record=0\n/home/claude\n");
  // Of the data folder only the way to the cookie is there.
  expect(textOf(join(home, "out"))).not.toMatch(/journal|settings|homes/);
  const [started] = await app.all("session.started");
  expect(started?.config.where).toMatchObject({
    home: { kind: "fresh" },
    confined: { folders: [], network: "own" },
  });
  await app.approve("Left click at 640, 400");
  await app.finish();
  await expect.poll(() => existsSync(home)).toBe(false);
  expect(processesNaming(join(app.dir, "desktops"))).toEqual([]);
});

test("the X server ends while a proposal waits: the session pauses, Resume brings a fresh desktop, nothing old runs on it", async ({
  launch,
}) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button", "mousepad --disable-server");
  await app.waits("Left click at 640, 400");
  const server = processesNaming(join(app.dir, "desktops")).find((pid) =>
    textOf(`/proc/${pid}/cmdline`).startsWith("Xvfb\0"),
  );
  if (server === undefined) throw new Error("no X server");
  process.kill(server, "SIGKILL");
  await expect(app.status).toHaveText("Paused");
  await expect(app.page.getByRole("alert").getByText("X server ended")).toBeVisible();
  await app.page.getByRole("button", { name: "Resume" }).click();
  await app.approve("Left click at 640, 400");
  // Decided on a picture of the desktop that is gone: it comes back with one of the new.
  await expect(app.card.getByText("no longer at hand")).toBeVisible({ timeout: 30_000 });
  await app.approve("Left click at 640, 400");
  expect(JSON.stringify((await app.server?.waitForRequest(2, 60_000))?.body)).toContain(
    "started again with the same programs",
  );
  await app.finish();
  const resumed = (await app.all("session.resumed")).filter(({ desktop }) => desktop !== undefined);
  expect(resumed).toHaveLength(1);
  // The folder goes last, after what is said of the session.
  await expect.poll(() => readdirSync(join(app.dir, "desktops"))).toEqual([]);
});
