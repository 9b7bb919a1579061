/** What sessions get of desktops of Claude's own: by the command line, after their end, and once they are over. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, test } from "vitest";
import { recordOf } from "../desktop/processes.ts";
import { parseFlags } from "../settings/flags.ts";
import { OwnDesktops } from "./own-desktops.ts";

let data = "";
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "countersign-own-desktops-"));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const here = (...argv: string[]) => new OwnDesktops(process.env, data, parseFlags(argv));
const bare = (...argv: string[]) => new OwnDesktops({ PATH: "/nowhere" }, data, parseFlags(argv));
const confined = async (desktops: OwnDesktops) => (await desktops.fromFlags(null)).confined;

test("by the command line: confined where this machine can, with a fresh home; what was asked for is never left out", async () => {
  expect(await here("--where=own:1024x768", "--program=xterm").fromFlags(null)).toEqual({
    ...{ kind: "own", size: { w: 1024, h: 768 }, programs: ["xterm"], home: { kind: "fresh" } },
    confined: { folders: [], network: "own" },
  });
  expect(await confined(here("--confine=off"))).toBeNull();
  expect(await confined(here("--folder=/srv:rw", "--network=off"))).toEqual({
    ...{ folders: [{ path: "/srv", writable: true }], network: "off" },
  });
  expect(await confined(bare())).toBeNull();
  expect(await confined(bare("--confine=on"))).toEqual({ folders: [], network: "off" });
  expect(await confined(bare("--network=own"))).toEqual({ folders: [], network: "own" });
  const practice = { program: "desk", folders: [{ path: "/opt/desk", writable: false }] };
  expect((await here("--home=kept:work").fromFlags(practice)).confined).toEqual({
    folders: practice.folders,
    network: "off",
  });
});

test("what is offered says what is missing, with the command that installs it", async () => {
  const offer = await bare("--confine=off").offer();
  expect(offer).toMatchObject({ confine: false, homes: [] });
  expect(offer.confineProblem).toMatch(/needs bubblewrap\. Install with: .*install.* bubblewrap$/);
  expect(offer.networkProblem).toMatch(/needs slirp4netns\. Install with: .*install.* slirp4netns$/);
  expect(await here().offer()).toMatchObject({ confine: true, confineProblem: null, networkProblem: null });
});

it("starts anew with the same home, and takes it along only at the end", async () => {
  const desktops = here();
  const where = { ...(await desktops.fromFlags(null)), size: { w: 640, h: 480 }, programs: ["xterm"] };
  const desktop = await desktops.start("one", { ...where, home: { kind: "kept", name: "work" } });
  const fresh = await desktops.start("two", where);
  await expect(desktops.start("three", { ...where, home: { kind: "kept", name: "work" } })).rejects.toThrow(
    "where.home.name",
  );
  const home = join(data, "desktops", "two", "home");
  writeFileSync(join(home, "note"), "kept through a restart");

  const died = new Promise((resolve) => fresh.onDied(resolve));
  process.kill(fresh.pids[0] ?? 0, "SIGKILL");
  expect(await died).toContain("X server ended");
  const again = await fresh.restart?.();
  expect(existsSync(join(home, "note"))).toBe(true);
  expect(await recordOf(again?.pids[0] ?? 0)).toMatchObject({ command: expect.stringMatching(/^Xvfb /) });

  await Promise.all([fresh.stop(), desktop.stop()]);
  expect(await recordOf(again?.pids[0] ?? 0)).toBeNull();
  expect(readdirSync(join(data, "desktops"))).toEqual([]);
  expect((await desktops.offer()).homes).toEqual(["work"]);
  const next = await desktops.start("four", { ...where, home: { kind: "kept", name: "work" } });
  await next.stop();
});

it("leaves nothing of a start that fails, and gives the home back", async () => {
  const desktops = here();
  const where = {
    ...(await desktops.fromFlags(null)),
    programs: ["false"],
    home: { kind: "kept", name: "work" },
  } as const;
  await expect(desktops.start("one", where)).rejects.toThrow('"false" ended at once');
  await expect(desktops.start("one", where)).rejects.toThrow('"false" ended at once');
  expect(readdirSync(join(data, "desktops"))).toEqual([]);
});
