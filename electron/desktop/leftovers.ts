/** What a desktop leaves for the next start of the app, should this one crash. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { endProcesses, isAlive, type ProcessRecord, processesUsing } from "./processes.ts";

const FILE = "desktop.json";

const recordSchema = z.object({
  display: z.string(),
  processes: z.array(z.object({ pid: z.int().positive(), startTime: z.int().nonnegative(), command: z.string() })),
});

/** One desktop's processes as they were when last recorded. */
export type DesktopRecord = z.infer<typeof recordSchema>;

/** Records what runs, in the desktop's folder. */
export async function writeRecord(dir: string, record: DesktopRecord): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(join(dir, FILE), JSON.stringify(record), { mode: 0o600 });
}

/** Removes the record of a desktop that ended as it should. */
export async function removeRecord(dir: string): Promise<void> {
  await rm(join(dir, FILE), { force: true });
}

/** The records of desktops that did not end as they should, one folder each below `parent`; unreadable ones are skipped. */
export async function readRecords(parent: string): Promise<{ readonly dir: string; readonly record: DesktopRecord }[]> {
  const names = await readdir(parent).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const dir = join(parent, name);
      try {
        return [{ dir, record: recordSchema.parse(JSON.parse(await readFile(join(dir, FILE), "utf8"))) }];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}

/**
 * Ends the processes that a crashed run left: those whose pid, start time and command are still as recorded, and whatever they
 * started, by its Xauthority. Returns the ones it ended.
 */
export async function endLeftovers(
  desktops: readonly { readonly dir: string; readonly record: DesktopRecord }[],
): Promise<ProcessRecord[]> {
  const all = desktops.flatMap(({ record }) => record.processes);
  const alive = await Promise.all(all.map((record) => isAlive(record)));
  const started = await Promise.all(desktops.map(({ dir }) => processesUsing(authorityIn(dir))));
  const left = new Map([...all.filter((_, index) => alive[index]), ...started.flat()].map((each) => [each.pid, each]));
  await endProcesses([...left.values()]);
  return [...left.values()];
}

/** The file with a desktop's cookie. */
export function authorityIn(dir: string): string {
  return join(dir, "Xauthority");
}
