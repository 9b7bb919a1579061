import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {...string} parts */
export const at = (...parts) => join(ROOT, ...parts);

/** Downloads, locks and other things git ignores. */
export const CACHE = at(".cache");

/** What a script has to tell goes to stderr: stdout belongs to the command it runs. @param {string} text */
export const say = (text) => process.stderr.write(`${text}\n`);

/** An expected failure: the message says what to do, no stack is shown. */
export class SetupError extends Error {}

/** Runs a script's main function: prints expected failures plainly, and sets the exit code. @param {() => Promise<number>} main */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
