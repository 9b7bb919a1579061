#!/usr/bin/env node
// Makes a Debian package by dpkg-deb, with the part of fpm's command line that electron-builder uses: for machines that can't
// reach electron-builder's own fpm (CUSTOM_FPM_PATH). A development package only; a release is made by fpm.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const SWITCHES = new Set(["--force", "--debug"]);

/** @param {readonly string[]} argv */
function parse(argv) {
  /** @type {Map<string, string[]>} */
  const options = new Map();
  /** @type {string[]} */
  const paths = [];
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? "";
    if (SWITCHES.has(word)) continue;
    if (!word.startsWith("-")) {
      paths.push(word);
      continue;
    }
    const [name = "", inline] = word.split(/=(.*)/s);
    const value = inline ?? argv[i + 1] ?? "";
    if (inline === undefined) i += 1;
    options.set(name, [...(options.get(name) ?? []), value]);
  }
  return { all: (/** @type {string} */ name) => options.get(name) ?? [], paths };
}

/** Size in KiB of everything in a folder. @param {string} folder @returns {number} */
function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(path) : Math.ceil(statSync(path).size / 1024));
  }, 0);
}

const { all, paths } = parse(process.argv.slice(2));
const one = (/** @type {string} */ name) => all(name)[0] ?? "";
if (one("-t") !== "deb") throw new Error(`only deb packages can be made here, not ${one("-t")}`);

const root = mkdtempSync(join(tmpdir(), "countersign-deb-"));
try {
  chmodSync(root, 0o755);
  for (const path of paths) {
    const [from = "", to = ""] = path.split("=");
    const target = join(root, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(from, target, { recursive: true, verbatimSymlinks: true });
  }
  const size = sizeOf(root);
  const control = join(root, "DEBIAN");
  mkdirSync(control);
  const [synopsis = "", ...text] = one("--description").split("\n");
  // A description's further lines begin with a blank (deb-control(5)).
  const description = [synopsis, ...text.map((line) => ` ${line.trim() || "."}`)].join("\n");
  const fields = {
    Package: one("--name"),
    Version: one("--version"),
    Architecture: one("--architecture"),
    Maintainer: one("--maintainer"),
    Homepage: one("--url"),
    Section: one("--category") || "utils",
    Priority: one("--deb-priority") || "optional",
    Depends: all("-d").join(", "),
    Recommends: all("--deb-recommends").join(", "),
    "Installed-Size": String(size),
    Description: description,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${value}`]));
  writeFileSync(join(control, "control"), `${lines.join("\n")}\n`);
  for (const [flag, name] of [
    ["--after-install", "postinst"],
    ["--after-remove", "postrm"],
  ]) {
    const script = one(flag ?? "");
    if (script === "") continue;
    cpSync(script, join(control, name ?? ""));
    chmodSync(join(control, name ?? ""), 0o755);
  }
  const made = spawnSync("dpkg-deb", ["--root-owner-group", "-Zgzip", "-z1", "--build", root, one("--package")], {
    stdio: "inherit",
  });
  process.exitCode = made.status ?? 1;
  if (made.status === 0) console.log(`made ${basename(one("--package"))}`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
