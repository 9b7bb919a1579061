import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { withLock } from "./lock.mjs";
import { at, SetupError, say } from "./root.mjs";
import { collect } from "./run.mjs";

const SOURCES = ["shared", "electron", "renderer"];
const CONFIGS = ["electron.vite.config.ts", "package-lock.json", "package.json", "tsconfig.json"];
const STAMP = at("out", ".stamp");

/** Sizes and times of everything the build reads: a few milliseconds, and enough to see a change. */
function fingerprint() {
  const hash = createHash("sha256");
  const add = (/** @type {string} */ file) => {
    const { size, mtimeMs } = statSync(at(file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  };
  for (const folder of SOURCES) {
    if (!existsSync(at(folder))) continue;
    const files = readdirSync(at(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.slice(at("").length));
    for (const file of files.sort()) add(file);
  }
  for (const file of CONFIGS) add(file);
  return hash.digest("hex");
}

const isBuilt = (/** @type {string} */ print) => existsSync(STAMP) && readFileSync(STAMP, "utf8") === print;

/**
 * Compiles into out/, unless it is already there.
 * @param {{ force?: boolean }} [options]
 */
export async function ensureBuilt({ force = false } = {}) {
  const print = fingerprint();
  if (!force && isBuilt(print)) return;
  await withLock("build", async () => {
    if (!force && isBuilt(print)) return;
    say("Building ...");
    rmSync(STAMP, { force: true });
    const tool = at("node_modules", "electron-vite", "bin", "electron-vite.js");
    const { code, output } = await collect(process.execPath, [tool, "build", "--logLevel", "warn"]);
    if (code !== 0) throw new SetupError(`${output}\nThe build failed (exit ${code}).`);
    if (output.trim() !== "") say(output.trim());
    mkdirSync(at("out"), { recursive: true });
    writeFileSync(STAMP, print);
  });
}
