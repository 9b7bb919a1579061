/** How far a session may go by itself, folded from its events alone: the rules of now, their uses, the lease. */
import type { SessionEvent } from "../session-event.ts";
import type { Mode } from "./format.ts";
import { amountsOf, freshLease, type LeaseView, reduceLease, UNBOUNDED } from "./lease.ts";

export type TrustView = {
  /** The mode of now, with the rules the operator added since the start; null before `session.started`. */
  readonly mode: Mode | null;
  /** Actions begun by each rule's allowance, by rule id. */
  readonly uses: Readonly<Record<string, number>>;
  /** Null while no rule could allow anything. */
  readonly lease: LeaseView | null;
  /** The proposal a rule allowed, until it begins. */
  readonly allowed: { readonly proposal: string; readonly rule: string } | null;
};

export const NO_TRUST: TrustView = { mode: null, uses: {}, lease: null, allowed: null };

/** Folds one event. */
export function reduceTrust(trust: TrustView, event: SessionEvent): TrustView {
  const lease = trust.lease === null ? null : reduceLease(trust.lease, event);
  switch (event.type) {
    case "session.started": {
      const { mode } = event.body.config;
      return { ...trust, mode, lease: leaseOf(mode, event.ts) };
    }
    case "policy.changed": {
      const { mode } = event.body;
      return { ...trust, mode, lease: lease ?? leaseOf(mode, event.ts) };
    }
    case "decision.made": {
      const { by, proposal } = event.body;
      const rule = by.kind === "policy" ? by.rule : null;
      return { ...trust, lease, allowed: rule === null ? null : { proposal, rule } };
    }
    case "action.started": {
      const { allowed } = trust;
      if (allowed?.proposal !== event.body.proposal) return { ...trust, lease };
      const uses = { ...trust.uses, [allowed.rule]: (trust.uses[allowed.rule] ?? 0) + 1 };
      return { ...trust, lease, uses, allowed: null };
    }
    default:
      return lease === trust.lease ? trust : { ...trust, lease };
  }
}

function leaseOf(mode: Mode, since: string): LeaseView | null {
  if (mode.kind === "policy") return freshLease(amountsOf(mode.policy.lease), since);
  return mode.kind === "ask" && mode.rules !== undefined ? freshLease(UNBOUNDED, since) : null;
}
