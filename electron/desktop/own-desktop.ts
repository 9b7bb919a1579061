/**
 * A desktop of Claude's own: a virtual X server with a cookie of its own and no network, a plain window manager, and the
 * programs the operator named. Nothing on it can reach the operator's display, buses or agents through the environment.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Size } from "../../shared/geometry.ts";
import type { Confined } from "../../shared/own-desktop.ts";
import { type AccessibilityDaemon, accessibleEnvironment, startAccessibilityBus } from "./accessibility-bus.ts";
import { type Child, startChild } from "./child.ts";
import { splitCommandLine } from "./command-line.ts";
import { DesktopError } from "./desktop-error.ts";
import { desktopProblem } from "./desktop-problem.ts";
import { desktopEnvironment, type Environment } from "./environment.ts";
import { authorityIn, removeRecord, writeRecord } from "./leftovers.ts";
import { openboxConfig } from "./openbox-config.ts";
import { endProcesses, processesUsing, recordOf } from "./processes.ts";
import { checkConfinement, homeEnvironment, type SandboxOptions, startProgram } from "./sandbox.ts";
import { openProbe, type XProbe } from "./x-probe.ts";
import { type Cookie, writeCookie } from "./xauthority.ts";

export type OwnDesktopOptions = {
  /** Px. */
  readonly size: Size;
  /** Command lines, started in this order; no shell reads them. */
  readonly programs: readonly string[];
  /** A private folder for this desktop alone: cookie, configuration, logs. Made when it is not there. */
  readonly dir: string;
  /** The operator's environment; programs get what `desktopEnvironment` leaves of it. */
  readonly env: Environment;
  /** Variables the programs get as they are. */
  readonly extraEnv?: Readonly<Record<string, string>>;
  /** The programs' working folder where they are not confined; their home, or the app's own, when not given. */
  readonly cwd?: string;
  /** The programs' home folder; null, or not given, for the operator's own. */
  readonly home?: string | null;
  /** How they are confined; null, or not given: not at all. */
  readonly confined?: Confined | null;
  /** Countersign's own folder, which confined programs never see; `dir` when not given. */
  readonly hidden?: string;
};

export type OwnDesktop = {
  /** `:3` */
  readonly display: string;
  /** The Xauthority file. */
  readonly authority: string;
  /** The environment of programs on it. */
  readonly env: Readonly<Record<string, string>>;
  readonly size: Size;
  /** The address of its accessibility bus; null where there is none. */
  readonly accessibility: string | null;
  /** Server, window manager, accessibility bus and programs that still run. */
  readonly pids: readonly number[];
  /** Called once when the server ends by itself, or the window manager does and can't be started again. */
  readonly onDied: (listener: (why: string) => void) => void;
  /** Called each time the window manager ended by itself and was started again, with words about it. */
  readonly onMended: (listener: (what: string) => void) => void;
  /** Starts one more program; rejects with a DesktopError `command`. */
  readonly startProgram: (commandLine: string) => Promise<{ readonly pid: number }>;
  /** Ends everything on it and removes the cookie; safe to call twice. */
  readonly stop: () => Promise<void>;
};

/** A quiet blue-grey. Never pure black: a black picture means that the capture failed. */
const BACKGROUND = 0x5a6472;
/** How long the server, the window manager and the programs' windows may take, ms. */
const PATIENCE = 10_000;
const POLL = 25;
/** How often the window manager is started again: one that keeps ending helps nobody. */
const MOST_MENDED = 3;
/** A program that ended may just have handed its window to another process, ms. */
const HAND_OVER = 500;

/** Starts a desktop and waits until its programs' windows are there. Rejects with a DesktopError; nothing is left then. */
export async function startOwnDesktop(options: OwnDesktopOptions): Promise<OwnDesktop> {
  const problem = desktopProblem(options.env);
  if (problem !== null) throw new DesktopError("missing", problem);
  const commands = options.programs.map(wordsOf);
  await checkConfinement(sandboxOf(options), options.env);
  const starting = new Starting(options);
  try {
    await starting.server();
    await starting.accessibility();
    await starting.windowManager();
    for (const words of commands) await starting.program(words);
    await starting.windows();
    return starting.desktop();
  } catch (error) {
    await starting.stop();
    throw error;
  }
}

function sandboxOf({ dir, home = null, confined = null, hidden = dir, cwd }: OwnDesktopOptions): SandboxOptions {
  return { dir, home, confined, hidden, cwd: cwd ?? null };
}

function wordsOf(commandLine: string): readonly [string, ...string[]] {
  const split = splitCommandLine(commandLine);
  if (!split.ok) throw new DesktopError("command", split.error);
  return split.words;
}

class Starting {
  readonly #options: OwnDesktopOptions;
  readonly #authority: string;
  readonly #runtime: string;
  readonly #sandbox: SandboxOptions;
  readonly #programs: Child[] = [];
  readonly #diedListeners: ((why: string) => void)[] = [];
  readonly #mendedListeners: ((what: string) => void)[] = [];
  #cookie: Cookie | null = null;
  /** Whether its start is over. */
  #up = false;
  #mended = 0;
  #mending = false;
  #env: Readonly<Record<string, string>> = {};
  #display = "";
  #server: Child | null = null;
  #manager: Child | null = null;
  #bus: AccessibilityDaemon | null = null;
  #probe: XProbe | null = null;
  #died: string | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: OwnDesktopOptions) {
    this.#options = options;
    this.#authority = authorityIn(options.dir);
    this.#runtime = join(options.dir, "runtime");
    this.#sandbox = sandboxOf(options);
  }

  async server(): Promise<void> {
    const { dir, size, env } = this.#options;
    await mkdir(this.#runtime, { recursive: true, mode: 0o700 });
    this.#cookie = await writeCookie(this.#authority);
    const words = [
      "Xvfb",
      "-displayfd",
      "3",
      "-auth",
      this.#authority,
      "-nolisten",
      "tcp",
      "-noreset",
      // No saver: it would blank the screen while a proposal waits for ten minutes.
      "-s",
      "0",
      "-screen",
      "0",
      `${size.w}x${size.h}x24`,
      "-dpi",
      "96",
      // No screen saver: after ten idle minutes it would show Claude a black screen.
      "-s",
      "0",
      "-dpms",
    ] as const;
    const serverEnv = desktopEnvironment(env, "", "", this.#runtime);
    const server = await startChild(words, { env: serverEnv, log: join(dir, "xvfb.log"), withPipe: true });
    this.#server = server;
    this.#watch(server, "X server");
    await this.#record();
    this.#display = `:${await displayNumber(server)}`;
    this.#env = {
      ...homeEnvironment(desktopEnvironment(env, this.#display, this.#authority, this.#runtime), this.#sandbox),
      ...this.#options.extraEnv,
    };
    this.#probe = await this.#openProbe();
    this.#probe.paintBackground(BACKGROUND);
  }

  async #openProbe(): Promise<XProbe> {
    if (this.#cookie === null) throw new Error("the server was not started");
    return await openProbe(this.#display, this.#cookie).catch((error: unknown) => {
      throw new DesktopError("server", `The desktop's X server does not answer: ${messageOf(error)}`);
    });
  }

  /** What is missing here is missing: names of controls are a help, and nothing else. */
  async accessibility(): Promise<void> {
    this.#bus = await startAccessibilityBus(
      this.#options.dir,
      this.#runtime,
      this.#env,
      this.#sandbox.confined !== null && process.getuid?.() === 0,
    );
    if (this.#bus === null) return;
    this.#env = { ...accessibleEnvironment(this.#env, this.#bus.address), ...this.#options.extraEnv };
    await this.#record();
  }

  async windowManager(): Promise<void> {
    const config = join(this.#options.dir, "openbox.xml");
    await writeFile(config, openboxConfig(), { mode: 0o600 });
    const words = ["openbox", "--sm-disable", "--config-file", config] as const;
    const manager = await startChild(words, { env: this.#env, log: join(this.#options.dir, "openbox.log") });
    this.#manager = manager;
    this.#watch(manager, "window manager");
    await this.#record();
    const ready = await this.#until(
      async () => manager.ended() !== null || (await this.#probe?.hasWindowManager()) === true,
    );
    if (!ready || manager.ended() !== null)
      throw new DesktopError("window_manager", `The desktop's window manager did not start. ${manager.lastWords()}`);
  }

  async program(words: readonly [string, ...string[]]): Promise<Child> {
    const { dir } = this.#options;
    const log = join(dir, `program-${this.#programs.length + 1}.log`);
    const on = { display: this.#display, authority: this.#authority, runtime: this.#runtime };
    const child = await startProgram(words, this.#sandbox, on, this.#env, log);
    this.#programs.push(child);
    await this.#record();
    return child;
  }

  /** Waits for a window of each program; one that ends without is an error, one that is slow is not. */
  async windows(): Promise<void> {
    let endedFor = 0;
    await this.#until(async () => {
      if (((await this.#probe?.windowCount()) ?? 0) >= this.#programs.length) return true;
      await this.#probe?.nudge();
      const ended = this.#programs.find((program) => program.ended() !== null);
      endedFor = ended === undefined ? 0 : endedFor + POLL;
      if (ended !== undefined && endedFor >= HAND_OVER) {
        throw new DesktopError(
          "program",
          `"${ended.command}" ended at once (${ended.ended()}). ${ended.lastWords()}`.trim(),
        );
      }
      return false;
    });
    this.#probe?.close();
    this.#probe = null;
    this.#up = true;
  }

  desktop(): OwnDesktop {
    const pids = () => this.#children().map((child) => child.pid);
    return {
      display: this.#display,
      authority: this.#authority,
      env: this.#env,
      size: this.#options.size,
      accessibility: this.#bus?.address ?? null,
      get pids() {
        return pids();
      },
      onDied: (listener) => {
        if (this.#died === null) this.#diedListeners.push(listener);
        else listener(this.#died);
      },
      onMended: (listener) => void this.#mendedListeners.push(listener),
      startProgram: async (commandLine) => ({ pid: (await this.program(wordsOf(commandLine))).pid }),
      stop: () => this.stop(),
    };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#probe?.close();
    // What is confined ends with its sandbox, but first it is asked to end by itself.
    if (this.#sandbox.confined === null)
      for (const program of this.#programs) if (program.ended() === null) signalGroup(program.pid);
    const others = (await processesUsing(this.#authority)).filter(({ pid }) => pid !== this.#manager?.pid);
    await endProcesses(others.filter(({ command }) => !isSandbox(command)));
    await endProcesses(others.filter(({ command }) => isSandbox(command)));
    const rest = await Promise.all(
      [this.#manager, this.#server].map((child) => (child === null ? null : recordOf(child.pid))),
    );
    await endProcesses(rest.filter((record) => record !== null));
    await Promise.all([this.#authority, this.#runtime].map((path) => rm(path, { recursive: true, force: true })));
    await removeRecord(this.#options.dir);
  }

  #children(): Child[] {
    return [this.#server, this.#manager, this.#bus?.child ?? null, ...this.#programs].filter(
      (child) => child !== null && child.ended() === null,
    ) as Child[];
  }

  #watch(child: Child, name: string): void {
    child.onEnd((how) => void this.#ended(child, name, how));
  }

  /** Without its server the window manager ends too, and may be heard of first: then the server's end is the one to tell. */
  async #ended(child: Child, name: string, how: string): Promise<void> {
    const server = this.#server;
    if (child !== server && server !== null && (await recordOf(server.pid)) === null) return;
    // The one that was being started again is looked after there.
    if (this.#stopped !== null || this.#died !== null || (child !== server && this.#mending)) return;
    if (child === this.#manager && (await this.#managerAgain(how))) return;
    if (this.#stopped !== null || this.#died !== null) return;
    this.#died = `The desktop's ${name} ended (${how}).`;
    for (const listener of this.#diedListeners) listener(this.#died);
  }

  /** Starts the window manager once more; false when that was tried often enough, or fails. */
  async #managerAgain(how: string): Promise<boolean> {
    if (!this.#up || this.#mended >= MOST_MENDED) return false;
    this.#mended += 1;
    this.#mending = true;
    try {
      this.#probe = await this.#openProbe();
      await this.windowManager();
    } catch {
      return false;
    } finally {
      this.#mending = false;
      this.#probe?.close();
      this.#probe = null;
    }
    for (const listener of this.#mendedListeners)
      listener(`The desktop's window manager ended (${how}) and was started again.`);
    return true;
  }

  async #record(): Promise<void> {
    const processes = await Promise.all(this.#children().map((child) => recordOf(child.pid)));
    await writeRecord(this.#options.dir, {
      display: this.#display,
      processes: processes.filter((record) => record !== null),
    });
  }

  /** Asks again and again; false after PATIENCE. Rejects when the server or the window manager ends. */
  async #until(done: () => Promise<boolean>): Promise<boolean> {
    for (let waited = 0; waited < PATIENCE; waited += POLL) {
      if (this.#died !== null) {
        const child = this.#manager ?? this.#server;
        throw new DesktopError(
          this.#manager === null ? "server" : "window_manager",
          `${this.#died} ${child?.lastWords() ?? ""}`.trim(),
        );
      }
      if (await done()) return true;
      await sleep(POLL);
    }
    return false;
  }
}

/** The display number that the server writes once it is ready. */
function displayNumber(server: Child): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (why: string) =>
      reject(new DesktopError("server", `The desktop's X server did not start: ${why}. ${server.lastWords()}`.trim()));
    const timer = setTimeout(() => failed(`not ready after ${PATIENCE / 1000} seconds`), PATIENCE);
    server.onEnd((how) => {
      clearTimeout(timer);
      failed(how);
    });
    let text = "";
    server.pipe?.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const number = /^(\d+)\n/.exec(text)?.[1];
      if (number === undefined) return;
      clearTimeout(timer);
      server.pipe?.destroy();
      resolve(number);
    });
  });
}

function isSandbox(command: string): boolean {
  return /^(bwrap|unshare|slirp4netns) /.test(command);
}

function signalGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGTERM");
  } catch {
    // It ended in this moment.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
