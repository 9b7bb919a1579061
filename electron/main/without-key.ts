/**
 * On Linux Chromium starts its first processes before any script runs, each with a copy of the environment in its memory: an
 * API key in it would be in the window's process, too. So a packaged app that was started with one becomes itself anew, in
 * the same process, with the key in a pipe. (`npm start` opens such a pipe by itself.)
 */
import { app } from "electron";
import { KEY_PIPE } from "../settings/taken-key.ts";

/**
 * Opens a pipe for the key and becomes the app ("$0" with its arguments). The pipe has a name for a moment, in a folder of its own
 * that nobody else can enter; the key itself is in no file. Where no such folder can be had the app starts with the key in its variable.
 */
const SCRIPT = `
key=$ANTHROPIC_API_KEY
unset ANTHROPIC_API_KEY
if dir=$(mktemp -d) && mkfifo "$dir/key"; then
  printf %s "$key" >"$dir/key" &
  exec 3<"$dir/key"
  wait
  rm -rf "$dir"
  ${KEY_PIPE}=3 exec "$0" "$@"
fi
ANTHROPIC_API_KEY=$key ${KEY_PIPE}= exec "$0" "$@"
`;

/** Characters of a key at most (shared/ipc-keys.ts); a pipe holds 4096 bytes at least. */
const MOST = 500;

/** Does not return where the app has to start anew. */
export function leaveKeyBehind(): void {
  const { ANTHROPIC_API_KEY: key = "", [KEY_PIPE]: pipe } = process.env;
  if (process.platform !== "linux" || !app.isPackaged || key === "" || pipe !== undefined) return;
  // Such a key is refused anyway, and a pipe may not hold it.
  if (key.length > MOST) return;
  process.execve?.("/bin/sh", ["sh", "-c", SCRIPT, process.execPath, ...process.argv.slice(1)], process.env);
}
