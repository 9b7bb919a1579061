/**
 * Whether a program has worked off what it was given: its processes all sleep (Linux, proc(5)). For programs that answer
 * from one process and work in another.
 */
import { readdirSync, readFileSync } from "node:fs";

/** A process with its descendants but those that only draw; only itself where /proc does not tell. */
export function workersOf(pid: number): readonly number[] {
  const tree = [pid];
  // The list grows while it is walked.
  for (const each of tree) tree.push(...childrenOf(each).filter((child) => !tree.includes(child)));
  return tree.filter((each) => !onlyDraws(each));
}

/** Chromium's process for the graphics card, which paints behind the keys. */
function onlyDraws(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("--type=gpu-process");
  } catch {
    return false;
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return tasks.flatMap((task) =>
      (readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").match(/\d+/g) ?? []).map(Number),
    );
  } catch {
    return [];
  }
}

/**
 * Whether the main threads of all of `pids` wait for something; ended ones count as waiting. Null when none of them can
 * be looked at.
 */
export function allAsleep(pids: readonly number[]): boolean | null {
  const states = pids.map(stateOf).filter((state) => state !== null);
  return states.length === 0 ? null : !states.some((state) => state === "R" || state === "D");
}

function stateOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name before it is in parentheses and may hold any character.
    return stat.charAt(stat.lastIndexOf(")") + 2);
  } catch {
    return null;
  }
}
