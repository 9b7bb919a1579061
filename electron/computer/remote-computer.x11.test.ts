/** What becomes of a stop, of quitting and of the operator's hand when the X server no longer answers: it is stopped here. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { portOfChild } from "./port.ts";
import { type RemoteComputer, startRemoteComputer } from "./remote-computer.ts";
import { forkExecutor, hooksWith, requestOf, still } from "./test-support.ts";

const size = { w: 640, h: 480 };
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function setUp() {
  const dir = await mkdtemp(join(tmpdir(), "countersign-frozen-"));
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
  const authority = join(dir, "authority");
  await writeFile(authority, "");
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-wr"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  cleanups.push(async () => {
    server.kill("SIGCONT");
    await ended(server);
  });
  const [number] = (await once(server.stdio[3] as Readable, "data")) as [Buffer];
  const executors: ChildProcess[] = [];
  cleanups.push(async () => {
    for (const executor of executors) await ended(executor);
  });
  const computer = await startRemoteComputer({
    display: `:${number.toString().trim()}`,
    authority,
    here: null,
    fork: (env) => {
      const child = forkExecutor(env);
      executors.push(child);
      return portOfChild(child);
    },
  });
  return { computer, server, executors };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

/** How `work` ends within `ms`: its error in words, "ok", or that it hangs. */
async function endOf(work: Promise<unknown>, ms: number): Promise<string> {
  const words = work.then(
    () => "ok",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return await Promise.race([words, sleep(ms, "hangs", { ref: false })]);
}

async function closed(computer: RemoteComputer, executors: readonly ChildProcess[]): Promise<void> {
  expect(await endOf(computer.close(), 5000)).toBe("ok");
  await expect.poll(() => executors.every((child) => child.exitCode !== null || child.signalCode !== null)).toBe(true);
}

test("a stop ends, and so does closing, when the desktop does not answer", { timeout: 30_000 }, async () => {
  const { computer, server, executors } = await setUp();
  const look = await still(computer, size);
  const stop = new AbortController();
  const started = Promise.withResolvers<void>();
  const running = computer.perform(
    requestOf({ action: "wait", duration: 30 }, look, null),
    hooksWith({ signal: stop.signal, onProgress: () => started.resolve() }),
  );
  await started.promise;
  server.kill("SIGSTOP");
  stop.abort();
  expect(await endOf(running, 8000)).toBe("The desktop does not answer.");
  expect(await endOf(computer.releaseAll(), 1000)).toBe("The desktop does not answer.");
  await closed(computer, executors);
  expect(executors).toHaveLength(2);
});

test.each(["look", "releaseAll", "hand", "perform"] as const)(
  "%s ends when the desktop does not answer, and so does what waits",
  {
    timeout: 30_000,
  },
  async (call) => {
    const { computer, server, executors } = await setUp();
    const seen = await still(computer, size);
    server.kill("SIGSTOP");
    const look = call === "perform" ? null : computer.look(size, []);
    const click = requestOf({ action: "left_click", coordinate: [9, 9] }, seen, null);
    const calls = {
      look: () => computer.look(size, []),
      releaseAll: () => computer.releaseAll(),
      perform: () => computer.perform(click, hooksWith({})),
      hand: () => computer.hand({ action: "left_click", coordinate: [9, 9] }, size),
    };
    // An action has no look beside it whose limit would end it.
    const ends = await Promise.all(
      [calls[call](), ...(look === null ? [] : [look])].map((each) => endOf(each, 15_000)),
    );
    expect(new Set(ends)).toEqual(new Set(["The desktop does not answer."]));
    await closed(computer, executors);
  },
);

test("an executor that is asked to end does, when the desktop does not answer", { timeout: 20_000 }, async () => {
  const { computer, server, executors } = await setUp();
  await still(computer, size);
  server.kill("SIGSTOP");
  const executor = executors[0];
  if (executor === undefined) throw new Error("no executor");
  const exit = once(executor, "exit");
  executor.kill("SIGTERM");
  expect(await endOf(exit, 4000)).toBe("ok");
  await closed(computer, executors);
});
