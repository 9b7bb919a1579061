import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { withLock } from "./lock.mjs";
import { SetupError, say } from "./root.mjs";

/**
 * Debian packages, each with its reason. Several names are the same thing in different releases.
 * `need`: app (nothing works without it), comfort (worse without it), test (tests and benchmarks only).
 * @typedef {{ names: readonly string[], need: "app" | "comfort" | "test", why: string }} SystemPackage
 */

/** @type {readonly SystemPackage[]} */
const SYSTEM_PACKAGES = [
  { names: ["libgtk-3-0t64", "libgtk-3-0"], need: "app", why: "Electron's toolkit" },
  { names: ["libnss3"], need: "app", why: "Electron: certificates" },
  { names: ["libatk-bridge2.0-0t64", "libatk-bridge2.0-0"], need: "app", why: "Electron: accessibility" },
  { names: ["libgbm1"], need: "app", why: "Electron: drawing" },
  { names: ["libasound2t64", "libasound2"], need: "app", why: "Electron: sound" },
  { names: ["libxss1"], need: "app", why: "Electron: idle time" },
  { names: ["libxtst6"], need: "app", why: "nut-js: mouse and keyboard" },
  { names: ["libnotify4"], need: "comfort", why: "Electron: notifications" },
  { names: ["xvfb"], need: "app", why: "Claude's own desktop: the X server" },
  { names: ["xauth"], need: "app", why: "Claude's own desktop: its cookie" },
  { names: ["openbox"], need: "app", why: "Claude's own desktop: the window manager" },
  { names: ["x11-xserver-utils"], need: "app", why: "Claude's own desktop: its size and resources" },
  { names: ["bubblewrap"], need: "comfort", why: "Claude's own desktop: keeps its programs from your files" },
  { names: ["slirp4netns"], need: "comfort", why: "a network of those programs' own" },
  { names: ["dbus-daemon"], need: "comfort", why: "the bus on which programs name their controls" },
  { names: ["at-spi2-core"], need: "comfort", why: "the registry of that bus" },
  { names: ["fonts-dejavu-core"], need: "comfort", why: "letters in screenshots" },
  { names: ["fonts-wqy-microhei"], need: "comfort", why: "Chinese, Japanese and Korean in screenshots" },
  { names: ["fonts-noto-color-emoji"], need: "comfort", why: "emoji in screenshots" },
  { names: ["mousepad"], need: "comfort", why: "the editor offered on the start view and used by practice" },
  { names: ["xterm"], need: "test", why: "a program that is not ours, typed into" },
  { names: ["yad"], need: "test", why: "a GTK form with a password field" },
  { names: ["xdotool"], need: "test", why: "a second hand, and a peer in the typing benchmark" },
  { names: ["x11-utils"], need: "test", why: "xprop and xwininfo: what the server says about windows" },
  { names: ["x11-xkb-utils"], need: "test", why: "setxkbmap: other keyboard layouts" },
  { names: ["xserver-xephyr"], need: "test", why: "a desktop with a person at it: their hand, told from ours" },
  { names: ["xserver-xorg-core"], need: "test", why: "an X server with several displays" },
  { names: ["xserver-xorg-video-dummy"], need: "test", why: "the displays of that server" },
  { names: ["x11-apps"], need: "test", why: "xclock: a program that never stops drawing" },
  { names: ["python3-gi"], need: "test", why: "a program of our own with GTK's slider" },
  { names: ["gir1.2-gtk-3.0"], need: "test", why: "GTK for that program" },
  { names: ["weston"], need: "test", why: "a Wayland session" },
  { names: ["xwayland"], need: "test", why: "its X server, which has to be refused" },
  { names: ["openssl"], need: "test", why: "a certificate nobody trusts" },
  { names: ["scrot"], need: "test", why: "a peer in the capture benchmark" },
  { names: ["imagemagick"], need: "test", why: "a peer in the capture benchmark" },
];

/** Names of those that are not installed, by dpkg's own record. @param {readonly SystemPackage[]} packages */
function missing(packages) {
  const names = packages.flatMap((each) => each.names);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders
  const format = "${Package} ${db:Status-Status}\\n";
  const result = spawnSync("dpkg-query", ["-W", "-f", format, ...names], { encoding: "utf8" });
  const installed = new Set(
    result.stdout
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.slice(0, line.indexOf(" "))),
  );
  return packages.filter((each) => !each.names.some((name) => installed.has(name)));
}

/** The name under which this release has it: the first that can be installed. @param {SystemPackage} each */
function nameHere(each) {
  if (each.names.length === 1) return each.names[0];
  const known = each.names.find((name) => {
    const { stdout } = spawnSync("apt-cache", ["policy", name], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    return /Candidate: (?!\(none\))/.test(stdout ?? "");
  });
  return known ?? each.names[each.names.length - 1];
}

/** The words before `apt-get` that make it run without a question, or null. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : null;
}

/** @param {readonly string[]} prefix @param {readonly string[]} args */
function apt(prefix, args) {
  const [file, ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
  const result = spawnSync(/** @type {string} */ (file), rest, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return { code: result.status ?? 1, output: `${result.stdout}${result.stderr}` };
}

/** @param {readonly SystemPackage[]} packages */
const command = (packages) => `sudo apt-get install --no-install-recommends ${packages.map(nameHere).join(" ")}`;

/** Installs what is missing, or says how. @param {readonly SystemPackage[]} packages */
function installWithApt(packages) {
  const absent = missing(packages);
  if (absent.length === 0) return;
  const prefix = rootPrefix();
  if (prefix === null) {
    const needed = absent.some((each) => each.need !== "comfort");
    const list = absent.map((each) => `  ${nameHere(each)}: ${each.why}`).join("\n");
    const text = `These system packages are missing:\n${list}\nInstall them with:\n  ${command(absent)}`;
    if (needed) throw new SetupError(text);
    say(text);
    return;
  }
  say(`Installing system packages: ${absent.map((each) => each.names[each.names.length - 1]).join(" ")} ...`);
  const updated = apt(prefix, ["update", "-qq", "-o", "DPkg::Lock::Timeout=120"]);
  if (updated.code !== 0)
    say(`${updated.output}\napt-get update failed (exit ${updated.code}); trying with the lists at hand.`);
  const names = absent.map(nameHere);
  const result = apt(prefix, [
    "install",
    "-y",
    "-qq",
    "--no-install-recommends",
    "-o",
    "DPkg::Lock::Timeout=120",
    ...names,
  ]);
  if (result.code !== 0) {
    throw new SetupError(`${result.output}\napt-get failed (exit ${result.code}). Try:\n  ${command(absent)}`);
  }
}

/**
 * Makes sure the libraries and programs of the system are there. Linux only.
 * @param {{ tests: boolean }} options
 */
export async function ensureSystemPackages({ tests }) {
  if (process.platform !== "linux") return;
  const packages = SYSTEM_PACKAGES.filter((each) => tests || each.need !== "test");
  if (existsSync("/usr/bin/dpkg-query")) {
    if (missing(packages).length > 0) await withLock("system", async () => installWithApt(packages));
    return;
  }
  const programs = ["Xvfb", "xauth", "openbox", "xrdb"];
  const found = (/** @type {string} */ name) =>
    (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/${name}`));
  const absent = programs.filter((name) => !found(name));
  if (absent.length === 0) return;
  const list = packages.map((each) => `  ${each.names[each.names.length - 1]}: ${each.why}`).join("\n");
  throw new SetupError(
    `Not found: ${absent.join(", ")}.\nThis is not Debian or Ubuntu: install what your system calls these packages.\n${list}`,
  );
}
