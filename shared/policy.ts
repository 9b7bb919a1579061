/** Who may let an action pass without asking: modes and policy rules. Pure; applied in the main process only. */
import { type Action, type ActionName, LOOK_ONLY } from "./action.ts";
import type { PolicyFacts } from "./policy/facts.ts";
import type { Mode, Rule } from "./policy/format.ts";
import type { LeaseNow } from "./policy/lease.ts";
import { type CompiledRule, compileRule, heldBy, lookAt, type RuleLook } from "./policy/match.ts";

/** What mode and rules say to one action, and in whose name. */
export type Verdict = {
  readonly effect: "allow" | "ask" | "deny";
  /** The rule's id, or null when the mode itself or no rule decided. */
  readonly rule: string | null;
  /** For a denial, what Claude reads: the rule's reason, or its id. */
  readonly reason: string;
  /** In words, for the card and the record. */
  readonly explanation: string;
  /** Every rule that is about this kind of action, in the policy's order: whether it matched, and why. */
  readonly looks?: readonly RuleLook[];
  /** The lease at that moment, where there is one. */
  readonly lease?: LeaseNow;
};

/** Deny before ask before allow; no match asks. */
const ORDER = ["deny", "ask", "allow"] as const;

/** The verdict on one action. Pure: same arguments, same verdict. */
export function evaluate(mode: Mode, action: Action, facts: PolicyFacts): Verdict {
  const lookOnly = LOOK_ONLY.has(action.action);
  switch (mode.kind) {
    case "ask":
      if (lookOnly && !mode.askAll)
        return { effect: "allow", rule: null, reason: "", explanation: `Allowed: ${action.action} only looks.` };
      return mode.rules === undefined
        ? { effect: "ask", rule: null, reason: "", explanation: askWords(mode.askAll) }
        : byRules(mode.rules, action, facts, askWords(mode.askAll));
    case "look":
      return lookOnly
        ? { effect: "allow", rule: null, reason: "", explanation: `Allowed: ${action.action} only looks.` }
        : {
            effect: "deny",
            rule: null,
            reason: "Only looking is allowed in this session",
            explanation: "Denied: in look mode nothing but looking runs.",
          };
    case "watch":
      return {
        effect: "deny",
        rule: null,
        reason: "Watch only",
        explanation: "Watch only: nothing runs in this mode.",
      };
    case "policy":
      return byRules(mode.policy.rules, action, facts, "Asks: no rule of the policy covers this action.");
  }
}

/** The stricter of two verdicts: deny over ask over allow. */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return isStricter(b.effect, a.effect) ? b : a;
}

/** Whether effect `a` lets less pass than `b`. */
export function isStricter(a: Verdict["effect"], b: Verdict["effect"]): boolean {
  return ORDER.indexOf(a) < ORDER.indexOf(b);
}

/** The rules that can allow by themselves in a mode: its policy's, or what was added to the session. */
export function rulesOf(mode: Mode): readonly Rule[] {
  if (mode.kind === "policy") return mode.policy.rules;
  return mode.kind === "ask" ? (mode.rules ?? []) : [];
}

function askWords(askAll: boolean): string {
  return askAll
    ? "Asks: in this mode every action waits for you."
    : "Asks: in this mode whatever does more than look waits for you.";
}

type Compiled = ReadonlyMap<ActionName, readonly CompiledRule[]>;

/** Reading notations takes longer than matching; a list of rules is read once, for as long as it is used. */
const COMPILED = new WeakMap<readonly Rule[], Compiled>();

function compiledOf(rules: readonly Rule[]): Compiled {
  const known = COMPILED.get(rules);
  if (known !== undefined) return known;
  const byKind = new Map<ActionName, CompiledRule[]>();
  for (const rule of rules) {
    const compiled = compileRule(rule);
    for (const kind of compiled.covers.keys()) byKind.set(kind, [...(byKind.get(kind) ?? []), compiled]);
  }
  COMPILED.set(rules, byKind);
  return byKind;
}

/** @param noMatch said when no rule matches: that asks */
function byRules(rules: readonly Rule[], action: Action, facts: PolicyFacts, noMatch: string): Verdict {
  const about = compiledOf(rules).get(action.action) ?? [];
  const holds = heldBy(action) !== null;
  const looks: RuleLook[] = [];
  let decisive: RuleLook | null = null;
  let by: Rule | null = null;
  for (const compiled of about) {
    if (!holds && compiled.covers.get(action.action) === true) continue;
    const look = lookAt(compiled, action, facts);
    looks.push(look);
    if (look.matched && (decisive === null || isStricter(look.effect, decisive.effect))) {
      decisive = look;
      by = compiled.rule;
    }
  }
  const noted = facts.lease === null ? { looks } : { looks, lease: facts.lease };
  if (decisive === null || by === null)
    return { effect: "ask", rule: null, reason: "", explanation: noMatch, ...noted };
  const what = `${action.action}${decisive.why === "" ? "" : joined(decisive.why)}`;
  if (decisive.effect === "allow") {
    const held = whyNotAlone(action, facts);
    if (held !== null)
      return {
        effect: "ask",
        rule: null,
        reason: "",
        explanation: `Asks: ${held} Rule "${by.id}" would allow it: ${what}.`,
        ...noted,
      };
  }
  const words = { allow: "Allowed", ask: "Asks", deny: "Denied" }[decisive.effect];
  const why = by.reason === undefined ? "" : ` ${by.reason}`;
  return {
    effect: decisive.effect,
    rule: by.id,
    reason: by.reason ?? by.id,
    explanation: `${words} by rule "${by.id}": ${what}.${why}`,
    ...noted,
  };
}

/** `left_click in mousepad, ...` reads without a comma; what is no place comes after one. */
function joined(why: string): string {
  return why.startsWith("in ") ? ` ${why}` : `, ${why}`;
}

/** Why no rule may allow this by itself, whatever the rules say; null when they may. */
function whyNotAlone(action: Action, facts: PolicyFacts): string | null {
  if (facts.password && !LOOK_ONLY.has(action.action)) return "it goes to a password field.";
  const { lease } = facts;
  if (lease === null || lease.state === "active") return null;
  const why = lease.why === null ? "" : ` ${lease.why}`;
  return `auto-approval is ${lease.state === "ended" ? "at the end of its lease" : "suspended"}.${why}`;
}
