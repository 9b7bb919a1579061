/**
 * How far auto-approval may go before it asks again, folded from a session's events alone: main and the window compute
 * the same countdown. A session without a policy's lease has one without bounds, so that a surprise can suspend it.
 */
import type { SessionEvent } from "../session-event.ts";
import type { Lease } from "./format.ts";

/** What a lease grants; null is no bound. */
export type LeaseAmounts = {
  readonly actions: number | null;
  readonly minutes: number | null;
  readonly costUsd: number | null;
  readonly consecutive: number | null;
};

export type LeaseState = "active" | "suspended" | "ended";

/** A lease as its events left it. */
export type LeaseView = {
  readonly state: LeaseState;
  /** Why it is not active, a whole sentence. */
  readonly why: string | null;
  readonly granted: LeaseAmounts;
  /** Actions begun since it started. */
  readonly actions: number;
  /** Automatic decisions since the operator's last one. */
  readonly consecutive: number;
  /** USD since it started; null once a turn had no price. */
  readonly costUsd: number | null;
  /** ms without pauses, until `since`. */
  readonly ranMs: number;
  /** Since when it runs on (ISO 8601); null while paused. */
  readonly since: string | null;
};

/** A lease at one moment: `left` are the amounts still free, at least 0. */
export type LeaseNow = { readonly state: LeaseState; readonly why: string | null; readonly left: LeaseAmounts };

export const UNBOUNDED: LeaseAmounts = { actions: null, minutes: null, costUsd: null, consecutive: null };

/** A policy's lease as amounts. */
export function amountsOf(lease: Lease | undefined): LeaseAmounts {
  return {
    actions: lease?.actions ?? null,
    minutes: lease?.minutes ?? null,
    costUsd: lease?.costUsd ?? null,
    consecutive: lease?.consecutive ?? null,
  };
}

/** A lease that starts at `since` (ISO 8601). */
export function freshLease(granted: LeaseAmounts, since: string | null): LeaseView {
  return { state: "active", why: null, granted, actions: 0, consecutive: 0, costUsd: 0, ranMs: 0, since };
}

/** Folds one event into a lease. */
export function reduceLease(lease: LeaseView, event: SessionEvent): LeaseView {
  switch (event.type) {
    case "lease.changed": {
      const { state, why, granted, restarted } = event.body;
      if (restarted) return freshLease(granted ?? lease.granted, lease.since === null ? null : event.ts);
      return { ...lease, state, why: why ?? null, granted: granted ?? lease.granted };
    }
    case "decision.made":
      return { ...lease, consecutive: event.body.by.kind === "operator" ? 0 : lease.consecutive + 1 };
    case "action.started":
      return { ...lease, actions: lease.actions + 1 };
    case "turn.finished": {
      const { costUsd } = event.body;
      return { ...lease, costUsd: lease.costUsd === null || costUsd === null ? null : lease.costUsd + costUsd };
    }
    case "session.paused":
      return { ...lease, ranMs: ranMs(lease, Date.parse(event.ts)), since: null };
    case "session.resumed":
      return lease.since === null ? { ...lease, since: event.ts } : lease;
    default:
      return lease;
  }
}

/** The lease at `now` (ms since 1970): an active one whose amounts are used up has ended. */
export function leaseNow(lease: LeaseView, now: number): LeaseNow {
  const { granted } = lease;
  const minutes = ranMs(lease, now) / 60_000;
  const left: LeaseAmounts = {
    actions: rest(granted.actions, lease.actions),
    minutes: rest(granted.minutes, minutes),
    costUsd: rest(granted.costUsd, lease.costUsd ?? Number.POSITIVE_INFINITY),
    consecutive: rest(granted.consecutive, lease.consecutive),
  };
  if (lease.state !== "active") return { state: lease.state, why: lease.why, left };
  const why = usedUp(granted, left, lease.costUsd);
  return { state: why === null ? "active" : "ended", why, left };
}

/** The amounts when what is left of each is halved; at least one action and the time of now stay. */
export function halved(lease: LeaseView, now: number): LeaseAmounts {
  const { left } = leaseNow(lease, now);
  const half = (granted: number | null, free: number | null, whole: boolean) => {
    if (granted === null || free === null) return granted;
    return granted - (whole ? Math.floor(free / 2) : free / 2);
  };
  return {
    actions: half(lease.granted.actions, left.actions, true),
    minutes: half(lease.granted.minutes, left.minutes, false),
    costUsd: half(lease.granted.costUsd, left.costUsd, false),
    consecutive: half(lease.granted.consecutive, left.consecutive, true),
  };
}

function rest(granted: number | null, used: number): number | null {
  return granted === null ? null : Math.max(0, granted - used);
}

function ranMs(lease: LeaseView, now: number): number {
  return lease.ranMs + (lease.since === null ? 0 : Math.max(0, now - Date.parse(lease.since)));
}

function usedUp(granted: LeaseAmounts, left: LeaseAmounts, costUsd: number | null): string | null {
  if (left.actions === 0)
    return `Its ${granted.actions} ${granted.actions === 1 ? "action is" : "actions are"} used up.`;
  if (left.minutes === 0) return `Its ${granted.minutes} ${granted.minutes === 1 ? "minute is" : "minutes are"} over.`;
  if (left.costUsd === 0)
    return costUsd === null ? "The cost is not known." : `Its $${granted.costUsd?.toFixed(2)} of cost are used up.`;
  if (left.consecutive === 0) return `${granted.consecutive} automatic steps in a row, as many as it grants.`;
  return null;
}
