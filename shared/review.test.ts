import { expect, test } from "vitest";
import { reviewFigures } from "./review.ts";
import type { DecidedBy, Decision } from "./session-event.ts";
import { emptySession, type StepView } from "./session-view.ts";

const YOU: DecidedBy = { kind: "operator" };

function decided(kind: Decision["kind"], latencyMs: number, by: DecidedBy = YOU, ahead = false): StepView {
  return { decision: { decision: { kind }, by, latencyMs, ahead } } as unknown as StepView;
}

const figures = (...steps: StepView[]) => reviewFigures({ ...emptySession("s"), steps });

test("the median of the operator's own decisions, and their streaks of approvals", () => {
  expect(figures()).toEqual({ decisions: 0, medianMs: null, streak: 0, longestStreak: 0 });
  expect(
    figures(
      decided("approve", 900),
      decided("approve", 500),
      decided("approve", 0, { kind: "policy", rule: "look" }),
      decided("approve", 0, YOU, true),
      decided("reject", 2000),
      decided("approve", 700),
    ),
  ).toEqual({ decisions: 5, medianMs: 800, streak: 1, longestStreak: 3 });
});
