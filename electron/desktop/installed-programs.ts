/** The programs of this machine that have a menu entry. */
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { InstalledProgram } from "../../shared/ipc-desktop.ts";
import { type Entry, entryKeys, isHidden, joinWords, readEntry } from "./desktop-entry.ts";
import { findProgram } from "./desktop-problem.ts";
import type { Environment } from "./environment.ts";

/** The longest line of the field Programs, and far more entries than any machine has. */
const LONGEST = 1000;
const MOST = 5000;
/** Terminals that take `-e` and the words of a command. */
const TERMINALS = ["x-terminal-emulator", "xterm", "konsole", "xfce4-terminal"] as const;

/** Every program a menu would offer, by name; files that can't be read are passed over. */
export async function installedPrograms(env: Environment): Promise<readonly InstalledProgram[]> {
  const taken = new Set<string>();
  const found: InstalledProgram[] = [];
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  for (const folder of folders(env)) {
    for (const path of await entriesBelow(folder)) {
      const id = path.replaceAll("/", "-");
      if (taken.has(id) || taken.size >= MOST) continue;
      const file = join(folder, path);
      const keys = entryKeys(await readFile(file, "utf8").catch(() => ""));
      if (keys === null) continue;
      // Whatever it says, it stands for the same id in the folders after this one.
      taken.add(id);
      const entry = isHidden(keys) ? null : readEntry(keys, file, locale);
      const command = entry === null ? null : commandOf(entry, env);
      if (entry !== null && command !== null) found.push({ id, name: entry.name, comment: entry.comment, command });
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** The folders of menu entries, the one that counts most first (XDG Base Directory Specification). */
function folders(env: Environment): readonly string[] {
  const home = env.XDG_DATA_HOME || join(env.HOME || homedir(), ".local", "share");
  const system = (env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(":");
  // Relative paths are not valid there.
  return [home, ...system].filter((each) => each.startsWith("/")).map((each) => join(each, "applications"));
}

async function entriesBelow(folder: string): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true }).catch(() => []);
  return all.filter((path) => path.endsWith(".desktop")).sort();
}

/** The entry's line for the field Programs; null when its program is not here. */
function commandOf({ words, inTerminal, tryExec }: Entry, env: Environment): string | null {
  if ([words[0], ...(tryExec === null ? [] : [tryExec])].some((each) => findProgram(each, env) === null)) return null;
  const terminal = TERMINALS.find((each) => findProgram(each, env) !== null);
  if (inTerminal && terminal === undefined) return null;
  const line = joinWords(inTerminal ? [terminal ?? "", "-e", ...words] : words);
  return line.length > LONGEST || /[\0\r\n]/.test(line) ? null : line;
}
