/** Which kinds of action each condition of a rule applies to (design: interfaces.md, "Policy file"). */
import { ACTION_NAMES, type ActionName, LOOK_ONLY } from "../action.ts";

/** The conditions a rule can have, in the order they are looked at and named. */
export const CONDITIONS = ["app", "window", "region", "text", "keys", "risk"] as const;
export type ConditionName = (typeof CONDITIONS)[number];

/** Conditions about one part of an action: they alone say what a rule without `actions` is about. */
const SPECIFIC = ["region", "text", "keys"] as const satisfies readonly ConditionName[];

const POINTER: readonly ActionName[] = [
  "left_click",
  "right_click",
  "middle_click",
  "double_click",
  "triple_click",
  "left_click_drag",
  "mouse_move",
  "left_mouse_down",
  "left_mouse_up",
  "scroll",
];
/** Pointer actions that can hold modifiers (`text`). */
const HOLDING: readonly ActionName[] = POINTER.filter(
  (kind) => kind !== "mouse_move" && kind !== "left_mouse_down" && kind !== "left_mouse_up",
);
const TOUCHING: readonly ActionName[] = ACTION_NAMES.filter((kind) => !LOOK_ONLY.has(kind));

const APPLIES: Readonly<Record<ConditionName, ReadonlySet<ActionName>>> = {
  app: new Set(TOUCHING),
  window: new Set(TOUCHING),
  risk: new Set(TOUCHING),
  region: new Set(POINTER),
  text: new Set(["type"]),
  keys: new Set(["key", "hold_key", ...HOLDING]),
};

/** Whether a condition can apply to a kind (`keys` to a click: while it holds modifiers). */
export function appliesTo(condition: ConditionName, kind: ActionName): boolean {
  return APPLIES[condition].has(kind);
}

/** What a rule is about: a kind, and whether only while it holds modifiers. */
export type Covered = { readonly kind: ActionName; readonly onlyHolding: boolean };

type Conditions = { readonly actions?: readonly ActionName[] | undefined } & {
  readonly [C in ConditionName]?: unknown;
};

/**
 * The kinds a rule covers: those it lists; without a list those that one of `region`, `text` and `keys` applies to; with
 * none of these either, whatever touches the desktop. Empty for a rule that says nothing at all.
 */
export function coverageOf(rule: Conditions): readonly Covered[] {
  if (rule.actions !== undefined) return [...new Set(rule.actions)].map((kind) => ({ kind, onlyHolding: false }));
  const specific = SPECIFIC.filter((condition) => rule[condition] !== undefined);
  if (specific.length > 0) {
    return ACTION_NAMES.filter((kind) => specific.some((condition) => appliesTo(condition, kind))).map((kind) => {
      const others = specific.some((condition) => condition !== "keys" && appliesTo(condition, kind));
      return { kind, onlyHolding: !others && kind !== "key" && kind !== "hold_key" };
    });
  }
  const any = CONDITIONS.some((condition) => rule[condition] !== undefined);
  return any ? TOUCHING.map((kind) => ({ kind, onlyHolding: false })) : [];
}
