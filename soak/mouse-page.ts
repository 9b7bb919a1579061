/** A Chromium that tells what the mouse did in it: for proofs and benchmarks. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type MouseReport = {
  /** Px of the display; `count` is what the page calls the click's detail. */
  readonly clicks: readonly { readonly x: number; readonly y: number; readonly count: number; readonly held: string }[];
  readonly doubles: number;
  readonly wheel: readonly { readonly dx: number; readonly dy: number; readonly held: string }[];
  /** Of the text field whose text begins at 50, 50: letters of `FIELD.letter` px. */
  readonly selected: string;
  /** 0 to 100. */
  readonly slider: number;
};

/** The slider's track from its value 0 to 100: where its middle is, px of the display. */
export const SLIDER = { from: 48, to: 532, y: 220 } as const;
export const FIELD = { x: 50, y: 62, text: "one two three four five six seven" } as const;

const GIVE_UP = 5000;

export type MousePage = {
  /** The words that start it. */
  readonly command: readonly [string, ...string[]];
  /** What it has seen, once `done` accepts that; after some seconds whatever it has seen. */
  readonly report: (done: (report: MouseReport) => boolean) => Promise<MouseReport>;
};

/** A page that keeps its profile and report in `folder`, which has to be fresh. */
export function mousePage(folder: string): MousePage {
  const electron = process.env.COUNTERSIGN_ELECTRON ?? process.execPath;
  const file = join(folder, "mouse.json");
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const profile = `--user-data-dir=${join(folder, "profile")}`;
  const report = async (done: (report: MouseReport) => boolean) => {
    const deadline = Date.now() + GIVE_UP;
    for (;;) {
      const last = await readFile(file, "utf8").then(
        (text): MouseReport => JSON.parse(text),
        () => null,
      );
      if (last !== null && (done(last) || Date.now() > deadline)) return last;
      if (Date.now() > 2 * GIVE_UP + deadline) throw new Error("the page does not report");
      await sleep(20);
    }
  };
  return {
    command: [electron, join(import.meta.dirname, "mouse-page.cjs"), ...sandbox, "--disable-gpu", profile, file],
    report,
  };
}
