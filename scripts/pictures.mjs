// npm run pictures [-- app | gallery [filter]]: pictures of the window, to look at and for docs/.
import { startDisplay, withoutDisplay } from "./lib/display.mjs";
import { sandboxOptions } from "./lib/electron.mjs";
import { at, runMain, SetupError } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

const PARTS = ["app", "gallery"];

await runMain(async () => {
  const [part, filter] = process.argv.slice(2);
  if (part !== undefined && !PARTS.includes(part)) {
    throw new SetupError(`npm run pictures [-- ${PARTS.join(" | ")} [filter]]`);
  }
  const electron = await setup({ tests: true });
  const display = process.platform === "linux" ? await startDisplay({ size: "2200x1300" }) : null;
  try {
    const env = {
      ...withoutDisplay(),
      ...sandboxOptions().env,
      ...display?.env,
      COUNTERSIGN_ELECTRON: electron,
      COUNTERSIGN_GALLERY_FILTER: part === "gallery" ? (filter ?? "") : "",
    };
    const args = ["test", "--config", at("e2e", "pictures", "pictures.config.ts")];
    if (part !== undefined) args.push(`${part}.pictures.ts`);
    if (part === "app" && filter !== undefined) args.push("--grep", filter);
    return await run(process.execPath, [at("node_modules", "@playwright", "test", "cli.js"), ...args], { env });
  } finally {
    await display?.stop();
  }
});
