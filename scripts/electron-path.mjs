// node scripts/electron-path.mjs: the path of the Electron binary in use, and nothing else, on stdout.
import { ensureElectron } from "./lib/electron.mjs";
import { ensureNpmPackages } from "./lib/npm-packages.mjs";
import { runMain } from "./lib/root.mjs";

await runMain(async () => {
  await ensureNpmPackages();
  process.stdout.write(`${await ensureElectron()}\n`);
  return 0;
});
