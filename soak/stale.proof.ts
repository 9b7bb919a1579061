/**
 * The screen changes between the picture a decision was made on and the input: planted changes at or near the target have
 * to come back to the gate with nothing sent, harmless ones have to pass. Real pixels on a real X display, seen by the real
 * executor in its process; some with real programs.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Look, PerformResult } from "../electron/computer/computer.ts";
import { openPainter, type Painter } from "../electron/computer/test-painter.ts";
import { type Bench, hooksWith, requestOf, startBench } from "../electron/computer/test-support.ts";
import { startOwnDesktop } from "../electron/desktop/own-desktop.ts";
import type { Point, Region } from "../shared/geometry.ts";
import { type Proof, randomBelow } from "./proof.ts";

const SIZE = { w: 1280, h: 800 };
/** Where the form is drawn, px of the display. */
const FORM: Region = [200, 100, 1000, 700];
const WINDOW = 0xf4f4f4;
const WORDS = "Save Send Cancel Delete Allow Block Reply Pay Accept Decline Submit Discard Open Close Next Back".split(
  " ",
);
const LINE = 18;
/** The width of a letter of the server's font, px. */
const LETTER = 6;
/** The share of each kind that may be judged wrongly: 2 of 200 planted, 4 of 200 harmless. */
const MISSED = 0.01;
const RAISED = 0.02;

type Below = (limit: number) => number;
/** A form as it stands: what is drawn, and where its button is, px of the form. */
type Scene = {
  readonly seed: number;
  readonly button: Region;
  readonly label: string;
  readonly rows: readonly string[];
};
type Stage = {
  readonly painter: Painter;
  readonly bench: Bench;
  readonly below: Below;
  /** What ends the change once it was judged. */
  readonly after: (end: () => Promise<void> | void) => void;
};

/** Draws a change. */
type Change = (stage: Stage, scene: Scene, at: Point) => Promise<void>;

async function nothing(): Promise<void> {}

const PLANTED: Readonly<Record<string, Change>> = {
  "the button moved": async ({ painter, below }, scene) => {
    const [dx, dy] = [12 + below(50), 8 + below(30)];
    const [x0, y0, x1, y1] = scene.button;
    const [left, up] = [below(2) === 0 ? -dx : dx, below(2) === 0 ? -dy : dy];
    draw(painter, { ...scene, button: [x0 + left, y0 + up, x1 + left, y1 + up] });
  },
  "another word on it": async ({ painter, below }, scene) => {
    draw(painter, { ...scene, label: other(scene.label, below) });
  },
  "it is gone": async ({ painter }, { button: [x0, y0, x1, y1] }) => painter.fill([x0, y0, x1, y1], WINDOW),
  "it is greyed": async ({ painter }, { button: [x0, y0, x1, y1] }) => painter.fill([x0, y0, x1, y1], 0xcfcfcf),
  "it has the highlight": async ({ painter }, { button: [x0, y0, x1, y1] }) => painter.fill([x0, y0, x1, y1], 0x3584e4),
  "the page has scrolled": async ({ painter, below }, scene) => {
    const by = LINE + below(60);
    const [x0, y0, x1, y1] = scene.button;
    const rows = [...scene.rows.slice(1), "a line that was below"];
    draw(painter, { ...scene, button: [x0, y0 - by, x1, y1 - by], rows });
  },
  "a window over it": async (stage, _, [x, y]) => {
    const { below } = stage;
    const [w, h] = [60 + below(300), 40 + below(200)];
    const [left, top] = [x - below(w - 20) - 10, y - below(h - 20) - 10];
    await cover(stage, [left, top, left + w, top + h]);
  },
  "a menu beside it": async (stage, _, [x, y]) => {
    const { below } = stage;
    const [left, top] = [x + 8 + below(20), y + 6 + below(10)];
    await cover(stage, [left, top, left + 160, top + 90]);
  },
  "a tick near it": async ({ painter, below }, _, at) => {
    const [x, y] = inForm([at[0] - 30 + below(44), at[1] - 20 + below(24)]);
    painter.fill([x, y, x + 13, y + 13], 0x1a5fb4);
  },
  "another icon near it": async ({ painter, below }, _, at) => {
    const [x, y] = inForm([at[0] - 36 + below(50), at[1] - 24 + below(30)]);
    painter.picture(
      [x, y],
      { w: 16, h: 16 },
      Uint32Array.from({ length: 256 }, () => below(0x1000000)),
    );
  },
  "a line of text at it": async ({ painter, below }, _, at) => {
    const [x, y] = inForm(at);
    painter.text([x - 20, y + 4], `${other("", below)} ${other("", below)}`);
  },
};

const HARMLESS: Readonly<Record<string, Change>> = {
  "a caret at the target": async ({ painter, below }, _, at) => {
    const [x, y] = inForm(at);
    const left = x - 10 + below(20);
    painter.fill([left, y - 8, left + 1 + below(2), y + 8 + below(12)], 0);
  },
  "a caret that moved": async ({ painter }, _, at) => {
    const [x, y] = inForm(at);
    painter.fill([x - 14, y - 9, x - 13, y + 9], 0);
    painter.fill([x + 13, y - 9, x + 15, y + 9], 0);
  },
  "a clock elsewhere": async ({ painter, below }, _, at) => {
    const [x, y] = away(at, 120, 20, below);
    painter.fill([x, y, x + 120, y + 20], WINDOW);
    painter.text([x, y + 14], `1${below(10)}:${10 + below(50)}:${10 + below(50)}`);
  },
  "a spinner elsewhere": async ({ painter, below, after }, _, at) =>
    after(moving(painter, away(at, 48, 48, below), 48, below)),
  "a film elsewhere": async ({ painter, below, after }, _, at) =>
    after(moving(painter, away(at, 200, 150, below), 150, below)),
  "text elsewhere": async ({ painter, below }, _, at) => {
    const [x, y] = away(at, 150, 20, below);
    painter.text([x, y + 14], `${other("", below)} ${other("", below)}`);
  },
  "nothing at all": nothing,
};

export const PROOFS: readonly Proof[] = [
  {
    name: "stale screen: planted changes come back",
    whole: 200,
    sample: 22,
    run: (count, seed) => judge(PLANTED, count, seed, (kind) => kind === "returned", MISSED, "caught"),
  },
  {
    name: "stale screen: harmless changes pass",
    whole: 200,
    sample: 14,
    run: (count, seed) => judge(HARMLESS, count, seed, (kind) => kind === "done", RAISED, "passed"),
  },
];

async function judge(
  changes: Readonly<Record<string, Change>>,
  count: number,
  seed: number,
  good: (kind: PerformResult["kind"]) => boolean,
  share: number,
  word: string,
): Promise<string> {
  const below = randomBelow(seed);
  const bench = await startBench(startOwnDesktop, SIZE, []);
  const { display, authority } = bench.desktop;
  const painter = await openPainter(display, authority, FORM, WINDOW);
  const wrong: string[] = [];
  try {
    const kinds = Object.entries(changes);
    for (let n = 0; n < count; n += 1) {
      const [name, change] = kinds[n % kinds.length] ?? ["", nothing];
      const scene = sceneOf(below);
      draw(painter, scene);
      await painter.done();
      const at = targetIn(scene, below);
      const look = await seen(bench);
      const ends: (() => Promise<void> | void)[] = [];
      await change({ painter, bench, below, after: (end) => ends.push(end) }, scene, at);
      await painter.done();
      const result = await click(bench, look, at);
      for (const end of ends) await end();
      if (!good(result.kind)) wrong.push(`${name} at ${at.join(", ")} (${n}): ${result.kind}`);
      if (result.kind === "returned" && result.detail === "") wrong.push(`${name}: no words`);
    }
  } finally {
    painter.close();
    await bench.close();
  }
  if (wrong.length > count * share) throw new Error(`${wrong.length} of ${count} wrong: ${wrong.join("; ")}`);
  return `${count - wrong.length} of ${count} ${word}${wrong.length === 0 ? "" : ` (${wrong.join("; ")})`}`;
}

async function seen(bench: Bench): Promise<Look> {
  return await bench.computer.look(SIZE, []);
}

async function click(bench: Bench, look: Look, at: Point): Promise<PerformResult> {
  // The look of the proposal names the window under the target, as a session's does.
  const facts = await bench.computer.look(SIZE, [at]).then(({ facts: now }) => now);
  const action = { action: "mouse_move", coordinate: [at[0], at[1]] } as const;
  const request = { ...requestOf(action, look, null), settleMs: 20 };
  return await bench.computer.perform(
    { ...request, expected: { ...request.expected, target: facts.targets[0] ?? null } },
    hooksWith({}),
  );
}

function sceneOf(below: Below): Scene {
  const [x, y] = [120 + below(450), 120 + below(330)];
  const rows = Array.from(
    { length: 24 },
    (_, i) => `${i + 1}. ${other("", below)} the ${other("", below)} of ${below(1000)}`,
  );
  return {
    seed: below(1 << 20),
    button: [x, y, x + 70 + below(60), y + 26 + below(10)],
    label: other("", below),
    rows,
  };
}

/** A point on the button, px of the display. */
function targetIn({ button: [x0, y0, x1, y1] }: Scene, below: Below): Point {
  return [FORM[0] + x0 + 10 + below(x1 - x0 - 20), FORM[1] + y0 + 8 + below(y1 - y0 - 16)];
}

function draw(painter: Painter, { button: [x0, y0, x1, y1], label, rows }: Scene): void {
  painter.fill([0, 0, FORM[2] - FORM[0], FORM[3] - FORM[1]], WINDOW);
  for (const [i, row] of rows.entries()) painter.text([30, 30 + i * LINE], row);
  painter.fill([x0, y0, x1, y1], 0x8a8a8a);
  painter.fill([x0 + 1, y0 + 1, x1 - 1, y1 - 1], 0xe2e2e2);
  painter.text([Math.round((x0 + x1 - label.length * LETTER) / 2), y0 + 18], label);
}

function other(word: string, below: Below): string {
  const rest = WORDS.filter((each) => each !== word);
  return rest[below(rest.length)] ?? "";
}

/** A point of the display as one of the form. */
function inForm([x, y]: Point): Point {
  return [x - FORM[0], y - FORM[1]];
}

/** The corner of a place of `w` x `h` px of the form that has nothing to do with the target. */
function away(at: Point, w: number, h: number, below: Below): Point {
  const [tx, ty] = inForm(at);
  for (;;) {
    const [x, y] = [below(FORM[2] - FORM[0] - w), below(FORM[3] - FORM[1] - h)];
    if (x > tx + 50 || x + w < tx - 50 || y > ty + 34 || y + h < ty - 34) return [x, y];
  }
}

/** A window of its own over the form, as menus and dialogs are: with an edge and some words. */
async function cover({ bench, below, after }: Stage, region: Region): Promise<void> {
  const { display, authority } = bench.desktop;
  const over = await openPainter(display, authority, region, 0x606060);
  const [w, h] = [region[2] - region[0], region[3] - region[1]];
  over.fill([1, 1, w - 1, h - 1], 0xfafafa);
  for (let y = 16; y < h; y += LINE) over.text([8, y], `${other("", below)} ${other("", below)}`);
  await over.done();
  after(() => over.close());
}

/** Something that goes on moving until the returned function is called. */
function moving(painter: Painter, [x, y]: Point, side: number, below: Below): () => Promise<void> {
  let on = true;
  const drawing = (async () => {
    while (on) {
      const colours = Uint32Array.from({ length: 64 }, () => below(0x1000000));
      painter.picture([x + below(side - 8), y + below(side - 8)], { w: 8, h: 8 }, colours);
      await painter.done();
      await sleep(15);
    }
  })();
  return async () => {
    on = false;
    await drawing;
  };
}
