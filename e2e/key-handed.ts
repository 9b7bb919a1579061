/** Where a text is in the processes of an app that runs: environments, command lines, memory. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { call, text, turn } from "../electron/practice/script.ts";
import { startPracticeServer } from "../electron/practice/server.ts";
import { childrenOf, ROOT, textOf } from "./app.ts";

/** In the usual form of a key, and like no other text; the only one the API of these runs accepts. */
const MARKED = "sk-ant-api03-MARKEDKEYHANDEDOVER-0003";

const LARGEST_PIECE = 256 * 1024 * 1024;
const CHUNK = 4 * 1024 * 1024;

export type KeyRun = {
  readonly code: number | null;
  /** Command lines of the app's processes while its session ran, its main process first. */
  readonly processes: readonly string[];
  /** Those whose environment or command line has the key. */
  readonly given: readonly string[];
  /** Those beside the main process whose memory has it. */
  readonly inMemory: readonly string[];
  /** How many could be looked into: the sandbox hides them from anybody but root. */
  readonly lookedInto: number;
};

/**
 * Runs a session with the marked key in the environment, and looks into every process of the app meanwhile.
 * @param mainOf the app's main process, from the one that was started
 */
export async function runWithKey(
  command: string,
  args: readonly string[],
  mainOf: (started: number) => number | undefined,
): Promise<KeyRun> {
  let looked = false;
  const server = await startPracticeServer({
    script: () => (looked ? turn(text("Done.")) : turn(call("wait", { duration: 0.3 }))),
    // Any other key is refused, and the session ends with an error.
    apiKey: MARKED,
  });
  const env = { ...process.env, ANTHROPIC_API_KEY: MARKED, ANTHROPIC_BASE_URL: server.url };
  const flags = ["--task=Wait", "--no-operator", "--exit-when-done"];
  const child = spawn(command, [...args, ...flags], { env, cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  const ended = endOf(child);
  try {
    // Before it, npm start may have something to install or to build.
    await server.waitForRequest(1, 60_000);
    const main = mainOf(child.pid ?? 0);
    if (main === undefined) throw new Error("the app has no main process");
    const below = childrenOf(main, "");
    const found = below.map((pid) => [lineOf(pid), holds(pid)] as const);
    const given = [main, ...below].filter((pid) =>
      (textOf(`/proc/${pid}/environ`) + textOf(`/proc/${pid}/cmdline`)).includes(MARKED),
    );
    const run = {
      processes: [lineOf(main), ...found.map(([line]) => line)],
      given: given.map(lineOf),
      inMemory: found.filter(([, has]) => has === true).map(([line]) => line),
      lookedInto: found.filter(([, has]) => has !== null).length,
    };
    looked = true;
    return {
      ...run,
      code: await ended,
    };
  } finally {
    child.kill("SIGTERM");
    await ended;
    await server.close();
  }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

function lineOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim().slice(0, 200);
}

/** Whether the key is in what a process has written to memory of its own; null when nobody may look. */
function holds(pid: number): boolean | null {
  let memory: number;
  try {
    memory = openSync(`/proc/${pid}/mem`, "r");
  } catch {
    return null;
  }
  try {
    const pieces = [...textOf(`/proc/${pid}/maps`).matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw-p .*$/gm)];
    return pieces.some(([, from = "", to = ""]) => isIn(memory, Number.parseInt(from, 16), Number.parseInt(to, 16)));
  } finally {
    closeSync(memory);
  }
}

function isIn(memory: number, from: number, to: number): boolean {
  if (to - from > LARGEST_PIECE) return false;
  const buffer = Buffer.alloc(CHUNK + MARKED.length);
  for (let at = from; at < to; at += CHUNK) {
    let read = 0;
    try {
      read = readSync(memory, buffer, 0, Math.min(buffer.length, to - at), at);
    } catch {
      continue;
    }
    if (buffer.subarray(0, read).includes(MARKED)) return true;
  }
  return false;
}
