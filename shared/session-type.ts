/**
 * What kind of session the operator sits in, from its environment. Under Wayland an X program sees only other X programs
 * (through XWayland): captures of the rest are black, and XTEST clicks land elsewhere or nowhere. So it is refused, in words.
 */
type Environment = Readonly<Record<string, string | undefined>>;

export type SessionType = "x11" | "wayland" | "none" | "native";

/**
 * `native` on Windows and macOS, which have one kind. `XDG_SESSION_TYPE` is what logind says (pam_systemd(8)); started
 * from elsewhere (sudo, a service) it can be missing or `tty`, and then the compositor's socket or the X display decides.
 */
export function sessionType(env: Environment, platform: string): SessionType {
  if (platform === "win32" || platform === "darwin") return "native";
  const said = (env.XDG_SESSION_TYPE ?? "").trim().toLowerCase();
  if (said === "wayland") return "wayland";
  // A nested compositor's terminal in an X session: its programs' DISPLAY is the nested XWayland.
  if (isSet(env.WAYLAND_DISPLAY) || isSet(env.WAYLAND_SOCKET)) return "wayland";
  return isSet(env.DISPLAY) ? "x11" : "none";
}

const INSTEAD = "A desktop of Claude's own works here all the same: choose it under Where.";

/** What to do under Wayland; also for an X display that turns out to be XWayland. */
export const WAYLAND_WORDS =
  "This desktop is a Wayland session: a program can neither see nor click all of it, so Countersign does not try. " +
  `Log out and choose an X11 session at the login screen ("GNOME on Xorg", "Plasma (X11)"). ${INSTEAD}`;

/** Why the operator's own desktop can't be worked on here, and what to do; null when nothing speaks against it. */
export function sessionTypeProblem(env: Environment, platform: string): string | null {
  const type = sessionType(env, platform);
  switch (type) {
    case "wayland":
      return WAYLAND_WORDS;
    case "none":
      return `There is no display: DISPLAY is not set. Start Countersign from a terminal of the desktop it should work on. ${INSTEAD}`;
    case "x11":
    case "native":
      return null;
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
