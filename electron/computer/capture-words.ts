/** What a capture that shows nothing means on each system, and what to do about it. */

/**
 * For a picture that is all black. On macOS a program without the permission gets the desktop without its windows, or
 * black; on Windows a locked or secure desktop can't be captured; an X server shows black behind its screen saver, and where
 * there is no window and no wallpaper.
 */
export function blackWords(platform: NodeJS.Platform): string {
  return `The capture of the desktop is all black. ${causes(platform)}`;
}

/** For a capture that the system refuses. */
export function deniedWords(platform: NodeJS.Platform): string {
  return `The system refuses captures of the desktop. ${platform === "linux" ? UNTRUSTED : causes(platform)}`;
}

const UNTRUSTED =
  "The X server does not trust this program (`ssh -X` makes such connections): use `ssh -Y`, or start Countersign on the machine itself.";

function causes(platform: NodeJS.Platform): string {
  if (platform === "darwin")
    return "Countersign may not record the screen: allow it under System Settings, Privacy & Security, Screen & System Audio Recording, then start it again.";
  if (platform === "win32")
    return "The session is locked, or Windows shows its secure desktop (a permission question, Ctrl+Alt+Delete): unlock it or answer the question, then go on.";
  return (
    "If nothing is on it but a black background, open a window there. " +
    "If its screen is locked, switched off or behind a screen saver, wake it. " +
    "Under Wayland a program sees nothing but X programs: log out and choose an X11 session, or use a desktop of Claude's own."
  );
}
