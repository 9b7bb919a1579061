/** The environment of programs on an own desktop: the operator's, without what leads back to the operator's session. */

export type Environment = Readonly<Record<string, string | undefined>>;

const DROPPED: ReadonlySet<string> = new Set([
  "WAYLAND_DISPLAY",
  "WAYLAND_SOCKET",
  "DBUS_SESSION_BUS_ADDRESS",
  "DBUS_STARTER_ADDRESS",
  "DBUS_STARTER_BUS_TYPE",
  "SSH_AUTH_SOCK",
  "SSH_AGENT_PID",
  "SSH_ASKPASS",
  "GPG_AGENT_INFO",
  "GPG_TTY",
  "SUDO_ASKPASS",
  "GNOME_KEYRING_CONTROL",
  "GNOME_KEYRING_PID",
  "SESSION_MANAGER",
  "ICEAUTHORITY",
  "DESKTOP_STARTUP_ID",
  "XDG_ACTIVATION_TOKEN",
  "WINDOWID",
  "XDG_SESSION_ID",
  "XDG_SESSION_PATH",
  "XDG_SEAT",
  "XDG_SEAT_PATH",
  "XDG_VTNR",
  "XDG_MENU_PREFIX",
  "XDG_CURRENT_DESKTOP",
  "DESKTOP_SESSION",
  "GTK_MODULES",
  "GTK3_MODULES",
  "GTK_IM_MODULE",
  "QT_IM_MODULE",
  "XMODIFIERS",
  "QT_QPA_PLATFORMTHEME",
  "NODE_OPTIONS",
  "AT_SPI_BUS_ADDRESS",
  "PULSE_SERVER",
  "TMUX",
  "STY",
]);

/** Our own variables, the API's, and Electron's switches (a child Electron must not run as Node by accident). */
const DROPPED_PREFIXES = ["ANTHROPIC_", "CLAUDE_", "COUNTERSIGN_", "ELECTRON_", "npm_"];

/** Names under which people keep secrets. */
const SECRET =
  /(^|_)(API_?KEYS?|ACCESS_?KEYS?|PRIVATE_?KEY|SECRETS?|SECRET_?KEY|TOKENS?|PASSWORDS?|PASSWD|PASSPHRASE|CREDENTIALS?)($|_)/i;

/** What makes GTK, Qt and Mozilla programs work on a display without a session bus or accessibility bus. */
const GIVEN: Readonly<Record<string, string>> = {
  GDK_BACKEND: "x11",
  QT_QPA_PLATFORM: "xcb",
  MOZ_ENABLE_WAYLAND: "0",
  XDG_SESSION_TYPE: "x11",
  GTK_USE_PORTAL: "0",
  NO_AT_BRIDGE: "1",
  // Keys arrive as pressed: no input method stands between, whatever the operator uses.
  GTK_IM_MODULE: "gtk-im-context-simple",
  GSETTINGS_BACKEND: "memory",
  // Without an address GLib would look for the operator's bus, or start a bus of its own that outlives the desktop.
  DBUS_SESSION_BUS_ADDRESS: "disabled:",
};

/**
 * The environment for a program on `display`. Secrets by name, agents, buses and the operator's display are left out;
 * `runtimeDir` replaces the folder that holds the operator's sockets.
 */
export function desktopEnvironment(
  from: Environment,
  display: string,
  authority: string,
  runtimeDir: string,
): Record<string, string> {
  const kept = Object.entries(from).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && isKept(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    ...GIVEN,
    DISPLAY: display,
    XAUTHORITY: authority,
    XDG_RUNTIME_DIR: runtimeDir,
  };
}

function isKept(name: string): boolean {
  return !DROPPED.has(name) && !DROPPED_PREFIXES.some((prefix) => name.startsWith(prefix)) && !SECRET.test(name);
}
