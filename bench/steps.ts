/**
 * What a step takes beside the model and the operator: from a reply that asks for one action to the request that carries its
 * result. The built app under a policy that allows everything, on a desktop of Claude's own and on the operator's own, with
 * mousepad; against Anthropic's demo loop on the same kind of desktop: xdotool, a fixed wait of 2 s, scrot, ImageMagick's
 * convert, base64. Run as `npm run bench steps [rounds]`.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startTestDesktop, type TestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { findProgram } from "../electron/desktop/desktop-problem.ts";
import { openStore } from "../electron/journal/store.ts";
import { call, text, turn } from "../electron/practice/script.ts";
import { startPracticeServer } from "../electron/practice/server.ts";
import type { StoredEvent } from "../shared/session-event.ts";
import { appEnv, ROOT, SWITCHES } from "./lib/launched.ts";
import { printTable } from "./lib/table.ts";

const run = promisify(execFile);
const rounds = Number(process.argv[2] ?? 8);
const README = join(ROOT, "README.md");
const SENTENCE = "Forty characters of an ordinary sentence";
/** As Anthropic's demo has it, s. */
const DEMO_WAIT = 2;
const DEMO_DELAY = 12;

/** One step each: Claude's call, and what the demo runs for it. */
const STEPS = {
  "a click": {
    call: call("left_click", { coordinate: [640, 400] }),
    demo: ["mousemove", "--sync", "640", "400", "click", "1"],
  },
  "40 characters": {
    call: call("type", { text: SENTENCE }),
    demo: ["type", "--delay", String(DEMO_DELAY), "--", SENTENCE],
  },
  "a key": { call: call("key", { text: "ctrl+a" }), demo: ["key", "--", "ctrl+a"] },
  scrolling: {
    call: call("scroll", { coordinate: [640, 400], scroll_direction: "down", scroll_amount: 3 }),
    demo: ["mousemove", "--sync", "640", "400", "click", "--repeat", "3", "5"],
  },
  "a screenshot": { call: call("screenshot", {}), demo: null },
} as const;
type StepName = keyof typeof STEPS;
const NAMES = Object.keys(STEPS) as StepName[];

type Times = Readonly<Record<StepName, number[]>>;

function none(): Times {
  return { "a click": [], "40 characters": [], "a key": [], scrolling: [], "a screenshot": [] };
}

/** One session of all steps in turns; ms from each reply's end to the next request's start, as the record has them. */
async function inTheApp(desktop: TestDesktop, where: readonly string[]): Promise<Times> {
  const order = Array.from({ length: rounds }, () => NAMES).flat();
  const script = [...order.map((name) => turn(STEPS[name].call)), turn(text("Done."))];
  const server = await startPracticeServer({ script });
  const dir = await mkdtemp(join(tmpdir(), "countersign-bench-"));
  const policy = join(dir, "policy.json");
  const actions = ["left_click", "type", "key", "scroll", "screenshot"];
  await writeFile(
    policy,
    JSON.stringify({ version: 1, name: "All", rules: [{ id: "all", effect: "allow", actions }] }),
  );
  const args = [`--user-data-dir=${dir}`, ...where, `--policy=${policy}`, "--no-operator"];
  const child = spawn(process.execPath, [ROOT, ...SWITCHES, ...args, "--task=Step", "--exit-when-done"], {
    env: appEnv(desktop, server.url),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "exit");
  await server.close();
  if (code !== 0) throw new Error(`the session with ${where.join(" ")} ended with exit code ${code}`);
  const store = openStore(dir, { signer: null });
  const [row] = store.list();
  const times = stepTimes(row === undefined ? [] : store.events(row.id), order);
  store.close();
  await rm(dir, { recursive: true, force: true });
  return times;
}

function stepTimes(events: readonly StoredEvent[], order: readonly StepName[]): Times {
  const at = (type: StoredEvent["type"]) =>
    events.filter((event) => event.type === type).map(({ ts }) => Date.parse(ts));
  const failed = events.filter((event) => event.type === "action.finished" && event.body.outcome !== "done");
  if (failed.length > 0) throw new Error(`${failed.length} steps were not done: ${JSON.stringify(failed[0]?.body)}`);
  for (const event of events) {
    if (event.type !== "action.proposed") continue;
    const { action, target, window } = event.body.proposal;
    const at = "coordinate" in action ? target : window;
    if (at?.class.toLowerCase() !== "mousepad")
      throw new Error(`${action.action} would reach ${JSON.stringify(at)}, not mousepad`);
  }
  const [ended, started] = [at("turn.finished"), at("turn.started")];
  const times = none();
  // The first step finds programs still starting.
  for (const [i, name] of order.entries())
    if (i >= NAMES.length) times[name].push((started[i + 1] ?? 0) - (ended[i] ?? 0));
  return times;
}

/** The demo's tools on the same display; as many rounds. */
async function inTheDemo({ env, folder }: TestDesktop): Promise<Times> {
  const [shot, sent] = [join(folder, "shot.png"), join(folder, "sent.png")];
  const times = none();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of NAMES) {
      const { demo } = STEPS[name];
      // Where the pointer lies at its goal already, `--sync` waits 16 s for it to move.
      await run("xdotool", ["mousemove", "630", "390"], { env });
      const begun = performance.now();
      if (demo !== null) {
        await run("xdotool", [...demo], { env });
        await sleep(DEMO_WAIT * 1000);
      }
      await run("scrot", ["-o", "-p", shot], { env });
      await run("convert", [shot, "-resize", "1280x800!", sent]);
      (await readFile(sent)).toString("base64");
      if (round > 0) times[name].push(performance.now() - begun);
    }
  }
  return times;
}

/** A display with mousepad open on a file, for what works on the operator's own. */
async function withEditor<T>(work: (desktop: TestDesktop) => Promise<T>): Promise<T> {
  const desktop = await startTestDesktop();
  try {
    await desktop.open("mousepad", ["--disable-server", README]);
    return await work(desktop);
  } finally {
    await desktop.close();
  }
}

async function alone<T>(work: (desktop: TestDesktop) => Promise<T>): Promise<T> {
  const desktop = await startTestDesktop();
  try {
    return await work(desktop);
  } finally {
    await desktop.close();
  }
}

const program = `--program=mousepad --disable-server '${README.replaceAll("'", "'\"'\"'")}'`;
const own = await alone((desktop) => inTheApp(desktop, ["--where=own:1280x800", program, `--folder=${ROOT}`]));
const here = await withEditor((desktop) => inTheApp(desktop, ["--where=this"]));
const haveDemo = ["xdotool", "scrot", "convert"].every((program) => findProgram(program, process.env) !== null);
if (!haveDemo) console.log("xdotool, scrot or convert (ImageMagick) is not installed: the demo is left out.");
const demo = haveDemo ? await withEditor(inTheDemo) : none();

function shown(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0);
  return sorted.length === 0 ? "-" : `${at(0.5)} (${at(0.95)})`;
}

console.log(`\nA step without model and operator, ms: median (95 %) of ${rounds - 1}`);
printTable([
  ["", "its own desktop", "this desktop", "Anthropic's demo"],
  ...NAMES.map((name) => [name, shown(own[name]), shown(here[name]), shown(demo[name])]),
]);
process.exit(0);
