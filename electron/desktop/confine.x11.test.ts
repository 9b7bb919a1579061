/** Programs on a desktop of their own that try to get at the operator's things, for real. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Confined } from "../../shared/own-desktop.ts";
import { confineProblem, networkProblem } from "./confine.ts";
import { type OwnDesktop, startOwnDesktop } from "./own-desktop.ts";
import { processesUsing } from "./processes.ts";

const run = promisify(execFile);
/** The number of keyctl, here asked for the session's key ring. */
const KEYCTL = process.arch === "arm64" ? 219 : 250;
const size = { w: 640, h: 480 };
/** The operator's: a display that lets every program of this user in, files, and a service on every address. */
let root = "";
let operators: OwnDesktop;
let service: Server;
let port = 0;
let count = 0;

const lan = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === "IPv4" && !each.internal)?.address;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "countersign-confine-"));
  for (const name of ["data", "shared", "locked", "home"]) mkdirSync(join(root, name));
  writeFileSync(join(root, "data", "secret"), "the record");
  writeFileSync(join(root, "shared", "given"), "for Claude");
  writeFileSync(join(root, "locked", "given"), "for Claude");
  operators = await startOwnDesktop({ size, programs: ["xterm"], dir: join(root, "operator"), env: process.env });
  await run("xhost", ["+local:"], { env: { ...operators.env } });
  service = createServer((socket) => socket.on("error", () => undefined).end("hello\n"));
  await new Promise<void>((resolve) => service.listen(0, "0.0.0.0", resolve));
  const address = service.address();
  port = address !== null && typeof address === "object" ? address.port : 0;
});
afterAll(async () => {
  await operators.stop();
  service.close();
  rmSync(root, { recursive: true, force: true });
});

/** What each attempt came to, by its name: `yes` or `no`. */
async function attempts(
  confined: Confined | null,
  tries: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  count += 1;
  const home = join(root, "home", String(count));
  const dir = join(root, "data", `desktop-${count}`);
  mkdirSync(home);
  const lines = Object.entries(tries).map(
    ([name, command]) => `if ${command} >>log 2>&1; then echo ${name}=yes; else echo ${name}=no; fi >>out`,
  );
  writeFileSync(join(home, "try.sh"), `cd "$HOME"\n${lines.join("\n")}\necho done >>out\nsleep 60\n`);
  const hidden = join(root, "data");
  const desktop = await startOwnDesktop({
    ...{ size, dir, env: process.env, home, confined, hidden },
    programs: [`xterm -e bash -c 'bash "$HOME/try.sh"'`],
  });
  const out = () => (existsSync(join(home, "out")) ? readFileSync(join(home, "out"), "utf8") : "");
  await expect.poll(out, { timeout: 20_000 }).toContain("done");
  await desktop.stop();
  expect(await processesUsing(desktop.authority)).toEqual([]);
  return Object.fromEntries(
    out()
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => line.split("=") as [string, string]),
  );
}

/** Ends by itself, also where nobody answers. */
const opens = (host: string) => `timeout 3 bash -c 'exec 3<>/dev/tcp/${host}/${port}'`;
const tries = () => ({
  display: `env DISPLAY=${operators.display} XAUTHORITY= xdpyinfo`,
  record: `cat ${join(root, "data", "secret")}`,
  home: "ls /root /home/*/.config",
  shared: `cat ${join(root, "shared", "given")}`,
  change: `touch ${join(root, "shared", "changed")}`,
  locked: `cat ${join(root, "locked", "given")}`,
  unlocked: `touch ${join(root, "locked", "changed")}`,
  bus: "ls /run/dbus /run/user/*",
  sockets: `test -e /tmp/.X11-unix/X${operators.display.slice(1)}`,
  system: "touch /usr/countersign /etc/countersign",
  operatorsProcess: `kill -0 ${process.pid}`,
  keys: `python3 -c 'import ctypes; c = ctypes.CDLL(None, use_errno=True); r = c.syscall(${KEYCTL}, 0, -3, 0); exit(ctypes.get_errno() == 1)'`,
  loopback: opens("127.0.0.1"),
  router: opens("10.0.2.2"),
  outside: opens(lan ?? "192.0.2.1"),
  own: "xdpyinfo",
});

const folders = () => [
  { path: join(root, "shared"), writable: true },
  { path: join(root, "locked"), writable: false },
];

test("this machine can confine", async () => {
  expect(await confineProblem(process.env)).toBeNull();
  expect(await networkProblem(process.env)).toBeNull();
  expect(lan).toBeDefined();
});

test("confined without a network, a program reaches what it was given and nothing else", async () => {
  expect(await attempts({ folders: folders(), network: "off" }, tries())).toEqual({
    ...{
      display: "no",
      record: "no",
      home: "no",
      bus: "no",
      sockets: "no",
      system: "no",
      operatorsProcess: "no",
      keys: "no",
    },
    ...{ shared: "yes", change: "yes", locked: "yes", unlocked: "no", own: "yes" },
    ...{ loopback: "no", router: "no", outside: "no" },
  });
});

test("with a network of its own it reaches other machines, and not this one's services and display", async () => {
  expect(await attempts({ folders: [], network: "own" }, tries())).toMatchObject({
    ...{ display: "no", record: "no", home: "no", bus: "no", loopback: "no", router: "no" },
    ...{ shared: "no", locked: "no", outside: "yes", own: "yes" },
  });
});

test("what is not confined reaches all of it, and with this machine's network the display: as DESKTOPS.md says", async () => {
  const { display, loopback, record } = tries();
  expect(await attempts(null, { display, loopback, record })).toEqual({
    display: "yes",
    loopback: "yes",
    record: "yes",
  });
  expect(await attempts({ folders: [], network: "shared" }, { display, loopback, record })).toEqual({
    ...{ display: "yes", loopback: "yes", record: "no" },
  });
});

test("Countersign's own folder is covered in whatever folder it lies, by whatever way", async () => {
  symlinkSync(root, join(root, "..", `${root.split("/").at(-1)}-link`));
  const link = `${root}-link`;
  try {
    const given = [root, link].map((path) => ({ path, writable: false }));
    const read = {
      plain: `cat ${root}/data/secret`,
      link: `cat ${link}/data/secret`,
      given: `cat ${link}/shared/given`,
    };
    expect(await attempts({ folders: given, network: "off" }, read)).toEqual({ plain: "no", link: "no", given: "yes" });
  } finally {
    rmSync(link);
  }
});

test.each([
  ["/", "holds /proc"],
  ["/tmp", "holds /tmp/.X11-unix"],
  ["/run/user", "holds /run/user"],
  ["/no/such/folder", "there is no such folder"],
  ["/etc/passwd", "is not a folder"],
])("the folder %s is refused before anything starts", async (path, why) => {
  const confined = { folders: [{ path, writable: false }], network: "off" } as const;
  const dir = join(root, "refused");
  const refused = startOwnDesktop({ size, programs: ["xterm"], dir, env: process.env, home: root, confined });
  await expect(refused).rejects.toThrow(`where.confined.folders[0].path: ${path}`);
  await expect(refused).rejects.toThrow(why);
});

test("a program outside what confined ones see is refused in words", async () => {
  const program = join(root, "shared", "program");
  writeFileSync(program, "#!/bin/sh\nxterm\n", { mode: 0o755 });
  const start = (folders: Confined["folders"]) =>
    startOwnDesktop({
      ...{ size, dir: join(root, "data", "outside"), env: process.env, home: join(root, "home") },
      ...{ programs: [program], confined: { folders, network: "off" } as const },
    });
  await expect(start([])).rejects.toThrow("Add its folder under Folders");
  await (await start(folders())).stop();
});
