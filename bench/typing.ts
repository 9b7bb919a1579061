/**
 * Typing into real programs on a display of its own: ours, raw nut-js and xdotool; share of characters that arrive wrong
 * and milliseconds a character. Run as `npm run bench typing [mousepad|xterm|Chromium]`.
 */
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startTestDesktop, type TestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { TestHands } from "../electron/computer/x11/test-hands.ts";
import { openProgram, PROGRAMS, type Program } from "../soak/programs.ts";

const run = promisify(execFile);
const COUNT = 300;

/** What is typed: `COUNT` characters of each, in one line (xdotool types a newline as Linefeed, which GTK ignores). */
const ALPHABETS: Readonly<Record<string, string>> = {
  letters: "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  ASCII: span(0x20, 0x7e),
  European: `${span(0xc0, 0xd6)}${span(0xd8, 0xf6)}${span(0xf8, 0x17e)}€ñß¿¡«»`,
  "Cyrillic + Greek": `${span(0x410, 0x44f)}Ёё${span(0x3b1, 0x3c9)}${span(0x391, 0x3a1)}`,
  CJK: `${span(0x4e00, 0x4fff)}${span(0x3041, 0x3096)}${span(0xac00, 0xacff)}`,
  emoji: span(0x1f600, 0x1f64f),
};

/** What people write, repeated to `COUNT` characters. */
const SENTENCES: Readonly<Record<string, string>> = {
  "English, symbols":
    'Send $1,250.00 to "R&D" <ops@example.com> by 5:30 pm (UTC+1): 50% now, 50% later; OK? #42 ~ {a|b} ',
  German: "Größere Öfen überhitzen schnell; die Straße führt über den Fluß, heißt es in Österreich, für 3 € je Stück. ",
  Polish: "Zażółć gęślą jaźń, rzekł wójt; żółw pływał w źródle, a księżyc świecił nad łąką do późnej nocy. ",
  Russian:
    "Съешь ещё этих мягких французских булок, да выпей чаю; встреча завтра в 15:30, Москва, Тверская улица, дом 7. ",
  Greek: "Η γρήγορη αλεπού πηδάει πάνω από τον τεμπέλη σκύλο· τι ώρα είναι η συνάντηση, στις 15:30 ή αργότερα; ",
  Chinese: "我们明天下午三点半在北京开会，请带上合同和发票。价格是一千二百五十元，如果有问题请给我打电话，谢谢！",
};

/** `type` resolves with the ms that it took. */
type Typist = { readonly name: string; readonly type: (desktop: TestDesktop, text: string) => Promise<number> };

const TYPISTS: readonly Typist[] = [
  { name: "Countersign", type: (desktop, text) => timed(() => new TestHands(desktop.x11).typeText(text)) },
  { name: "nut-js keyboard.type (2 ms)", type: typeWithNut },
  {
    name: "xdotool type --delay 12",
    type: (desktop, text) => timed(() => run("xdotool", ["type", "--delay", "12", "--", text], { env: desktop.env })),
  },
];

if (process.send !== undefined && process.env.NUT_TEXT !== undefined) await nutChild(process.env.NUT_TEXT);
else await main();

async function main(): Promise<void> {
  for (const program of PROGRAMS.filter((name) => process.argv[2] === undefined || process.argv[2] === name)) {
    await table(`Typed into ${program}, ${COUNT} characters each`, program, TYPISTS, ALPHABETS, sample);
    const xdotool = TYPISTS.filter(({ name }) => !name.startsWith("nut-js"));
    await table(`Sentences into ${program}, ${COUNT} characters each`, program, xdotool, SENTENCES, repeated);
  }
}

/** One table: a row for each typist, a column for each of `columns`, whose text `make` builds; last how ours compares. */
async function table(
  title: string,
  program: Program,
  typists: readonly Typist[],
  columns: Readonly<Record<string, string>>,
  make: (source: string) => string,
): Promise<void> {
  const names = Object.keys(columns);
  process.stdout.write(`\n${title}: wrong, ms per character\n\n`);
  process.stdout.write(`| | ${names.join(" | ")} |\n|${" --- |".repeat(names.length + 1)}\n`);
  const times = new Map<Typist, number[]>(typists.map((typist) => [typist, []]));
  const rows = new Map<Typist, string[]>(typists.map((typist) => [typist, []]));
  for (const source of Object.values(columns)) {
    for (const typist of typists) {
      const { wrong, ms } = await measure(program, typist, make(source));
      times.get(typist)?.push(ms);
      rows.get(typist)?.push(`${(100 * wrong).toFixed(1)} %, ${ms.toFixed(1)}`);
    }
  }
  for (const [typist, cells] of rows) process.stdout.write(`| ${typist.name} | ${cells.join(" | ")} |\n`);
  const [ours, peer] = [[...times.values()][0], [...times.values()].at(-1)];
  const ratios = names.map((_, i) => `${((peer?.[i] ?? 0) / (ours?.[i] ?? 1)).toFixed(1)} x`);
  process.stdout.write(`| ours is faster than xdotool | ${ratios.join(" | ")} |\n`);
}

/** One text by one typist into a fresh program on a fresh display: what one leaves behind can't touch the next. */
async function measure(program: Program, typist: Typist, text: string): Promise<{ wrong: number; ms: number }> {
  const desktop = await startTestDesktop();
  try {
    const typed = await openProgram(desktop, program);
    await sleep(500);
    const ms = (await typist.type(desktop, text)) / COUNT;
    await sleep(300);
    const got = await typed.text(text);
    await typed.close();
    return { wrong: wrong(text, got) / COUNT, ms };
  } finally {
    await desktop.close();
  }
}

/** nut-js reads DISPLAY once, when it is loaded: a process of its own for each display, which tells the time it took. */
async function typeWithNut(desktop: TestDesktop, text: string): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), { env: { ...desktop.env, NUT_TEXT: text }, silent: true });
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const [ms] = await once(child, "message");
  clearTimeout(timer);
  return Number(ms);
}

async function nutChild(text: string): Promise<void> {
  const { keyboard } = await import("@nut-tree/nut-js");
  keyboard.config.autoDelayMs = 2;
  const ms = await timed(() => keyboard.type(text));
  process.send?.(ms, () => process.exit(0));
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

function sample(alphabet: string): string {
  const characters = [...alphabet];
  let state = 1;
  return Array.from({ length: COUNT }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return characters[Math.floor((state / 2 ** 32) * characters.length)] ?? "a";
  }).join("");
}

function repeated(sentence: string): string {
  const characters = [...sentence];
  return Array.from({ length: COUNT }, (_, i) => characters[i % characters.length] ?? " ").join("");
}

function span(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join("");
}

/** How many characters differ: the edit distance, so that one lost character counts once. */
function wrong(expected: string, typed: string): number {
  const [a, b] = [[...expected], [...typed]];
  let row = b.map((_, j) => j + 1);
  a.forEach((character, i) => {
    let diagonal = i;
    let left = i + 1;
    row = row.map((above, j) => {
      const cost = Math.min(diagonal + (character === b[j] ? 0 : 1), above + 1, left + 1);
      diagonal = above;
      left = cost;
      return cost;
    });
  });
  return Math.min(COUNT, row.at(-1) ?? a.length);
}
