/** The open sessions as a queue: which wait for the operator, the longest waiting first, and which do not. Pure. */
import { type Call, callOf } from "../../shared/asked.ts";
import { currentStep } from "../../shared/session-view.ts";
import type { Mirror } from "./merge.ts";

export type QueueEntry = {
  readonly id: string;
  readonly mirror: Mirror;
  /** Null for a session that does not wait. */
  readonly wait: Call | null;
  /** The picture its proposal is based on, or the newest one; null before the first. */
  readonly picture: string | null;
};

export type Queue = { readonly waiting: readonly QueueEntry[]; readonly others: readonly QueueEntry[] };

/** @param listed the sessions' ids in the order they began; one whose events are not here yet is left out */
export function queueOf(listed: readonly string[], mirrors: Readonly<Record<string, Mirror>>): Queue {
  const entries = listed.flatMap((id): QueueEntry[] => {
    const mirror = mirrors[id];
    if (mirror === undefined) return [];
    const { view } = mirror;
    const proposal = view.phase.kind === "deciding" ? (currentStep(view)?.proposal ?? null) : null;
    const call = callOf(view);
    const picture = proposal?.now ?? proposal?.screenshot ?? view.picture;
    return [{ id, mirror, wait: call?.waits === true ? call : null, picture: picture?.sha256 ?? null }];
  });
  return {
    waiting: entries.filter(({ wait }) => wait !== null).toSorted((a, b) => sinceOf(a) - sinceOf(b)),
    others: entries.filter(({ wait }) => wait === null),
  };
}

/** The waiting session after or before this one, round and round; null when no other waits. */
export function neighbour(waiting: readonly QueueEntry[], from: string | null, step: 1 | -1): string | null {
  const at = waiting.findIndex(({ id }) => id === from);
  const to = at < 0 ? (step === 1 ? 0 : waiting.length - 1) : (at + step + waiting.length) % waiting.length;
  const found = waiting[to]?.id ?? null;
  return found === from ? null : found;
}

function sinceOf({ mirror }: QueueEntry): number {
  return mirror.since === null ? Number.POSITIVE_INFINITY : Date.parse(mirror.since);
}
