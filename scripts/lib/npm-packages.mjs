import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { withLock } from "./lock.mjs";
import { at, SetupError, say } from "./root.mjs";
import { npm } from "./run.mjs";

const LOCK = at("package-lock.json");
const STAMP = at("node_modules", ".countersign-stamp");

const wanted = () =>
  createHash("sha256").update(readFileSync(LOCK)).update(`${process.platform}-${process.arch}`).digest("hex");
const stamped = (/** @type {string} */ hash) => existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash;

/** Whether node_modules, as npm itself recorded it, already is what the lock file says. */
function alreadyInstalled() {
  const record = at("node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const lock = JSON.parse(readFileSync(LOCK, "utf8")).packages;
  const have = JSON.parse(readFileSync(record, "utf8")).packages;
  return (
    Object.entries(have).every(([path, { version }]) => lock[path]?.version === version) &&
    Object.entries(lock).every(([path, { optional, devOptional, peer }]) => {
      return path === "" || path in have || optional || devOptional || peer;
    })
  );
}

/** Installs the npm packages when the lock file changed since the last time. */
export async function ensureNpmPackages() {
  const hash = wanted();
  if (stamped(hash)) return;
  await withLock("npm", async () => {
    if (stamped(hash)) return;
    if (!alreadyInstalled()) {
      say("Installing npm packages ...");
      const { code, output } = await npm(["ci"]);
      if (code !== 0) throw new SetupError(`${output}\nnpm ci failed (exit ${code}).`);
    }
    writeFileSync(STAMP, hash);
  });
}
