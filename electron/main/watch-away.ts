/** Everything that can tell that the operator's screen is not theirs now, for as long as a session works on it. */
import { watchLogind, watchSavers } from "../computer/bus/logind.ts";
import { watchScreenSaver } from "../computer/screen-saver.ts";
import type { Away } from "./away.ts";

const SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket";

/** Resolves with what ends the watching once each source has said how it is. Rejects when the display can't be reached. */
export async function watchAway(
  desktop: { readonly display: string; readonly authority: string },
  env: NodeJS.ProcessEnv,
  { report }: Away,
): Promise<() => void> {
  const { DBUS_SYSTEM_BUS_ADDRESS: system, DBUS_SESSION_BUS_ADDRESS: session, XDG_SESSION_ID: id } = env;
  const [saver, logind, savers] = await Promise.all([
    watchScreenSaver(desktop.display, desktop.authority, report),
    watchLogind(system ?? SYSTEM_BUS, id ?? null, report),
    session === undefined ? null : watchSavers(session, report),
  ]);
  return () => {
    for (const end of [saver, logind, savers]) end?.();
  };
}
