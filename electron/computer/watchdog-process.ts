/**
 * The watchdog's process (watchdog.ts): waits on the executor's pipe. DISPLAY and XAUTHORITY of its environment name the
 * display. Plain Node: it does nothing until the executor is gone, and then ends.
 */
import { WATCHDOG_BYE, WATCHDOG_READY } from "./watchdog.ts";
import { openX11, type X11 } from "./x11/connection.ts";
import { Input } from "./x11/input.ts";
import { recover } from "./x11/keyboard.ts";
import { pause } from "./x11/wait.ts";

/**
 * What a killed process had written to its socket reaches the server after its death: we look again this often, ms, until
 * it has been quiet for so many looks, at most for so long, ms (the person's own keys may stay down).
 */
const LOOK = 30;
const QUIET_LOOKS = 8;
const AT_MOST = 3000;

/** Resolves with whether the executor said goodbye, when the pipe has ended. */
async function goodbye(): Promise<boolean> {
  let words = "";
  for await (const chunk of process.stdin) words += String(chunk);
  return words.endsWith(WATCHDOG_BYE);
}

async function letGo(x11: X11): Promise<void> {
  const input = new Input(x11);
  const until = performance.now() + AT_MOST;
  let quiet = 0;
  while (quiet < QUIET_LOOKS && performance.now() < until) {
    const [keys, pointer] = await Promise.all([x11.pressedKeys(), x11.pointer()]);
    const isQuiet = keys.length === 0 && pointer.buttons.length === 0;
    await recover(x11, input);
    quiet = isQuiet ? quiet + 1 : 0;
    await pause(LOOK);
  }
}

const ended = goodbye();
const { DISPLAY: display = "", XAUTHORITY: authority = "" } = process.env;
try {
  const x11 = await openX11({ display, authority });
  x11.onClosed(() => process.exit(0));
  process.stdout.write(WATCHDOG_READY);
  // Whoever read that may be gone before the pipe is.
  process.stdout.on("error", () => undefined);
  if (!(await ended)) await letGo(x11);
  process.exit(0);
} catch (error) {
  console.error("watchdog:", error instanceof Error ? error.message : error);
  process.exit(1);
}
