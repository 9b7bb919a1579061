// npm start -- [flags of the app]: everything needed, then the app.
import { sandboxOptions, warnIfNoSandbox } from "./lib/electron.mjs";
import { ROOT, runMain, say } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

/** Standard input, output and errors. */
const INHERITED = /** @type {const} */ (["inherit", "inherit", "inherit"]);

await runMain(async () => {
  const electron = await setup();
  const { args, env } = sandboxOptions();
  if (args.length > 0) say("Running as root: Chromium's sandbox is off for this run.");
  warnIfNoSandbox(electron);
  const all = [ROOT, ...args, ...process.argv.slice(2)];
  // Chromium's own processes are forked with a copy of the environment, before the app could take the key out of it.
  const { ANTHROPIC_API_KEY: key = "", ...without } = process.env;
  if (process.platform !== "linux" || key === "") return run(electron, all, { env: { ...process.env, ...env } });
  const handed = { env: { ...without, ...env, COUNTERSIGN_KEY_FD: "3" }, stdio: [...INHERITED, "pipe"] };
  return run(electron, all, handed, (child) => {
    // An app that ends at once reads nothing.
    child.stdio[3]?.on("error", () => undefined).end(key);
  });
});
