// npm run soak [words of a proof's name, or its file's]: the long proofs of soak/, whole, in Electron's Node, which is what we ship.
import { withoutDisplay } from "./lib/display.mjs";
import { sandboxOptions } from "./lib/electron.mjs";
import { at, runMain } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await runMain(async () => {
  const electron = await setup({ tests: true, build: true });
  const env = {
    ...withoutDisplay(),
    ...sandboxOptions().env,
    ELECTRON_RUN_AS_NODE: "1",
    COUNTERSIGN_ELECTRON: electron,
  };
  return await run(electron, [at("soak", "main.ts"), ...process.argv.slice(2)], { env });
});
