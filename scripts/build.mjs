// npm run build: compiles into out/, whether or not it is up to date.
import { ensureBuilt } from "./lib/app-build.mjs";
import { ensureNpmPackages } from "./lib/npm-packages.mjs";
import { runMain, say } from "./lib/root.mjs";

await runMain(async () => {
  await ensureNpmPackages();
  await ensureBuilt({ force: true });
  say("Built into out/.");
  return 0;
});
