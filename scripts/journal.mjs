// npm run --silent journal -- <verb>: the app's own journal commands. Prints nothing of its own on stdout.
import { sandboxOptions, warnIfNoSandbox } from "./lib/electron.mjs";
import { ROOT, runMain } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await runMain(async () => {
  const electron = await setup();
  warnIfNoSandbox(electron);
  const { args, env } = sandboxOptions();
  const own = ["journal", ...process.argv.slice(2)];
  return run(electron, [ROOT, ...own, ...args], { env: { ...process.env, ...env } });
});
