// What ships: the packages that come with the app, and their licences.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { at } from "./root.mjs";

/** Packages loaded while the app runs; the rest is compiled into out/ (electron.vite.config.ts, EXTERNAL). */
const LOADED = [
  "@nut-tree/nut-js",
  "@napi-rs/image",
  "x11",
  // Windows and macOS alone ask it (electron/computer/system/front-window.ts).
  ...(process.platform === "linux" ? [] : ["@miniben90/x-win"]),
];

/** @typedef {{ name?: string, version?: string, license?: string, dev?: boolean, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Locked */

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

/** Folders and lock entries of everything that ships, compiled in or loaded. */
const shipped = () => Object.entries(lock()).filter(([folder, { dev }]) => folder !== "" && dev !== true);

const nameIn = (/** @type {string} */ folder) =>
  folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);

/**
 * What ships of a CycloneDX bill of materials of everything: npm 11's own `--omit=dev` also leaves out what a development
 * package happens to need too.
 * @param {string} all
 */
export function shippedOf(all) {
  const bom = JSON.parse(all);
  const names = new Set(
    shipped().map(([folder, { name, version }]) => `pkg:npm/${name ?? nameIn(folder)}@${version ?? ""}`),
  );
  const components = bom.components.filter((/** @type {{ purl: string }} */ each) =>
    names.has(decodeURIComponent(each.purl)),
  );
  const refs = new Set(components.map((/** @type {Record<string, string>} */ each) => each["bom-ref"]));
  const dependencies = bom.dependencies
    .filter((/** @type {{ ref: string }} */ { ref }) => refs.has(ref) || ref === bom.metadata.component["bom-ref"])
    .map((/** @type {{ ref: string, dependsOn?: string[] }} */ { ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((each) => refs.has(each)),
    }));
  return JSON.stringify({ ...bom, components, dependencies }, null, 2);
}

/** The licences of everything that ships as one text. */
export function licences() {
  const installed = shipped().filter(([folder]) => existsSync(at(folder)));
  const parts = installed.map(([folder, { version, license }]) => {
    const name = nameIn(folder);
    const file = readdirSync(at(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text =
      file === undefined ? "(the package has no licence file)" : readFileSync(at(folder, file), "utf8").trim();
    return `${"=".repeat(80)}\n${name} ${version ?? ""}: ${license ?? "licence not stated"}\n\n${text}\n`;
  });
  return parts.join("\n");
}
