/** For tests and benchmarks: an executor in a process of its own, on a desktop of its own. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Action } from "../../shared/action.ts";
import type { Point, Size } from "../../shared/geometry.ts";
import type { Look, PerformHooks, PerformRequest, PerformResult } from "./computer.ts";
import type { ExecutorEnv } from "./executor-env.ts";
import { portOfChild } from "./port.ts";
import { type RemoteComputer, startRemoteComputer } from "./remote-computer.ts";

/** What is needed of an own desktop; electron/desktop has it, which this folder does not know. */
export type TestDesktop = {
  readonly display: string;
  readonly authority: string;
  readonly env: Readonly<Record<string, string>>;
  readonly accessibility: string | null;
  readonly stop: () => Promise<void>;
};
type StartDesktop = (options: {
  readonly size: Size;
  readonly programs: readonly string[];
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly extraEnv: Readonly<Record<string, string>>;
}) => Promise<TestDesktop>;

export type Bench = {
  readonly desktop: TestDesktop;
  readonly dir: string;
  readonly computer: RemoteComputer;
  /** Every executor process started, the rescuing ones too. */
  readonly executors: readonly ChildProcess[];
  /** Looks, then performs on what was seen, with the given hooks. */
  readonly act: (action: Action, hooks?: Partial<PerformHooks>, cursor?: Point | null) => Promise<PerformResult>;
  /** What program `n` (1 is the first) wrote so far. */
  readonly output: (n: number) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** The request that a session would make of `action` on the screen of `look`. */
export function requestOf(action: Action, look: Look, cursor: Point | null): PerformRequest {
  const { display, focus, targets } = look.facts;
  return {
    proposal: "p1",
    action,
    space: look.picture.size,
    cursor,
    expected: { display, window: focus, target: targets[0] ?? null, picture: look.picture.sha256 },
    settleMs: 300,
  };
}

/** Hooks that agree to everything. */
export function hooksWith(hooks: Partial<PerformHooks>): PerformHooks {
  return { confirm: () => true, onProgress: () => undefined, signal: new AbortController().signal, ...hooks };
}

/** `commands`: the programs' command lines, or what makes them from the folder they are started in. */
export async function startBench(
  startDesktop: StartDesktop,
  size: Size,
  commands: readonly string[] | ((dir: string) => Promise<readonly string[]>),
): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), "countersign-desktop-"));
  const programs = typeof commands === "function" ? await commands(dir) : commands;
  const desktop = await startDesktop({ size, programs, dir, env: process.env, cwd: dir, extraEnv: { HOME: dir } });
  const executors: ChildProcess[] = [];
  const { accessibility } = desktop;
  const starting = startRemoteComputer({
    display: desktop.display,
    authority: desktop.authority,
    here: null,
    ...(accessibility === null ? {} : { accessibility: { kind: "itself", address: accessibility } }),
    fork: (env) => {
      const child = forkExecutor(env);
      executors.push(child);
      return portOfChild(child);
    },
  });
  const computer = await starting.catch(async (error: unknown) => {
    await desktop.stop();
    throw error;
  });
  return {
    desktop,
    dir,
    computer,
    executors,
    act: async (action, hooks = {}, cursor = null) => {
      const look = await still(computer, size);
      return await computer.perform(requestOf(action, look, cursor), hooksWith(hooks));
    },
    output: (n) => readFile(join(dir, `program-${n}.log`), "utf8"),
    close: async () => {
      await computer.close();
      await desktop.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A look at a desktop whose programs have finished drawing. */
export async function still(computer: RemoteComputer, size: Size): Promise<Look> {
  let last = await computer.look(size, []);
  for (let tries = 0; tries < 50; tries += 1) {
    await sleep(60);
    const next = await computer.look(size, []);
    if (next.picture.sha256 === last.picture.sha256) return next;
    last = next;
  }
  return last;
}

/** Starts an executor process on a display. */
export function forkExecutor(env: ExecutorEnv): ChildProcess {
  return fork(join(import.meta.dirname, "executor-process.ts"), [], {
    env: { ...process.env, ...env },
    execArgv: ["--no-warnings"],
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}
