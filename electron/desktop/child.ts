/** A process of an own desktop: in a process group of its own, its output in a log file. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { withFilesClosed } from "./closed-files.ts";
import { DesktopError } from "./desktop-error.ts";
import { findProgram } from "./desktop-problem.ts";

export type Child = {
  readonly pid: number;
  readonly command: string;
  /** How it ended, in words; null while it runs. */
  readonly ended: () => string | null;
  readonly onEnd: (listener: (how: string) => void) => void;
  /** The last lines it wrote. */
  readonly lastWords: () => string;
  /** The pipe at file descriptor 3, when asked for. */
  readonly pipe: Duplex | null;
};

/** Ends a program with the process that started it, however that ends (util-linux). */
const WITH_US = ["setpriv", "--pdeathsig", "TERM", "--"] as const;

/**
 * Starts `words` without a shell, with nothing of ours open but its output, its pipe and its input; rejects with a DesktopError
 * `command` when the program can't be run. It gets SIGTERM when this process dies, even by SIGKILL, where the system has setpriv.
 */
export async function startChild(
  words: readonly [string, ...string[]],
  options: {
    readonly env: Readonly<Record<string, string>>;
    readonly log: string;
    readonly cwd?: string;
    readonly withPipe?: boolean;
    /** A file to read from at file descriptor 4. */
    readonly input?: string | null;
    /** What an operator is told that was started; the words otherwise. */
    readonly shown?: string;
  },
): Promise<Child> {
  const { shown: command = words.join(" "), input = null } = options;
  if (findProgram(words[0], options.env) === null)
    throw new DesktopError("command", `"${command}" can't be started: there is no program ${words[0]}`);
  const all = findProgram("setpriv", options.env) === null ? words : [...WITH_US, ...words];
  const last = input !== null ? 4 : options.withPipe ? 3 : 2;
  const [program, ...args] = withFilesClosed(all, last, options.env);
  const log = openSync(options.log, "w", 0o600);
  const given = input === null ? null : openSync(input, "r");
  try {
    const child = spawn(program, args, {
      env: { ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      detached: true,
      stdio: ["ignore", log, log, options.withPipe ? "pipe" : "ignore", given ?? "ignore"],
    });
    return await started(child, command, options.log);
  } finally {
    closeSync(log);
    if (given !== null) closeSync(given);
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
        pipe: pipe && "read" in pipe && "write" in pipe ? (pipe as Duplex) : null,
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
