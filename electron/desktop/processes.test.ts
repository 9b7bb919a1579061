import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { endLeftovers, readRecords, writeRecord } from "./leftovers.ts";
import { isAlive, type ProcessRecord, recordOf } from "./processes.ts";

const started: (() => void)[] = [];
afterEach(() => {
  for (const end of started.splice(0)) end();
});

async function sleeper(ignoresTerm = false) {
  const script = ignoresTerm ? "trap '' TERM; echo up; while :; do sleep 1; done" : "echo up; sleep 60; :";
  const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"], detached: true });
  started.push(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const record = await recordOf(child.pid ?? 0);
  if (record === null) throw new Error("the child has no record");
  return { child, record };
}

test("a process is known by pid, start and command", async () => {
  const { record } = await sleeper();
  expect(await isAlive(record)).toBe(true);
  expect(await isAlive({ ...record, startTime: record.startTime + 1 })).toBe(false);
  expect(await isAlive({ ...record, command: "Xvfb" })).toBe(false);
  expect(await recordOf(2 ** 22 + 1)).toBeNull();
});

test("a process without arguments is one that is just starting, or ending: it is looked at again", async () => {
  const proc = await mkdtemp(join(tmpdir(), "countersign-proc-"));
  const folder = join(proc, "77");
  const fields = (state: string) => `77 (a (b) c) ${state} ${"0 ".repeat(18)}4711 0`;
  const put = async (state: string, cmdline: string) => {
    await mkdir(folder, { recursive: true });
    // Whole or not at all, as the system gives them.
    for (const [name, text] of [
      ["stat", fields(state)],
      ["cmdline", cmdline],
    ] as const) {
      await writeFile(join(proc, name), text);
      await rename(join(proc, name), join(folder, name));
    }
  };
  const record = { pid: 77, startTime: 4711, command: "openbox --sm-disable" };

  await put("R", "");
  const starting = recordOf(77, proc);
  await put("S", "openbox\0--sm-disable\0");
  expect(await starting).toEqual(record);

  await put("R", "");
  expect(await isAlive(record, proc)).toBe(true);
  const ending = recordOf(77, proc);
  await put("Z", "");
  expect(await ending).toBeNull();
  expect(await isAlive(record, proc)).toBe(false);
  await rm(proc, { recursive: true });
});

const left = (display: string, ...processes: ProcessRecord[]) => ({
  dir: join(tmpdir(), "countersign-no-such-desktop"),
  record: { display, processes },
});

test("leftovers are ended only when they match what was recorded", async () => {
  const [match, otherStart, otherCommand] = [await sleeper(), await sleeper(), await sleeper()];
  const ended = await endLeftovers([
    left(":90", match.record, { ...otherStart.record, startTime: 1 }),
    left(":91", { ...otherCommand.record, command: "openbox" }),
  ]);
  expect(ended).toEqual([match.record]);
  expect(await isAlive(match.record)).toBe(false);
  expect(await isAlive(otherStart.record)).toBe(true);
  expect(await isAlive(otherCommand.record)).toBe(true);
});

test("a leftover that ignores SIGTERM is killed", async () => {
  const { record } = await sleeper(true);
  await endLeftovers([left(":90", record)]);
  expect(await isAlive(record)).toBe(false);
});

test("records are written, found again, and broken ones skipped", async () => {
  const parent = await mkdtemp(join(tmpdir(), "countersign-records-"));
  const record = { display: ":90", processes: [{ pid: 7, startTime: 8, command: "Xvfb" }] };
  await writeRecord(join(parent, "one"), record);
  await writeRecord(join(parent, "two"), { display: ":1", processes: [{ pid: -1, startTime: 0, command: "" }] });
  expect(await readRecords(parent)).toEqual([{ dir: join(parent, "one"), record }]);
  expect(await readRecords(join(parent, "none"))).toEqual([]);
  await rm(parent, { recursive: true });
});
