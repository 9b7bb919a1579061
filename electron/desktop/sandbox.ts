/** Starts the programs of an own desktop: as they are, or each in a sandbox with the same home, /tmp and folders. */
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import type { Confined } from "../../shared/own-desktop.ts";
import { type Child, startChild } from "./child.ts";
import { CONFINED_HOME, checkedFolders, confineProblem, confineWords, isInside, networkProblem } from "./confine.ts";
import { DesktopError } from "./desktop-error.ts";
import { findProgram } from "./desktop-problem.ts";
import type { Environment } from "./environment.ts";
import { joinPrivateNetwork, PRIVATE_NETWORK, RESOLV_CONF } from "./private-network.ts";
import { seccompFilter } from "./seccomp.ts";

export type SandboxOptions = {
  /** The desktop's own folder. */
  readonly dir: string;
  /** Null: the operator's own. */
  readonly home: string | null;
  readonly confined: Confined | null;
  /** Countersign's own folder: confined programs never see it. */
  readonly hidden: string;
  /** The programs' working folder where they are not confined; null: the app's own. */
  readonly cwd: string | null;
};

/** The desktop they are started on. */
type On = { readonly display: string; readonly authority: string; readonly runtime: string };

/** The environment that goes with a home. */
export function homeEnvironment(
  env: Readonly<Record<string, string>>,
  { home, confined }: Pick<SandboxOptions, "home" | "confined">,
): Record<string, string> {
  if (home === null) return { ...env };
  const elsewhere = new Set(["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "PWD", "OLDPWD"]);
  const kept = Object.entries(env).filter(([name]) => !elsewhere.has(name));
  return { ...Object.fromEntries(kept), HOME: confined === null ? home : CONFINED_HOME };
}

/** Rejects with a DesktopError `confined` when programs can't be confined as wanted: they are never started otherwise. */
export async function checkConfinement(
  { confined, hidden }: Pick<SandboxOptions, "confined" | "hidden">,
  env: Environment,
): Promise<void> {
  if (confined === null) return;
  checkedFolders(confined.folders, hidden);
  const problem = await confineProblem(env);
  if (problem !== null) throw new DesktopError("confined", `where.confined: ${problem}`);
  const network = confined.network === "own" ? await networkProblem(env) : null;
  if (network !== null) throw new DesktopError("confined", `where.confined.network: ${network}`);
}

/** Starts a program. Rejects with a DesktopError; nothing is left running then. */
export async function startProgram(
  words: readonly [string, ...string[]],
  options: SandboxOptions,
  on: On,
  env: Readonly<Record<string, string>>,
  log: string,
): Promise<Child> {
  const { confined, home } = options;
  const cwd = options.cwd ?? home;
  if (confined === null) return await startChild(words, { env, log, ...(cwd === null ? {} : { cwd }) });
  const program = findProgram(words[0], env);
  if (program === null)
    throw new DesktopError("command", `"${words.join(" ")}" can't be started: there is no program ${words[0]}`);
  if (!isInside(program, confined.folders))
    throw new DesktopError(
      "confined",
      `"${words.join(" ")}" can't be started: ${program} is not among what confined programs see. Add its folder under Folders, or do not confine.`,
    );
  const filter = seccompFilter(process.arch);
  const ownNetwork = confined.network === "own";
  const place = {
    socket: join("/tmp/.X11-unix", `X${on.display.slice(1)}`),
    authority: on.authority,
    runtime: on.runtime,
    tmp: join(options.dir, "tmp"),
    home,
    operatorHome: homedir(),
    hidden: options.hidden,
    resolvConf: ownNetwork ? join(options.dir, "resolv.conf") : null,
    filtered: filter !== null,
    waits: ownNetwork,
  };
  const wrapped = [...confineWords(confined, place), ...words];
  const filterFile = join(options.dir, "seccomp.bpf");
  await mkdir(place.tmp, { recursive: true, mode: 0o700 });
  if (filter !== null) await writeFile(filterFile, filter, { mode: 0o600 });
  if (ownNetwork) await writeFile(join(options.dir, "resolv.conf"), RESOLV_CONF, { mode: 0o600 });
  const child = await startChild(ownNetwork ? [...PRIVATE_NETWORK, ...wrapped] : (wrapped as [string, ...string[]]), {
    env,
    log,
    withPipe: ownNetwork,
    input: filter === null ? null : filterFile,
    shown: words.join(" "),
  });
  if (!ownNetwork) return child;
  try {
    await joinPrivateNetwork(child, env, join(options.dir, `${basename(log, ".log")}-network.log`));
    child.pipe?.end("\n");
    return child;
  } catch (error) {
    if (child.ended() === null) process.kill(child.pid, "SIGKILL");
    throw error;
  }
}
