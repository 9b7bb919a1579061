/**
 * Left running: a session of 1,000 steps under a policy, in the real app, with the practice Claude and a real program,
 * nobody deciding. Memory of main and of the page, handles, listeners, processes and connections to the desktop must not
 * grow with its length, a step must not get slower, and the record must prove whole.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { openStore } from "../electron/journal/store.ts";
import { verifySession } from "../electron/journal/verify.ts";
import { call, type Part, text, thinking, turn } from "../electron/practice/script.ts";
import { PRACTICE_API_KEY, type PracticeServer, startPracticeServer } from "../electron/practice/server.ts";
import type { Policy } from "../shared/policy/format.ts";
import type { StoredEvent } from "../shared/session-event.ts";
import { type DebuggedApp, startDebuggedApp, startInMousepad } from "./debugged-app.ts";
import type { Proof } from "./proof.ts";

const WHOLE = 1000;

export const PROOFS: readonly Proof[] = [
  { name: "left running: memory, handles and pace of a long session", whole: WHOLE, sample: 30, run: leftRunning },
];

/** Steps at each end that are compared. */
const END = 100;
/** Steps between two looks. */
const LOOK_EVERY = 10;
const MOST_GROWTH_MB = 50;
/** So much of a handle's kind may be more at the end: what is under way at the moment of a look. */
const UNDER_WAY = 3;
const SLOWER = 1.1;
/** No step takes so long, ms. */
const STUCK = 60_000;

const POLICY: Policy = {
  version: 1,
  name: "Left running",
  rules: [
    { id: "look", effect: "allow", actions: ["screenshot", "zoom", "cursor_position", "wait"] },
    {
      id: "point",
      effect: "allow",
      actions: ["left_click", "triple_click", "mouse_move", "scroll"],
      app: ["mousepad"],
    },
    { id: "write", effect: "allow", actions: ["type", "key"], app: ["mousepad"] },
  ],
};

/** Ten steps that leave the program as they found it, but for one line. */
const CYCLE: readonly ((n: number) => Part)[] = [
  () => call("left_click", { coordinate: [640, 400] }),
  () => call("key", { text: "ctrl+a" }),
  (n) => call("type", { text: `Line ${n} of a long session.` }),
  () => call("key", { text: "End" }),
  () => call("zoom", { region: [320, 200, 960, 600] }),
  (n) => call("mouse_move", { coordinate: [500 + (n % 200), 380] }),
  () => call("scroll", { coordinate: [640, 400], scroll_direction: "down", scroll_amount: 2 }),
  () => call("screenshot", {}),
  () => call("triple_click", { coordinate: [640, 300] }),
  () => call("cursor_position", {}),
];

/** Everything that could grow, at one moment. */
type Look = {
  readonly step: number;
  /** MB of memory that main, and the page's process, have for themselves. */
  readonly mainMb: number;
  readonly pageMb: number;
  /** MB of JavaScript in use in main, after a collection. */
  readonly heapMb: number;
  readonly counts: Readonly<Record<string, number>>;
};

async function leftRunning(count: number): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "countersign-running-"));
  const desktop = await startTestDesktop();
  let asked = 0;
  let server: PracticeServer | null = null;
  let app: DebuggedApp | null = null;
  try {
    server = await startPracticeServer({
      keepsBodies: false,
      script: () => {
        const part = CYCLE[asked % CYCLE.length]?.(asked);
        asked += 1;
        if (asked > count || part === undefined) return turn(text("That was all."));
        return turn(thinking(`Step ${asked}: the line comes next, and nothing else is to be done about it.`), part);
      },
    });
    const form = join(dir, "form.txt");
    writeFileSync(form, "A line.\n");
    const env = { ...desktop.env, ANTHROPIC_API_KEY: PRACTICE_API_KEY, ANTHROPIC_BASE_URL: server.url };
    app = await startDebuggedApp(join(dir, "data"), env);
    const session = await startInMousepad(app, { task: "Write the line again and again", file: form, policy: POLICY });
    const looks: Look[] = [];
    let moved = Date.now();
    for (let seen = 0; asked <= count; ) {
      await sleep(100);
      if (asked > seen) moved = Date.now();
      if (Date.now() - moved > STUCK) throw new Error(`stuck after ${asked} steps: ${await stateOf(app)}`);
      seen = asked;
      if (asked > 0 && asked < count && asked >= (looks.length + 1) * LOOK_EVERY) looks.push(await look(app, asked));
    }
    await answered(app);
    looks.push(await look(app, count));
    const errors = app.errors();
    await app.close();
    const refused = server.requests.filter(({ status }) => status !== 200);
    if (refused.length > 0) throw new Error(`${refused.length} requests were refused: ${refused[0]?.error}`);
    const warned = /MaxListeners\w*Warning[^\n]*|UnhandledPromise[^\n]*/.exec(errors)?.[0];
    if (warned !== undefined) throw new Error(`main warned: ${warned}`);
    const record = await recordOf(join(dir, "data"), session, count);
    const grown = growth(looks);
    if (count < WHOLE) return `${count} steps valid; ${record.words}; ${grown.words}`;
    if (grown.problems.length > 0) throw new Error(`${grown.problems.join("; ")} (${grown.words})`);
    const pace = paceOf(record.events);
    if (pace.ratio > SLOWER) throw new Error(`a step got slower: ${pace.words}`);
    return `${count} steps; ${record.words}; ${grown.words}; ${pace.words}`;
  } finally {
    await app?.close();
    await server?.close();
    await desktop.close();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function stateOf({ page }: DebuggedApp): Promise<string> {
  return await page.value<string>("document.body.innerText.replace(/\\s+/g, ' ').slice(0, 600)");
}

async function answered(app: DebuggedApp): Promise<void> {
  const status = "document.querySelector('[role=status]')?.textContent ?? ''";
  for (const end = Date.now() + STUCK; !(await app.page.value<string>(status)).includes("Claude answered"); ) {
    if (Date.now() > end) throw new Error(`no answer came: ${await stateOf(app)}`);
    await sleep(100);
  }
}

/** What main has open and listens to; `require` is the debugger's own. */
const MAIN_COUNTS = `(() => {
  require("node:v8").setFlagsFromString("--expose-gc");
  require("node:vm").runInNewContext("gc")();
  const electron = require("electron");
  const windows = electron.BrowserWindow.getAllWindows();
  const listened = [process, electron.app, electron.ipcMain, electron.powerMonitor, electron.nativeTheme, electron.screen,
    electron.session.defaultSession, ...windows, ...windows.map((window) => window.webContents)];
  const listeners = listened.reduce((sum, each) =>
    sum + each.eventNames().reduce((n, name) => n + each.listenerCount(name), 0), 0);
  const resources = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  return { heap: process.memoryUsage().heapUsed, listeners, resources, pagePid: windows[0].webContents.getOSProcessId() };
})()`;

async function look({ pid, main, page }: DebuggedApp, step: number): Promise<Look> {
  type Main = {
    readonly heap: number;
    readonly listeners: number;
    readonly resources: Readonly<Record<string, number>>;
    readonly pagePid: number;
  };
  const { heap, listeners, resources, pagePid } = await main.value<Main>(MAIN_COUNTS);
  await page.send("HeapProfiler.collectGarbage");
  const dom = await page.send<{ readonly nodes: number; readonly jsEventListeners: number }>("Memory.getDOMCounters");
  const below = processesBelow(pid);
  const executor = below.find(({ words }) => words.includes("executor-process"));
  const server = below.find(({ words }) => words.startsWith("Xvfb"));
  const counts: Record<string, number> = {
    listeners,
    "the page's listeners": dom.jsEventListeners,
    "files of main": filesOf(pid),
    processes: below.length,
    ...Object.fromEntries(Object.entries(resources).map(([name, n]) => [`${name} of main`, n])),
  };
  if (executor !== undefined) counts["files of the executor"] = filesOf(executor.pid);
  // Each client of an X server is a file of it.
  if (server !== undefined) counts["clients of the desktop"] = filesOf(server.pid);
  return { step, mainMb: ownMb(pid), pageMb: ownMb(pagePid), heapMb: heap / 2 ** 20, counts };
}

/** MB that only this process has: its private pages. */
function ownMb(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kb = [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
  return kb / 1024;
}

function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

type Child = { readonly pid: number; readonly words: string };

/** The processes below `pid`, at any depth. */
function processesBelow(pid: number): readonly Child[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = all.flatMap((name) => {
    try {
      const parent = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1]);
      const words = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      return [{ pid: Number(name), parent, words }];
    } catch {
      return [];
    }
  });
  const below = (parent: number): readonly Child[] =>
    found.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return below(pid);
}

/** The looks of the first hundred steps against those of the last: memory at its worst, counts at their least. */
function growth(looks: readonly Look[]): { readonly problems: readonly string[]; readonly words: string } {
  const last = looks.at(-1)?.step ?? 0;
  const before = looks.filter(({ step }) => step <= END);
  const after = looks.filter(({ step }) => step > last - END);
  const most = (of: readonly Look[], pick: (look: Look) => number) => Math.max(...of.map(pick));
  const problems: string[] = [];
  const memory = (["mainMb", "pageMb", "heapMb"] as const).map((what) => {
    const [from, to] = [most(before, (each) => each[what]), most(after, (each) => each[what])];
    const name = { mainMb: "main", pageMb: "the page", heapMb: "main's heap" }[what];
    if (to - from >= MOST_GROWTH_MB) problems.push(`${name} grew by ${(to - from).toFixed(0)} MB`);
    return `${name} ${from.toFixed(0)} to ${to.toFixed(0)} MB`;
  });
  // The least of each: what is not collected yet at the moment of a look, or under way, is no leak.
  const names = new Set(looks.flatMap(({ counts }) => Object.keys(counts)));
  const changed: string[] = [];
  for (const name of names) {
    const least = (of: readonly Look[]) => Math.min(...of.map(({ counts }) => counts[name] ?? 0));
    const [from, to] = [least(before), least(after)];
    if (to > from + UNDER_WAY) problems.push(`${name}: ${from}, then ${to}`);
    if (to !== from) changed.push(`${name} ${from} to ${to}`);
  }
  return { problems, words: [...memory, ...(changed.length === 0 ? ["counts unchanged"] : changed)].join(", ") };
}

/** Proves the record whole; its events. */
async function recordOf(dir: string, session: string, count: number) {
  const verified = await verifySession(dir, session);
  if (!verified.ok) throw new Error(`the record is damaged: ${verified.problem}`);
  const store = openStore(dir, { readOnly: true });
  const events = store.events(session);
  store.close();
  const ends = events.flatMap((event) => (event.type === "action.finished" ? [event.body] : []));
  const other = ends.find(({ outcome }) => outcome !== "done");
  if (other !== undefined) throw new Error(`step ${other.proposal} ended ${other.outcome}: ${other.text}`);
  if (ends.length !== count) throw new Error(`${ends.length} of ${count} steps are on record`);
  const epochs = events.filter((event) => event.type === "turn.finished" && event.body.stopReason === "compaction");
  const words = `${verified.events} events verified with ${verified.blobs} pictures, ${epochs.length + 1} epochs`;
  return { events, words };
}

/** ms of a step, from one request to the next: the medians of each kind added up, at the end against at the start. */
function paceOf(events: readonly StoredEvent[]): { readonly ratio: number; readonly words: string } {
  const requests = events.flatMap((event) => (event.type === "turn.started" ? [Date.parse(event.ts)] : []));
  const summaries = new Set(
    events.flatMap((event) =>
      event.type === "turn.finished" && event.body.stopReason === "compaction" ? [event.body.turn - 1] : [],
    ),
  );
  const steps = requests.slice(1).flatMap((at, i) => (summaries.has(i) ? [] : [at - (requests[i] ?? at)]));
  const usual = (from: readonly number[], offset: number) =>
    CYCLE.reduce((sum, _, kind) => sum + median(from.filter((_ms, i) => (i + offset) % CYCLE.length === kind)), 0) /
    CYCLE.length;
  const first = usual(steps.slice(0, END), 0);
  const last = usual(steps.slice(-END), steps.length - END);
  const words = `a step took ${first.toFixed(0)} ms in the first ${END}, ${last.toFixed(0)} ms in the last`;
  return { ratio: last / first, words };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
