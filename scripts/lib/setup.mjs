import { ensureBuilt } from "./app-build.mjs";
import { ensureElectron } from "./electron.mjs";
import { ensureNpmPackages } from "./npm-packages.mjs";
import { SetupError } from "./root.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";

const OLDEST_NODE = [20, 19];

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [wantMajor = 0, wantMinor = 0] = OLDEST_NODE;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return;
  throw new SetupError(`Node ${OLDEST_NODE.join(".")} or newer is needed; this is ${process.versions.node}.`);
}

/**
 * Brings a clone to where the app can run. Does nothing twice.
 * @param {{ tests?: boolean, build?: boolean }} [options] tests: also what tests and benchmarks need
 * @returns {Promise<string>} the path of the Electron binary
 */
export async function setup({ tests = false, build = true } = {}) {
  checkNode();
  await ensureSystemPackages({ tests });
  await ensureNpmPackages();
  const electron = await ensureElectron();
  if (build) await ensureBuilt();
  return electron;
}
