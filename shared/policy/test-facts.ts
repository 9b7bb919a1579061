/** Facts and random policies for tests of rules. */
import fc from "fast-check";
import { ACTION_NAMES, type Action, type ActionName } from "../action.ts";
import type { PolicyFacts, SeenWindow } from "./facts.ts";
import type { Policy, Rule } from "./format.ts";
import { appliesTo, CONDITIONS, type ConditionName } from "./kinds.ts";

export const MOUSEPAD: SeenWindow = {
  id: 7,
  pid: 70,
  class: "Mousepad",
  title: "Notes - Mousepad",
  exe: "mousepad",
  bounds: { x: 100, y: 50, w: 600, h: 400 },
};
export const XTERM: SeenWindow = { ...MOUSEPAD, id: 8, pid: 80, class: "XTerm", title: "bash", exe: "xterm" };

export const FACTS: PolicyFacts = {
  windows: { focus: MOUSEPAD, points: [MOUSEPAD] },
  cursor: [10, 10],
  space: { w: 1280, h: 800 },
  display: { x: 0, y: 0, w: 1280, h: 800, scale: 1 },
  risk: "ordinary",
  password: false,
  uses: {},
  lease: null,
};

/** One action of each kind, in the order of ACTION_NAMES. */
export const EACH: readonly Action[] = [
  { action: "screenshot" },
  { action: "zoom", region: [0, 0, 1, 1] },
  { action: "left_click", coordinate: [1, 2] },
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
  { action: "type", text: "x" },
  { action: "key", text: "a" },
  { action: "hold_key", text: "a", duration: 1 },
  { action: "wait", duration: 1 },
];

export function policyOf(...rules: readonly Rule[]): Policy {
  return { version: 1, name: "test", rules: [...rules] };
}

const held = fc.constantFrom(undefined, "ctrl", "shift", "super", "ctrl+alt");
const point = fc.tuple(fc.nat(1279), fc.nat(799));
const text = fc.constantFrom("x", "hello", "a\nb", "rm -rf /", "abc def", "ü€");
const keys = fc.constantFrom("a", "ctrl+s", "Return", "super", "ctrl+alt+t", "ctrl+shift+alt+t", "A", "alt+F4");

/** A random action with everything that conditions look at. */
export const anyAction: fc.Arbitrary<Action> = fc
  .tuple(fc.constantFrom(...EACH), point, point, held, text, keys)
  .map(([base, from, to, modifiers, typed, pressed]) => {
    const holding = modifiers === undefined ? {} : { text: modifiers };
    switch (base.action) {
      case "left_click":
      case "right_click":
      case "middle_click":
      case "double_click":
      case "triple_click":
      case "scroll":
        return { ...base, coordinate: from, ...holding };
      case "left_click_drag":
        return { ...base, start_coordinate: from, coordinate: to, ...holding };
      case "mouse_move":
        return { ...base, coordinate: from };
      case "type":
        return { ...base, text: typed };
      case "key":
      case "hold_key":
        return { ...base, text: pressed };
      default:
        return base;
    }
  });

const condition: Readonly<Record<ConditionName, fc.Arbitrary<Partial<Rule>>>> = {
  app: fc.constantFrom<string[]>(["mousepad"], ["xterm"], ["*"], ["mouse*", "firefox"]).map((app) => ({ app })),
  window: fc.constantFrom("*Notes*", "bash", "*").map((window) => ({ window })),
  region: fc.constantFrom<Partial<Rule>>(
    { region: { space: "screenshot", of: [1280, 800], rect: [0, 0, 640, 800] } },
    { region: { space: "screenshot", of: [640, 400], rect: [0, 0, 640, 380] } },
    { region: { space: "window", rect: [0, 0, 300, 300] } },
  ),
  text: fc.constantFrom("[^\\n]{0,200}", ".*", "hello", ".*rm.*").map((expression) => ({ text: expression })),
  keys: fc
    .constantFrom<string[]>(["ctrl+s", "Return"], ["super+*", "ctrl+alt+*"], ["*"], ["ctrl"])
    .map((list) => ({ keys: list })),
  risk: fc.constantFrom<"ordinary" | "risky">("ordinary", "risky").map((risk) => ({ risk })),
};

/** A condition that can apply to one of `actions`. */
export function anyConditionFor(actions: readonly ActionName[]): fc.Arbitrary<Partial<Rule>> | null {
  const names = CONDITIONS.filter((name) => actions.some((kind) => appliesTo(name, kind)));
  return names.length === 0 ? null : fc.oneof(...names.map((name) => condition[name]));
}

/** A random rule that lists its actions; always one that loads. */
export function anyRule(id: string, effects: readonly Rule["effect"][] = ["allow", "ask", "deny"]): fc.Arbitrary<Rule> {
  return fc
    .tuple(fc.constantFrom(...effects), fc.subarray([...ACTION_NAMES], { minLength: 1 }))
    .chain(([effect, actions]) => {
      const one = anyConditionFor(actions);
      const some = one === null ? fc.constant([]) : fc.array(one, { maxLength: 3 });
      const uses =
        effect === "allow" ? fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }) : fc.constant(undefined);
      return fc.tuple(some, uses).map(([conditions, maxUses]): Rule => {
        const rule: Rule = Object.assign({ id, effect, actions }, ...conditions);
        return maxUses === undefined ? rule : { ...rule, maxUses };
      });
    });
}

/** Random rules with ids of their own. */
export const anyRules: fc.Arbitrary<Rule[]> = fc
  .integer({ min: 1, max: 6 })
  .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => anyRule(`r${i}`))));

const anyWindow = fc.constantFrom(
  MOUSEPAD,
  XTERM,
  { ...XTERM, exe: null },
  { ...MOUSEPAD, class: "", exe: null },
  null,
);

/** Random facts; windows under two points, as a drag needs. */
export const anyFacts: fc.Arbitrary<PolicyFacts> = fc
  .record({
    focus: anyWindow,
    points: fc.tuple(anyWindow, anyWindow),
    risk: fc.constantFrom("look" as const, "ordinary" as const, "risky" as const, null),
    uses: fc.record({ r0: fc.nat(3), r1: fc.nat(3) }),
  })
  .map(({ focus, points, risk, uses }) => ({ ...FACTS, windows: { focus, points }, risk, uses }));
