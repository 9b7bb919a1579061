/** The figures of a session's charts. Times in ms, cost in USD. Pure. */

import type { SessionView } from "../../shared/session-view.ts";
import { totalTokens } from "../ui/format.ts";
import type { Span, Whose } from "./recording.ts";

/** How long each had: Claude, the operator, the execution, pauses, the rest. */
export function timeByWhose(spans: readonly Span[]): Readonly<Record<Whose, number>> {
  const sums = { model: 0, operator: 0, run: 0, paused: 0, other: 0 };
  for (const { whose, from, to } of spans) sums[whose] += to - from;
  return sums;
}

export type TurnBar = {
  /** `7`, or `7 to 9` where turns share a bar. */
  readonly name: string;
  readonly first: number;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  /** Null when a turn of the bar has no price. */
  readonly costUsd: number | null;
};

/** Tokens and cost by turn; neighbouring turns share a bar where there are more than `most`. */
export function turnBars(view: SessionView, most: number): readonly TurnBar[] {
  const turns = view.turns.filter((turn) => totalTokens(turn.usage) > 0);
  const size = Math.max(1, Math.ceil(turns.length / most));
  return Array.from({ length: Math.ceil(turns.length / size) }, (_, i) => {
    const part = turns.slice(i * size, (i + 1) * size);
    const first = part[0]?.turn ?? 0;
    const last = part.at(-1)?.turn ?? first;
    const sum = (of: (turn: (typeof part)[number]) => number) => part.reduce((total, turn) => total + of(turn), 0);
    return {
      name: first === last ? String(first) : `${first} to ${last}`,
      first,
      input: sum(({ usage }) => usage.input + usage.cacheWrite),
      cached: sum(({ usage }) => usage.cacheRead),
      output: sum(({ usage }) => usage.output),
      costUsd: part.some(({ costUsd }) => costUsd === null) ? null : sum(({ costUsd }) => costUsd ?? 0),
    };
  });
}

export type LatencyBar = { readonly name: string; readonly count: number };

const LATENCY_STEPS = [1, 2, 3, 5, 10, 20, 60] as const;

/** How many of the operator's decisions took how long; ones given ahead on the storyboard were not waited for. */
export function latencyBars(view: SessionView): readonly LatencyBar[] {
  const times = operatorLatencies(view).map((ms) => ms / 1000);
  let from = 0;
  const bars = LATENCY_STEPS.map((to): LatencyBar => {
    const bar = { name: from === 0 ? `under ${to} s` : `${from} to ${to} s`, count: countIn(times, from, to) };
    from = to;
    return bar;
  });
  return [...bars, { name: `over ${from} s`, count: countIn(times, from, Number.POSITIVE_INFINITY) }];
}

/** ms from card to decision, of each decision of the operator that was waited for. */
export function operatorLatencies(view: SessionView): readonly number[] {
  return view.steps.flatMap(({ decision }) =>
    decision === null || decision.by.kind !== "operator" || decision.ahead ? [] : [decision.latencyMs],
  );
}

/** The middle value; null of nothing. */
export function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

function countIn(values: readonly number[], from: number, to: number): number {
  return values.filter((value) => value >= from && value < to).length;
}
