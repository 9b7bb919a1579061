// npm run package [-- --release]: the unpacked app, from the Electron in use; with --release the installers of this
// platform, which an Electron taken from the development package is never built into.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isFallback } from "./lib/electron.mjs";
import { licences, loadedPackages, shippedOf } from "./lib/licences.mjs";
import { at, runMain, SetupError, say } from "./lib/root.mjs";
import { npm, run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

const FLAGS = ["--release"];

/** Parts of packages that nothing loads. */
const OMITTED = [
  "!**/*.{map,md,ts,mts,cts}",
  "!**/*.test.{js,cjs,mjs}",
  "!node_modules/x11/{autogen,browser,examples,test,website}/**",
  "!node_modules/jimp/{browser,fonts}/**",
  ...["linux", "darwin", "win32"]
    .filter((each) => each !== process.platform)
    .map((each) => `!node_modules/@nut-tree-fork/libnut-${each}/**`),
];

await runMain(async () => {
  const given = process.argv.slice(2);
  const unknown = given.find((flag) => !FLAGS.includes(flag));
  if (unknown !== undefined) throw new SetupError(`${unknown}: is not a flag; npm run package [-- --release]`);
  const release = given.includes("--release");
  const electron = await setup();
  if (release && isFallback(electron)) {
    throw new SetupError(
      "A release is never made from the pinned development package of Electron. Make it where Electron's own download can be reached.",
    );
  }
  mkdirSync(at("dist"), { recursive: true });
  writeFileSync(at("dist", "licenses.txt"), licences());
  const sbom = await npm(["sbom", "--sbom-format=cyclonedx", "--package-lock-only"]);
  if (sbom.code !== 0) throw new SetupError(`${sbom.output}\nThe bill of materials could not be made.`);
  writeFileSync(at("dist", "sbom.cdx.json"), shippedOf(sbom.output));
  const config = at("dist", "electron-builder.json");
  writeFileSync(config, JSON.stringify(configured(electron)));
  const builder = at("node_modules", "electron-builder", "cli.js");
  const target = release ? [] : ["--dir"];
  const code = await run(process.execPath, [builder, ...target, "--config", config], { env: process.env });
  // Electron's own page for "no app here"; electron-builder leaves it where Electron came unpacked.
  rmSync(at("dist", "linux-unpacked", "resources", "default_app.asar"), { force: true });
  if (code === 0 && !release) say("The unpacked app is in dist/. Installers: npm run package -- --release");
  return code;
});

/** Where electron-builder may put a package that npm keeps inside another one. @param {string} folder */
function hoisted(folder) {
  return folder.slice(folder.lastIndexOf("node_modules/"));
}

/** electron-builder.yml, with the packages the app loads and the Electron in use. @param {string} electron */
function configured(electron) {
  return {
    extends: at("electron-builder.yml"),
    files: [...loadedPackages().flatMap((folder) => [`${folder}/**`, `${hoisted(folder)}/**`]), ...OMITTED],
    electronDist: process.platform === "darwin" ? join(dirname(electron), "..", "..", "..") : dirname(electron),
    electronVersion: readFileSync(join(dirname(electron), "version"), "utf8").trim(),
  };
}
