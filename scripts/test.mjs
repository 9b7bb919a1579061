// npm test [-- static | unit | e2e [filter ...]]: every check there is. Ends with one line: N passed, N failed.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "./lib/app-build.mjs";
import { startDisplay, withoutDisplay } from "./lib/display.mjs";
import { sandboxOptions } from "./lib/electron.mjs";
import { at, CACHE, runMain, SetupError, say } from "./lib/root.mjs";
import { collect, run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const PARTS = ["static", "unit", "e2e"];
const PASSED = { passed: 1, failed: 0, skipped: 0 };
const FAILED = { passed: 0, failed: 1, skipped: 0 };
const tool = (/** @type {string[]} */ ...path) => at("node_modules", ...path);

let interrupted = false;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {
    interrupted = true;
  });
}

/** Checks without running the app. Each counts as one test. @param {string} electron */
function staticSteps(electron) {
  const asNode = { env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", NO_COLOR: "1" } };
  const types = (/** @type {string} */ config) =>
    collect(process.execPath, [tool("typescript", "bin", "tsc"), "-p", config]);
  return {
    "types: everything": () => types("tsconfig.json"),
    "types: main has no DOM": () => types("tsconfig.electron.json"),
    "types: shared is pure": () => types("tsconfig.shared.json"),
    lint: () =>
      collect(process.execPath, [tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."]),
    boundaries: () => {
      const cruiser = tool("dependency-cruiser", "bin", "dependency-cruiser.mjs");
      const folders = ["shared", "electron", "renderer"].filter((folder) => existsSync(at(folder)));
      return collect(electron, [cruiser, "--config", at(".dependency-cruiser.cjs"), ...folders], asNode);
    },
    // knip reserves more memory in one piece than Electron's Node allows.
    "dead code": () => collect(process.execPath, [tool("knip", "bin", "knip.js"), "--no-progress"]),
    build: () =>
      ensureBuilt().then(
        () => ({ code: 0, output: "" }),
        (error) => ({ code: 1, output: String(error.message) }),
      ),
  };
}

/** @param {string} file @returns {any} */
function report(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** @param {string} electron @param {readonly string[]} filter @returns {Promise<Count>} */
async function unit(electron, filter) {
  const file = join(CACHE, "unit.json");
  rmSync(file, { force: true });
  // One of the long proofs runs the real app.
  if (filter.length === 0 || filter.some((word) => word.includes("soak"))) await ensureBuilt();
  const args = [
    tool("vitest", "vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  const env = {
    ...withoutDisplay(),
    ...sandboxOptions().env,
    ELECTRON_RUN_AS_NODE: "1",
    COUNTERSIGN_ELECTRON: electron,
  };
  const code = await run(electron, [...args, ...filter], { env });
  const found = report(file);
  if (found === null) return FAILED;
  const count = {
    passed: found.numPassedTests,
    failed: found.numFailedTests,
    skipped: found.numPendingTests + found.numTodoTests,
  };
  // A file that could not even be loaded has no tests to fail.
  for (const each of found.testResults) {
    if (each.status === "failed" && !each.assertionResults.some(({ status }) => status === "failed")) count.failed += 1;
  }
  if (code !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

/** What runs with several workers, then what has the machine for itself (playwright.config.ts), each worker on a display of its own. */
const PROJECTS = /** @type {const} */ (["together", "alone"]);
const WORKERS = 2;

/** @param {string} electron @param {readonly string[]} filter @returns {Promise<Count>} */
async function e2e(electron, filter) {
  /** @type {Awaited<ReturnType<typeof startDisplay>>[]} */
  const displays = [];
  const total = { passed: 0, failed: 0, skipped: 0 };
  try {
    while (process.platform === "linux" && displays.length < WORKERS) displays.push(await startDisplay());
    const env = {
      ...withoutDisplay(),
      ...sandboxOptions().env,
      ...displays[0]?.env,
      COUNTERSIGN_ELECTRON: electron,
      COUNTERSIGN_E2E_DISPLAYS: JSON.stringify(displays.map((display) => display.env)),
    };
    for (const project of PROJECTS) {
      if (interrupted) break;
      const count = await playwright(project, filter, env);
      total.passed += count.passed;
      total.failed += count.failed;
      total.skipped += count.skipped;
    }
    // A filter that fits nothing is a mistake.
    if (total.passed + total.failed + total.skipped === 0 && !interrupted) return FAILED;
    return total;
  } finally {
    for (const display of displays) await display.stop();
  }
}

/** @param {string} project @param {readonly string[]} filter @param {NodeJS.ProcessEnv} env @returns {Promise<Count>} */
async function playwright(project, filter, env) {
  const file = join(CACHE, `e2e-${project}.json`);
  rmSync(file, { force: true });
  const args = [
    tool("@playwright", "test", "cli.js"),
    "test",
    `--project=${project}`,
    "--pass-with-no-tests",
    ...filter,
  ];
  const code = await run(process.execPath, args, { env: { ...env, COUNTERSIGN_E2E_REPORT: file } });
  const found = report(file);
  if (found === null) return FAILED;
  const { expected, unexpected, flaky, skipped } = found.stats;
  const count = { passed: expected, failed: unexpected + flaky + found.errors.length, skipped };
  if (code !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

/** @param {Record<string, () => Promise<{ code: number, output: string }>>} steps @returns {Promise<Count>} */
async function runStatic(steps) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, step] of Object.entries(steps)) {
    if (interrupted) break;
    await timed(name, total, async () => {
      const { code, output } = await step();
      if (code !== 0) process.stdout.write(`${output.trimEnd()}\n`);
      return code === 0 ? PASSED : FAILED;
    });
  }
  return total;
}

/** Runs a step, says how it went and how long it took, and adds it up. @param {string} name @param {Count} total @param {() => Promise<Count>} step */
async function timed(name, total, step) {
  const start = performance.now();
  const count = await step();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${count.failed === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
}

await runMain(async () => {
  const [part, ...filter] = process.argv.slice(2);
  if (part !== undefined && !PARTS.includes(part)) throw new SetupError(`npm test -- [${PARTS.join(" | ")}] [filter]`);
  const wants = (/** @type {string} */ name) => part === undefined || part === name;
  const electron = await setup({ tests: true, build: false });
  mkdirSync(CACHE, { recursive: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  if (wants("static")) {
    const count = await runStatic(staticSteps(electron));
    total.passed += count.passed;
    total.failed += count.failed;
  }
  if (wants("unit") && !interrupted) await timed("unit tests", total, () => unit(electron, filter));
  if (wants("e2e") && !interrupted) {
    await timed("e2e", total, async () => {
      try {
        await ensureBuilt();
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        say(error.message);
        return FAILED;
      }
      return e2e(electron, filter);
    });
  }
  if (interrupted) say("Interrupted.");
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  if (interrupted) return 130;
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
});
