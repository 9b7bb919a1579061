/** Closing the window with sessions open: all are paused, and the operator says, once, what becomes of them. */
import { type BrowserWindow, dialog } from "electron";
import type { Runner } from "../session/runner.ts";
import type { WindowShield } from "../windows/window-shield.ts";

const END = 0;
const KEEP = 1;

/**
 * Whether the window may close. Kept in the background, the sessions go on and call when something waits.
 * @param inTray whether a hidden window can be found again in a tray
 */
export async function mayClose(
  runners: readonly Runner[],
  window: BrowserWindow | null,
  shield: WindowShield,
  inTray: () => Promise<boolean>,
): Promise<boolean> {
  if (runners.length === 0 || window === null) return true;
  const paused = runners.filter((runner) => runner.pause().ok);
  const [signal, hasTray] = await Promise.all([shield.clearToAsk(), inTray()]);
  const several = runners.length > 1;
  const where = hasTray ? "In the tray" : "Minimised";
  const { response } = await dialog.showMessageBox(window, {
    signal,
    type: "question",
    message: several ? `End all ${runners.length} sessions?` : "End the session?",
    detail: several
      ? `${runners.length} sessions are open. Nothing runs while this question waits. ${where} they go on and call you when something waits; starting Countersign again shows them.`
      : `A session is open. Nothing runs while this question waits. ${where} it goes on and calls you when something waits; starting Countersign again shows it.`,
    buttons: [several ? "End all sessions" : "End session", hasTray ? "Keep in the tray" : "Keep minimised", "Cancel"],
    defaultId: 2,
    cancelId: 2,
  });
  if (response === END) return true;
  if (response === KEEP && !window.isDestroyed()) {
    if (hasTray) window.hide();
    else window.minimize();
    for (const runner of paused) runner.resume();
  }
  return false;
}
