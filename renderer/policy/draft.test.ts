import { expect, test } from "vitest";
import { checkDraft, type DraftPolicy, duplicated, moved, numbersOf, ruleProblem, withField } from "./draft.ts";

const LOOK = { id: "look", effect: "allow", actions: ["screenshot"] };
const POINT = { id: "point", effect: "allow", actions: ["left_click"] };
const DRAFT: DraftPolicy = { version: 1, name: "Notes", rules: [LOOK, POINT] };

test("a draft is checked by the format's own reader, and the rule that is wrong is pointed at", () => {
  expect(checkDraft(DRAFT)).toEqual({ policy: DRAFT, problem: null, at: null });
  const broken = { ...DRAFT, rules: [LOOK, withField(POINT, "text", "(")] };
  expect(checkDraft(broken)).toMatchObject({
    policy: null,
    at: 1,
    problem: expect.stringMatching(/^rules\[1\]\.text: /),
  });
  expect(checkDraft({ ...DRAFT, name: "" })).toMatchObject({
    policy: null,
    at: null,
    problem: "name: must not be empty",
  });
  expect(ruleProblem({ ...POINT, maxUses: 0 }).problem).toMatch(/^maxUses: /);
});

test("an emptied field is gone", () => {
  expect(withField({ ...POINT, app: ["x"] }, "app", [])).toEqual(POINT);
  expect(withField({ ...POINT, window: "x" }, "window", "")).toEqual(POINT);
  expect(withField(POINT, "maxUses", 3)).toEqual({ ...POINT, maxUses: 3 });
});

test("rules move by one place, and are copied under a free id", () => {
  expect(moved(DRAFT.rules, 0, 1)).toEqual([POINT, LOOK]);
  expect(moved(DRAFT.rules, 0, -1)).toEqual(DRAFT.rules);
  const once = duplicated(DRAFT.rules, 0);
  expect(once.map(({ id }) => id)).toEqual(["look", "look-copy", "point"]);
  expect(duplicated(once, 0).map(({ id }) => id)).toEqual(["look", "look-copy-2", "look-copy", "point"]);
});

test("edges are numbers once they read as numbers", () => {
  expect(numbersOf("0, 0, 1280, 760")).toEqual([0, 0, 1280, 760]);
  expect(numbersOf("0, 0, 12x")).toBe("0, 0, 12x");
  expect(numbersOf(" ")).toBeUndefined();
});
