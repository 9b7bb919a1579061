import { expect, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { recordedSession } from "../fixtures/replay-states.ts";
import { latencyBars, median, operatorLatencies, timeByWhose, turnBars } from "./charts-data.ts";

const VIEW = foldSession("fixture-0001", recordedSession("fixture-0001", 0, 44));

it("sums time by whose it was", () => {
  const spans = [
    { whose: "model", from: 0, to: 5 },
    { whose: "run", from: 5, to: 6 },
    { whose: "model", from: 6, to: 16 },
  ] as const;
  expect(timeByWhose(spans)).toEqual({ model: 15, operator: 0, run: 1, paused: 0, other: 0 });
});

it("puts neighbouring turns into one bar where there are many, and loses none", () => {
  const whole = turnBars(VIEW, 1_000);
  const few = turnBars(VIEW, 10);
  expect(whole).toHaveLength(45);
  expect(few.length).toBeLessThanOrEqual(10);
  expect(few[0]?.name).toBe("1 to 5");
  for (const part of ["input", "cached", "output", "costUsd"] as const) {
    const sum = (bars: typeof whole) => bars.reduce((all, bar) => all + (bar[part] ?? 0), 0);
    expect(sum(few)).toBeCloseTo(sum(whole), 9);
  }
});

it("knows no cost where a turn has no price", () => {
  const turns = VIEW.turns.map((turn, i) => (i === 1 ? { ...turn, costUsd: null } : turn));
  expect(turnBars({ ...VIEW, turns }, 15).map(({ costUsd }) => costUsd === null)).toEqual([
    true,
    ...Array(14).fill(false),
  ]);
});

it("counts every waited-for decision of the operator once", () => {
  const latencies = operatorLatencies(VIEW);
  expect(latencies.length).toBeGreaterThan(10);
  expect(latencyBars(VIEW).reduce((sum, { count }) => sum + count, 0)).toBe(latencies.length);
  expect([median([]), median([3, 1, 2]), median([5])]).toEqual([null, 2, 5]);
});
