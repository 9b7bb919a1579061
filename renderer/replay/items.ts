/** What the list of a replay shows, in order: the steps, and the turns that say something themselves. Pure. */
import { type SessionView, type StepView, stepId, type TurnView } from "../../shared/session-view.ts";
import { type Told, toldBefore } from "../sessions/told.ts";
import type { Recording } from "./recording.ts";

export type StepItem = {
  readonly kind: "step";
  /** The step's id. */
  readonly key: string;
  readonly step: StepView;
  /** Its place among the steps, from 1. */
  readonly number: number;
  readonly turn: TurnView | null;
  /** When it came to be, ms since 1970. */
  readonly at: number;
  /** When it had its result; the same as `at` where that came at once. */
  readonly until: number;
};

/** A turn without steps (an answer, a failure), or one before which Claude was told something. */
export type TurnItem = {
  readonly kind: "turn";
  readonly key: string;
  readonly turn: TurnView;
  readonly told: readonly Told[];
  readonly at: number;
  readonly until: number;
};

export type Item = StepItem | TurnItem;

/** All items of a session, in the order in which they happened. */
export function itemsOf(view: SessionView, recording: Pick<Recording, "place">): readonly Item[] {
  const items: Item[] = [];
  const steps = view.steps.entries();
  let next = steps.next();
  let at = Number.NEGATIVE_INFINITY;
  let before: TurnView | null = null;
  const later = (ms: number) => {
    // Times in the order of the list, whatever the clock did.
    at = Math.max(at, ms);
    return at;
  };
  for (const turn of view.turns) {
    const told = toldBefore(turn, before);
    const began = later(Date.parse(turn.startedAt));
    if (turn.calls === 0 || told.length > 0) {
      const until = turn.endedAt === null ? began : Date.parse(turn.endedAt);
      items.push({ kind: "turn", key: `turn ${turn.turn}`, turn, told, at: began, until });
    }
    while (next.done !== true && next.value[1].turn <= turn.turn) {
      const [index, step] = next.value;
      const key = stepId(step);
      const place = recording.place(key);
      const from = later(place?.from ?? began);
      items.push({
        kind: "step",
        key,
        step,
        number: index + 1,
        turn,
        at: from,
        until: Math.max(from, place?.to ?? from),
      });
      next = steps.next();
    }
    before = turn;
  }
  return items;
}

/** The index of the item that was under way at a time (ms since 1970): the last one that had begun; -1 of none. */
export function itemAt(items: readonly Item[], ms: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.at ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low === 0 && items.length > 0 ? 0 : low - 1;
}
