import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const CHILD = join(import.meta.dirname, "child.ts");

/** Has a file and a folder open as Chromium has its own: for every program that is started, too. */
const OPEN = 'exec 40</etc/passwd 41</tmp 250</etc/passwd; exec "$0" "$@"';

test.skipIf(process.platform !== "linux")("a program of a desktop gets nothing that is open here but its own", () => {
  const dir = mkdtempSync(join(tmpdir(), "child-"));
  const log = join(dir, "log");
  const script = `
    import { startChild } from ${JSON.stringify(CHILD)};
    const { PATH } = process.env;
    const child = await startChild(["ls", "-l", "/proc/self/fd"], { env: { PATH }, log: ${JSON.stringify(log)}, withPipe: true });
    const waiting = setInterval(() => undefined, 1000);
    await new Promise((resolve) => child.onEnd(resolve));
    clearInterval(waiting);
  `;
  const node = [process.execPath, "--input-type=module", "--no-warnings", "-e", script];
  execFileSync("bash", ["-c", OPEN, ...node], { env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } });
  const open = [...readFileSync(log, "utf8").matchAll(/ (\d+) -> (.*)/g)].map(
    ([, fd, to]) => [Number(fd), to] as const,
  );
  const kept = open.filter(([fd]) => fd > 2).map(([, to = ""]) => to);
  expect(open.length).toBeGreaterThan(3);
  // Its own pipe, nothing, and what ls itself opens to look.
  for (const to of kept) expect(to).toMatch(/^(socket:|pipe:|\/dev\/null$|\/proc\/\d+\/fd$)/);
  rmSync(dir, { recursive: true, force: true });
});
