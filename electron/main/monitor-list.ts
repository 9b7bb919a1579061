/** The displays the operator can pick from, kept up to date while the app runs. */
import { screen } from "electron";
import type { MonitorInfo } from "../../shared/ipc.ts";
import { openDesktopLink } from "../computer/desktop-link.ts";
import type { Environment } from "../desktop/environment.ts";
import { displayOf } from "../desktop/this-desktop.ts";
import { thisDesktopProblem } from "../desktop/this-desktop-problem.ts";
import { matchDisplays } from "./match-displays.ts";

export type MonitorList = { readonly now: readonly MonitorInfo[] };

/**
 * Reads the operator's displays now and whenever one is plugged in, unplugged, moved or resized.
 * @param onChange called after each reading that found something else
 */
export function watchMonitors(env: Environment, onChange: () => void): MonitorList {
  let now: readonly MonitorInfo[] = [];
  if (thisDesktopProblem(env) !== null) return { now };
  const { display, authority } = displayOf(env);
  let reading: Promise<void> = Promise.resolve();
  const read = async () => {
    const link = await openDesktopLink(display, authority);
    try {
      const found = matchDisplays(await link.monitors(), screen.getAllDisplays());
      if (JSON.stringify(found) === JSON.stringify(now)) return;
      now = found;
      onChange();
    } finally {
      link.close();
    }
  };
  const again = () => {
    // A display that can't be read has no list; starting a session there says why.
    reading = reading.then(read).catch(() => undefined);
  };
  screen.on("display-added", again);
  screen.on("display-removed", again);
  screen.on("display-metrics-changed", again);
  again();
  return {
    get now() {
      return now;
    },
  };
}
