/** Where a reviewer stands in a replay, and what keys, the timeline and playing do to it. Pure. */

import type { Sought } from "./ends.ts";
import { type Filter, isEmpty, NO_FILTER } from "./filters.ts";
import { type Item, itemAt } from "./items.ts";
import type { TimeScale } from "./time-scale.ts";

/** Which picture of a step is looked at. `slider` draws one over the other. */
export type Side = "before" | "after" | "difference" | "slider" | "result";

/** How fast a replay plays: so many times as fast as it was, or one decision after the other. */
export const SPEEDS = [0.5, 1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number] | "decisions";

export type ReplayState = {
  /** The moment that is looked at, ms since 1970; null before anything was loaded. */
  readonly at: number | null;
  /** The key of the item that is looked at; null until there is one. */
  readonly chosen: string | null;
  readonly side: Side;
  readonly playing: boolean;
  readonly speed: Speed;
  /** Whether waits are folded on the timeline. */
  readonly folded: boolean;
  readonly filter: Filter;
  /** The ids of the steps picked one by one, to be handed on. */
  readonly picked: ReadonlySet<string>;
};

export const AT_START: ReplayState = {
  at: null,
  chosen: null,
  side: "before",
  playing: false,
  speed: 1,
  folded: true,
  filter: NO_FILTER,
  picked: new Set(),
};

/** Stands at an item. */
export function choose(state: ReplayState, item: Item): ReplayState {
  return { ...state, at: item.at, chosen: item.key };
}

/** Picks a step, or no longer; `through` does the same to all listed ones from the one that is looked at to it. */
export function pick(state: ReplayState, listed: readonly Item[], key: string, through: boolean): ReplayState {
  const on = !state.picked.has(key);
  const [here, there] = [state.chosen, key].map((each) => listed.findIndex((item) => item.key === each)) as [
    number,
    number,
  ];
  const [from, to] = here < 0 || !through ? [there, there] : [Math.min(here, there), Math.max(here, there)];
  const picked = new Set(state.picked);
  for (const item of listed.slice(from, to + 1)) {
    if (item.kind !== "step") continue;
    if (on) picked.add(item.key);
    else picked.delete(item.key);
  }
  return { ...state, picked };
}

/**
 * The steps that are handed on: those picked, in their order; else those the filter lists; null when that is all of them.
 */
export function selectedSteps(
  state: ReplayState,
  items: readonly Item[],
  listed: readonly Item[],
): readonly string[] | null {
  const some = state.picked.size > 0 ? items.filter(({ key }) => state.picked.has(key)) : listed;
  if (state.picked.size === 0 && isEmpty(state.filter)) return null;
  return some.flatMap(({ kind, key }) => (kind === "step" ? [key] : []));
}

/** Stands at a moment, at the item that was under way then. */
export function moveTo(state: ReplayState, items: readonly Item[], ms: number): ReplayState {
  const item = items[itemAt(items, ms)];
  return { ...state, at: ms, chosen: item?.key ?? state.chosen };
}

/**
 * Goes `by` items on among the listed ones, stopping at the ends. From an item that is not listed it goes to the nearest
 * listed one in that direction.
 */
export function stepBy(state: ReplayState, listed: readonly Item[], by: number): ReplayState {
  const here = listed.findIndex(({ key }) => key === state.chosen);
  const after = listed.findIndex(({ at }) => at > (state.at ?? 0));
  const from = here >= 0 ? here : (after < 0 ? listed.length : after) - (by > 0 ? 1 : 0);
  const item = listed[Math.min(listed.length - 1, Math.max(0, from + by))];
  return item === undefined ? state : choose(state, item);
}

/** After `ms` of playing at the state's speed; it stops at the end. */
export function played(state: ReplayState, items: readonly Item[], scale: TimeScale, ms: number): ReplayState {
  if (!state.playing || state.speed === "decisions") return state;
  const shown = scale.shownAt(state.at ?? scale.start) + ms * state.speed;
  const moved = moveTo(state, items, scale.momentAt(shown));
  return shown >= scale.length ? { ...moved, playing: false } : moved;
}

/** The next decided step, for playing by decisions; it stops at the last. */
export function nextDecision(state: ReplayState, items: readonly Item[]): ReplayState {
  const here = items.findIndex(({ key }) => key === state.chosen);
  const next = items.find((item, i) => i > here && item.kind === "step" && item.step.decision !== null);
  return next === undefined ? { ...state, playing: false } : choose(state, next);
}

/** Starts or stops playing; at the end it starts again from the beginning. */
export function togglePlay(state: ReplayState, items: readonly Item[], scale: TimeScale): ReplayState {
  if (state.playing) return { ...state, playing: false };
  const done = (state.at ?? scale.start) >= scale.end || state.chosen === items.at(-1)?.key;
  const from = done ? moveTo(state, items, scale.start) : state;
  return { ...from, playing: true };
}

/** The side a step is seen from while it plays: as it was, then as it became. */
export function playedSide(state: ReplayState, item: Item | null): Side {
  if (!state.playing || state.speed === "decisions" || item?.kind !== "step") return state.side;
  return item.step.after !== null && (state.at ?? 0) >= item.until ? "after" : "before";
}

/** What a key asks for; null for any other key. */
export type KeyWish =
  | { readonly kind: "step"; readonly by: number }
  | { readonly kind: "end"; readonly which: "first" | "last" }
  | { readonly kind: "play" }
  | { readonly kind: "side"; readonly side: Side }
  | { readonly kind: "seek"; readonly sought: Sought };

const KEYS: Readonly<Record<string, KeyWish>> = {
  ArrowLeft: { kind: "step", by: -1 },
  ArrowRight: { kind: "step", by: 1 },
  Home: { kind: "end", which: "first" },
  End: { kind: "end", which: "last" },
  " ": { kind: "play" },
  b: { kind: "side", side: "before" },
  a: { kind: "side", side: "after" },
  d: { kind: "side", side: "difference" },
  e: { kind: "seek", sought: "edit" },
  r: { kind: "seek", sought: "rejection" },
  x: { kind: "seek", sought: "error" },
};

export function wishOf(key: string): KeyWish | null {
  return Object.hasOwn(KEYS, key) ? (KEYS[key] ?? null) : null;
}
