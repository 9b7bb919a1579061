/** Ways into the app that a debugger opens: through them another program could press our buttons. */

/** Chromium's and Node's switches that let another process into ours. */
const SWITCHES = [
  "remote-debugging-port",
  "remote-debugging-pipe",
  "remote-debugging-address",
  "inspect",
  "inspect-brk",
  "inspect-port",
  "inspect-wait",
  "debug-port",
  "js-flags",
] as const;

/**
 * Why no session may start in this process, or null. In development (and so in the tests, which drive the app through
 * such a port) it may.
 * @param has whether the process was started with a switch, given without its dashes
 */
export function debugProblem(isPackaged: boolean, has: (name: string) => boolean): string | null {
  if (!isPackaged) return null;
  const found = SWITCHES.find(has);
  if (found === undefined) return null;
  return `No session can start: the app was started with --${found}, through which another program could decide in your place. Start it without.`;
}
