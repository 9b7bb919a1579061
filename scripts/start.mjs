// npm start -- [flags of the app]: everything needed, then the app.
import { sandboxOptions, warnIfNoSandbox } from "./lib/electron.mjs";
import { ROOT, runMain } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await runMain(async () => {
  const electron = await setup();
  const { args, env } = sandboxOptions();
  warnIfNoSandbox(electron);
  return run(electron, [ROOT, ...args, ...process.argv.slice(2)], { env: { ...process.env, ...env } });
});
