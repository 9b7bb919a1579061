/**
 * How fast the gate is, in the real app: from a proposal's event to its card painted, from the operator's key to
 * `action.started` told (and so on disk), and from the precheck's frame to the first input. The peer, in the same window
 * and taking turns: a bare question to main and its answer painted. Run as `npm run bench gate [steps]`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type Page } from "@playwright/test";
import { Executor } from "../electron/computer/executor.ts";
import { type Grabber, openGrabber } from "../electron/computer/grabber.ts";
import type { Hands } from "../electron/computer/hands.ts";
import { openNutHands } from "../electron/computer/nut-hands.ts";
import { startTestDesktop, type TestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { call, type Script, text, thinking, turn } from "../electron/practice/script.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "../electron/practice/server.ts";
import type { CountersignApi } from "../shared/ipc.ts";
import { printTable } from "./lib/table.ts";

declare global {
  interface Window {
    readonly countersign: CountersignApi;
  }
}

const ROOT = join(import.meta.dirname, "..");
const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const SPACE = { w: 1280, h: 800 };
const steps = Number(process.argv[2] ?? 40);

/** What the page noted, ms since 1970. */
type Notes = {
  readonly proposed: number[];
  readonly painted: number[];
  readonly pressed: number[];
  readonly started: number[];
  readonly bare: number[];
};

const desktop = await startTestDesktop();
try {
  const notes = await inTheApp(desktop);
  const input = await precheckToInput(desktop);
  const between = (from: readonly number[], to: readonly number[]) =>
    from.slice(0, to.length).map((start, i) => (to[i] ?? start) - start);
  const bare = notes.bare;
  printTable([
    ["ms", "p50", "p95", "against bare"],
    line("proposal's event to card painted", between(notes.proposed, notes.painted), bare),
    line("key to action.started told", between(notes.pressed, notes.started), bare),
    line("precheck's frame to first input", input, null),
    line("bare: question, answer, painted", bare, bare),
  ]);
} finally {
  await desktop.close();
}
process.exit(0);

function line(name: string, values: readonly number[], peer: readonly number[] | null): readonly string[] {
  const ratio = peer === null ? "" : `${(share(values, 0.5) / share(peer, 0.5)).toFixed(1)} x`;
  return [`${name} (${values.length})`, share(values, 0.5).toFixed(1), share(values, 0.95).toFixed(1), ratio];
}

function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** One session of mouse moves, each approved by a key. */
async function inTheApp({ display, authority }: TestDesktop): Promise<Notes> {
  const script: Script = [
    ...Array.from({ length: steps }, (_, i) =>
      turn(thinking("On it goes."), call("mouse_move", { coordinate: [100 + i * 7, 100 + i * 3] })),
    ),
    turn(text("Done.")),
  ];
  const server = await startPracticeServer({ script });
  const dir = await mkdtemp(join(tmpdir(), "bench-gate-"));
  const env = Object.fromEntries(Object.entries(process.env).filter((e): e is [string, string] => e[1] !== undefined));
  delete env.ELECTRON_RUN_AS_NODE;
  const app = await _electron.launch({
    executablePath: process.execPath,
    args: [ROOT, ...SWITCHES, `--user-data-dir=${dir}`],
    env: {
      ...env,
      DISPLAY: display,
      XAUTHORITY: authority,
      ANTHROPIC_API_KEY: PRACTICE_API_KEY,
      ANTHROPIC_BASE_URL: server.url,
    },
  });
  try {
    const page = await app.firstWindow();
    await page.getByRole("textbox", { name: "Task" }).waitFor();
    await listen(page);
    await page.getByRole("textbox", { name: "Task" }).fill("Move about");
    await page.getByRole("button", { name: "Start session" }).click();
    for (let i = 0; i < steps; i += 1) {
      await page.waitForFunction(
        (n) =>
          (globalThis as unknown as { notes: Notes }).notes.started.length === n &&
          document.querySelector('.approve[aria-disabled="false"]') !== null,
        i,
        { timeout: 60_000 },
      );
      await bareRound(page);
      await page.keyboard.press("Control+Enter");
    }
    await page.waitForFunction((n) => (globalThis as unknown as { notes: Notes }).notes.started.length === n, steps);
    return await page.evaluate(() => (globalThis as unknown as { notes: Notes }).notes);
  } finally {
    const gone = new Promise((resolve) => app.process().once("exit", resolve));
    app.process().kill("SIGTERM");
    await gone;
    await server.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Notes in the page when things happen there; a card counts as painted when its arming begins, after its pictures and two frames. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const notes: Notes = { proposed: [], painted: [], pressed: [], started: [], bare: [] };
    Object.assign(globalThis, { notes });
    const now = () => performance.timeOrigin + performance.now();
    window.countersign.onEvents(({ events }) => {
      for (const { type, ts } of events) {
        if (type === "action.proposed") notes.proposed.push(Date.parse(ts));
        if (type === "action.started") notes.started.push(now());
      }
    });
    window.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && event.ctrlKey && notes.pressed.push(now()),
      true,
    );
    let arming = false;
    new MutationObserver(() => {
      const is = document.querySelector('.approve[data-arming="true"]') !== null;
      if (is && !arming) notes.painted.push(now());
      arming = is;
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-arming"] });
  });
}

async function bareRound(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const start = performance.now();
    await window.countersign.info();
    const mark = document.createElement("i");
    document.body.append(mark);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    mark.remove();
    (globalThis as unknown as { notes: Notes }).notes.bare.push(performance.now() - start);
  });
}

/** The executor itself, with its last capture before the first input timed. */
async function precheckToInput(desktop: TestDesktop): Promise<readonly number[]> {
  const { display, authority } = desktop;
  await desktop.open("mousepad", []);
  // nut-js opens the display of the environment, once.
  Object.assign(process.env, { DISPLAY: display, XAUTHORITY: authority });
  const grabber = await openGrabber(display, authority, null);
  const hands = await openNutHands(display, authority, null);
  let captured = 0;
  let first: number | null = null;
  const timed: Grabber = {
    ...grabber,
    grab: async (region) => {
      const frame = await grabber.grab(region);
      captured = performance.now();
      return frame;
    },
  };
  const watched: Hands = {
    ...hands,
    moveTo: async (point, check) => {
      first ??= performance.now();
      await hands.moveTo(point, check);
    },
  };
  const clock = {
    now: () => performance.now(),
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
  };
  const executor = new Executor(watched, timed, clock);
  const values: number[] = [];
  for (let i = 0; i < steps; i += 1) {
    const action = { action: "left_click", coordinate: [200 + i * 9, 300] } as const;
    const look = await executor.look(SPACE, [action.coordinate]);
    first = null;
    const { display: at, focus, targets } = look.facts;
    const result = await executor.perform(
      {
        proposal: `1.${i}`,
        action,
        space: SPACE,
        cursor: null,
        expected: { display: at, window: focus, target: targets[0] ?? null, picture: look.picture.sha256 },
        settleMs: 100,
      },
      { confirm: async () => true, onProgress: () => undefined, signal: new AbortController().signal },
    );
    if (result.kind === "done" && first !== null) values.push(first - captured);
  }
  return values;
}
