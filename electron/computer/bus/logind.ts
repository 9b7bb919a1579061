/**
 * Whether the operator's session is locked or another user's turn, as the desktop's own services say: logind on the system
 * bus (`LockedHint`, `Active` of org.freedesktop.login1(5)), and the screen savers' `ActiveChanged` on the session bus.
 */
import { Variant } from "@jellybrick/dbus-next";
import { type Bus, openBus } from "./bus.ts";

/** Says why the screen is not the operator's, by source; null: this source has nothing against it. */
export type Report = (source: string, words: string | null) => void;

const LOGIND = "org.freedesktop.login1";
const MANAGER = { to: LOGIND, path: "/org/freedesktop/login1", face: "org.freedesktop.login1.Manager" } as const;
const SESSION = "org.freedesktop.login1.Session";
const PROPERTIES = "org.freedesktop.DBus.Properties";
const LIMIT = 1000;
/** What says that a screen saver or lock came up or went; all have the same signal. */
const SAVERS = ["freedesktop", "gnome", "cinnamon", "mate", "xfce", "kde"].map((name) => `org.${name}.ScreenSaver`);

/**
 * Watches logind's session of this process. Resolves with what ends the watching, null where there is no logind or no
 * session of it (a service, a container): nothing is known then.
 * @param session `XDG_SESSION_ID`, when there is one
 */
export async function watchLogind(
  address: string,
  session: string | null,
  report: Report,
): Promise<(() => void) | null> {
  const bus = await openBus(address).catch(() => null);
  if (bus === null) return null;
  try {
    const path = await sessionPath(bus, session);
    const rule = `sender='${LOGIND}',path='${path}',interface='${PROPERTIES}',member='PropertiesChanged'`;
    const look = async () => {
      const [locked, active] = await Promise.all([get(bus, path, "LockedHint"), get(bus, path, "Active")]);
      report("logind-lock", locked === true ? "The screen was locked." : null);
      report("logind-user", active === false ? "Another user's session came to the front." : null);
    };
    await bus.onSignal(rule, ({ path: where, face }) => {
      // What changed is asked for anew: the signal may name a property without its value.
      if (where === path && face === PROPERTIES) look().catch(() => undefined);
    });
    await look();
    return bus.close;
  } catch {
    bus.close();
    return null;
  }
}

/** Watches the screen savers that announce themselves on the session bus; null where there is no bus. */
export async function watchSavers(address: string, report: Report): Promise<(() => void) | null> {
  const bus = await openBus(address).catch(() => null);
  if (bus === null) return null;
  try {
    await bus.onSignal("member='ActiveChanged'", ({ face, member, body }) => {
      if (member !== "ActiveChanged" || !SAVERS.includes(face)) return;
      report(face, body[0] === true ? "The screen saver or the lock screen came up." : null);
    });
    return bus.close;
  } catch {
    bus.close();
    return null;
  }
}

async function sessionPath(bus: Bus, session: string | null): Promise<string> {
  const asked =
    session === null
      ? { ...MANAGER, member: "GetSessionByPID", signature: "u", body: [process.pid] }
      : { ...MANAGER, member: "GetSession", signature: "s", body: [session] };
  const [path] = await bus.call(asked, LIMIT);
  if (typeof path !== "string") throw new Error("logind named no session");
  return path;
}

async function get(bus: Bus, path: string, name: string): Promise<unknown> {
  const call = { to: LOGIND, path, face: PROPERTIES, member: "Get", signature: "ss", body: [SESSION, name] };
  const [value] = await bus.call(call, LIMIT);
  return value instanceof Variant ? value.value : undefined;
}
