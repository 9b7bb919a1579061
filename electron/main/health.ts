/** Looks around on this machine, for the window's Health page and for `--health`. */
import { type HealthFacts, healthOf } from "../../shared/health.ts";
import type { HealthItem } from "../../shared/ipc-health.ts";
import { proxyShown } from "../claude/proxy-fetch.ts";
import { openDesktopLink } from "../computer/desktop-link.ts";
import { findProgram } from "../desktop/desktop-problem.ts";
import type { Environment } from "../desktop/environment.ts";
import { displayOf } from "../desktop/this-desktop.ts";
import { thisDesktopProblem } from "../desktop/this-desktop-problem.ts";
import { dataFolderHere, displayHere, installerHere, type MacPreferences, permissionsHere } from "../health/probes.ts";

type Parts = Pick<HealthFacts, "keys" | "sealedKeys" | "settingsProblems" | "sandboxed" | "startProblem"> & {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** The data folder. */
  readonly folder: string;
  readonly preferences: MacPreferences;
};

/** Everything there is to check, looked at now. */
export async function lookAround({
  env,
  platform,
  folder,
  preferences,
  ...known
}: Parts): Promise<readonly HealthItem[]> {
  const problem = thisDesktopProblem(env, platform);
  const isFound = (program: string) => findProgram(program, env) !== null;
  return healthOf({
    ...known,
    platform,
    isFound,
    thisDesktopProblem: problem,
    display: await displayHere(problem === null ? () => countMonitors(env) : null),
    installer: installerHere(isFound),
    asRoot: process.getuid?.() === 0,
    permissions: permissionsHere(platform, preferences),
    proxy: proxyShown(env),
    data: dataFolderHere(folder),
  });
}

async function countMonitors(env: Environment): Promise<number> {
  const { display, authority } = displayOf(env);
  const link = await openDesktopLink(display, authority);
  try {
    return (await link.monitors()).length;
  } finally {
    link.close();
  }
}
