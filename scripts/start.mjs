// npm start -- [flags of the app]: everything needed, then the app.
import { sandboxOptions, warnIfNoSandbox } from "./lib/electron.mjs";
import { ROOT, runMain, say } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await runMain(async () => {
  const electron = await setup();
  const { args, env } = sandboxOptions();
  if (args.length > 0) say("Running as root: Chromium's sandbox is off for this run.");
  warnIfNoSandbox(electron);
  return run(electron, [ROOT, ...args, ...process.argv.slice(2)], { env: { ...process.env, ...env } });
});
