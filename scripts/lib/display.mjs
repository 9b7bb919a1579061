import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupError } from "./root.mjs";

const START_MS = 15_000;
const FAMILY_LOCAL = 256;
const FAMILY_ANY = 65_535;

/** One entry of an Xauthority file. @param {number} family @param {string} host @param {string} display @param {Buffer} cookie */
function entry(family, host, display, cookie) {
  const number = (/** @type {number} */ n) => Buffer.from([n >> 8, n & 255]);
  const fields = [Buffer.from(host), Buffer.from(display), Buffer.from("MIT-MAGIC-COOKIE-1"), cookie];
  return Buffer.concat([number(family), ...fields.flatMap((field) => [number(field.length), field])]);
}

/** The display number the server reports once it is ready. @param {import("node:child_process").ChildProcess} server */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SetupError("Xvfb did not start in time.")), START_MS);
    const settle = (/** @type {() => void} */ how) => {
      clearTimeout(timer);
      how();
    };
    let text = "";
    /** @type {import("node:stream").Readable} */ (server.stdio[3]).setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (text.endsWith("\n")) settle(() => resolve(text.trim()));
    });
    server.once("error", (error) => settle(() => reject(new SetupError(`Xvfb: ${error.message}`))));
    server.once("exit", (code) => settle(() => reject(new SetupError(`Xvfb ended at once (exit ${code}).`))));
  });
}

/** @param {import("node:child_process").ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 2_000);
  await gone;
  clearTimeout(killer);
}

/**
 * A private X display with a window manager: own cookie, no TCP, a number nobody else has.
 * @param {{ size?: string }} [options] size in px, `WxH`
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>} what programs on it need; and its end
 */
export async function startDisplay({ size = "1920x1080" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-display-"));
  const auth = join(folder, "Xauthority");
  const cookie = randomBytes(16);
  writeFileSync(auth, entry(FAMILY_ANY, "", "", cookie), { mode: 0o600 });
  const args = [
    "-displayfd",
    "3",
    "-screen",
    "0",
    `${size}x24`,
    "-nolisten",
    "tcp",
    "-auth",
    auth,
    "-noreset",
    "-s",
    "0",
  ];
  /** @type {import("node:child_process").ChildProcess[]} */
  const children = [spawn("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] })];
  const killNow = () => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", killNow);
  const stop = async () => {
    for (const child of children.toReversed()) await end(child);
    process.off("exit", killNow);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const number = await displayNumber(/** @type {import("node:child_process").ChildProcess} */ (children[0]));
    const local = entry(FAMILY_LOCAL, hostname(), number, cookie);
    writeFileSync(auth, Buffer.concat([local, entry(FAMILY_ANY, "", "", cookie)]), { mode: 0o600 });
    const env = { DISPLAY: `:${number}`, XAUTHORITY: auth };
    const ready = join(folder, "ready");
    const manager = ["--sm-disable", "--startup", `touch ${ready}`];
    children.push(spawn("openbox", manager, { stdio: "ignore", env: { ...process.env, ...env } }));
    for (let waited = 0; !existsSync(ready); waited += 20) {
      if (waited > START_MS) throw new SetupError("openbox did not start in time.");
      await sleep(20);
    }
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The environment without the person's own display. */
export function withoutDisplay() {
  const { DISPLAY: _display, XAUTHORITY: _cookie, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  return rest;
}
