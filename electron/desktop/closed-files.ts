/**
 * What is open in this process is open in every program it starts, unless it is closed: Chromium's sockets to its own processes,
 * the window's among them, and folders of the data folder do not close themselves.
 */
import { DesktopError } from "./desktop-error.ts";
import { findProgram } from "./desktop-problem.ts";
import type { Environment } from "./environment.ts";

/** Closes all but the first files, then becomes the program. Some systems' `sh` can close none above 9. */
const SCRIPT = `
for file in /proc/self/fd/*; do
  fd=\${file##*/}
  if ((fd > $0)); then eval "exec $fd>&-"; fi
done
exec "$@"`;

/**
 * A command that runs `words` with nothing of ours open but what it was given: the files up to `last`.
 * @throws DesktopError where it can't be had
 */
export function withFilesClosed(
  words: readonly string[],
  last: number,
  env: Environment,
): readonly [string, ...string[]] {
  const bash = findProgram("bash", env);
  if (bash === null)
    throw new DesktopError(
      "missing",
      "bash is missing: without it programs would get Countersign's own files. Install it.",
    );
  return [bash, "-c", SCRIPT, String(last), ...words];
}
