import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACTION_NAMES, type Action, LOOK_ONLY } from "./action.ts";
import type { PolicyFacts } from "./policy/facts.ts";
import { type Mode, type Rule, readPolicy } from "./policy/format.ts";
import {
  anyAction,
  anyConditionFor,
  anyFacts,
  anyRule,
  anyRules,
  EACH,
  FACTS,
  MOUSEPAD,
  policyOf,
  XTERM,
} from "./policy/test-facts.ts";
import { evaluate as evaluateWith, stricter, type Verdict } from "./policy.ts";

const CLICK: Action = { action: "left_click", coordinate: [1, 2] };
const LOOK: Action = { action: "screenshot" };
const TYPE: Action = { action: "type", text: "x" };

const evaluate = (mode: Mode, action: Action, facts: Partial<PolicyFacts> = {}) =>
  evaluateWith(mode, action, { ...FACTS, ...facts });

function policy(...rules: readonly Rule[]): Mode {
  return { kind: "policy", policy: policyOf(...rules) };
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
    ["a field that is not known", { ...good, leese: 1 }, /^leese: is not a known field; leave it out$/],
    ["__proto__", JSON.parse('{"version":1,"name":"x","rules":[],"__proto__":{}}'), /^(__proto__|rules): /],
    [
      "a field of a rule that is not known",
      withRule({ apps: ["x"] }),
      /^rules\[0\]\.apps: is not a known field; leave it out$/,
    ],
    ["an unknown effect", withRule({ effect: "Allow" }), /^rules\[0\]\.effect: /],
    ["an unknown action", withRule({ actions: ["screenshot", "clck"] }), /^rules\[0\]\.actions\[1\]: /],
    ["no actions", withRule({ actions: [] }), /^rules\[0\]\.actions: /],
    ["a reason that is a number", withRule({ reason: 5 }), /^rules\[0\]\.reason: /],
    ["a long id", withRule({ id: "x".repeat(61) }), /^rules\[0\]\.id: must have at most 60 characters$/],
  ])("with %s is refused with its path", (_, json, error) => {
    const read = readPolicy(json);
    expect(read.ok ? "accepted" : read.error).toMatch(error);
  });

  const rule = (fields: object) => readPolicy({ ...good, rules: [{ id: "r", effect: "allow", ...fields }] });
  const errorOf = (read: ReturnType<typeof readPolicy>) => (read.ok ? "accepted" : read.error);

  test.each<[string, object, RegExp]>([
    [
      "a condition that applies to none of its actions",
      { actions: ["type"], region: { space: "window", rect: [0, 0, 1, 1] } },
      /^rules\[0\]\.region: applies to none of the rule's actions \(type\)$/,
    ],
    ["a program for looking alone", { actions: ["screenshot"], app: ["x"] }, /^rules\[0\]\.app: applies to none/],
    ["neither actions nor a condition", {}, /^rules\[0\]\.actions: is missing; a rule needs actions or a condition/],
    [
      "an expression that is none",
      { actions: ["type"], text: "(" },
      /^rules\[0\]\.text: is not a regular expression: /,
    ],
    ["an expression with a back reference", { actions: ["type"], text: "(a)\\1" }, /^rules\[0\]\.text: /],
    [
      "a key that is none",
      { keys: ["ctrl+s", "Retrun"] },
      /^rules\[0\]\.keys\[1\]: unknown key "Retrun"; did you mean Return/,
    ],
    ["a key before +*", { keys: ["ctrl+s+*"] }, /^rules\[0\]\.keys\[0\]: "ctrl\+s\+\*": before/],
    [
      "a region without an area",
      { region: { space: "window", rect: [5, 5, 5, 9] } },
      /^rules\[0\]\.region\.rect: has no area/,
    ],
    [
      "a region beyond its picture",
      { region: { space: "screenshot", of: [10, 10], rect: [0, 0, 11, 9] } },
      /^rules\[0\]\.region\.rect: reaches beyond/,
    ],
    ["a region of no space", { region: { space: "screen", rect: [0, 0, 1, 1] } }, /^rules\[0\]\.region\.space: /],
    [
      "a picture without its size",
      { region: { space: "screenshot", rect: [0, 0, 1, 1] } },
      /^rules\[0\]\.region\.of: /,
    ],
    [
      "uses of a denial",
      { effect: "deny", actions: ["type"], maxUses: 3 },
      /^rules\[0\]\.maxUses: is for allow rules only$/,
    ],
    ["half a use", { actions: ["type"], maxUses: 0.5 }, /^rules\[0\]\.maxUses: /],
    ["an unknown risk", { actions: ["type"], risk: "high" }, /^rules\[0\]\.risk: /],
  ])("a rule with %s is refused", (_, fields, error) => {
    expect(errorOf(rule(fields))).toMatch(error);
  });

  test("a lease of nothing, less than nothing or something unknown is refused", () => {
    expect(errorOf(readPolicy({ ...good, lease: { actions: 0 } }))).toMatch(/^lease\.actions: /);
    expect(errorOf(readPolicy({ ...good, lease: { minutes: -1 } }))).toMatch(/^lease\.minutes: must be more than 0$/);
    expect(errorOf(readPolicy({ ...good, lease: { hours: 1 } }))).toMatch(
      /^lease\.hours: is not a known field; leave it out$/,
    );
    expect(readPolicy({ ...good, lease: { actions: 100, minutes: 15, costUsd: 1.5, consecutive: 25 } }).ok).toBe(true);
  });

  test("two rules with one id are refused", () => {
    expect(errorOf(readPolicy({ ...good, rules: [good.rules[0], good.rules[0]] }))).toBe(
      'rules[1].id: "look" is used twice',
    );
  });

  test("of any shape never throws", () => {
    fc.assert(fc.property(fc.anything(), (json) => void readPolicy(json)));
  });
});

describe("what a rule is about", () => {
  const kinds = (fields: Partial<Rule>) =>
    EACH.filter((action) => evaluate(policy({ id: "r", effect: "deny", ...fields }), action).effect === "deny").map(
      ({ action }) => action,
    );

  test("without actions: the kinds of its kind-specific conditions", () => {
    expect(kinds({ text: "x" })).toEqual(["type"]);
    expect(kinds({ keys: ["*"] })).toEqual(["key", "hold_key"]);
    const rect: [number, number, number, number] = [0, 0, 1280, 800];
    expect(kinds({ region: { space: "screenshot", of: [1280, 800], rect } })).toHaveLength(10);
    expect(kinds({ text: "x", keys: ["a"] })).toEqual(["type", "key", "hold_key"]);
    expect(kinds({ app: ["mousepad"], text: "x" })).toEqual(["type"]);
  });

  test("with neither: whatever touches the desktop", () => {
    expect(kinds({ app: ["mousepad"] })).toEqual(ACTION_NAMES.filter((kind) => !LOOK_ONLY.has(kind)));
  });

  test("keys are about held modifiers too", () => {
    const mode = policy({ id: "r", effect: "deny", keys: ["super+*"] });
    expect(evaluate(mode, { ...CLICK, text: "super" }).effect).toBe("deny");
    expect(evaluate(mode, CLICK).effect).toBe("ask");
  });

  test("within listed actions a condition that does not apply is ignored", () => {
    const mode = policy({ id: "r", effect: "allow", actions: ["left_click", "key"], keys: ["ctrl+s"] });
    expect(evaluate(mode, CLICK).effect).toBe("allow");
    expect(evaluate(mode, { ...CLICK, text: "shift" }).effect).toBe("ask");
    expect(evaluate(mode, { action: "key", text: "Control+S".toLowerCase() }).effect).toBe("allow");
    expect(evaluate(mode, { action: "key", text: "ctrl+a" }).effect).toBe("ask");
  });
});

describe("conditions", () => {
  const says = (fields: Partial<Rule>, action: Action, facts: Partial<PolicyFacts> = {}) => ({
    allow:
      evaluate(policy({ id: "r", effect: "allow", actions: [action.action], ...fields }), action, facts).effect ===
      "allow",
    deny:
      evaluate(policy({ id: "r", effect: "deny", actions: [action.action], ...fields }), action, facts).effect ===
      "deny",
  });
  const YES = { allow: true, deny: true };
  const NO = { allow: false, deny: false };
  /** An unknown value: no allow, but every deny. */
  const UNKNOWN = { allow: false, deny: true };
  const at = (...points: PolicyFacts["windows"]["points"]) => ({ windows: { focus: XTERM, points } });

  test("app: class or executable, without case, under every point or in focus", () => {
    expect(says({ app: ["MOUSEPAD"] }, CLICK, at(MOUSEPAD))).toEqual(YES);
    expect(says({ app: ["mouse*"] }, CLICK, at({ ...MOUSEPAD, class: "Gtk" }))).toEqual(YES);
    expect(says({ app: ["xterm"] }, CLICK, at(MOUSEPAD))).toEqual(NO);
    expect(says({ app: ["xterm"] }, TYPE, at(MOUSEPAD))).toEqual(YES);
    expect(says({ app: ["xterm"] }, CLICK, at(null))).toEqual(UNKNOWN);
    const drag: Action = { action: "left_click_drag", start_coordinate: [0, 0], coordinate: [9, 9] };
    expect(says({ app: ["mousepad"] }, drag, at(MOUSEPAD, XTERM))).toEqual({ allow: false, deny: true });
    expect(says({ app: ["mousepad"] }, drag, at(MOUSEPAD, MOUSEPAD))).toEqual(YES);
  });

  test("window: a glob for the title", () => {
    expect(says({ window: "*Notes*" }, CLICK, at(MOUSEPAD))).toEqual(YES);
    expect(says({ window: "*notes*" }, CLICK, at(MOUSEPAD))).toEqual({ allow: false, deny: true });
    expect(says({ window: "Notes" }, CLICK, at(MOUSEPAD))).toEqual(NO);
  });

  test("region: edges, both spaces, another size of picture, another shape", () => {
    const region = (rect: [number, number, number, number], of: [number, number] = [1280, 800]) => ({
      region: { space: "screenshot" as const, of, rect },
    });
    const on = (x: number, y: number): Action => ({ action: "left_click", coordinate: [x, y] });
    expect(says(region([10, 10, 20, 20]), on(10, 19))).toEqual(YES);
    expect(says(region([10, 10, 20, 20]), on(20, 10))).toEqual(NO);
    expect(says(region([10, 10, 20, 20]), on(9, 10))).toEqual(NO);
    expect(says(region([5, 5, 10, 10], [640, 400]), on(19, 19))).toEqual(YES);
    expect(says(region([5, 5, 10, 10], [640, 400]), on(20, 19))).toEqual(NO);
    expect(says(region([0, 0, 1024, 768], [1024, 768]), on(1, 1))).toEqual(UNKNOWN);
    const display = { ...FACTS.display, w: 800, h: 800 };
    expect(says(region([0, 0, 1280, 800]), on(700, 1), { display })).toEqual(UNKNOWN);
    const inWindow = { region: { space: "window" as const, rect: [0, 0, 10, 10] as [number, number, number, number] } };
    expect(says(inWindow, on(109, 59), at(MOUSEPAD))).toEqual(YES);
    expect(says(inWindow, on(99, 59), at(MOUSEPAD))).toEqual(NO);
    expect(says(inWindow, on(109, 59), at(null))).toEqual(UNKNOWN);
  });

  test("text: anchored, line ends as LF, a line end hides nothing from a denial", () => {
    const type = (text: string): Action => ({ action: "type", text });
    expect(says({ text: "[^\\n]{0,5}" }, type("hello"))).toEqual(YES);
    expect(says({ text: "[^\\n]{0,5}" }, type("hello!"))).toEqual(NO);
    expect(says({ text: "[^\\n]*" }, type("a\r"))).toEqual(NO);
    expect(says({ text: "a\\nb" }, type("a\r\nb"))).toEqual(YES);
    expect(says({ text: ".*sudo.*" }, type("x\nsudo y"))).toEqual({ allow: false, deny: true });
    expect(says({ text: "(x+x+)+y(x|x){0,100}" }, type("x".repeat(50_000)))).toEqual(UNKNOWN);
  });

  test("keys: order, aliases and case free; allow exactly, deny supersets, modifiers alone under *", () => {
    const press = (text: string): Action => ({ action: "key", text });
    expect(says({ keys: ["ctrl+shift+s"] }, press("Shift+Control+S"))).toEqual(YES);
    expect(says({ keys: ["ctrl+s"] }, press("ctrl+shift+s"))).toEqual({ allow: false, deny: true });
    expect(says({ keys: ["ctrl+s"] }, press("ctrl+S"))).toEqual({ allow: false, deny: true });
    expect(says({ keys: ["ctrl+alt+*"] }, press("ctrl+shift+alt+t"))).toEqual({ allow: false, deny: true });
    expect(says({ keys: ["super+*"] }, press("super"))).toEqual(YES);
    expect(says({ keys: ["cmd+*"] }, press("super+l"))).toEqual(YES);
    expect(says({ keys: ["Return"] }, press("enter"))).toEqual(YES);
    expect(says({ keys: ["ctrl++"] }, press("ctrl+plus"))).toEqual(YES);
    expect(says({ keys: ["asterisk"] }, press("a"))).toEqual(NO);
    expect(says({ keys: ["*"] }, press("a"))).toEqual(YES);
    expect(says({ keys: ["*"] }, press("ctrl+a"))).toEqual({ allow: false, deny: true });
  });

  test("risk: allow up to it, deny from it", () => {
    expect(says({ risk: "ordinary" }, CLICK, { risk: "risky" })).toEqual({ allow: false, deny: true });
    expect(says({ risk: "risky" }, CLICK, { risk: "ordinary" })).toEqual({ allow: true, deny: false });
    expect(says({ risk: "ordinary" }, CLICK, { risk: null })).toEqual(UNKNOWN);
  });

  test("maxUses: that many, then no more", () => {
    const mode = policy({ id: "r", effect: "allow", actions: ["left_click"], maxUses: 2 });
    expect(evaluate(mode, CLICK, { uses: { r: 1 } }).explanation).toBe('Allowed by rule "r": left_click, use 2 of 2.');
    expect(evaluate(mode, CLICK, { uses: { r: 2 } })).toMatchObject({ effect: "ask", rule: null });
  });
});

describe("what no rule can allow", () => {
  const mode = policy({ id: "r", effect: "allow", actions: ["type", "screenshot"] });

  test("a password field asks", () => {
    expect(evaluate(mode, TYPE, { password: true })).toMatchObject({ effect: "ask", rule: null });
    expect(evaluate(mode, TYPE, { password: true }).explanation).toContain("password field");
  });

  test("a lease that has ended or is suspended asks, and a denial stays one", () => {
    const left = { actions: 0, minutes: null, costUsd: null, consecutive: null };
    const lease = { state: "ended", why: "Its 5 actions are used up.", left } as const;
    expect(evaluate(mode, TYPE, { lease })).toMatchObject({ effect: "ask", lease });
    expect(evaluate(mode, LOOK, { lease }).effect).toBe("ask");
    expect(evaluate(mode, TYPE, { lease }).explanation).toContain("Its 5 actions are used up.");
    const never = policy({ id: "d", effect: "deny", actions: ["type"] });
    expect(evaluate(never, TYPE, { lease }).effect).toBe("deny");
    expect(evaluate({ kind: "ask", askAll: false }, LOOK, { lease }).effect).toBe("allow");
  });
});

test("the explanation names rule, kind, program, place and use; each rule looked at says why", () => {
  const region = {
    space: "screenshot" as const,
    of: [1280, 800] as [number, number],
    rect: [0, 0, 1280, 760] as [number, number, number, number],
  };
  const mode = policy(
    { id: "term", effect: "allow", actions: ["left_click"], app: ["xterm"] },
    { id: "point", effect: "allow", actions: ["left_click", "scroll"], app: ["mousepad"], region, maxUses: 50 },
    { id: "write", effect: "allow", actions: ["type"] },
  );
  const verdict = evaluate(mode, CLICK, { uses: { point: 2 } });
  expect(verdict.explanation).toBe(
    'Allowed by rule "point": left_click in mousepad, inside 0,0-1280,760, use 3 of 50.',
  );
  expect(verdict.looks).toEqual([
    { rule: "term", effect: "allow", matched: false, why: "mousepad is not xterm" },
    { rule: "point", effect: "allow", matched: true, why: "in mousepad, inside 0,0-1280,760, use 3 of 50" },
  ]);
});

describe("any policy, any action", () => {
  const rank = { allow: 0, ask: 1, deny: 2 };
  const mode = (rules: readonly Rule[]): Mode => ({ kind: "policy", policy: policyOf(...rules) });

  test("every random policy loads", () => {
    fc.assert(fc.property(anyRules, (rules) => readPolicy(policyOf(...rules)).ok));
  });

  test("a denial more never allows more", () => {
    fc.assert(
      fc.property(anyRules, anyRule("new", ["deny", "ask"]), anyAction, anyFacts, (rules, more, action, facts) => {
        const before = evaluate(mode(rules), action, facts).effect;
        const after = evaluate(mode([...rules, more]), action, facts).effect;
        expect(rank[after]).toBeGreaterThanOrEqual(rank[before]);
      }),
      { numRuns: 1000 },
    );
  });

  test("a condition more on an allowance never allows more", () => {
    const ruleAndCondition = anyRule("r0", ["allow"]).chain((rule) => {
      const one = anyConditionFor(rule.actions ?? []);
      const known = (given: Partial<Rule>) => Object.keys(given).every((key) => !Object.hasOwn(rule, key));
      const more = one === null ? fc.constant({}) : one.map((given) => (known(given) ? given : {}));
      return more.map((given): [Rule, Rule] => [rule, { ...rule, ...given }]);
    });
    fc.assert(
      fc.property(
        ruleAndCondition,
        fc.array(anyRule("other"), { maxLength: 1 }),
        anyAction,
        anyFacts,
        (pair, others, action, facts) => {
          const [plain, narrowed] = pair.map((rule) => evaluate(mode([rule, ...others]), action, facts).effect);
          expect(rank[narrowed ?? "allow"]).toBeGreaterThanOrEqual(rank[plain ?? "deny"]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("the order of rules never changes a verdict", () => {
    const shuffled = anyRules.chain((rules) =>
      fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
    );
    fc.assert(
      fc.property(shuffled, anyAction, anyFacts, ([rules, others], action, facts) => {
        expect(evaluate(mode(others), action, facts).effect).toBe(evaluate(mode(rules), action, facts).effect);
      }),
      { numRuns: 1000 },
    );
  });

  test("with nothing known no allowance about windows matches, and every denial about them does", () => {
    const blind = { windows: { focus: null, points: [null, null] }, risk: null };
    const aboutWindows = fc.constantFrom<Partial<Rule>>({ app: ["*"] }, { window: "*" }, { risk: "risky" });
    fc.assert(
      fc.property(anyRule("r0"), aboutWindows, anyAction, (rule, about, action) => {
        if (LOOK_ONLY.has(action.action)) return;
        const { maxUses: _, ...plain } = rule;
        const only = { id: plain.id, effect: plain.effect, actions: [action.action], ...about };
        const { effect } = evaluate(mode([only]), action, blind);
        expect(effect).toBe(only.effect === "allow" ? "ask" : only.effect);
      }),
    );
  });

  test("evaluate is pure", () => {
    fc.assert(
      fc.property(anyRules, anyAction, anyFacts, (rules, action, facts) => {
        const given = structuredClone({ rules, action, facts });
        const first = evaluate(mode(rules), action, facts);
        expect({ rules, action, facts }).toEqual(given);
        expect(evaluate(mode(structuredClone(rules)), action, facts)).toEqual(first);
        expect(evaluate(mode(rules), action, facts)).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });
});
