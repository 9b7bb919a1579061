/**
 * An accessibility bus of an own desktop's own: programs there say what their controls are called, to us and to nobody
 * else. It is no session bus: programs are told of it alone (AT_SPI_BUS_ADDRESS, which at-spi2, Qt and GTK read first), and
 * the only program that it starts is AT-SPI's registry.
 */
import { accessSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Child, startChild } from "./child.ts";
import { findProgram } from "./desktop-problem.ts";
import type { Environment } from "./environment.ts";

/** Where at-spi2-core says how to start its registry. */
const SERVICES = "/usr/share/dbus-1/accessibility-services";
const REGISTRY = join(SERVICES, "org.a11y.atspi.Registry.service");
/** Longest name of a socket (unix(7): 108 bytes with the NUL), and what needs no escape in an address of D-Bus. */
const LONGEST = 107;
const PLAIN = /^[-0-9A-Za-z_/.]+$/;
/** Bytes: far more than a window's controls, far less than what would fill the memory. */
const MESSAGE = 16 * 1024 * 1024;
/** How long it may take to be there, ms. */
const PATIENCE = 3000;

export type AccessibilityDaemon = { readonly child: Child; readonly address: string };

/** What programs need in their environment to speak on the bus at `address`, browsers too. */
export function accessibleEnvironment(env: Readonly<Record<string, string>>, address: string): Record<string, string> {
  const { NO_AT_BRIDGE: _off, ...rest } = env;
  return { ...rest, AT_SPI_BUS_ADDRESS: address, ACCESSIBILITY_ENABLED: "1", QT_LINUX_ACCESSIBILITY_ALWAYS_ON: "1" };
}

/**
 * Starts the bus; null where dbus-daemon or at-spi2-core is missing, or it does not start: nothing may rely on it.
 * @param dir the desktop's folder, for configuration and log
 * @param runtime the folder for its socket
 * @param anonymous whether it takes clients that say they are another user (confined programs of root); only this user gets to
 * the socket
 */
export async function startAccessibilityBus(
  dir: string,
  runtime: string,
  env: Readonly<Record<string, string>>,
  anonymous: boolean,
): Promise<AccessibilityDaemon | null> {
  const socket = join(runtime, "at-spi");
  if (!canHave(socket, env)) return null;
  const config = join(dir, "at-spi.conf");
  const address = `unix:path=${socket}`;
  await writeFile(config, configFor(address, anonymous), { mode: 0o600 });
  const words = ["dbus-daemon", `--config-file=${config}`, "--nofork", "--nopidfile", "--print-address=3"] as const;
  const log = join(dir, "at-spi.log");
  const given = accessibleEnvironment(env, address);
  const child = await startChild(words, { env: given, log, withPipe: true }).catch(() => null);
  return child !== null && (await isReady(child)) ? { child, address } : null;
}

function canHave(socket: string, env: Environment): boolean {
  if (socket.length > LONGEST || !PLAIN.test(socket) || findProgram("dbus-daemon", env) === null) return false;
  try {
    accessSync(REGISTRY);
    return true;
  } catch {
    return false;
  }
}

/** It writes its address once it listens. */
function isReady({ pipe, onEnd }: Child): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), PATIENCE);
    const done = (ready: boolean) => {
      clearTimeout(late);
      resolve(ready);
    };
    onEnd(() => done(false));
    pipe?.once("data", () => {
      pipe.destroy();
      done(true);
    });
  });
}

/** After /usr/share/defaults/at-spi2/accessibility.conf, with smaller limits. */
const configFor = (
  address: string,
  anonymous: boolean,
) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>accessibility</type>
  <listen>${address}</listen>
  <servicedir>${SERVICES}</servicedir>
  <auth>EXTERNAL</auth>${anonymous ? "\n  <auth>ANONYMOUS</auth>\n  <allow_anonymous/>" : ""}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_message_size">${MESSAGE}</limit>
</busconfig>
`;
