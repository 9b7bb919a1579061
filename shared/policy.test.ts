import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACTION_NAMES, type Action, LOOK_ONLY } from "./action.ts";
import { evaluate, type Mode, type Policy, readPolicy, stricter, type Verdict } from "./policy.ts";

const CLICK: Action = { action: "left_click", coordinate: [1, 2] };
const LOOK: Action = { action: "screenshot" };
const TYPE: Action = { action: "type", text: "x" };

/** One action of each kind. */
const EACH: readonly Action[] = [
  LOOK,
  { action: "zoom", region: [0, 0, 1, 1] },
  CLICK,
  { action: "right_click" },
  { action: "middle_click" },
  { action: "double_click" },
  { action: "triple_click" },
  { action: "left_click_drag", start_coordinate: [0, 0], coordinate: [1, 1] },
  { action: "mouse_move", coordinate: [1, 1] },
  { action: "left_mouse_down" },
  { action: "left_mouse_up" },
  { action: "cursor_position" },
  { action: "scroll", scroll_direction: "up", scroll_amount: 1 },
  TYPE,
  { action: "key", text: "a" },
  { action: "hold_key", text: "a", duration: 1 },
  { action: "wait", duration: 1 },
];

function policy(...rules: Policy["rules"]): Mode {
  return { kind: "policy", policy: { version: 1, name: "test", rules } };
}

describe("modes", () => {
  const effects = (mode: Mode) => Object.groupBy(EACH, (action) => evaluate(mode, action).effect);
  const names = (actions: readonly Action[] | undefined) => new Set(actions?.map((action) => action.action));

  test("every action is here", () => {
    expect(EACH.map((action) => action.action)).toEqual(ACTION_NAMES);
  });

  test("ask lets looking pass and asks for the rest", () => {
    const { allow, ask, deny } = effects({ kind: "ask", askAll: false });
    expect(names(allow)).toEqual(LOOK_ONLY);
    expect(ask).toHaveLength(13);
    expect(deny).toBeUndefined();
  });

  test("ask all asks for everything", () => {
    expect(effects({ kind: "ask", askAll: true }).ask).toHaveLength(17);
  });

  test("look lets looking pass and denies the rest", () => {
    const { allow, deny } = effects({ kind: "look" });
    expect(names(allow)).toEqual(LOOK_ONLY);
    expect(deny).toHaveLength(13);
  });

  test("watch denies everything", () => {
    expect(effects({ kind: "watch" }).deny).toHaveLength(17);
  });

  test("every verdict explains itself, and every denial has a reason", () => {
    const modes: Mode[] = [
      { kind: "ask", askAll: false },
      { kind: "look" },
      { kind: "watch" },
      policy({ id: "d", effect: "deny", actions: ["type"] }),
    ];
    for (const mode of modes) {
      for (const action of EACH) {
        const verdict = evaluate(mode, action);
        expect(verdict.explanation).toMatch(/^(Allowed|Asks|Denied|Watch only)\b.+\.$/);
        expect(verdict.effect !== "deny" || verdict.reason !== "").toBe(true);
      }
    }
  });
});

describe("rules", () => {
  const allow = { id: "a", effect: "allow" as const, actions: ["left_click" as const] };
  const ask = { id: "q", effect: "ask" as const, actions: ["left_click" as const] };
  const deny = { id: "d", effect: "deny" as const, actions: ["left_click" as const], reason: "Leaves the task" };

  test("deny goes before ask before allow, in any order of the file", () => {
    for (const rules of [
      [allow, ask, deny],
      [deny, ask, allow],
      [ask, deny, allow],
    ]) {
      expect(evaluate(policy(...rules), CLICK)).toMatchObject({ effect: "deny", rule: "d", reason: "Leaves the task" });
    }
    expect(evaluate(policy(allow, ask), CLICK)).toMatchObject({ effect: "ask", rule: "q" });
    expect(evaluate(policy(allow), CLICK)).toMatchObject({ effect: "allow", rule: "a" });
  });

  test("no match asks, also for what only looks", () => {
    expect(evaluate(policy(allow), TYPE)).toMatchObject({ effect: "ask", rule: null });
    expect(evaluate(policy(allow), LOOK)).toMatchObject({ effect: "ask", rule: null });
  });

  test("of several rules with one effect the first one names itself", () => {
    expect(evaluate(policy({ ...allow, id: "first" }, allow), CLICK).rule).toBe("first");
  });

  test("a denial without a reason gives its id", () => {
    expect(evaluate(policy({ id: "never", effect: "deny", actions: ["type"] }), TYPE)).toMatchObject({
      reason: "never",
      explanation: 'Denied by rule "never": type.',
    });
  });
});

test("the stricter verdict wins, whichever comes first", () => {
  const verdict = fc
    .constantFrom("allow", "ask", "deny")
    .map((effect): Verdict => ({ effect, rule: null, reason: "", explanation: effect }));
  const rank = { allow: 0, ask: 1, deny: 2 };
  fc.assert(
    fc.property(verdict, verdict, (a, b) => {
      expect(rank[stricter(a, b).effect]).toBe(Math.max(rank[a.effect], rank[b.effect]));
    }),
  );
});

describe("a policy file", () => {
  const good = { version: 1, name: "Look", rules: [{ id: "look", effect: "allow", actions: ["screenshot", "zoom"] }] };
  const withRule = (rule: object) => ({ ...good, rules: [{ ...good.rules[0], ...rule }] });

  test("is read", () => {
    expect(readPolicy(good)).toEqual({ ok: true, policy: good });
  });

  test.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /^policy: /],
    ["a list", [], /^policy: /],
    ["null", null, /^policy: /],
    ["no version", { name: "x", rules: good.rules }, /^version: /],
    ["a newer version", { ...good, version: 2 }, /^version: /],
    ["no name", { ...good, name: "" }, /^name: must not be empty$/],
    ["a name of half an emoji", { ...good, name: "\ud83d" }, /^name: is not valid text$/],
    ["no rules", { ...good, rules: [] }, /^rules: /],
    ["a field that is not known", { ...good, leese: 1 }, /^leese: is not a known field$/],
    ["__proto__", JSON.parse('{"version":1,"name":"x","rules":[],"__proto__":{}}'), /^(__proto__|rules): /],
    ["a field of a rule that is not known", withRule({ app: ["mousepad"] }), /^rules\[0\]\.app: is not a known field$/],
    ["an unknown effect", withRule({ effect: "Allow" }), /^rules\[0\]\.effect: /],
    ["an unknown action", withRule({ actions: ["screenshot", "clck"] }), /^rules\[0\]\.actions\[1\]: /],
    ["no actions", withRule({ actions: [] }), /^rules\[0\]\.actions: /],
    ["a reason that is a number", withRule({ reason: 5 }), /^rules\[0\]\.reason: /],
    ["a long id", withRule({ id: "x".repeat(61) }), /^rules\[0\]\.id: must have at most 60 characters$/],
  ])("with %s is refused with its path", (_, json, error) => {
    const read = readPolicy(json);
    expect(read.ok ? "accepted" : read.error).toMatch(error);
  });

  test("of any shape never throws", () => {
    fc.assert(fc.property(fc.anything(), (json) => void readPolicy(json)));
  });
});
