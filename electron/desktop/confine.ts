/**
 * Confinement of a desktop's programs by bubblewrap: namespaces of their own in which the system's programs are there, read
 * only, and of the operator's files nothing but the chosen folders.
 */
import { execFile } from "node:child_process";
import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { INSTALLERS, installCommand, NEEDED_PROGRAMS } from "../../shared/needed-programs.ts";
import type { Confined, SharedFolder } from "../../shared/own-desktop.ts";
import { DesktopError } from "./desktop-error.ts";
import { findProgram } from "./desktop-problem.ts";
import type { Environment } from "./environment.ts";

/** Where confined programs find their home; nobody's real folder. */
export const CONFINED_HOME = "/home/claude";

/** What of the system is there, read only. Everything else is not there at all. */
const SYSTEM = [
  "/usr",
  "/etc",
  "/opt",
  "/nix/store",
  "/gnu/store",
  "/var/cache/fontconfig",
  "/var/lib/flatpak/exports",
];
/** Folders on some systems, links into /usr on most. */
const PERHAPS_LINKS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
/** Even as root nobody in there reads these. */
const SECRET_FILES = ["/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers"];
const SECRET_FOLDERS = ["/etc/ssh", "/etc/ssl/private", "/etc/sudoers.d", "/etc/NetworkManager/system-connections"];
/** Programs of root think they are an ordinary user: that is what they may do, and xterm, for one, ends where it finds it may not more. */
const ORDINARY = process.getuid?.() === 0 ? ["--uid", "1000", "--gid", "1000"] : [];
/** Namespaces and rights that no choice gives back. */
const ALONE = [
  ...ORDINARY,
  ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
  ...["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "countersign"],
];
const RESOLV_CONF = "/etc/resolv.conf";
/** How long bubblewrap may take to say whether it can, ms. */
const PATIENCE = 5000;

/** What a sandbox needs to know of its desktop. */
export type Place = {
  /** The X server's socket, and the file with its cookie. */
  readonly socket: string;
  readonly authority: string;
  /** The folder of the accessibility bus's socket. */
  readonly runtime: string;
  /** A folder that all programs of the desktop see as /tmp. */
  readonly tmp: string;
  /** Null: the operator's own home. */
  readonly home: string | null;
  readonly operatorHome: string;
  /** Countersign's own folder (record, settings, keys): never to be seen. */
  readonly hidden: string;
  /** A file that stands for /etc/resolv.conf; null leaves it as it is. */
  readonly resolvConf: string | null;
  /** Whether the child has a filter of system calls at file descriptor 4, and waits for a byte at 3. */
  readonly filtered: boolean;
  readonly waits: boolean;
};

/** Why programs can't be confined on this machine, and what to do; null when they can. Tries it. */
export async function confineProblem(env: Environment): Promise<string | null> {
  if (findProgram("bwrap", env) === null) return `Confining programs needs bubblewrap. ${installWords("bwrap", env)}`;
  const args = [...ALONE, "--unshare-net", ...systemWords(), "--proc", "/proc", "--dev", "/dev", "--", "/bin/true"];
  const why = await failure("bwrap", args, env);
  if (why === null) return null;
  return `bubblewrap is here, but this system lets it make no namespaces: ${why}. Where user namespaces are forbidden, the system's administrator can allow them (sysctl user.max_user_namespaces and kernel.unprivileged_userns_clone, or AppArmor's rule for bwrap).`;
}

/** Why confined programs can't have a network of their own here, and what to do; null when they can. Tries it. */
export async function networkProblem(env: Environment): Promise<string | null> {
  if (findProgram("slirp4netns", env) === null)
    return `A network of the programs' own needs slirp4netns. ${installWords("slirp4netns", env)}`;
  if (!existsSync("/dev/net/tun"))
    return "A network of the programs' own needs /dev/net/tun: load the kernel's module tun.";
  const why = await failure("unshare", [...NETWORK_NAMESPACE, "/bin/true"], env);
  return why === null ? null : `This system lets nobody make a network of its own: ${why}.`;
}

/** Throws a DesktopError whose words begin with the folder at fault (`where.confined.folders[1].path`). */
export function checkedFolders(folders: readonly SharedFolder[], hidden: string): readonly SharedFolder[] {
  return folders.map((folder, i) => checkedFolder(folder, `where.confined.folders[${i}].path`, hidden));
}

/** Begins a command whose programs have a network of their own, with nothing in it yet. */
export const NETWORK_NAMESPACE = ["--user", "--map-current-user", "--net", "--"] as const;

function installWords(program: string, env: Environment): string {
  const isFound = (name: string) => findProgram(name, env) !== null;
  const needed = NEEDED_PROGRAMS.filter((each) => each.program === program);
  const installer = INSTALLERS.find(isFound) ?? null;
  return `Install with: ${installCommand(needed, installer, process.getuid?.() === 0)}`;
}

async function failure(program: string, args: readonly string[], env: Environment): Promise<string | null> {
  try {
    await promisify(execFile)(program, [...args], { env: { ...env }, timeout: PATIENCE });
    return null;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    return said.split("\n").at(-1) || (error instanceof Error ? error.message : String(error));
  }
}

/** The words of bubblewrap before a program's own. Throws like `checkedFolders`. */
export function confineWords(confined: Confined, place: Place): readonly string[] {
  const home = place.home === null ? place.operatorHome : CONFINED_HOME;
  const folders = [
    ...(place.home === null ? [{ path: place.operatorHome, writable: true }] : []),
    ...checkedFolders(confined.folders, place.hidden),
  ];
  const socketFolder = dirname(place.socket);
  return [
    "bwrap",
    ...ALONE,
    ...(confined.network === "off" ? ["--unshare-net"] : []),
    ...systemWords(),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/run", "--tmpfs", "/var/tmp", "--tmpfs", "/home"],
    ...["--bind", place.tmp, "/tmp"],
    ...folders.flatMap(({ path, writable }) => [writable ? "--bind" : "--ro-bind", path, path]),
    // After the folders: whatever of Countersign's own lies in one is covered, wherever the folder's path leads to.
    ...folders.flatMap(({ path }) => hiddenBelow(path, place.hidden)).flatMap((path) => ["--tmpfs", path]),
    ...(place.home === null ? [] : ["--bind", place.home, home]),
    ...["--perms", "0700", "--dir", socketFolder, "--ro-bind", place.socket, place.socket],
    ...["--ro-bind", place.authority, place.authority, "--bind", place.runtime, place.runtime],
    // It is often a link into /run, which is another one in there.
    ...["--ro-bind-try", place.resolvConf ?? realOr(RESOLV_CONF), realOr(RESOLV_CONF)],
    ...(place.waits ? ["--block-fd", "3"] : []),
    ...(place.filtered ? ["--seccomp", "4"] : []),
    ...["--chdir", home, "--"],
  ];
}

/** Whether a program of this real path is there for confined programs. */
export function isInside(program: string, folders: readonly SharedFolder[]): boolean {
  const real = realOr(program);
  return [...SYSTEM, ...PERHAPS_LINKS, ...folders.map(({ path }) => realOr(path))].some((each) => isBelow(real, each));
}

function systemWords(): readonly string[] {
  return [
    ...SYSTEM.flatMap((path) => ["--ro-bind-try", path, path]),
    ...PERHAPS_LINKS.flatMap((path) => {
      const link = linkAt(path);
      return link === null ? ["--ro-bind-try", path, path] : ["--symlink", link, path];
    }),
    ...SECRET_FILES.filter(existsSync).flatMap((path) => ["--ro-bind", "/dev/null", path]),
    ...SECRET_FOLDERS.filter(existsSync).flatMap((path) => ["--tmpfs", path]),
  ];
}

function linkAt(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return null;
  }
}

/** Folders that lead back to what confinement keeps away: devices, processes, and everybody's sockets. */
const NEVER = ["/proc", "/dev", "/sys", "/run/user", "/run/dbus", "/tmp/.X11-unix", "/tmp/.ICE-unix"];

function checkedFolder(folder: SharedFolder, field: string, hidden: string): SharedFolder {
  const path = resolve(folder.path);
  const refused = (why: string) => new DesktopError("confined", `${field}: ${folder.path} ${why}.`);
  let real: string;
  try {
    real = realpathSync(path);
    if (!statSync(real).isDirectory()) throw refused("is not a folder");
  } catch (error) {
    throw error instanceof DesktopError ? error : refused("can't be opened: there is no such folder");
  }
  const bad = NEVER.find((each) => isBelow(real, each) || isBelow(each, real));
  if (bad !== undefined)
    throw refused(`holds ${bad}, which leads out of the confinement; choose a folder further down`);
  if (isBelow(real, realOr(hidden))) throw refused("is Countersign's own");
  return { path, writable: folder.writable };
}

/** Where, below the folder at `path`, what is `hidden` would be seen. */
function hiddenBelow(path: string, hidden: string): readonly string[] {
  const [real, secret] = [realOr(path), realOr(hidden)];
  return isBelow(secret, real) ? [join(path, relative(real, secret))] : [];
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith("../") && !isAbsolute(way));
}

function realOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
