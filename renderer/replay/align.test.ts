import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldSession, type StepView } from "../../shared/session-view.ts";
import { recordedSession } from "../fixtures/replay-states.ts";
import { alignSteps } from "./align.ts";

const stepsOf = (turns: number, seed = 0) =>
  foldSession("fixture-0001", recordedSession("fixture-0001", 0, turns, seed)).steps;
const A = stepsOf(30);

describe("pairing the steps of two sessions", () => {
  it("pairs a session with itself step by step", () => {
    expect(alignSteps(A, A)).toEqual(A.map((_, i) => ({ a: i, b: i, kind: "same" })));
  });

  it("leaves a step that one of them has more to itself", () => {
    const without = A.toSpliced(7, 1);
    const pairs = alignSteps(A, without);
    expect(pairs.filter(({ kind }) => kind === "only")).toHaveLength(1);
    expect(pairs.find(({ b }) => b === null)?.a).toBeGreaterThanOrEqual(6);
  });

  it("says where the same kind of step went another way", () => {
    const step = A[0];
    if (step === undefined) throw new Error("no step");
    const other: StepView = { ...step, status: "failed" };
    expect(alignSteps([step], [other])).toEqual([{ a: 0, b: 0, kind: "like" }]);
  });

  it("keeps every step once and in order, also beyond what is compared closely", () => {
    const part = fc.array(fc.integer({ min: 0, max: A.length - 1 }), { maxLength: 25 });
    const pick = (indexes: readonly number[]) => indexes.flatMap((i) => A[i] ?? []);
    const check = (a: readonly StepView[], b: readonly StepView[]) => {
      const pairs = alignSteps(a, b);
      expect(pairs.flatMap((pair) => (pair.a === null ? [] : [pair.a]))).toEqual(a.map((_, i) => i));
      expect(pairs.flatMap((pair) => (pair.b === null ? [] : [pair.b]))).toEqual(b.map((_, i) => i));
    };
    fc.assert(fc.property(part, part, (a, b) => check(pick(a), pick(b))));
    const many = Array.from({ length: 1_520 }, (_, i) => A[i % A.length] ?? A[0]).filter((each) => each !== undefined);
    check(many, many.slice(3));
  });
});
