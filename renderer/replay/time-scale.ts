/** Session time against shown time: waiting is shown as long as it was, or folded to a mark. Pure. */
import { countUpTo } from "./recording.ts";

/** Longer than this without an event is waiting, ms. */
const GAP_MS = 12_000;
/** How long a folded wait is shown, ms. */
const FOLDED_MS = 3_000;

/** A wait that is shown shorter than it was, in session time (ms since 1970). */
export type Gap = { readonly from: number; readonly to: number };

/** A stretch where shown time runs as session time does, but `shift` ms earlier, up to where the next one begins. */
type Piece = { readonly at: number; readonly shown: number; readonly rate: number };

export type TimeScale = {
  /** First and last moment, ms since 1970. */
  readonly start: number;
  readonly end: number;
  /** The length of the whole as shown, ms; at least 1. */
  readonly length: number;
  readonly gaps: readonly Gap[];
  /** Shown ms since the start for a moment (ms since 1970); moments outside give the nearest end. */
  readonly shownAt: (ms: number) => number;
  /** The moment for shown ms since the start. */
  readonly momentAt: (shown: number) => number;
};

/**
 * The scale over a session's event times.
 * @param times ms since 1970, ascending
 * @param folded whether waits are folded; false shows all time as it was
 */
export function timeScale(times: readonly number[], folded: boolean): TimeScale {
  const start = times[0] ?? 0;
  const end = times.at(-1) ?? start;
  const gaps: Gap[] = [];
  const pieces: Piece[] = [{ at: start, shown: 0, rate: 1 }];
  const add = (at: number, rate: number) => {
    const last = pieces.at(-1) ?? { at: start, shown: 0, rate: 1 };
    pieces.push({ at, shown: last.shown + (at - last.at) * last.rate, rate });
  };
  if (folded)
    times.forEach((to, i) => {
      const from = times[i - 1];
      if (from === undefined || to - from <= GAP_MS) return;
      gaps.push({ from, to });
      add(from, FOLDED_MS / (to - from));
      add(to, 1);
    });
  const ats = pieces.map((piece) => piece.at);
  const showns = pieces.map((piece) => piece.shown);
  const shownAt = (ms: number) => {
    const at = Math.min(end, Math.max(start, ms));
    const piece = pieces[countUpTo(ats, at) - 1];
    return piece === undefined ? 0 : piece.shown + (at - piece.at) * piece.rate;
  };
  const length = Math.max(1, shownAt(end));
  const momentAt = (shown: number) => {
    const to = Math.min(length, Math.max(0, shown));
    const piece = pieces[countUpTo(showns, to) - 1];
    return piece === undefined ? start : Math.min(end, piece.at + (to - piece.shown) / piece.rate);
  };
  return { start, end, length, gaps, shownAt, momentAt };
}

/** Round distances of time marks, ms. */
const DISTANCES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400].map(
  (s) => s * 1000,
);

/** Moments to label, so that there are at most `most` of them; with folded waits only where time runs as it was. */
export function timeMarks(scale: TimeScale, most: number): readonly number[] {
  const every = DISTANCES.find((ms) => scale.length / ms <= most) ?? scale.length;
  const marks: number[] = [];
  for (let shown = 0; shown <= scale.length && marks.length <= most; shown += every) marks.push(scale.momentAt(shown));
  return marks;
}
