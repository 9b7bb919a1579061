/** The programs of the system that the app uses on Linux, and how each is installed: one list for window, command line and start. */

export const INSTALLERS = ["apt-get", "dnf", "pacman", "zypper"] as const;
export type Installer = (typeof INSTALLERS)[number];

export type NeededProgram = {
  /** The file in PATH. */
  readonly program: string;
  /** `desktop`: no desktop of Claude's own without it. `comfort`: good to have. */
  readonly need: "desktop" | "comfort";
  readonly why: string;
  /** The package that has it. */
  readonly packages: Readonly<Record<Installer, string>>;
};

const same = (name: string) => ({ "apt-get": name, dnf: name, pacman: name, zypper: name });

export const NEEDED_PROGRAMS: readonly NeededProgram[] = [
  {
    program: "Xvfb",
    need: "desktop",
    why: "the X server of a desktop of Claude's own",
    packages: {
      "apt-get": "xvfb",
      dnf: "xorg-x11-server-Xvfb",
      pacman: "xorg-server-xvfb",
      zypper: "xorg-x11-server-Xvfb",
    },
  },
  { program: "openbox", need: "desktop", why: "its window manager", packages: same("openbox") },
  {
    program: "mousepad",
    need: "comfort",
    why: "the editor that the start page offers",
    packages: same("mousepad"),
  },
  {
    program: "bwrap",
    need: "comfort",
    why: "keeps the programs of a desktop of Claude's own away from your files",
    packages: same("bubblewrap"),
  },
  {
    program: "slirp4netns",
    need: "comfort",
    why: "gives such programs a network that is not this machine's own",
    packages: same("slirp4netns"),
  },
  { program: "xterm", need: "comfort", why: "a terminal, for tasks that need one", packages: same("xterm") },
];

const COMMANDS: Readonly<Record<Installer, string>> = {
  "apt-get": "apt-get install -y",
  dnf: "dnf install -y",
  pacman: "pacman -S --needed",
  zypper: "zypper install -y",
};

/**
 * The exact command that installs these programs.
 * @param installer the system's; null when it has none of those known, and then Debian's names are given
 */
export function installCommand(
  programs: readonly NeededProgram[],
  installer: Installer | null,
  asRoot: boolean,
): string {
  const known = installer ?? "apt-get";
  const names = programs.map(({ packages }) => packages[known]);
  return `${asRoot ? "" : "sudo "}${COMMANDS[known]} ${names.join(" ")}`;
}

/** Those of the list that were not found, of one need. */
export function missingPrograms(
  need: NeededProgram["need"],
  isFound: (program: string) => boolean,
): readonly NeededProgram[] {
  return NEEDED_PROGRAMS.filter((each) => each.need === need && !isFound(each.program));
}
