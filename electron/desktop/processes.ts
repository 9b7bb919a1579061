/** Processes that belong to an own desktop: found, recognised again after a crash, and ended. Linux (`/proc`). */
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Enough to know a process again: the system may give its pid to another one. */
export type ProcessRecord = {
  readonly pid: number;
  /** Clock ticks after boot at which it started: field 22 of `/proc/<pid>/stat`. */
  readonly startTime: number;
  /** Its arguments, joined by blanks. */
  readonly command: string;
};

/** How long a process may take to end by itself after SIGTERM, ms. */
const GRACE = 1000;
const POLL = 20;

/**
 * The record of a live process; null when there is none (a zombie counts as none). One that is just being started has no
 * arguments yet, and one that is ending has none any more: it is looked at again until it has them or is gone.
 * @param proc the folder of the system's processes
 */
export async function recordOf(pid: number, proc = "/proc"): Promise<ProcessRecord | null> {
  for (let waited = 0; ; waited += POLL) {
    const record = await readRecord(pid, proc);
    if (record === null || record.command !== "" || waited >= GRACE) return record;
    await sleep(POLL);
  }
}

async function readRecord(pid: number, proc: string): Promise<ProcessRecord | null> {
  try {
    const [stat, cmdline] = await Promise.all([
      readFile(`${proc}/${pid}/stat`, "latin1"),
      readFile(`${proc}/${pid}/cmdline`, "utf8"),
    ]);
    // The second field is the name in parentheses, which may hold blanks and parentheses of its own.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const startTime = Number(fields[19]);
    if (fields[0] === "Z" || fields[0] === "X" || !Number.isSafeInteger(startTime)) return null;
    return { pid, startTime, command: cmdline.split("\0").join(" ").trim() };
  } catch {
    return null;
  }
}

/** Whether the process of the record still runs: same pid, same start, same command (or none any more, while it ends). */
export async function isAlive(record: ProcessRecord, proc = "/proc"): Promise<boolean> {
  const now = await readRecord(record.pid, proc);
  if (now === null || now.startTime !== record.startTime) return false;
  return now.command === record.command || now.command === "";
}

/**
 * Every process whose environment names `authority` as its Xauthority file: whatever the desktop's programs started,
 * in whatever process group. The file's name is the desktop's own.
 */
export async function processesUsing(authority: string): Promise<ProcessRecord[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const wanted = `XAUTHORITY=${authority}`;
  const found = await Promise.all(
    pids.map(async (pid) => {
      if (pid === process.pid) return null;
      try {
        const environ = await readFile(`/proc/${pid}/environ`, "utf8");
        return environ.split("\0").includes(wanted) ? await recordOf(pid) : null;
      } catch {
        return null;
      }
    }),
  );
  return found.filter((record) => record !== null);
}

/** Ends the processes that are still those of the records: SIGTERM, after a second SIGKILL. Resolves when they are gone. */
export async function endProcesses(records: readonly ProcessRecord[]): Promise<void> {
  await signalAll(records, "SIGTERM");
  if (await goneWithin(records, GRACE)) return;
  await signalAll(records, "SIGKILL");
  await goneWithin(records, GRACE);
}

async function signalAll(records: readonly ProcessRecord[], signal: NodeJS.Signals): Promise<void> {
  for (const record of records) {
    if (!(await isAlive(record))) continue;
    try {
      process.kill(record.pid, signal);
    } catch {
      // It ended between the look and the signal.
    }
  }
}

async function goneWithin(records: readonly ProcessRecord[], ms: number): Promise<boolean> {
  for (let waited = 0; ; waited += POLL) {
    const alive = await Promise.all(records.map((record) => isAlive(record)));
    if (!alive.includes(true)) return true;
    if (waited >= ms) return false;
    await sleep(POLL);
  }
}
