import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DesktopError } from "./desktop-error.ts";
import { endLeftovers, readRecords } from "./leftovers.ts";
import { startOwnDesktop } from "./own-desktop.ts";
import { processesUsing, recordOf } from "./processes.ts";

const run = promisify(execFile);
const size = { w: 640, h: 480 };
let parent = "";

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "countersign-own-"));
});
afterAll(async () => {
  await rm(parent, { recursive: true, force: true });
});

const start = (name: string, programs: readonly string[]) =>
  startOwnDesktop({ size, programs, dir: join(parent, name), env: process.env });
const aliveAmong = async (pids: readonly number[]) =>
  (await Promise.all(pids.map((pid) => recordOf(pid)))).filter((r) => r !== null);

test("a desktop has its windows, lets nobody in without the cookie, and leaves nothing behind", async () => {
  const desktop = await start("whole", ["xterm -T first", "xterm -T second -e sh -c 'sleep 100 & sleep 100'"]);
  const pids = [...desktop.pids];
  expect(pids).toHaveLength(5);
  expect((await stat(desktop.authority)).mode & 0o777).toBe(0o600);
  const { stdout } = await run("xwininfo", ["-root", "-tree"], { env: { ...desktop.env } });
  expect(stdout).toContain('"first"');
  expect(stdout).toContain('"second"');
  await expect(run("xwininfo", ["-root"], { env: { ...desktop.env, XAUTHORITY: "/dev/null" } })).rejects.toThrow(
    /Authorization required/,
  );

  const [left] = await readRecords(parent);
  expect(left?.record.processes.map(({ pid }) => pid)).toEqual(pids);
  const all = await processesUsing(desktop.authority);
  expect(all.length).toBeGreaterThan(4);

  await desktop.stop();
  expect(await aliveAmong([...pids, ...all.map(({ pid }) => pid)])).toEqual([]);
  expect(await readdir(join(parent, "whole"))).not.toContain("Xauthority");
  expect(await readRecords(parent)).toEqual([]);
});

test("programs that can't start are clear errors, and nothing stays", async () => {
  await expect(start("exits", ["false"])).rejects.toThrow('"false" ended at once (exit code 1).');
  await expect(start("missing", ["no-such-program-here a"])).rejects.toThrow(/can't be started/);
  await expect(start("shell", ["xterm; xterm"])).rejects.toBeInstanceOf(DesktopError);
  expect(await processesUsing(join(parent, "exits", "Xauthority"))).toEqual([]);
  expect(await readRecords(parent)).toEqual([]);
});

test("two desktops at once do not disturb each other; one that dies says so", async () => {
  const [one, two] = await Promise.all([start("one", ["xterm"]), start("two", ["xterm"])]);
  expect(one.display).not.toBe(two.display);
  const died = new Promise<string>((resolve) => one.onDied(resolve));
  process.kill(one.pids[0] ?? 0, "SIGKILL");
  expect(await died).toContain("ended (signal SIGKILL)");
  await one.stop();
  expect(await two.startProgram("xterm")).toMatchObject({ pid: expect.any(Number) });
  expect(two.pids).toHaveLength(5);
  await two.stop();
});

test("a window manager that ends is started again, three times and no more; the programs stay", async () => {
  const desktop = await start("mended", ["xterm -T stays"]);
  const mended: string[] = [];
  desktop.onMended((what) => mended.push(what));
  const died = new Promise<string>((resolve) => desktop.onDied(resolve));
  const manager = async () =>
    (await processesUsing(desktop.authority)).find(({ command }) => command.startsWith("openbox "))?.pid ?? 0;
  for (let time = 1; time <= 3; time += 1) {
    process.kill(await manager(), "SIGKILL");
    await expect.poll(() => mended.length, { timeout: 10_000 }).toBe(time);
    // It begins with an empty list, then takes in the windows that are there.
    const managed = async () => (await run("xprop", ["-root", "_NET_CLIENT_LIST"], { env: { ...desktop.env } })).stdout;
    await expect.poll(managed).toContain("0x");
  }
  expect(mended[0]).toBe("The desktop's window manager ended (signal SIGKILL) and was started again.");
  process.kill(await manager(), "SIGKILL");
  expect(await died).toBe("The desktop's window manager ended (signal SIGKILL).");
  await desktop.stop();
  expect(await processesUsing(desktop.authority)).toEqual([]);
});

test("what a crashed run left is ended from its record", async () => {
  const desktop = await start("crashed", ["xterm -e sh -c 'setsid sleep 1234 & sleep 100'"]);
  const pids = [...desktop.pids];
  const all = await processesUsing(desktop.authority);
  expect(all.map(({ command }) => command).join()).toContain("sleep 1234");
  expect((await endLeftovers(await readRecords(parent))).length).toBeGreaterThan(4);
  await sleep(50);
  expect(await aliveAmong([...pids, ...all.map(({ pid }) => pid)])).toEqual([]);
  await desktop.stop();
});

test.each([
  ["as they are", null],
  ["confined, with a network of their own", { folders: [], network: "own" }],
  ["confined, without one", { folders: [], network: "off" }],
] as const)("kill -9 of whoever started it ends all of it, programs %s", async (_, confined) => {
  const dir = join(parent, "killed");
  const home = join(parent, "killed-home");
  await mkdir(home, { recursive: true });
  const options = {
    size,
    programs: ["xterm -e sh -c 'sleep 1235 & sleep 100'"],
    dir,
    home,
    confined,
    env: process.env,
  };
  const code = `import { startOwnDesktop } from ${JSON.stringify(join(import.meta.dirname, "own-desktop.ts"))};
    await startOwnDesktop(${JSON.stringify(options)}); process.stdout.write("up"); setInterval(() => undefined, 1000);`;
  const args = ["--no-warnings", "--input-type=module", "--eval", code];
  const starter = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(starter.stdout, "data");
  const all = await processesUsing(join(dir, "Xauthority"));
  expect(all.map(({ command }) => command).join()).toContain("sleep 1235");
  starter.kill("SIGKILL");
  const alive = async () => {
    const server = (await readRecords(parent)).flatMap(({ record }) => record.processes.map(({ pid }) => pid));
    return await aliveAmong([...all.map(({ pid }) => pid), ...server]);
  };
  await expect.poll(alive, { timeout: 10_000 }).toEqual([]);
  await rm(dir, { recursive: true });
});

test("its accessibility bus is its own, and goes with it; where it can't be had there is none", async () => {
  const desktop = await start("named", ["mousepad --disable-server"]);
  const socket = join(parent, "named", "runtime", "at-spi");
  expect(desktop.accessibility).toBe(`unix:path=${socket}`);
  expect(desktop.env).toMatchObject({
    AT_SPI_BUS_ADDRESS: `unix:path=${socket}`,
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
  });
  expect((await stat(socket)).isSocket()).toBe(true);
  const started = async () => (await processesUsing(desktop.authority)).map(({ command }) => command).join("\n");
  await expect.poll(started, { timeout: 10_000 }).toContain("at-spi2-registryd");
  const all = await processesUsing(desktop.authority);
  await desktop.stop();
  expect(await aliveAmong(all.map(({ pid }) => pid))).toEqual([]);

  // The name of a socket may have 107 bytes.
  const far = await start("x".repeat(100), ["xterm"]);
  expect(far.accessibility).toBeNull();
  expect(far.env).toMatchObject({ NO_AT_BRIDGE: "1" });
  expect(far.env.AT_SPI_BUS_ADDRESS).toBeUndefined();
  await far.stop();
});
