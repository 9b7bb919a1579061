import { spawn } from "node:child_process";
import { constants } from "node:os";
import { ROOT } from "./root.mjs";

/** Exit code as a shell reports it. @param {number | null} code @param {NodeJS.Signals | null} signal */
const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 15);

/**
 * Runs a program to its end with our stdio, passing on signals that reach only us.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @param {(child: import("node:child_process").ChildProcess) => void} [begun] called once it has been started
 * @returns {Promise<number>} its exit code
 */
export function run(file, args, options = {}, begun = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: "inherit", ...options });
    begun(child);
    // In a terminal Ctrl+C reaches the whole group; sending it once more would mean "at once".
    const passOn = (signal) => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
    for (const signal of signals) process.on(signal, passOn);
    const done = () => {
      for (const signal of signals) process.off(signal, passOn);
    };
    child.once("error", (error) => {
      done();
      reject(error);
    });
    child.once("close", (code, signal) => {
      done();
      resolve(exitCode(code, signal));
    });
  });
}

/**
 * Runs a program and collects what it prints.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function collect(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    const add = (chunk) => {
      output += chunk;
    };
    child.stdout?.setEncoding("utf8").on("data", add);
    child.stderr?.setEncoding("utf8").on("data", add);
    child.once("error", (error) => resolve({ code: 127, output: String(error) }));
    child.once("close", (code, signal) => resolve({ code: exitCode(code, signal), output }));
  });
}

/**
 * npm as the operator has it. Its warnings about engines and settings of the machine are not ours to show.
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
export function npm(args) {
  const own = process.env.npm_execpath;
  const all = [...args, "--loglevel=error"];
  if (own?.endsWith(".js")) return collect(process.execPath, [own, ...all]);
  return process.platform === "win32" ? collect("npm.cmd", all, { shell: true }) : collect("npm", all);
}
