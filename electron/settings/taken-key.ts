/** The API key of the environment, taken out of it: from a pipe that whoever started the app opened, or from the variable itself. */
import { closeSync, fstatSync, readFileSync } from "node:fs";

/** Names the open pipe the key comes by. Empty: none could be opened, and the key is in its variable. */
export const KEY_PIPE = "COUNTERSIGN_KEY_FD";

/**
 * The key, once; undefined where there is none. Nothing this process starts from now on can inherit it.
 * @throws Error in words that name the variable
 */
export function takeApiKey(env: NodeJS.ProcessEnv): string | undefined {
  const pipe = env[KEY_PIPE] ?? "";
  const key = env.ANTHROPIC_API_KEY;
  delete env[KEY_PIPE];
  delete env.ANTHROPIC_API_KEY;
  return pipe === "" ? key : readPipe(pipe);
}

function readPipe(given: string): string {
  const fd = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  const advice = "leave it out, and give the key by ANTHROPIC_API_KEY";
  if (fd < 3) throw new Error(`${KEY_PIPE}: expected the number of an open pipe, got "${given}"; ${advice}`);
  try {
    const stat = fstatSync(fd);
    // Anything else is open for another reason, and not ours to close.
    if (!stat.isFIFO() && !stat.isSocket()) throw new Error("it is no pipe");
    const key = readFileSync(fd, "utf8");
    closeSync(fd);
    return key;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${KEY_PIPE}: ${given} can't be read (${why}); ${advice}`);
  }
}
