/** Closing the window with a session open: it is paused, and the operator says what becomes of it. */
import { type BrowserWindow, dialog } from "electron";
import type { Runner } from "../session/runner.ts";
import type { WindowShield } from "../windows/window-shield.ts";

const END = 0;
const KEEP = 1;

/**
 * Whether the window may close. Kept in the background, the session goes on and calls when something waits.
 * @param inTray whether a hidden window can be found again in a tray
 */
export async function mayClose(
  runner: Runner | null,
  window: BrowserWindow | null,
  shield: WindowShield,
  inTray: () => Promise<boolean>,
): Promise<boolean> {
  if (runner === null || window === null) return true;
  const paused = runner.pause().ok;
  const [signal, hasTray] = await Promise.all([shield.clearToAsk(), inTray()]);
  const { response } = await dialog.showMessageBox(window, {
    signal,
    type: "question",
    message: "End the session?",
    detail: `A session is open. Nothing runs while this question waits. ${
      hasTray ? "In the tray" : "Minimised"
    } it goes on and calls you when something waits; starting Countersign again shows it.`,
    buttons: ["End session", hasTray ? "Keep in the tray" : "Keep minimised", "Cancel"],
    defaultId: 2,
    cancelId: 2,
  });
  if (response === END) return true;
  if (response === KEEP && !window.isDestroyed()) {
    if (hasTray) window.hide();
    else window.minimize();
    if (paused) runner.resume();
  }
  return false;
}
