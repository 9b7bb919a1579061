import { describe, expect, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { recordedSession } from "../fixtures/replay-states.ts";
import { filtered } from "./filters.ts";
import { itemsOf } from "./items.ts";
import { Recording } from "./recording.ts";
import {
  AT_START,
  choose,
  moveTo,
  nextDecision,
  pick,
  played,
  playedSide,
  selectedSteps,
  stepBy,
  togglePlay,
  wishOf,
} from "./replay-state.ts";
import { timeScale } from "./time-scale.ts";

const EVENTS = recordedSession("fixture-0001", Date.UTC(2026, 10, 24), 20);
const recording = new Recording("fixture-0001");
recording.append(EVENTS);
const ITEMS = itemsOf(foldSession("fixture-0001", EVENTS), recording);
const SCALE = timeScale(recording.times, true);
const item = (i: number) => {
  const found = ITEMS.at(i);
  if (found === undefined) throw new Error(`no item ${i}`);
  return found;
};

describe("stepping", () => {
  it("goes one on and back and stops at the ends", () => {
    const first = choose(AT_START, item(0));
    expect(stepBy(first, ITEMS, 1).chosen).toBe(item(1).key);
    expect(stepBy(first, ITEMS, -1).chosen).toBe(item(0).key);
    expect(stepBy(choose(AT_START, item(-1)), ITEMS, 1).chosen).toBe(item(-1).key);
    expect(stepBy(AT_START, [], 1)).toBe(AT_START);
  });

  it("stays among the listed ones, from wherever one stands", () => {
    const listed = [item(2), item(6), item(9)];
    expect(stepBy(choose(AT_START, item(4)), listed, 1).chosen).toBe(item(6).key);
    expect(stepBy(choose(AT_START, item(4)), listed, -1).chosen).toBe(item(2).key);
    expect(stepBy(choose(AT_START, item(15)), listed, 1).chosen).toBe(item(9).key);
  });
});

describe("moving along the timeline", () => {
  it("stands at the item that was under way", () => {
    const at = item(5).at;
    expect(moveTo(AT_START, ITEMS, at + 1).chosen).toBe(item(5).key);
    expect(moveTo(AT_START, ITEMS, at - 1).chosen).toBe(item(4).key);
    expect(moveTo(AT_START, ITEMS, 0).chosen).toBe(item(0).key);
  });
});

describe("playing", () => {
  it("moves as fast as asked in shown time, and stops at the end", () => {
    const start = togglePlay({ ...choose(AT_START, item(0)), speed: 4 }, ITEMS, SCALE);
    expect(start.playing).toBe(true);
    const later = played(start, ITEMS, SCALE, 500);
    expect(SCALE.shownAt(later.at ?? 0) - SCALE.shownAt(start.at ?? 0)).toBeCloseTo(2_000, 3);
    const end = played(start, ITEMS, SCALE, 1e9);
    expect([end.playing, end.at, end.chosen]).toEqual([false, SCALE.end, item(-1).key]);
    expect(togglePlay(end, ITEMS, SCALE).at).toBe(SCALE.start);
    expect(played({ ...start, playing: false }, ITEMS, SCALE, 500).at).toBe(start.at);
  });

  it("by decisions goes from one decided step to the next", () => {
    let state = { ...choose(AT_START, item(0)), playing: true, speed: "decisions" as const };
    const seen: (string | null)[] = [];
    for (let i = 0; i < 100 && state.playing; i += 1) {
      const next = nextDecision(state, ITEMS);
      if (next.playing) seen.push(next.chosen);
      state = { ...state, ...next, speed: "decisions" as const };
    }
    const decided = ITEMS.slice(1).filter((each) => each.kind === "step" && each.step.decision !== null);
    expect(seen).toEqual(decided.map(({ key }) => key));
  });

  it("shows a step before, and once it is done after", () => {
    const step = ITEMS.find((each) => each.kind === "step" && each.step.after !== null) ?? item(0);
    const playing = { ...choose(AT_START, step), playing: true, side: "slider" as const };
    expect(playedSide(playing, step)).toBe("before");
    expect(playedSide({ ...playing, at: step.until }, step)).toBe("after");
    expect(playedSide({ ...playing, playing: false }, step)).toBe("slider");
    expect(playedSide(playing, null)).toBe("slider");
  });
});

it("every key of the replay asks for what it says", () => {
  const keys = ["ArrowLeft", "ArrowRight", " ", "Home", "End", "b", "a", "d", "e", "r", "x"];
  expect(keys.map((key) => wishOf(key))).toMatchObject([
    { by: -1 },
    { by: 1 },
    { kind: "play" },
    { which: "first" },
    { which: "last" },
    { side: "before" },
    { side: "after" },
    { side: "difference" },
    { sought: "edit" },
    { sought: "rejection" },
    { sought: "error" },
  ]);
  expect([wishOf("q"), wishOf("constructor"), wishOf("B")]).toEqual([null, null, null]);
});

describe("the steps that are handed on", () => {
  const steps = ITEMS.filter(({ kind }) => kind === "step");
  const key = (i: number) => steps[i]?.key ?? "none";

  it("are all of them until some are picked or a filter is set", () => {
    expect(selectedSteps(AT_START, ITEMS, ITEMS)).toBeNull();
    const filter = { ...AT_START.filter, window: [steps[1]?.at ?? 0, steps[2]?.until ?? 0] as const };
    const listed = filtered(ITEMS, filter, new Set());
    const inWindow = selectedSteps({ ...AT_START, filter }, ITEMS, listed);
    expect(inWindow).toEqual(expect.arrayContaining([key(1), key(2)]));
    expect(inWindow?.length).toBeLessThan(steps.length);
  });

  it("are the picked ones in the session's order, whatever the filter lists", () => {
    const picked = pick(pick(AT_START, ITEMS, key(4), false), ITEMS, key(1), false);
    expect(selectedSteps(picked, ITEMS, [])).toEqual([key(1), key(4)]);
    expect(selectedSteps(pick(picked, ITEMS, key(4), false), ITEMS, ITEMS)).toEqual([key(1)]);
  });

  it("with Shift all listed ones from the one that is looked at", () => {
    const at = { ...AT_START, chosen: key(5) };
    expect(selectedSteps(pick(at, ITEMS, key(2), true), ITEMS, ITEMS)).toEqual([2, 3, 4, 5].map(key));
    const listed = [steps[2], steps[5], steps[7]].flatMap((each) => each ?? []);
    expect(selectedSteps(pick(at, listed, key(7), true), ITEMS, ITEMS)).toEqual([key(5), key(7)]);
  });
});
