// What ships: the packages that come with the app, and their licences.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { at } from "./root.mjs";

/** Packages loaded while the app runs; the rest is compiled into out/ (electron.vite.config.ts, EXTERNAL). */
const LOADED = ["@nut-tree/nut-js", "@napi-rs/image", "x11"];

/** @typedef {{ version?: string, license?: string, dev?: boolean, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Locked */

/** @returns {Record<string, Locked>} */
const lock = () => JSON.parse(readFileSync(at("package-lock.json"), "utf8")).packages;

/** Folder, below the repository, of the package that `from` gets when it asks for `name`; null when it is not installed. */
function found(/** @type {Record<string, Locked>} */ packages, /** @type {string} */ from, /** @type {string} */ name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (packages[candidate] !== undefined && existsSync(at(candidate))) return candidate;
    if (folder === "." || folder === "") return null;
  }
}

/** Folders of the packages the running app loads, with all they need. */
export function loadedPackages() {
  const packages = lock();
  /** @type {Set<string>} */
  const folders = new Set();
  const visit = (/** @type {string} */ from, /** @type {string} */ name) => {
    const folder = found(packages, from, name);
    if (folder === null || folders.has(folder)) return;
    folders.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = packages[folder] ?? {};
    for (const each of [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]) visit(folder, each);
  };
  for (const name of LOADED) visit("", name);
  return [...folders].sort();
}

/** The licences of everything that ships, compiled in or loaded, as one text. */
export function licences() {
  const shipped = Object.entries(lock()).filter(
    ([folder, { dev }]) => folder !== "" && dev !== true && existsSync(at(folder)),
  );
  const parts = shipped.map(([folder, { version, license }]) => {
    const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
    const file = readdirSync(at(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text =
      file === undefined ? "(the package has no licence file)" : readFileSync(at(folder, file), "utf8").trim();
    return `${"=".repeat(80)}\n${name} ${version ?? ""}: ${license ?? "licence not stated"}\n\n${text}\n`;
  });
  return parts.join("\n");
}
