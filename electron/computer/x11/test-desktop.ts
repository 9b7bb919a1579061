/** For tests and benchmarks: an X desktop of their own with real programs on it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { openX11, type X11 } from "./connection.ts";
import { windowManagerReady } from "./window-manager.ts";
import { focusWindow } from "./windows.ts";

const run = promisify(execFile);

export type TestDesktop = {
  /** `:99` */
  readonly display: string;
  readonly authority: string;
  /** A folder of its own, gone with the desktop. */
  readonly folder: string;
  readonly x11: X11;
  /** The environment of a program on this desktop. */
  readonly env: NodeJS.ProcessEnv;
  /** Starts a program and resolves when a window of its own has the focus. */
  open(command: string, args: readonly string[]): Promise<ChildProcess>;
  /** Starts a program without waiting for it. */
  start(command: string, args: readonly string[]): ChildProcess;
  /** Ends the server under everything, as a crash would. */
  endServer(): Promise<void>;
  /** Ends every program, the window manager and the server. */
  close(): Promise<void>;
};

/** An X server with a cookie of its own. */
export type TestServer = {
  /** `:99` */
  readonly display: string;
  readonly authority: string;
  /** Ends the server under everything, as a crash would. */
  readonly end: () => Promise<void>;
  /** Ends it, and its folder is gone. */
  readonly close: () => Promise<void>;
};

/** Starts an X server (`Xvfb`, `Xephyr`, ...) on a number nobody else has. */
export async function startServer(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-server-"));
  const authority = join(folder, "authority");
  const cookie = randomBytes(16).toString("hex");
  // The server takes any cookie of its file; the entry's number only matters to clients, and is not known yet.
  await run("xauth", ["-q", "-f", authority, "add", ":0", ".", cookie]);
  const server = spawn(command, ["-displayfd", "3", ...args, "-nolisten", "tcp", "-auth", authority], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    env,
  });
  const display = `:${await firstLine(server)}`;
  await run("xauth", ["-q", "-f", authority, "add", display, ".", cookie]);
  const close = async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return { display, authority, end: () => end(server), close };
}

function startXvfb(): Promise<TestServer> {
  return startServer("Xvfb", ["-screen", "0", "1280x800x24", "-s", "0"], process.env);
}

/**
 * Starts a server, then openbox on it.
 * @param rules openbox's configuration (the text of an rc.xml); null for the one its package brings
 */
export async function startTestDesktop(
  start: () => Promise<TestServer> = startXvfb,
  rules: string | null = null,
): Promise<TestDesktop> {
  const server = await start();
  const { display, authority } = server;
  const folder = await mkdtemp(join(tmpdir(), "countersign-x11-"));
  const x11 = await openX11({ display, authority });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DISPLAY: display,
    XAUTHORITY: authority,
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, "config"),
    LC_ALL: "C.UTF-8",
    GTK_IM_MODULE: "gtk-im-context-simple",
    // Settings kept in memory: no session bus is needed, and no file of the person's is touched.
    GSETTINGS_BACKEND: "memory",
    NO_AT_BRIDGE: "1",
  };
  const children: ChildProcess[] = [];
  const startProgram = (command: string, args: readonly string[]) => {
    const child = spawn(command, args, { env, stdio: "ignore" });
    children.push(child);
    return child;
  };
  const file = join(folder, "rc.xml");
  if (rules !== null) await writeFile(file, rules);
  startProgram("openbox", rules === null ? [] : ["--config-file", file]);
  await until("openbox", () => windowManagerReady(x11, 200));
  return {
    display,
    authority,
    folder,
    x11,
    env,
    open: async (command, args) => {
      const child = startProgram(command, args);
      await until(command, async () => (await focusWindow(x11))?.pid === child.pid);
      return child;
    },
    start: startProgram,
    endServer: server.end,
    close: async () => {
      x11.close();
      for (const child of children.reverse()) await end(child);
      await server.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Ends one process that was started here, by its own handle. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** Waits until `check` holds, at most 10 s. */
export async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** A file's text once `done` accepts it; after 3 s whatever it holds. */
export async function fileText(path: string, done: (text: string) => boolean): Promise<string> {
  const deadline = Date.now() + 3000;
  for (;;) {
    const text = await readFile(path, "utf8").catch(() => "");
    if (done(text) || Date.now() > deadline) return text;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function firstLine(server: ChildProcess): Promise<string> {
  const output = server.stdio[3] as Readable;
  let text = "";
  for await (const chunk of output) {
    text += String(chunk);
    if (text.includes("\n")) return text.trim();
  }
  throw new Error("the X server did not start");
}
