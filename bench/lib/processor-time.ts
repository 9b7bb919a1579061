/** How long processes have kept a processor busy, as Linux counts it. */
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts in hundredths of a second (`getconf CLK_TCK`), on every machine that Electron runs on. */
const TICKS = 100;

type Stat = { readonly pid: number; readonly name: string; readonly parent: number; readonly seconds: number };

function all(): readonly Stat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/stat`, "utf8");
        const end = line.lastIndexOf(")");
        const fields = line.slice(end + 2).split(" ");
        const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS;
        return [{ pid: Number(pid), name: line.slice(line.indexOf("(") + 1, end), parent: Number(fields[1]), seconds }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

/** Seconds so far of a process and everything below it, X servers apart. */
export function secondsBelow(root: number): { readonly ours: number; readonly server: number } {
  const stats = all();
  const byPid = new Map(stats.map((stat) => [stat.pid, stat]));
  const isBelow = ({ pid, parent }: Stat): boolean => {
    if (pid === root) return true;
    const above = byPid.get(parent);
    return above !== undefined && above.pid > 1 && isBelow(above);
  };
  let [ours, server] = [0, 0];
  for (const stat of stats.filter(isBelow)) {
    if (stat.name === "Xvfb") server += stat.seconds;
    else ours += stat.seconds;
  }
  return { ours, server };
}
