/** What the executor's mouse does in real programs: clicks, drags and wheels in Chromium, mousepad, and on a title bar. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bench, startBench, still } from "../electron/computer/test-support.ts";
import { openX11, type X11 } from "../electron/computer/x11/connection.ts";
import { fileText } from "../electron/computer/x11/test-desktop.ts";
import { startOwnDesktop } from "../electron/desktop/own-desktop.ts";
import type { Action } from "../shared/action.ts";
import type { Point } from "../shared/geometry.ts";
import { FIELD, type MousePage, type MouseReport, mousePage, SLIDER } from "./mouse-page.ts";
import { type Proof, randomBelow } from "./proof.ts";

const SIZE = { w: 1000, h: 700 };
const HELD = { "": "", ctrl: "ctrlKey", shift: "shiftKey", "ctrl+alt": "ctrlKey altKey" } as const;
const WHEEL = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] } as const;

export const PROOFS: readonly Proof[] = [
  { name: "the mouse in Chromium", whole: 40, sample: 1, run: inChromium },
  { name: "the mouse in mousepad and on its title bar", whole: 40, sample: 2, run: inMousepad },
  { name: "the mouse on a GTK slider", whole: 100, sample: 4, run: onSlider },
];

async function act(bench: Bench, action: Action): Promise<void> {
  const result = await bench.act(action);
  if (result.kind !== "done") throw new Error(`${JSON.stringify(action)} was ${JSON.stringify(result)}`);
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** `count` rounds of everything, at random places. */
async function inChromium(count: number, seed: number): Promise<string> {
  const below = randomBelow(seed);
  const bench = await startBench(startOwnDesktop, SIZE, async (dir) => [
    mousePage(dir)
      .command.map((word) => `"${word}"`)
      .join(" "),
  ]);
  const page = mousePage(bench.dir);
  try {
    await page.report(() => true);
    for (let round = 0; round < count; round += 1) {
      await clicked(bench, page, below);
      await doubled(bench, page);
      await selected(bench, page, below);
      await slid(bench, page, below);
      await scrolled(bench, page, below);
    }
    return `${count} rounds of clicks, double and triple clicks, a selection, a slider and the wheel: all as asked`;
  } finally {
    await bench.close();
  }
}

/** One click with modifiers held, on its px. */
async function clicked(bench: Bench, page: MousePage, below: (limit: number) => number): Promise<void> {
  const before = await page.report(() => true);
  const [text, held] = Object.entries(HELD)[below(4)] ?? ["", ""];
  const coordinate: Point = [below(SIZE.w), 300 + below(SIZE.h - 300)];
  await act(bench, { action: "left_click", coordinate, ...(text === "" ? {} : { text }) });
  const { clicks } = await page.report(({ clicks }) => clicks.length > before.clicks.length);
  const got = clicks.slice(before.clicks.length);
  const want = [{ x: coordinate[0], y: coordinate[1], count: 1, held }];
  check(JSON.stringify(got) === JSON.stringify(want), `clicked ${JSON.stringify(want)}, got ${JSON.stringify(got)}`);
}

/** A double click is one to the page, and selects a word; a triple click selects the line. */
async function doubled(bench: Bench, page: MousePage): Promise<void> {
  const before = await page.report(() => true);
  const coordinate: Point = [FIELD.x + 12, FIELD.y];
  await act(bench, { action: "double_click", coordinate });
  const word = await page.report(({ selected }) => selected.startsWith("one") && selected.length < 5);
  check(word.selected.trim() === "one", `a double click selected "${word.selected}"`);
  check(word.doubles === before.doubles + 1, `${word.doubles - before.doubles} double clicks`);
  await act(bench, { action: "triple_click", coordinate });
  const line = await page.report(({ selected }) => selected === FIELD.text);
  check(line.selected === FIELD.text, `a triple click selected "${line.selected}"`);
  await act(bench, { action: "left_click", coordinate });
  await page.report(({ selected }) => selected === "");
}

/** A drag along the text, to a place in it that is not far from its end. */
async function selected(bench: Bench, page: MousePage, below: (limit: number) => number): Promise<void> {
  // Letters are somewhat over 12 px wide: where the drag begins is the text's start, where it ends is right of its end.
  const [from, to]: Point[] = [
    [FIELD.x - 6, FIELD.y],
    [FIELD.x + 430 + below(100), FIELD.y],
  ];
  if (from === undefined || to === undefined) throw new Error("no points");
  const back = below(2) === 1;
  await act(bench, {
    action: "left_click_drag",
    start_coordinate: back ? to : from,
    coordinate: back ? from : to,
  });
  const report = await page.report(({ selected }) => selected === FIELD.text);
  check(report.selected === FIELD.text, `the drag selected "${report.selected}"`);
  await act(bench, { action: "left_click", coordinate: [FIELD.x + 12, FIELD.y] });
}

/** The slider's knob from where it is to a value. */
async function slid(bench: Bench, page: MousePage, below: (limit: number) => number): Promise<void> {
  const at = (value: number): Point => [Math.round(SLIDER.from + ((SLIDER.to - SLIDER.from) * value) / 100), SLIDER.y];
  const { slider: now } = await page.report(() => true);
  const value = below(101);
  await act(bench, { action: "left_click_drag", start_coordinate: at(now), coordinate: at(value) });
  const { slider } = await page.report(({ slider }) => Math.abs(slider - value) <= 1);
  check(Math.abs(slider - value) <= 1, `the slider went from ${now} to ${slider} instead of ${value}`);
}

/** Wheel clicks in each direction, each with the same delta. */
async function scrolled(bench: Bench, page: MousePage, below: (limit: number) => number): Promise<void> {
  for (const [direction, [x, y]] of Object.entries(WHEEL)) {
    const before = await page.report(() => true);
    const amount = 1 + below(7);
    await act(bench, {
      action: "scroll",
      scroll_direction: direction as keyof typeof WHEEL,
      scroll_amount: amount,
      coordinate: [500, 400],
    });
    const turned = (report: MouseReport) => {
      const events = report.wheel.slice(before.wheel.length);
      return {
        dx: events.reduce((sum, { dx }) => sum + dx, 0),
        dy: events.reduce((sum, { dy }) => sum + dy, 0),
        events: events.length,
      };
    };
    // Chromium makes 120 px of a wheel click on X11, and puts several into one event when it is slow.
    const want = { dx: x * amount * 120, dy: y * amount * 120 };
    const got = turned(await page.report((report) => turned(report).dx === want.dx && turned(report).dy === want.dy));
    check(got.dx === want.dx && got.dy === want.dy, `${direction} by ${amount} came as ${JSON.stringify(got)}`);
  }
}

/** What slider.py says: px of the display, of the knob's middle now and at both ends of its track. */
type SliderReport = {
  readonly value: number;
  readonly knob: number;
  readonly y: number;
  readonly from: number;
  readonly to: number;
};

/** `count` drags of the knob of a real GTK slider, from where it is to a random value. */
async function onSlider(count: number, seed: number): Promise<string> {
  const below = randomBelow(seed);
  const words = (dir: string) => ["/usr/bin/python3", join(import.meta.dirname, "slider.py"), join(dir, "slider.json")];
  const bench = await startBench(startOwnDesktop, SIZE, async (dir) => [
    words(dir)
      .map((word) => `"${word}"`)
      .join(" "),
  ]);
  const said = async (done: (report: SliderReport) => boolean): Promise<SliderReport> => {
    const text = await fileText(join(bench.dir, "slider.json"), (json) => json !== "" && done(JSON.parse(json)));
    return JSON.parse(text);
  };
  try {
    await still(bench.computer, SIZE);
    for (let round = 0; round < count; round += 1) {
      const value = below(101);
      const now = await said(() => true);
      const at = (x: number): Point => [Math.round(x), Math.round(now.y)];
      const start_coordinate = at(now.knob);
      const coordinate = at(now.from + ((now.to - now.from) * value) / 100);
      await act(bench, { action: "left_click_drag", start_coordinate, coordinate });
      const after = await said((report) => Math.abs(report.value - value) <= 1);
      check(Math.abs(after.value - value) <= 1, `the slider went from ${now.value} to ${after.value}, not to ${value}`);
    }
    return `${count} drags of its knob to random values: each within 1 of 100`;
  } finally {
    await bench.close();
  }
}

const LINES = ["first line", "second line", "third line"];

async function inMousepad(count: number, seed: number): Promise<string> {
  const below = randomBelow(seed);
  const bench = await startBench(startOwnDesktop, SIZE, async (dir) => {
    await writeFile(join(dir, "a.txt"), "");
    return [`mousepad --disable-server "${join(dir, "a.txt")}"`];
  });
  const x11 = await openX11({ display: bench.desktop.display, authority: bench.desktop.authority });
  try {
    for (let round = 0; round < count; round += 1) {
      await lineReplaced(bench);
      await titleDragged(bench, x11, below);
    }
    return `${count} rounds: a line selected by a drag and typed over, the window moved by its title bar`;
  } finally {
    x11.close();
    await bench.close();
  }
}

/** The first line is selected by dragging along it, and what is typed takes its place. */
async function lineReplaced(bench: Bench): Promise<void> {
  await act(bench, { action: "key", text: "ctrl+a" });
  await act(bench, { action: "type", text: LINES.join("\n") });
  const window = (await bench.computer.look(SIZE, [])).facts.focus?.bounds;
  if (window === undefined) throw new Error("no window");
  const y = window.y + FIRST_LINE;
  await act(bench, {
    action: "left_click_drag",
    start_coordinate: [window.x + 3, y],
    coordinate: [window.x + 300, y],
  });
  await act(bench, { action: "type", text: "Grüße" });
  await act(bench, { action: "key", text: "ctrl+s" });
  const want = ["Grüße", ...LINES.slice(1)].join("\n");
  const text = await fileText(join(bench.dir, "a.txt"), (saved) => saved.trimEnd() === want);
  check(text.trimEnd() === want, `the file holds ${JSON.stringify(text)}`);
}

/** Below the window's top edge, px: the first line of text, under the menu bar and what mousepad says to root. */
const FIRST_LINE = process.getuid?.() === 0 ? 61 : 35;

async function titleDragged(bench: Bench, x11: X11, below: (limit: number) => number): Promise<void> {
  const before = (await bench.computer.look(SIZE, [])).facts.focus;
  if (before === null) throw new Error("no window");
  // Near the middle of the display, so that no edge stops or attracts it.
  const { x, y, w } = before.bounds;
  const grip: Point = [Math.round(x + w / 2), y - 8];
  const to: Point = [grip[0] + (150 + below(80) - x), grip[1] + (100 + below(60) - y)];
  await act(bench, { action: "left_click_drag", start_coordinate: grip, coordinate: to });
  const after = await x11.place(before.id);
  const moved = [after.x - x, after.y - y];
  check(
    moved[0] === to[0] - grip[0] && moved[1] === to[1] - grip[1],
    `the window moved by ${moved}, asked ${to[0] - grip[0]},${to[1] - grip[1]}`,
  );
}
