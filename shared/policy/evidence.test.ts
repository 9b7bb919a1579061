import { describe, expect, test } from "vitest";
import type { Action } from "../action.ts";
import { evaluate } from "../policy.ts";
import type { Proposal, SessionEvent } from "../session-event.ts";
import { backtest, figuresOf } from "./backtest.ts";
import type { SeenControl } from "./facts.ts";
import { type Policy, type Rule, readPolicy } from "./format.ts";
import { narrowestRule } from "./narrowest.ts";
import { factsOf, type RecordedStep, recordedSteps } from "./recorded.ts";
import { SAMPLES } from "./samples.ts";
import { policyWords, ruleWords, warningsOf } from "./summary.ts";
import { EACH, FACTS, MOUSEPAD, policyOf, XTERM } from "./test-facts.ts";

const SPACE = { w: 1280, h: 800 };
const POINT: Rule = { id: "point", effect: "allow", actions: ["left_click"], app: ["mousepad"], maxUses: 2 };
const NEVER: Rule = { id: "never", effect: "deny", keys: ["ctrl+alt+*"] };

function proposalOf(action: Action, change: Partial<Proposal> = {}): Proposal {
  const { id, pid, title } = MOUSEPAD;
  const window = { id, pid, class: MOUSEPAD.class, title };
  return {
    id: "1.0",
    rev: 1,
    turn: 1,
    index: 0,
    toolUseId: "toolu_1",
    action,
    original: null,
    screenshot: { sha256: "0".repeat(64), ...SPACE },
    now: null,
    display: FACTS.display,
    window,
    target: window,
    windows: { focus: MOUSEPAD, points: [MOUSEPAD] },
    cursor: null,
    ...change,
  };
}

function step(proposal: string, action: Action, was: RecordedStep["was"], session = "session-1"): RecordedStep {
  const { uses: _, lease: __, ...facts } = FACTS;
  return { session, proposal, at: "2026-11-20T10:00:00.000Z", action, facts, was, rule: null };
}

const CLICK: Action = { action: "left_click", coordinate: [412, 96] };

describe("a back-test", () => {
  const policy = policyOf(POINT, NEVER);

  test("counts what would pass, ask and be denied, and where the operator decided otherwise", () => {
    const { counts, steps } = backtest(policy, [
      step("1.0", CLICK, "approved"),
      step("2.0", CLICK, "rejected"),
      step("3.0", CLICK, "edited"),
      step("4.0", { action: "key", text: "ctrl+alt+t" }, "approved"),
      step("5.0", { action: "key", text: "ctrl+alt+t" }, "denied"),
      step("1.0", CLICK, "took_over", "session-2"),
    ]);
    expect(counts).toEqual({ steps: 6, allow: 3, ask: 1, deny: 2, tooWide: 2, tooNarrow: 1 });
    expect(steps.map(({ disagreement }) => disagreement)).toEqual([
      null,
      "too_wide",
      null,
      "too_narrow",
      null,
      "too_wide",
    ]);
    expect(steps[1]).toMatchObject({
      rule: "point",
      would: "allow",
      program: "mousepad",
      sentence: "Left click at 412, 96",
    });
    expect(steps[1]?.explanation).toContain("use 2 of 2");
    expect(steps[2]?.would).toBe("ask");
  });

  test("changes nothing it was given", () => {
    const recorded = Object.freeze([Object.freeze(step("1.0", CLICK, "approved"))]);
    expect(backtest(policy, recorded)).toEqual(backtest(policy, recorded));
  });

  test("of nothing is nothing", () => {
    expect(backtest(policy, []).counts.steps).toBe(0);
    expect(figuresOf([])).toBeNull();
  });

  test("figures count by who decided", () => {
    const was = ["passed", "approved", "edited", "denied", "undecided"] as const;
    expect(figuresOf(was.map((each, i) => step(`${i}.0`, CLICK, each)))).toEqual({
      session: "session-1",
      at: "2026-11-20T10:00:00.000Z",
      steps: 5,
      passed: 1,
      asked: 2,
      denied: 1,
      disagreed: 1,
    });
  });
});

describe("recorded steps", () => {
  const events = (...bodies: readonly (readonly [SessionEvent["type"], unknown])[]) =>
    bodies.map(
      ([type, body], i) =>
        ({ v: 1, session: "session-1", seq: i + 1, ts: "2026-11-20T10:00:00.000Z", type, body }) as SessionEvent,
    );

  test("read the facts, and the operator's first decision", () => {
    const approve = { kind: "approve" };
    const found = recordedSteps(
      events(
        ["session.started", { space: SPACE }],
        ["turn.finished", { text: "I press Delete now.", thinking: "" }],
        ["action.proposed", { proposal: proposalOf(CLICK) }],
        ["decision.made", { proposal: "1.0", decision: approve, by: { kind: "policy", rule: "point" } }],
        ["decision.made", { proposal: "1.0", decision: { kind: "reject", reason: null }, by: { kind: "operator" } }],
        ["decision.made", { proposal: "1.0", decision: approve, by: { kind: "operator" } }],
        ["action.proposed", { proposal: proposalOf(CLICK, { id: "1.1" }) }],
        ["action.finished", { proposal: "1.1", outcome: "denied" }],
        ["action.proposed", { proposal: proposalOf(CLICK, { id: "1.2" }) }],
      ),
    );
    expect(found.map(({ proposal, was, rule }) => [proposal, was, rule])).toEqual([
      ["1.0", "rejected", "point"],
      ["1.1", "denied", null],
      ["1.2", "undecided", null],
    ]);
    expect(found[0]?.facts.risk).toBe("risky");
  });

  test("of an old record know class and title, and not where the window was", () => {
    const { windows: _, ...old } = proposalOf(CLICK);
    const facts = { ...factsOf(old, SPACE, ""), uses: {}, lease: null };
    const says = (rule: Partial<Rule>) =>
      evaluate(
        { kind: "policy", policy: policyOf({ id: "r", effect: "allow", actions: ["left_click"], ...rule }) },
        CLICK,
        facts,
      ).effect;
    expect(says({ app: ["mousepad"], window: "*Notes*" })).toBe("allow");
    expect(says({ region: { space: "window", rect: [0, 0, 5000, 5000] } })).toBe("ask");
  });
});

describe("the narrowest rule", () => {
  const facts = (proposal: Proposal) => ({ ...factsOf(proposal, SPACE, ""), uses: {}, lease: null });
  const covers = (rule: Rule, proposal: Proposal) =>
    evaluate({ kind: "policy", policy: policyOf(rule) }, proposal.action, facts(proposal)).effect === "allow";

  test("of a click: program, kind, the place of its control in the window", () => {
    const proposal = proposalOf(CLICK);
    const { rule } = narrowestRule(proposal, SPACE, []);
    expect(rule).toEqual({
      id: "left-click-in-mousepad",
      effect: "allow",
      actions: ["left_click"],
      app: ["mousepad"],
      region: { space: "window", rect: [264, 14, 360, 78] },
      risk: "ordinary",
    });
    expect(covers(rule, proposal)).toBe(true);
    expect(covers(rule, proposalOf({ action: "left_click", coordinate: [500, 96] }))).toBe(false);
    expect(covers(rule, proposalOf(CLICK, { windows: { focus: XTERM, points: [XTERM] } }))).toBe(false);
  });

  test("of a click on a control that the program tells of: exactly that control, as far as it is in the window", () => {
    const { x, y, w } = MOUSEPAD.bounds ?? { x: 0, y: 0, w: 0 };
    const told = (bounds: SeenControl["bounds"]) => {
      const control = { name: "Save", role: "push button", password: false, bounds };
      const proposal = proposalOf(CLICK, { controls: [control] });
      const { rule, place } = narrowestRule(proposal, SPACE, []);
      expect(covers(rule, proposal)).toBe(true);
      return { place, rect: rule.region?.rect };
    };
    const area = { place: "area", rect: [264, 14, 360, 78] };
    // The click is at 312, 46 of the window.
    expect(told({ x: x + 300, y: y + 40, w: 64, h: 24 })).toEqual({ place: "control", rect: [300, 40, 364, 64] });
    expect(told({ x: x - 50, y: y + 46, w: w + 500, h: 1 })).toEqual({ place: "control", rect: [0, 46, w, 47] });
    // What can't be so is not believed.
    expect(told({ x: x + 300, y: y + 40, w: 12, h: 24 })).toEqual(area);
    expect(told({ x: x + 300, y: y + 40, w: 0, h: 0 })).toEqual(area);
    expect(told({ x: x + 312, y: y + 46, w: 1, h: -5 })).toEqual(area);
    expect(told(null)).toEqual(area);
  });

  test("of a drag inside of one control: that control; from one to another: the fixed areas", () => {
    const drag: Action = { action: "left_click_drag", start_coordinate: [200, 200], coordinate: [300, 220] };
    const canvas = { name: "", role: "canvas", password: false, bounds: { x: 150, y: 150, w: 300, h: 200 } };
    const other = { ...canvas, bounds: { x: 290, y: 150, w: 90, h: 200 } };
    const placed = (controls: readonly SeenControl[]) =>
      narrowestRule(
        proposalOf(drag, { windows: { focus: MOUSEPAD, points: [MOUSEPAD, MOUSEPAD] }, controls }),
        SPACE,
        [],
      ).place;
    expect(placed([canvas, canvas])).toBe("control");
    expect(placed([canvas, other])).toBe("area");
    expect(placed([canvas])).toBe("area");
  });

  test("of any action loads, and covers the action itself", () => {
    const more: readonly Action[] = [
      { action: "type", text: "rm -rf /\nyes" },
      { action: "type", text: "a.b*c[d]\\e" },
      { action: "type", text: "x".repeat(3000) },
      { action: "type", text: "x\n".repeat(900) },
      { action: "key", text: "Control+Shift+s" },
      { action: "left_click", coordinate: [0, 0], text: "ctrl" },
      { action: "left_click_drag", start_coordinate: [200, 200], coordinate: [300, 220] },
    ];
    for (const action of [...EACH, ...more]) {
      const two = action.action === "left_click_drag" ? [MOUSEPAD, MOUSEPAD] : [MOUSEPAD];
      const proposal = proposalOf(action, { cursor: [300, 200], windows: { focus: MOUSEPAD, points: two } });
      const { rule } = narrowestRule(proposal, SPACE, []);
      expect(readPolicy(policyOf(rule))).toMatchObject({ ok: true });
      expect([action.action, covers(rule, proposal)]).toEqual([action.action, true]);
    }
  });

  test("without a known window keeps to the place in the picture, and ids stay unique", () => {
    const proposal = proposalOf(CLICK, { windows: { focus: null, points: [null] } });
    expect(narrowestRule(proposal, SPACE, ["left-click"]).rule).toMatchObject({
      id: "left-click-2",
      region: { space: "screenshot", of: [1280, 800], rect: [364, 64, 460, 128] },
    });
  });
});

describe("plain words and warnings", () => {
  test.each(SAMPLES)("the sample $name loads, says what it does, and is not too wide", ({ policy }) => {
    expect(readPolicy(structuredClone(policy))).toEqual({ ok: true, policy });
    expect(warningsOf(policy)).toEqual([]);
    for (const words of policyWords(policy)) expect(words).toMatch(/^[A-Z].*\.$/);
  });

  test("a rule is one sentence", () => {
    expect(ruleWords(POINT)).toBe("Claude may click in mousepad, at most 2 times.");
    expect(ruleWords({ id: "w", effect: "allow", actions: ["type"], app: ["mousepad", "gedit"], text: "[a-z]*" })).toBe(
      "Claude may type in mousepad or gedit, text only like [a-z]*.",
    );
    expect(ruleWords({ id: "n", effect: "deny", keys: ["super+*"] })).toBe(
      "Claude may never press keys, hold keys or hold keys while clicking, dragging or scrolling, of these keys: super+*.",
    );
    expect(ruleWords({ id: "a", effect: "ask", app: ["xterm"], risk: "risky" })).toBe(
      "You are asked before Claude may do anything that touches the desktop in xterm, when it is risky.",
    );
  });

  test.each<[string, Partial<Rule>, RegExp]>([
    ["types anywhere", { actions: ["type"], text: "[a-z]*" }, /types anywhere/],
    ["types in a program called *", { actions: ["type"], app: ["*"], text: "[a-z]*" }, /types anywhere/],
    ["types any text", { actions: ["type"], app: ["mousepad"] }, /any text, line ends/],
    ["types by a pattern of everything", { actions: ["type"], app: ["mousepad"], text: ".*" }, /nearly any text/],
    ["any key", { actions: ["key"], app: ["mousepad"] }, /presses any key\./],
    ["a group of keys", { actions: ["key"], app: ["mousepad"], keys: ["ctrl+*"] }, /whole group/],
    ["keys everywhere", { actions: ["key"], keys: ["ctrl+s"] }, /its keys in any program/],
    ["clicks anywhere", { actions: ["left_click"] }, /clicks anywhere/],
    ["no actions listed", { app: ["mousepad"] }, /lists no actions/],
  ])("%s is warned of", (_, fields, words) => {
    const policy: Policy = { ...policyOf({ id: "r", effect: "allow", ...fields }), lease: { actions: 5 } };
    expect(warningsOf(policy).map((warning) => warning.words)).toContainEqual(expect.stringMatching(words));
  });

  test("so is a policy without a lease, and not one that only looks or denies", () => {
    expect(warningsOf(policyOf(POINT)).map(({ words }) => words)).toEqual([expect.stringMatching(/no lease/)]);
    expect(warningsOf(policyOf({ id: "l", effect: "allow", actions: ["screenshot"] }, NEVER))).toEqual([]);
  });
});
