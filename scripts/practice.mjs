// npm run practice: one whole practice session with nobody at the screen.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDisplay } from "./lib/display.mjs";
import { sandboxOptions, warnIfNoSandbox } from "./lib/electron.mjs";
import { at, ROOT, runMain, say } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

const UNATTENDED = [
  "--practice",
  "--no-operator",
  "--exit-when-done",
  `--policy=${at("electron/practice/practice-policy.json")}`,
];

/** The journal of a practice run stays out of the operator's own. @param {readonly string[]} given */
function dataFolder(given) {
  if (given.some((arg) => arg === "--user-data-dir" || arg.startsWith("--user-data-dir="))) return [];
  const folder = mkdtempSync(join(tmpdir(), "countersign-practice-"));
  say(`Its journal: npm run --silent journal -- list --user-data-dir=${folder}`);
  return [`--user-data-dir=${folder}`];
}

await runMain(async () => {
  const electron = await setup();
  warnIfNoSandbox(electron);
  const given = process.argv.slice(2);
  const { args, env } = sandboxOptions();
  const needsDisplay = process.platform === "linux" && !process.env.DISPLAY;
  const display = needsDisplay ? await startDisplay() : null;
  try {
    const all = [ROOT, ...args, ...UNATTENDED, ...dataFolder(given), ...given];
    return await run(electron, all, { env: { ...process.env, ...env, ...display?.env } });
  } finally {
    await display?.stop();
  }
});
