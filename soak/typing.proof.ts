/** What arrives in real programs equals what was asked: every script, three toolkits, other layouts, locks on. */
import { execFileSync } from "node:child_process";
import { readKeymap } from "../electron/computer/x11/keyboard.ts";
import { startTestDesktop, type TestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { TestHands } from "../electron/computer/x11/test-hands.ts";
import { randomText } from "./characters.ts";
import { openProgram, PROGRAMS, type Program } from "./programs.ts";
import type { Proof } from "./proof.ts";

/** A program gets this much at most, so that a wrong character is found near where it happened. */
const PIECE = 1000;
const LAYOUTS = ["de", "fr", "ru"] as const;
/** The states of the two locks, as the keys that xdotool presses for them. */
const LOCKS = [[], ["Caps_Lock"], ["Num_Lock"], ["Caps_Lock", "Num_Lock"]] as const;

export const PROOFS: readonly Proof[] = [
  ...PROGRAMS.map((program) => ({
    name: `typing into ${program}`,
    whole: 10_000,
    sample: 250,
    run: (count: number, seed: number) => onDesktop("us", (desktop) => typeAll(desktop, [program], count, seed)),
  })),
  ...LAYOUTS.map((layout, i) => ({
    name: `typing on the layout ${layout}`,
    whole: 1000,
    sample: 200,
    // A sample is one program; over the seeds all of them come.
    run: (count: number, seed: number) =>
      onDesktop(layout, (desktop) =>
        typeAll(desktop, count < 1000 ? PROGRAMS.slice((seed + i) % 3).slice(0, 1) : PROGRAMS, count, seed),
      ),
  })),
  {
    name: "typing with Caps Lock and Num Lock in either state",
    whole: 1000,
    sample: 80,
    run: (count, seed) => onDesktop("us", (desktop) => withLocks(desktop, count, seed)),
  },
];

async function onDesktop(layout: string, act: (desktop: TestDesktop) => Promise<string>): Promise<string> {
  const desktop = await startTestDesktop();
  try {
    execFileSync("setxkbmap", [layout], { env: desktop.env });
    return await act(desktop);
  } finally {
    await desktop.close();
  }
}

/** `count` characters into each program. */
async function typeAll(
  desktop: TestDesktop,
  programs: readonly Program[],
  count: number,
  seed: number,
): Promise<string> {
  const before = await readKeymap(desktop.x11);
  let changes = 0;
  let ms = 0;
  for (const program of programs) {
    const typed = await openProgram(desktop, program);
    let all = "";
    for (let piece = 0; piece * PIECE < count; piece += 1) {
      const text = randomText(Math.min(PIECE, count - piece * PIECE), seed + piece);
      const started = performance.now();
      const result = await new TestHands(desktop.x11).typeText(text);
      ms += performance.now() - started;
      changes += result.changes;
      all += text;
      same(all, await typed.text(all), `${program}, characters ${piece * PIECE} on`);
      // The Return that made a terminal give its last line is part of what it holds.
      if (program === "xterm" && !all.endsWith("\n")) all += "\n";
    }
    await typed.close();
  }
  if (JSON.stringify(await readKeymap(desktop.x11)) !== JSON.stringify(before))
    throw new Error("the map was not restored");
  const total = count * programs.length;
  return `${total} characters into ${programs.join(", ")}: 0 wrong, ${changes} changes of the map, ${(ms / total).toFixed(1)} ms each`;
}

async function withLocks(desktop: TestDesktop, count: number, seed: number): Promise<string> {
  const lines: string[] = [];
  for (const [i, keys] of LOCKS.entries()) {
    const press = () => keys.length > 0 && execFileSync("xdotool", ["key", ...keys], { env: desktop.env });
    press();
    const locks = await desktop.x11.locks();
    const program = PROGRAMS[(seed + i) % PROGRAMS.length] ?? "mousepad";
    const line = await typeAll(desktop, [program], count, seed + i);
    const after = await desktop.x11.locks();
    if (after.modifiers !== locks.modifiers || after.group !== locks.group)
      throw new Error(`${keys} did not stay as it was`);
    press();
    lines.push(`${keys.join(" and ") || "none"}: ${line}`);
  }
  return lines.join("; ");
}

/** Throws with the first place where they differ, as code points. */
function same(expected: string, typed: string, where: string): void {
  if (expected === typed) return;
  const [a, b] = [[...expected], [...typed]];
  const at = a.findIndex((character, i) => character !== b[i]);
  const codes = (all: readonly string[]) =>
    all
      .slice(Math.max(0, at - 2), at + 6)
      .map((character) => (character.codePointAt(0) ?? 0).toString(16))
      .join(" ");
  const missing = a.filter((character, i) => character !== b[i]).length;
  throw new Error(
    `${where}: ${a.length} asked, ${b.length} arrived, the first difference at ${at}: asked ${codes(a)}, got ${codes(b)}; ${missing} places differ`,
  );
}
