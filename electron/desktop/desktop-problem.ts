/** What an own desktop needs on the machine. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Environment } from "./environment.ts";

const NEEDED = [
  { program: "Xvfb", debian: "xvfb" },
  { program: "openbox", debian: "openbox" },
] as const;

/**
 * Why no own desktop can be started here, with the exact command that changes it; null when nothing is missing. The
 * command is Debian's and Ubuntu's; other systems call the packages the same or nearly so.
 */
export function desktopProblem(env: Environment, platform: NodeJS.Platform = process.platform): string | null {
  if (platform !== "linux") return "A desktop of Claude's own needs Linux.";
  const missing = NEEDED.filter(({ program }) => findProgram(program, env) === null);
  if (missing.length === 0) return null;
  const names = missing.map(({ program }) => program).join(" and ");
  const packages = missing.map(({ debian }) => debian).join(" ");
  return `A desktop of Claude's own needs ${names}. Install with: sudo apt-get install -y ${packages}`;
}

/** The file that `program` means in the PATH of `env`; null when there is none that can be run. */
export function findProgram(program: string, env: Environment): string | null {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = program.includes("/") ? [program] : folders.map((folder) => join(folder, program));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
