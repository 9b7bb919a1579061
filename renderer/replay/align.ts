/** Two sessions of one task side by side: which step of the one goes with which of the other. Pure. */
import type { StepView } from "../../shared/session-view.ts";
import { sentenceOf } from "../ui/words.ts";
import { endOf } from "./ends.ts";

/** Indexes into the steps of each session; null where the other one has no such step. */
export type Pair = {
  readonly a: number | null;
  readonly b: number | null;
  /** `same` in action and end; `like` in the kind of action. */
  readonly kind: "same" | "like" | "only";
};

/** Steps more than this in either session are paired one by one beyond: the table below grows with their product. */
const MOST = 1500;

/**
 * Pairs the steps in order, so that as many as possible agree: a step that is the same counts for more than one of the
 * same kind at another place.
 */
export function alignSteps(a: readonly StepView[], b: readonly StepView[]): readonly Pair[] {
  const [aKeys, bKeys] = [a.map(keysOf), b.map(keysOf)];
  const [m, n] = [Math.min(a.length, MOST), Math.min(b.length, MOST)];
  // best[i * (n + 1) + j]: the most that steps from i and from j on can agree.
  const best = new Uint16Array((m + 1) * (n + 1));
  const score = (i: number, j: number) => agreement(aKeys[i], bKeys[j]);
  const at = (i: number, j: number) => best[i * (n + 1) + j] ?? 0;
  for (let i = m - 1; i >= 0; i -= 1)
    for (let j = n - 1; j >= 0; j -= 1) {
      const both = score(i, j);
      best[i * (n + 1) + j] = Math.max(both === 0 ? 0 : both + at(i + 1, j + 1), at(i + 1, j), at(i, j + 1));
    }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < m || j < n) {
    const both = i < m && j < n ? score(i, j) : 0;
    if (both > 0 && at(i, j) === both + at(i + 1, j + 1)) {
      pairs.push({ a: i, b: j, kind: both === SAME ? "same" : "like" });
      i += 1;
      j += 1;
    } else if (j >= n || (i < m && at(i, j) === at(i + 1, j))) {
      pairs.push({ a: i, b: null, kind: "only" });
      i += 1;
    } else {
      pairs.push({ a: null, b: j, kind: "only" });
      j += 1;
    }
  }
  for (let k = MOST; k < Math.max(a.length, b.length); k += 1) {
    const [inA, inB] = [k < a.length ? k : null, k < b.length ? k : null];
    const both = inA === null || inB === null ? 0 : score(inA, inB);
    if (both > 0 || inA === null || inB === null)
      pairs.push({ a: inA, b: inB, kind: both === SAME ? "same" : both > 0 ? "like" : "only" });
    else pairs.push({ a: inA, b: null, kind: "only" }, { a: null, b: inB, kind: "only" });
  }
  return pairs;
}

type Keys = { readonly kind: string; readonly whole: string };

const SAME = 5;
const LIKE = 2;

function keysOf(step: StepView): Keys {
  return { kind: step.call.name, whole: `${sentenceOf(step)} ${endOf(step)}` };
}

function agreement(a: Keys | undefined, b: Keys | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.whole === b.whole) return SAME;
  return a.kind === b.kind ? LIKE : 0;
}
