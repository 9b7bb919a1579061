import { describe, expect, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { recordedSession } from "../fixtures/replay-states.ts";
import { nextSought } from "./ends.ts";
import { choicesOf, type Filter, filtered, isEmpty, NO_FILTER } from "./filters.ts";
import { type Item, itemAt, itemsOf } from "./items.ts";
import { Recording } from "./recording.ts";

const SESSION = "fixture-0001";
const EVENTS = recordedSession(SESSION, Date.UTC(2026, 10, 24), 44);
const recording = new Recording(SESSION);
recording.append(EVENTS);
const VIEW = foldSession(SESSION, EVENTS);
const ITEMS = itemsOf(VIEW, recording);
const NO_FLAGS: ReadonlySet<string> = new Set();

const keys = (change: Partial<Filter>, flags = NO_FLAGS) =>
  filtered(ITEMS, { ...NO_FILTER, ...change }, flags).map(({ key }) => key);
const stepsWhere = (test: (item: Extract<Item, { kind: "step" }>) => boolean) =>
  ITEMS.flatMap((item) => (item.kind === "step" && test(item) ? [item.key] : []));

describe("the items of a session", () => {
  it("are all its steps in order, and the turns that say something themselves", () => {
    expect(ITEMS.filter(({ kind }) => kind === "step")).toHaveLength(44);
    expect(ITEMS.filter(({ kind }) => kind === "turn").map(({ key }) => key)).toEqual(["turn 9", "turn 45"]);
    expect(ITEMS.findIndex(({ key }) => key === "turn 9") + 1).toBe(ITEMS.findIndex(({ key }) => key === "9.0"));
    expect(ITEMS.map(({ at }) => at)).toEqual(ITEMS.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it("are found by time", () => {
    for (const [i, item] of ITEMS.entries()) {
      const next = ITEMS[i + 1];
      if (next === undefined || next.at > item.at) expect(itemAt(ITEMS, item.at)).toBe(i);
    }
    expect([itemAt(ITEMS, 0), itemAt([], 0), itemAt(ITEMS, Number.MAX_SAFE_INTEGER)]).toEqual([
      0,
      -1,
      ITEMS.length - 1,
    ]);
  });
});

describe("a filter", () => {
  it("without a condition lists everything", () => {
    expect(isEmpty(NO_FILTER)).toBe(true);
    expect(keys({})).toHaveLength(ITEMS.length);
  });

  it("narrows by kind, end, decider, rule, program and risk", () => {
    expect(keys({ action: "type" })).toEqual(stepsWhere(({ step }) => step.call.name === "type"));
    expect(keys({ end: "rejected" })).toEqual(stepsWhere(({ step }) => step.status === "rejected"));
    expect(keys({ end: "error" })).toEqual(stepsWhere(({ step }) => step.status === "failed"));
    expect(keys({ who: "rule" })).toEqual(stepsWhere(({ step }) => step.decision?.by.kind === "policy"));
    expect(keys({ rule: "look" })).toEqual(keys({ who: "rule" }));
    expect(keys({ program: "Expense-form" })).toHaveLength(44);
    expect(keys({ risk: "look" })).toEqual(stepsWhere(({ step }) => step.call.name === "screenshot"));
    expect(keys({ action: "type", end: "rejected" })).toEqual(
      keys({ action: "type" }).filter((key) => keys({ end: "rejected" }).includes(key)),
    );
  });

  it("finds text in any case, in what was done, said, thought and told", () => {
    expect(keys({ text: "press SAVE instead" })).toEqual(keys({ end: "rejected" }));
    expect(keys({ text: "  the amounts are in " })).toEqual(["turn 9"]);
    expect(keys({ text: "three lines, all of them" })).toEqual(["turn 45"]);
    expect(keys({ text: "no such words" })).toEqual([]);
  });

  it("keeps a window of time and the flagged ones", () => {
    const [from, to] = [ITEMS[5]?.at ?? 0, ITEMS[8]?.at ?? 0];
    const inside = keys({ window: [from, to] });
    expect(inside).toEqual(ITEMS.filter(({ at, until }) => until >= from && at <= to).map(({ key }) => key));
    expect(inside.length).toBeLessThan(6);
    expect(keys({ flagged: true }, new Set(["7.0", "21.0"]))).toEqual(["7.0", "21.0"]);
  });
});

describe("the choices of a facet", () => {
  it("count what each would list beside the other conditions", () => {
    const filter = { ...NO_FILTER, end: "rejected", action: "type" };
    const { action, end } = choicesOf(ITEMS, filter, NO_FLAGS);
    for (const { value, count } of action)
      expect([value, count]).toEqual([value, keys({ end: "rejected", action: value }).length]);
    for (const { value, count } of end)
      expect([value, count]).toEqual([value, keys({ end: value, action: "type" }).length]);
    expect(end.find(({ value }) => value === "rejected")?.name).toBe("Rejected");
  });
});

describe("looking for the next one", () => {
  it("goes on from where one stands and round the end", () => {
    const edits = stepsWhere(({ step }) => step.decision?.decision.kind === "edit").map(
      (key) => Number.parseInt(key, 10) - 1,
    );
    const [first = -1, second = -1] = edits;
    expect(edits.length).toBeGreaterThan(1);
    expect(nextSought(VIEW.steps, -1, "edit")).toBe(first);
    expect(nextSought(VIEW.steps, first, "edit")).toBe(second);
    expect(nextSought(VIEW.steps, edits.at(-1) ?? 0, "edit")).toBe(first);
    expect(VIEW.steps[nextSought(VIEW.steps, 0, "rejection") ?? -1]?.status).toBe("rejected");
    expect(VIEW.steps[nextSought(VIEW.steps, 0, "error") ?? -1]?.status).toBe("failed");
    expect(nextSought(VIEW.steps.slice(0, 1), 0, "edit")).toBeNull();
    expect(nextSought([], -1, "error")).toBeNull();
  });
});
