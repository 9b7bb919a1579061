/** How carefully a session was decided: figures that an operator, or who reviews them, can look back on. */
import type { SessionView } from "./session-view.ts";

export type ReviewFigures = {
  /** Decisions of the operator at the gate; those given ahead on a storyboard are not timed. */
  readonly decisions: number;
  /** ms from a card's paint to its decision; null without any. */
  readonly medianMs: number | null;
  /** Approvals in a row until now, with nothing edited, rejected or taken over between them. */
  readonly streak: number;
  readonly longestStreak: number;
};

export function reviewFigures(view: SessionView): ReviewFigures {
  const made = view.steps.flatMap(({ decision }) => (decision?.by.kind === "operator" ? [decision] : []));
  const times = made.filter(({ ahead }) => !ahead).map(({ latencyMs }) => latencyMs);
  let [streak, longestStreak] = [0, 0];
  for (const { decision } of made) {
    streak = decision.kind === "approve" ? streak + 1 : 0;
    longestStreak = Math.max(longestStreak, streak);
  }
  return { decisions: made.length, medianMs: median(times), streak, longestStreak };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
