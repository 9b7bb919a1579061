/** What an own desktop needs on the machine. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { INSTALLERS, installCommand, missingPrograms } from "../../shared/needed-programs.ts";
import type { Environment } from "./environment.ts";

/** Why no own desktop can be started here, with the exact command that changes it; null when nothing is missing. */
export function desktopProblem(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
  asRoot = process.getuid?.() === 0,
): string | null {
  if (platform !== "linux") return "A desktop of Claude's own needs Linux.";
  const isFound = (program: string) => findProgram(program, env) !== null;
  const missing = missingPrograms("desktop", isFound);
  if (missing.length === 0) return null;
  const names = missing.map(({ program }) => program).join(" and ");
  const installer = INSTALLERS.find(isFound) ?? null;
  const command = installCommand(missing, installer, asRoot);
  return `A desktop of Claude's own needs ${names}. Install with: ${command}`;
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
