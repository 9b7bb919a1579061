/**
 * Applies a session's rules: judges each action on the facts of its moment, holds the lease, and stops passing anything
 * by itself at the first surprise. What it knows is folded from the session's events; what it decides becomes events.
 */
import type { Action } from "../../shared/action.ts";
import type { LeaseVerb } from "../../shared/ipc-policy.ts";
import { type PolicyFacts, programNames, type SeenWindow } from "../../shared/policy/facts.ts";
import type { Mode, Rule } from "../../shared/policy/format.ts";
import { amountsOf, halved, leaseNow, UNBOUNDED } from "../../shared/policy/lease.ts";
import { globMatches } from "../../shared/policy/patterns.ts";
import type { TrustView } from "../../shared/policy/trust.ts";
import { evaluate, rulesOf, type Verdict } from "../../shared/policy.ts";
import type { EventBodies } from "../../shared/session-event.ts";

/** The desktop at the moment of judging. */
export type Moment = Omit<PolicyFacts, "uses" | "lease">;

/** Who let an action begin: a person, or rules alone (`rule` is null when that was the mode). */
export type Begun = { readonly by: "operator" } | { readonly by: "policy"; readonly rule: string | null };

type Change = {
  [T in "lease.changed" | "policy.changed"]: { readonly type: T; readonly body: EventBodies[T] };
}["lease.changed" | "policy.changed"];

export type AutoApprovalOptions = {
  /** What the session's events say now. */
  readonly trust: () => TrustView;
  readonly emit: (change: Change) => void;
  /** ms since 1970. */
  readonly now: () => number;
};

export class AutoApproval {
  readonly #options: AutoApprovalOptions;
  /** The program in front when it was last looked; null before. */
  #front: string | null = null;

  constructor(options: AutoApprovalOptions) {
    this.#options = options;
  }

  get mode(): Mode {
    const { mode } = this.#options.trust();
    if (mode === null) throw new Error("the session has not started");
    return mode;
  }

  /** Whether any rule could allow something by itself: then verdicts at precheck are worth a record. */
  get hasRules(): boolean {
    return rulesOf(this.mode).length > 0;
  }

  /**
   * The verdict on one action. An active lease that is used up ends here, on record.
   * @param begun at precheck: by whom the action has begun, so that it does not count itself
   */
  judge(action: Action, moment: Moment, begun: Begun | null = null): Verdict {
    const trust = begun === null ? this.#options.trust() : without(this.#options.trust(), begun);
    const { uses } = trust;
    if (trust.lease === null) return evaluate(this.mode, action, { ...moment, uses, lease: null });
    const lease = leaseNow(trust.lease, this.#options.now());
    if (lease.state === "ended" && trust.lease.state === "active") this.#changed({ state: "ended", why: lease.why });
    return evaluate(this.mode, action, { ...moment, uses, lease });
  }

  /** Something nobody planned: nothing passes by a rule until the operator says so. */
  surprise(why: string): void {
    if (this.#options.trust().lease?.state === "active") this.#changed({ state: "suspended", why });
  }

  /** The window in front now. A program that comes there and that no rule names is a surprise. */
  sawFront(window: SeenWindow | null): void {
    const names = programNames(window);
    if (names.length === 0) return;
    const before = this.#front;
    this.#front = names.join("\n");
    if (before === null || before === this.#front || this.#isNamed(names)) return;
    this.surprise(`${names[0]} came to the front, and no rule names it.`);
  }

  /** What the operator did to the lease; words when it can't be done. */
  lease(verb: LeaseVerb): string | null {
    const { lease, mode } = this.#options.trust();
    if (lease === null) return "Nothing is approved by rules in this session.";
    const now = leaseNow(lease, this.#options.now());
    switch (verb) {
      case "extend": {
        if (now.state === "suspended") this.#changed({ state: "active", why: null });
        else {
          const granted = mode?.kind === "policy" ? amountsOf(mode.policy.lease) : UNBOUNDED;
          this.#changed({ state: "active", why: null, granted, restarted: true });
        }
        return null;
      }
      case "narrow":
        if (Object.values(lease.granted).every((amount) => amount === null))
          return "This lease has no bounds to narrow.";
        this.#changed({ state: lease.state, why: lease.why, granted: halved(lease, this.#options.now()) });
        return null;
      case "suspend":
        if (now.state !== "active") return "Nothing is approved by rules at the moment.";
        this.#changed({ state: "suspended", why: "You asked to be asked." });
        return null;
    }
  }

  /** Adds a rule of the operator's to this session; words when it can't be. */
  addRule(rule: Rule): string | null {
    const { mode } = this;
    if (mode.kind === "look" || mode.kind === "watch") return "In this mode no rule can allow anything.";
    const rules = rulesOf(mode);
    if (rules.length >= 500) return "This session has 500 rules; it can't have more.";
    if (rules.some(({ id }) => id === rule.id)) return `This session has a rule "${rule.id}" already.`;
    const more = [...rules, rule];
    const next: Mode =
      mode.kind === "policy" ? { ...mode, policy: { ...mode.policy, rules: more } } : { ...mode, rules: more };
    const why = `Rule "${rule.id}" was added to this session.`;
    this.#options.emit({ type: "policy.changed", body: { mode: next, why } });
    return null;
  }

  #isNamed(names: readonly string[]): boolean {
    return rulesOf(this.mode).some(
      ({ effect, app = [] }) =>
        effect !== "deny" && app.some((glob) => names.some((name) => globMatches(glob.toLowerCase(), name))),
    );
  }

  #changed(body: EventBodies["lease.changed"]): void {
    this.#options.emit({ type: "lease.changed", body });
  }
}

/** The state without the action that has just begun. */
function without(trust: TrustView, begun: Begun): TrustView {
  const automatic = begun.by === "policy" ? 1 : 0;
  const rule = begun.by === "policy" ? begun.rule : null;
  const uses = rule === null ? trust.uses : { ...trust.uses, [rule]: Math.max(0, (trust.uses[rule] ?? 0) - 1) };
  const { lease } = trust;
  if (lease === null) return { ...trust, uses };
  const actions = Math.max(0, lease.actions - 1);
  return { ...trust, uses, lease: { ...lease, actions, consecutive: Math.max(0, lease.consecutive - automatic) } };
}
