/**
 * What a policy would have said to steps of recorded sessions, against what the operator decided then. Uses are counted
 * as the policy would have counted them, per session; its lease is not part of this: it is about the rules.
 */
import { describe } from "../action.ts";
import { evaluate } from "../policy.ts";
import { programNames, windowsOf } from "./facts.ts";
import type { Mode, Policy } from "./format.ts";
import type { RecordedStep, WasDecided } from "./recorded.ts";

/** `too_wide`: allows what the operator refused or changed. `too_narrow`: denies what the operator approved. */
export type Disagreement = "too_wide" | "too_narrow";

export type BacktestStep = {
  readonly session: string;
  readonly proposal: string;
  readonly at: string;
  readonly sentence: string;
  readonly program: string;
  readonly was: WasDecided;
  readonly would: "allow" | "ask" | "deny";
  /** The rule that says so; null when none matched. */
  readonly rule: string | null;
  readonly explanation: string;
  readonly disagreement: Disagreement | null;
};

export type BacktestCounts = {
  readonly steps: number;
  readonly allow: number;
  readonly ask: number;
  readonly deny: number;
  readonly tooWide: number;
  readonly tooNarrow: number;
};

export type Backtest = { readonly counts: BacktestCounts; readonly steps: readonly BacktestStep[] };

/** Runs a policy over recorded steps, in the order given. Pure. */
export function backtest(policy: Policy, recorded: readonly RecordedStep[]): Backtest {
  const mode: Mode = { kind: "policy", policy };
  const counts = { steps: recorded.length, allow: 0, ask: 0, deny: 0, tooWide: 0, tooNarrow: 0 };
  let session = "";
  let uses: Record<string, number> = {};
  const steps = recorded.map((step): BacktestStep => {
    if (step.session !== session) {
      session = step.session;
      uses = {};
    }
    const facts = { ...step.facts, uses, lease: null };
    const { effect, rule, explanation } = evaluate(mode, step.action, facts);
    if (effect === "allow" && rule !== null) uses[rule] = (uses[rule] ?? 0) + 1;
    counts[effect] += 1;
    const disagreement = disagrees(effect, step.was);
    if (disagreement === "too_wide") counts.tooWide += 1;
    if (disagreement === "too_narrow") counts.tooNarrow += 1;
    const program = programNames(windowsOf(step.action, facts)[0] ?? null)[0] ?? "";
    return {
      session: step.session,
      proposal: step.proposal,
      at: step.at,
      sentence: describe(step.action),
      program,
      was: step.was,
      would: effect,
      rule,
      explanation,
      disagreement,
    };
  });
  return { counts, steps };
}

function disagrees(would: BacktestStep["would"], was: WasDecided): Disagreement | null {
  if (would === "allow" && (was === "edited" || was === "rejected" || was === "took_over")) return "too_wide";
  return would === "deny" && was === "approved" ? "too_narrow" : null;
}

/** How one session went under a policy: what it was asked, and how often the operator disagreed when asked. */
export type SessionFigures = {
  readonly session: string;
  readonly at: string;
  readonly steps: number;
  /** Let pass by a rule or the mode. */
  readonly passed: number;
  /** Decided by the operator. */
  readonly asked: number;
  readonly denied: number;
  /** Edited, rejected or taken over. */
  readonly disagreed: number;
};

/** The figures of one session's steps; null when it has none. */
export function figuresOf(steps: readonly RecordedStep[]): SessionFigures | null {
  const [first] = steps;
  if (first === undefined) return null;
  const count = (...kinds: readonly WasDecided[]) => steps.filter(({ was }) => kinds.includes(was)).length;
  return {
    session: first.session,
    at: first.at,
    steps: steps.length,
    passed: count("passed"),
    asked: count("approved", "edited", "rejected", "took_over"),
    denied: count("denied"),
    disagreed: count("edited", "rejected", "took_over"),
  };
}
