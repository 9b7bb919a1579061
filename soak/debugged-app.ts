/**
 * The real app as a plain process, looked into through its debuggers: Node's in main, Chromium's in the page. Nothing of
 * them is switched on that would keep things in memory, as a test driver's would.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { StartRequest } from "../shared/ipc.ts";
import type { Policy } from "../shared/policy/format.ts";

const ROOT = join(import.meta.dirname, "..");
const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const PATIENCE = 30_000;

/** One debugger's connection. */
export class Debugger {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, result, error } = JSON.parse(String(data)) as {
        readonly id?: number;
        readonly result?: unknown;
        readonly error?: { readonly message: string };
      };
      const waiting = id === undefined ? undefined : this.#waiting.get(id);
      if (id === undefined || waiting === undefined) return;
      this.#waiting.delete(id);
      if (error === undefined) waiting.resolve(result);
      else waiting.reject(new Error(error.message));
    };
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the app closed its debugger"));
    };
  }

  static async open(url: string): Promise<Debugger> {
    const socket = new WebSocket(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`no debugger at ${url}`));
    await promise;
    return new Debugger(socket);
  }

  /** Sends one command of the protocol and resolves with its result. */
  send<T>(method: string, params: object = {}): Promise<T> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** What an expression comes to, a promise's value included; it has to be JSON. */
  async value<T>(expression: string): Promise<T> {
    const how = { expression, returnByValue: true, awaitPromise: true, includeCommandLineAPI: true };
    const answer = await this.send<{
      readonly result: { readonly value: T };
      readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
    }>("Runtime.evaluate", how);
    if (answer.exceptionDetails !== undefined)
      throw new Error(answer.exceptionDetails.exception?.description ?? "an expression threw");
    return answer.result.value;
  }

  close(): void {
    this.#socket.close();
  }
}

export type DebuggedApp = {
  readonly pid: number;
  readonly main: Debugger;
  readonly page: Debugger;
  /** What it printed on its error stream so far. */
  readonly errors: () => string;
  /** Ends it as a system would that shuts down; it closes its sessions on record first. */
  readonly close: () => Promise<void>;
};

/** Starts the built app on a display. @param dir its data folder */
export async function startDebuggedApp(dir: string, env: NodeJS.ProcessEnv): Promise<DebuggedApp> {
  const { ELECTRON_RUN_AS_NODE: _node, ...rest } = env;
  const words = [ROOT, ...SWITCHES, "--inspect=0", "--remote-debugging-port=0", `--user-data-dir=${dir}`];
  const child = spawn(process.execPath, words, { cwd: ROOT, env: rest, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk;
  });
  try {
    const said = (mark: RegExp) => until(child, async () => mark.exec(errors)?.[1] ?? null);
    const main = await Debugger.open(await said(/Debugger listening on (ws:\S+)/));
    const port = await said(/DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//);
    const page = await Debugger.open(await until(child, () => pageOf(port)));
    await until(child, async () => ((await page.value<boolean>("'countersign' in window")) ? true : null));
    return {
      pid: child.pid ?? 0,
      main,
      page,
      errors: () => errors,
      close: async () => {
        main.close();
        page.close();
        await end(child, "SIGTERM");
      },
    };
  } catch (error) {
    await end(child, "SIGKILL");
    throw error;
  }
}

async function pageOf(port: string): Promise<string | null> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => null);
  const targets = ((await answer?.json()) ?? []) as readonly {
    readonly type: string;
    readonly url: string;
    readonly webSocketDebuggerUrl: string;
  }[];
  return targets.find(({ url }) => url.startsWith("app://countersign/"))?.webSocketDebuggerUrl ?? null;
}

async function until<T>(child: ChildProcess, ask: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const found = await ask();
    if (found !== null) return found;
    if (child.exitCode !== null) throw new Error(`the app ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the app did not get ready in ${PATIENCE} ms`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

/** Starts a session in mousepad from the window, as the start view would; its id. */
export async function startInMousepad(
  { page }: DebuggedApp,
  { task, file, policy }: { readonly task: string; readonly file: string; readonly policy: Policy },
): Promise<string> {
  const request: StartRequest = {
    task,
    model: "claude-opus-5-5",
    toolVersion: null,
    effort: "high",
    onePerTurn: false,
    where: {
      kind: "own",
      size: { w: 1280, h: 800 },
      programs: [`mousepad --disable-server ${file}`],
      home: { kind: "operator" },
      confined: null,
    },
    mode: { kind: "policy", policy },
    limits: { steps: null, minutes: null, usd: null },
  };
  type Started = { readonly ok: boolean; readonly session: string; readonly error?: string };
  const started = await page.value<Started>(`window.countersign.start(${JSON.stringify(request)})`);
  if (!started.ok) throw new Error(`the session "${task}" did not start: ${started.error}`);
  return started.session;
}
