/** Random texts of the world's scripts, for typing proofs. */
import { randomBelow } from "./proof.ts";

/** Runs of code points. */
const SCRIPTS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  ASCII: [[0x20, 0x7e]],
  European: [
    [0xa1, 0x17f],
    [0x1e00, 0x1e9b],
    [0x2010, 0x2027],
    [0x20a0, 0x20bf],
  ],
  Cyrillic: [[0x400, 0x45f]],
  Greek: [
    [0x391, 0x3a1],
    [0x3a3, 0x3ce],
  ],
  Hebrew: [[0x5d0, 0x5ea]],
  Arabic: [[0x621, 0x64a]],
  CJK: [
    [0x4e00, 0x9fa5],
    [0x3041, 0x3096],
    [0x30a1, 0x30fa],
    [0xac00, 0xd7a3],
  ],
  emoji: [
    // Skin tones come in JOINED alone: after a flag, where none belongs, Chromium puts a new line before the flag, however
    // slowly it is typed.
    [0x1f300, 0x1f3fa],
    [0x1f400, 0x1f5ff],
    [0x1f600, 0x1f64f],
    [0x1f680, 0x1f6c5],
  ],
};

/** Characters of several code points: emoji with joiners, skins, flags and keycaps; letters with combining marks. */
const JOINED = [
  "👩‍👩‍👧",
  "👨🏽‍🚀",
  "☝🏿",
  "🏳️‍🌈",
  "🇵🇱",
  "3️⃣",
  "❤️‍🔥",
  "e\u0301",
  "ạ̈",
  "y\u0306",
  "ש\u05c1\u05b8",
  "ب\u064e\u0651",
  "n\u0303",
  "か\u3099",
];

/**
 * `count` code points of all scripts (ASCII a third of them), in lines a terminal can hold; the same for the same seed.
 * No tab: it would leave a text field.
 */
export function randomText(count: number, seed: number): string {
  const below = randomBelow(seed);
  const pick = <T>(all: readonly T[], other: T) => all[below(all.length)] ?? other;
  const names = Object.keys(SCRIPTS);
  const characters: string[] = [];
  let column = 0;
  while (characters.length < count) {
    const script = below(3) === 0 ? "ASCII" : pick([...names, "joined"], "ASCII");
    const [first, last] = pick(SCRIPTS[script] ?? [], [0x61, 0x7a] as const);
    const next = script === "joined" ? pick(JOINED, "a") : String.fromCodePoint(first + below(last - first + 1));
    column = column >= 50 ? 0 : column + [...next].length;
    characters.push(...next, ...(column === 0 ? ["\n"] : []));
  }
  return characters.slice(0, count).join("");
}
