/**
 * How long the wait for a still screen after a click takes, and whether what the click made was in the picture: ours, the
 * two equal frames that most wait for, and the fixed 2 s of Anthropic's demo; in turns, on real programs of a display of
 * its own. Run as `npm run bench settle [rounds]`.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Frame, pixelsOf } from "../electron/computer/frame.ts";
import { type Grabber, openGrabber } from "../electron/computer/grabber.ts";
import { settle } from "../electron/computer/settle.ts";
import { end, startTestDesktop, type TestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { TestHands } from "../electron/computer/x11/test-hands.ts";
import type { Point } from "../shared/geometry.ts";

const SIZE = { w: 1280, h: 800 };
const LIMIT = 2000;
const GAP = 50;
const FIXED = 2000;
const SWITCHES = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const rounds = Number(process.argv[2] ?? 15);

/** Resolves with the frame that would be shown to Claude. */
type Way = { readonly name: string; readonly wait: (grab: () => Promise<Frame>) => Promise<Frame> };

const WAYS: readonly Way[] = [
  { name: "ours", wait: async (grab) => (await settle({ grab, now, sleep: nap }, LIMIT, NEVER)).frame },
  { name: "two equal frames", wait: twoEqual },
  {
    name: "fixed 2 s",
    wait: async (grab) => {
      await sleep(FIXED);
      return await grab();
    },
  },
];

type Situation = {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Where to click, round by round; px of the display. */
  readonly click: (round: number) => Point;
  /** A pixel that a click turns from blue to red and back; null where nothing has to change. */
  readonly panel: Point | null;
};

const NEVER = new AbortController().signal;
const page = (name: string, delay: number, fade: number, beside: string): Situation => ({
  name,
  command: [
    "env",
    "-u",
    "ELECTRON_RUN_AS_NODE",
    process.execPath,
    join(import.meta.dirname, "settle-page.cjs"),
    ...SWITCHES,
    "--disable-gpu",
    JSON.stringify({ delay, fade, beside }),
  ],
  click: (round) => [300 + (round % 7) * 10, 500],
  panel: [600, 550],
});

const SITUATIONS: readonly Situation[] = [
  page("a still page, drawn at once", 0, 0, "nothing"),
  page("a still page, drawn after 150 ms", 150, 0, "nothing"),
  page("a still page, faded in for 300 ms", 0, 300, "nothing"),
  page("with a blinking caret", 0, 0, "caret"),
  page("with a spinner", 0, 0, "spinner"),
  page("with a clock (1 s)", 0, 0, "clock"),
  page("with a stopwatch (30 ms)", 0, 0, "stopwatch"),
  page("with a film of 480x320", 0, 0, "film"),
  {
    name: "mousepad, click into the text",
    command: ["mousepad", "--disable-server", join(import.meta.dirname, "..", "README.md")],
    click: (round) => [300 + (round % 9) * 20, 200 + (round % 5) * 30],
    panel: null,
  },
  {
    name: "xclock with a hand for seconds",
    command: ["xclock", "-update", "1", "-geometry", "200x200+50+50"],
    click: () => [120, 120],
    panel: null,
  },
];

console.log(`\nFrom the click to a picture to be shown, ${rounds} clicks each: median, 95 %; pictures taken too early`);
console.log(`| | ${WAYS.map(({ name }) => name).join(" | ")} |`);
console.log(`| --- |${" --- |".repeat(WAYS.length)}`);
for (const situation of SITUATIONS) console.log(`| ${[situation.name, ...(await measure(situation))].join(" | ")} |`);

async function measure({ command, click, panel }: Situation): Promise<readonly string[]> {
  const desktop = await startTestDesktop();
  const grabber = await openGrabber(desktop.display, desktop.authority, null);
  try {
    const [program, ...args] = command;
    const child = await opened(desktop, program, args);
    const grab = async () => (await grabber.shot(SIZE)).frame;
    const times = WAYS.map((): number[] => []);
    const early = WAYS.map(() => 0);
    const hands = new TestHands(desktop.x11);
    await sleep(1500);
    for (let round = 0; round < rounds; round += 1) {
      for (const [i, way] of WAYS.entries()) {
        const before = panel === null ? null : await redAt(grabber, panel);
        await hands.movePointer(...click(round * WAYS.length + i));
        await sleep(30);
        await hands.buttonDown(1);
        await hands.buttonUp(1);
        const start = now();
        const shown = await way.wait(grab);
        times[i]?.push(now() - start);
        // What a click made and what the last one left both have to be over before the next.
        await sleep(700);
        if (panel === null) continue;
        const after = await redAt(grabber, panel);
        if (after === before) throw new Error("the page did not answer a click");
        if (redOf(shown, panel) !== after) early[i] = (early[i] ?? 0) + 1;
      }
    }
    await end(child);
    return times.map((ms, i) => {
      const sorted = ms.toSorted((a, b) => a - b);
      const at = (share: number) =>
        (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
      return `${at(0.5)}, ${at(0.95)}${panel === null ? "" : `; ${early[i]}`}`;
    });
  } finally {
    grabber.close();
    await desktop.close();
  }
}

async function opened(desktop: TestDesktop, program: string, args: readonly string[]) {
  return program === "xclock" ? desktop.start(program, args) : await desktop.open(program, args);
}

async function twoEqual(grab: () => Promise<Frame>): Promise<Frame> {
  const until = now() + LIMIT;
  let last = await grab();
  while (now() < until) {
    await sleep(GAP);
    const next = await grab();
    if (Buffer.from(last.data).equals(Buffer.from(next.data))) return next;
    last = next;
  }
  return last;
}

async function redAt(grabber: Grabber, [x, y]: Point): Promise<number> {
  return redOf(await grabber.grab([x, y, x + 1, y + 1]), [0, 0]);
}

function redOf(frame: Frame, [x, y]: Point): number {
  return ((pixelsOf(frame)[y * frame.size.w + x] ?? 0) >>> 16) & 255;
}

function now(): number {
  return performance.now();
}

async function nap(ms: number): Promise<void> {
  await sleep(ms);
}
