/** The real app for benchmarks: on a display of its own, with a data folder of its own and a scripted Claude. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import type { TestDesktop } from "../../electron/computer/x11/test-desktop.ts";
import type { Script } from "../../electron/practice/script.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "../../electron/practice/server.ts";

export const ROOT = join(import.meta.dirname, "..", "..");
export const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export type Launched = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dir: string;
  /** Ends it as a system would that shuts down. */
  readonly close: () => Promise<void>;
};

/** The environment of an app that works on `desktop` and asks `api`. */
export function appEnv({ display, authority }: TestDesktop, api: string): Record<string, string> {
  const env = Object.fromEntries(Object.entries(process.env).filter((e): e is [string, string] => e[1] !== undefined));
  delete env.ELECTRON_RUN_AS_NODE;
  return {
    ...env,
    DISPLAY: display,
    XAUTHORITY: authority,
    ANTHROPIC_API_KEY: PRACTICE_API_KEY,
    ANTHROPIC_BASE_URL: api,
  };
}

/** Starts the built app and waits for its window. */
export async function launched(desktop: TestDesktop, script: Script, args: readonly string[] = []): Promise<Launched> {
  const server = await startPracticeServer({ script });
  const dir = await mkdtemp(join(tmpdir(), "countersign-bench-"));
  const app = await _electron.launch({
    executablePath: process.execPath,
    args: [ROOT, ...SWITCHES, `--user-data-dir=${dir}`, ...args],
    env: appEnv(desktop, server.url),
  });
  return {
    app,
    page: await app.firstWindow(),
    dir,
    close: async () => {
      const gone = new Promise((resolve) => app.process().once("exit", resolve));
      app.process().kill("SIGTERM");
      await gone;
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
