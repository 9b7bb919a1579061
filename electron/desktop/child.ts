/** A process of an own desktop: in a process group of its own, its output in a log file. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { DesktopError } from "./desktop-error.ts";

export type Child = {
  readonly pid: number;
  readonly command: string;
  /** How it ended, in words; null while it runs. */
  readonly ended: () => string | null;
  readonly onEnd: (listener: (how: string) => void) => void;
  /** The last lines it wrote. */
  readonly lastWords: () => string;
  /** The pipe at file descriptor 3, when asked for. */
  readonly pipe: Readable | null;
};

/** Starts `words` without a shell; rejects with a DesktopError `command` when the program can't be run. */
export async function startChild(
  words: readonly [string, ...string[]],
  options: {
    readonly env: Readonly<Record<string, string>>;
    readonly log: string;
    readonly cwd?: string;
    readonly withPipe?: boolean;
  },
): Promise<Child> {
  const log = openSync(options.log, "w", 0o600);
  const [program, ...args] = words;
  try {
    const child = spawn(program, args, {
      env: { ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      detached: true,
      stdio: ["ignore", log, log, ...(options.withPipe ? (["pipe"] as const) : [])],
    });
    return await started(child, words.join(" "), options.log);
  } finally {
    closeSync(log);
  }
}

function started(child: ChildProcess, command: string, log: string): Promise<Child> {
  return new Promise((resolve, reject) => {
    let ended: string | null = null;
    const listeners: ((how: string) => void)[] = [];
    child.once("error", (error) =>
      reject(new DesktopError("command", `"${command}" can't be started: ${error.message}`)),
    );
    child.once("exit", (code, signal) => {
      ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
      for (const listener of listeners) listener(ended);
    });
    child.once("spawn", () => {
      // The app may quit while programs of a desktop still end.
      child.unref();
      const pipe = child.stdio[3];
      resolve({
        pid: child.pid ?? 0,
        command,
        ended: () => ended,
        onEnd: (listener) => {
          if (ended === null) listeners.push(listener);
          else listener(ended);
        },
        lastWords: () => tail(log),
        pipe: pipe && "read" in pipe ? pipe : null,
      });
    });
  });
}

function tail(log: string): string {
  try {
    return readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" ").slice(-300);
  } catch {
    return "";
  }
}
