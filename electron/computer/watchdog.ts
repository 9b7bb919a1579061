/**
 * The executor's side of its watchdog: a tiny process of its own that outlives it. It holds one end of a pipe; when the
 * executor is gone without having said so, it lets go of every key and button and puts the keyboard map right.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export const WATCHDOG_READY = "ready\n";
export const WATCHDOG_BYE = "bye\n";
/** The variable that names the words that start the watchdog, as JSON, where the executor's binary is no Node. */
export const WATCHDOG_WORDS = "COUNTERSIGN_WATCHDOG";

/** How long it may take to start, ms, and how long until one that died is started again. */
const START = 10_000;
const AGAIN = 1000;

export type Watchdog = {
  /** Says that all is let go: the watchdog ends and touches nothing. */
  readonly dismiss: () => void;
};

/**
 * Starts the watchdog of the display that `env` names (DISPLAY, XAUTHORITY) and waits until it has that display; rejects with
 * an Error in words. One that dies is started again.
 * @param entry the program, watchdog-process
 */
export async function startWatchdog(entry: string, env: NodeJS.ProcessEnv): Promise<Watchdog> {
  let dismissed = false;
  let child = run(entry, env);
  await isReady(child);
  const again = () => {
    if (dismissed) return;
    child = run(entry, env);
    // One that can't start again has no display any more, and nor have we.
    isReady(child).then(watch, () => undefined);
  };
  const watch = () => {
    if (child.exitCode === null && child.signalCode === null)
      child.once("exit", () => setTimeout(again, AGAIN).unref());
    else again();
  };
  watch();
  return {
    dismiss: () => {
      dismissed = true;
      child.stdin?.end(WATCHDOG_BYE);
    },
  };
}

/** A session of its own (`detached`), so that what ends our group of processes does not end it too. */
function run(entry: string, env: NodeJS.ProcessEnv): ChildProcess {
  const [program, args, more] = wordsFor(entry, env);
  const child = spawn(program, args, {
    env: { ...env, ...more },
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  // Its end is told by `exit`; a pipe that broke with it is no further news.
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  child.unref();
  for (const stream of [child.stdin, child.stdout]) if (stream !== null && "unref" in stream) unref(stream);
  return child;
}

/** The packaged binary is no Node (electron-builder.yml, fuses): it has a word of its own for this, which main tells. */
function wordsFor(entry: string, env: NodeJS.ProcessEnv): [string, readonly string[], NodeJS.ProcessEnv] {
  const told: unknown = JSON.parse(env[WATCHDOG_WORDS] ?? "null");
  if (!Array.isArray(told)) return [process.execPath, ["--no-warnings", entry], { ELECTRON_RUN_AS_NODE: "1" }];
  const [program = process.execPath, ...args] = told.map(String);
  return [program, args, {}];
}

function unref(stream: object): void {
  if ("unref" in stream && typeof stream.unref === "function") stream.unref();
}

async function isReady(child: ChildProcess): Promise<void> {
  const { stdout } = child;
  if (stdout === null) throw new Error("the watchdog has no output");
  const signal = AbortSignal.timeout(START);
  const said = once(stdout, "data", { signal }).then(([words]: unknown[]) => String(words));
  const ended = once(child, "exit", { signal }).then(() => "");
  const words = await Promise.race([said, ended]).catch(() => "");
  if (words === WATCHDOG_READY) return;
  child.kill("SIGKILL");
  throw new Error("the watchdog that lets go of keys after a crash did not start");
}
