/**
 * Whether anything on a desktop shows the icons that programs put into a tray: a host of status notifier items on the
 * session bus (org.kde.StatusNotifierWatcher), or a tray of the older kind (a selection of the X server, XEmbed).
 */
import { Variant } from "@jellybrick/dbus-next";
import { ask, atomOf, openClient } from "../x11-client.ts";
import { openBus } from "./bus.ts";

const WATCHER = "org.kde.StatusNotifierWatcher";
const XEMBED = "_NET_SYSTEM_TRAY_S0";
/** ms. */
const LIMIT = 500;

/** @param session the session bus's address; null for none */
export async function hasTrayHost(
  session: string | null,
  { display, authority }: { readonly display: string; readonly authority: string },
): Promise<boolean> {
  const found = await Promise.all([
    session === null ? false : hasNotifierHost(session).catch(() => false),
    display === "" ? false : hasXembedTray(display, authority).catch(() => false),
  ]);
  return found.includes(true);
}

async function hasNotifierHost(session: string): Promise<boolean> {
  const bus = await openBus(session);
  try {
    const to = { to: WATCHER, path: "/StatusNotifierWatcher", face: "org.freedesktop.DBus.Properties" };
    const body = [WATCHER, "IsStatusNotifierHostRegistered"];
    const [value] = await bus.call({ ...to, member: "Get", signature: "ss", body }, LIMIT);
    return value instanceof Variant && value.value === true;
  } finally {
    bus.close();
  }
}

async function hasXembedTray(display: string, authority: string): Promise<boolean> {
  const x = await openClient(display, authority, LIMIT);
  try {
    const tray = await atomOf(x, XEMBED);
    return (await ask<number>(x, (reply) => x.client.GetSelectionOwner(tray, reply))) !== 0;
  } finally {
    x.client.terminate();
  }
}
