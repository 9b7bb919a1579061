// npm run package [-- --release | --development-deb]: the unpacked app, from the Electron in use; with --release the installers
// of this platform, which an Electron taken from the development package is never built into; with --development-deb a Debian
// package that says that it is no release.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isFallback } from "./lib/electron.mjs";
import { licences, loadedPackages, shippedOf } from "./lib/licences.mjs";
import { at, runMain, SetupError, say } from "./lib/root.mjs";
import { npm, run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

const FLAGS = ["--release", "--development-deb"];

/** Stands where a maintainer and a homepage have to be; no release is made with it. */
const PLACEHOLDER = /\.invalid\b/;

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
  if (unknown !== undefined || given.length > 1)
    throw new SetupError(`${given.join(" ")}: expected one of ${FLAGS.join(", ")}, or nothing`);
  const release = given.includes("--release");
  const electron = await setup();
  if (release && isFallback(electron)) {
    throw new SetupError(
      "A release is never made from the pinned development package of Electron. Make it where Electron's own download can be reached.",
    );
  }
  if (
    release &&
    [at("package.json"), at("electron-builder.yml")].some((file) => PLACEHOLDER.test(readFileSync(file, "utf8")))
  )
    throw new SetupError(
      "A release needs the project's own address: homepage in package.json and linux.maintainer in electron-builder.yml still end in .invalid.",
    );
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
  if (code !== 0 || release) return code;
  if (given.includes("--development-deb")) return await developmentDeb(config, builder);
  say("The unpacked app is in dist/. Installers: npm run package -- --release");
  return 0;
});

/**
 * electron-builder's own deb of the unpacked app, by dpkg-deb in fpm's place, named and described as no release.
 * @param {string} config @param {string} builder
 */
async function developmentDeb(config, builder) {
  if (process.platform !== "linux") throw new SetupError("--development-deb: needs Linux with dpkg-deb.");
  const mark = JSON.parse(readFileSync(config, "utf8"));
  const own = at("dist", "electron-builder-deb.json");
  const linux = { synopsis: "NOT A RELEASE: Countersign from a development build, for tests" };
  const deb = { packageName: "countersign-development", artifactName: "countersign-development.deb" };
  writeFileSync(own, JSON.stringify({ ...mark, linux, deb }));
  const args = ["--linux", "deb", "--prepackaged", at("dist", "linux-unpacked"), "--config", own];
  const env = { ...process.env, CUSTOM_FPM_PATH: at("scripts", "dpkg-fpm.mjs") };
  return await run(process.execPath, [builder, ...args], { env });
}

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
