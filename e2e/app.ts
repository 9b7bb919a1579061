/** The real app for tests: its own data folder, the strict practice server as Claude, a private X display. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, test as base, type ElectronApplication, expect, type Page } from "@playwright/test";
import type { Script } from "../electron/practice/script.ts";
import { PRACTICE_API_KEY, type PracticeServer, startPracticeServer } from "../electron/practice/server.ts";
import type { CountersignApi } from "../shared/ipc.ts";
import type { EventOf, EventType, StoredEvent } from "../shared/session-event.ts";
import { eventsOf, verifyTwice } from "./record.ts";
import { checkReplays, keepPushed } from "./replays.ts";

declare global {
  interface Window {
    readonly countersign: CountersignApi;
    /** Everything that main pushed to this page, in the order it came. */
    pushedEvents?: StoredEvent[];
  }
}

export const ROOT = join(import.meta.dirname, "..");
export const ELECTRON = process.env.COUNTERSIGN_ELECTRON ?? "";

// Each worker has a display of its own; without the list there is one for all.
const displays = JSON.parse(process.env.COUNTERSIGN_E2E_DISPLAYS ?? "[]") as readonly NodeJS.ProcessEnv[];
Object.assign(process.env, displays[Number(process.env.TEST_PARALLEL_INDEX ?? 0)]);

/** As uid 0 Chromium refuses to sandbox. */
export const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export type LaunchOptions = {
  /** What the scripted Claude does; none starts no server and gives no key. */
  readonly script?: Script;
  readonly args?: readonly string[];
  readonly key?: string;
  /** A data folder to go on with; a fresh one otherwise. */
  readonly dir?: string;
  /** The display it runs on (DISPLAY, XAUTHORITY); the tests' own otherwise. */
  readonly env?: Readonly<Record<string, string>>;
};

/** One running app and what a test asks of it. */
export class App {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly dir: string;
  readonly server: PracticeServer | null;
  #output = "";

  constructor(electron: ElectronApplication, page: Page, dir: string, server: PracticeServer | null) {
    this.electron = electron;
    this.page = page;
    this.dir = dir;
    this.server = server;
    electron.process().stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
  }

  /** What the app printed so far. */
  get output(): string {
    return this.#output;
  }

  get status() {
    return this.page.getByRole("status", { name: "Session status" });
  }

  get card() {
    return this.page.getByRole("region", { name: "Proposed action" });
  }

  /** Fills the start view and starts a session with the keyboard; waits until it is no longer the start view. */
  async start(task: string, programs = ""): Promise<void> {
    await this.page.getByRole("textbox", { name: "Task" }).fill(task);
    await this.page.getByRole("textbox", { name: "Programs" }).fill(programs);
    await this.page.getByRole("button", { name: "Start session" }).focus();
    await this.page.keyboard.press("Enter");
    await expect(this.status).not.toHaveText("Ready", { timeout: 30_000 });
  }

  /** Waits for a card whose sentence matches, lets it arm, and approves it from the keyboard. */
  async approve(sentence: string | RegExp): Promise<void> {
    await this.waits(sentence);
    await this.approveWaiting();
  }

  /** Approves the armed card from the keyboard: held, where it is risky. */
  async approveWaiting(): Promise<void> {
    const { keyboard } = this.page;
    const approve = this.page.getByRole("button", { name: "Approve", exact: true });
    if ((await approve.getAttribute("aria-description")) === null) return await keyboard.press("Control+Enter");
    await keyboard.down("Control");
    await keyboard.down("Enter");
    await expect(approve).toHaveAttribute("data-hold", "full");
    await keyboard.up("Enter");
    await keyboard.up("Control");
  }

  /** Waits until a card with this sentence can be decided. */
  async waits(sentence: string | RegExp): Promise<void> {
    await expect(this.card.getByRole("heading", { name: sentence })).toBeVisible({ timeout: 30_000 });
    await expect(this.page.getByRole("button", { name: "Approve", exact: true })).toBeEnabled();
    await expect(this.page.getByRole("button", { name: "Approve", exact: true })).not.toHaveAttribute(
      "aria-disabled",
      "true",
    );
  }

  async reject(reason: string): Promise<void> {
    await this.page.keyboard.press("Control+Backspace");
    const field = this.page.getByRole("textbox", { name: "Reason" });
    await expect(field).toBeFocused();
    await field.fill(reason);
    await this.page.keyboard.press("Enter");
  }

  /** The id of the open session. */
  async session(): Promise<string> {
    const { current } = await this.page.evaluate(() => window.countersign.info());
    if (current === null) throw new Error("no session is open");
    return current;
  }

  /** A session's events as they are on disk. */
  async events(id?: string): Promise<readonly StoredEvent[]> {
    return await eventsOf(this.dir, id ?? (await this.session()));
  }

  /** The bodies of all events of one type, in order. */
  async all<T extends EventType>(type: T, id?: string): Promise<EventOf<T>["body"][]> {
    return (await this.events(id))
      .filter((event): event is StoredEvent & EventOf<T> => event.type === type)
      .map((e) => e.body);
  }

  /** The texts of the tool_results in the n-th request (from 1). */
  async results(n: number): Promise<readonly { readonly text: string; readonly isError: boolean }[]> {
    const request = await this.server?.waitForRequest(n, 60_000);
    return toolResults(request?.body ?? null);
  }

  async finish(): Promise<void> {
    await expect(this.status).toHaveText("Claude answered", { timeout: 30_000 });
    await this.page.getByRole("button", { name: "Finish", exact: true }).click();
    await expect(this.status).toHaveText("Finished");
  }

  /** Ends the app as a system would that shuts down; it closes its sessions on record first. */
  async close(): Promise<void> {
    const child = this.electron.process();
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }
    await this.server?.close();
  }
}

/** The texts of the tool_results at the end of a request's body. */
function toolResults(body: unknown): readonly { readonly text: string; readonly isError: boolean }[] {
  const messages = (body as { messages?: { content: unknown }[] } | null)?.messages ?? [];
  const content = messages.at(-1)?.content;
  const blocks = (Array.isArray(content) ? content : []) as ResultBlock[];
  return blocks
    .filter((block) => block.type === "tool_result")
    .map((block) => ({
      text: (block.content ?? []).map((part) => part.text ?? "").join(""),
      isError: block.is_error === true,
    }));
}

type ResultBlock = {
  readonly type: string;
  readonly is_error?: boolean;
  readonly content?: readonly { readonly text?: string }[];
};

/** Starts the app as a plain process, without Playwright. */
export function spawnApp(args: readonly string[], apiUrl: string): ChildProcess {
  const env = { ...process.env, ANTHROPIC_API_KEY: PRACTICE_API_KEY, ANTHROPIC_BASE_URL: apiUrl };
  return spawn(ELECTRON, [ROOT, ...SWITCHES, ...args], { env, stdio: "ignore" });
}

/** The processes below `pid`, at any depth, whose command line has `word`. */
export function childrenOf(pid: number, word: string): readonly number[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parents = new Map(
    all.map((each) => [each, Number(/^PPid:\s*(\d+)/m.exec(textOf(`/proc/${each}/status`))?.[1])]),
  );
  const isBelow = (each: number): boolean => {
    const parent = parents.get(each);
    return parent !== undefined && parent > 1 && (parent === pid || isBelow(parent));
  };
  return all.filter((each) => isBelow(each) && textOf(`/proc/${each}/cmdline`).includes(word));
}

/** The processes whose Xauthority or command line names a file below `folder`. */
export function processesNaming(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) =>
        textOf(`/proc/${pid}/environ`).includes(`XAUTHORITY=${folder}`) ||
        textOf(`/proc/${pid}/cmdline`).includes(folder),
    );
}

/** Runs a program to its end. With `pipes` it has two more, as a debugger's; what it says of errors is left out then. */
export function runToEnd(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  pipes = false,
): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = pipes ? ["ignore", "pipe", "ignore", "pipe", "pipe"] : ["ignore", "pipe", "inherit"];
    const child = spawn(command, args, { env, cwd: ROOT, stdio });
    let stdout = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout }));
  });
}

/** A fresh folder under the system's temporary one. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "countersign-e2e-"));
}

/** The text of a file, or "" while there is none. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function choosesConfinement(arg: string): boolean {
  return /^--(confine|where=this)/.test(arg);
}

type Fixtures = { readonly launch: (options?: LaunchOptions) => Promise<App> };

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  launch: async ({}, use) => {
    const apps: App[] = [];
    await use(async ({ script, args = [], key = PRACTICE_API_KEY, dir = freshFolder(), env: extra = {} } = {}) => {
      const server = script === undefined ? null : await startPracticeServer({ script });
      const env = Object.fromEntries(
        Object.entries(process.env).filter((e): e is [string, string] => e[1] !== undefined),
      );
      delete env.ELECTRON_RUN_AS_NODE;
      const api = server === null ? {} : { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: server.url };
      const electron = await _electron.launch({
        executablePath: ELECTRON,
        // Programs of tests read and write the tests' files; what confines them is tested by itself.
        args: [
          ROOT,
          ...SWITCHES,
          `--user-data-dir=${dir}`,
          ...(args.some(choosesConfinement) ? [] : ["--confine=off"]),
          ...args,
        ],
        env: { ...env, ...api, ...extra },
      });
      const app = new App(electron, await electron.firstWindow(), dir, server);
      await keepPushed(app.page);
      apps.push(app);
      return app;
    });
    for (const app of apps) await checkReplays(app.page);
    for (const app of apps) {
      await app.close().catch(() => undefined);
      await verifyTwice(app.dir);
      rmSync(app.dir, { recursive: true, force: true });
    }
  },
});

export { expect };
