/**
 * A session's events in the window, folded so that any moment of it is near: a view is kept every so many events, and a
 * moment is at most that many folds of the shared reducer away. Also what no view has: when things were, and where in
 * the chain a step is.
 */
import type { StoredEvent } from "../../shared/session-event.ts";
import {
  emptySession,
  innerPhase,
  reduceSession,
  type SessionPhase,
  type SessionView,
} from "../../shared/session-view.ts";

/** Events between two kept views: a moment costs at most as many folds. */
const EVERY = 64;

/** Whose time it was. `paused` is nobody's. */
export type Whose = "model" | "operator" | "run" | "paused" | "other";

/** A stretch of the session, ms since 1970. */
export type Span = { readonly whose: Whose; readonly from: number; readonly to: number };

/** Where a step is: its first and last event, as times (ms since 1970) and in the chain. */
export type Place = { readonly from: number; readonly to: number; readonly first: number; readonly last: number };

type Log = {
  readonly events: StoredEvent[];
  readonly times: number[];
  readonly kept: SessionView[];
  readonly spans: { whose: Whose; from: number; to: number }[];
  readonly places: Map<string, Place>;
};

/** Grows as events come; what it says of a seq it has is final. */
export class Recording {
  readonly session: string;
  readonly #log: Log;
  #view: SessionView;

  /** @param from goes on with this one, which is not appended to any more */
  constructor(session: string, from: Recording | null = null) {
    this.session = session;
    this.#view = from === null ? emptySession(session) : from.#view;
    this.#log = from === null ? { events: [], times: [], kept: [this.#view], spans: [], places: new Map() } : from.#log;
  }

  /** The same as another object, so that whoever compares objects sees that it grew. */
  renewed(): Recording {
    return new Recording(this.session, this);
  }

  /** Takes the next events; ones it has already change nothing. Throws a RangeError at a gap. */
  append(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.#view.seq) continue;
      this.#addTime(event);
      this.#view = reduceSession(this.#view, event);
      this.#log.events.push(event);
      if (this.#view.seq % EVERY === 0) this.#log.kept.push(this.#view);
    }
  }

  /** The session after its newest event here. */
  get view(): SessionView {
    return this.#view;
  }

  get events(): readonly StoredEvent[] {
    return this.#log.events;
  }

  /** The time of each event, ms since 1970, in order. */
  get times(): readonly number[] {
    return this.#log.times;
  }

  get spans(): readonly Span[] {
    return this.#log.spans;
  }

  /** Null for a step nothing was recorded of yet. */
  place(step: string): Place | null {
    return this.#log.places.get(step) ?? null;
  }

  /** The session as it was after event `seq`. */
  viewAt(seq: number): SessionView {
    const upTo = Math.max(0, Math.min(seq, this.#view.seq));
    if (upTo === this.#view.seq) return this.#view;
    const kept = this.#log.kept[Math.floor(upTo / EVERY)] ?? emptySession(this.session);
    return this.#log.events.slice(kept.seq, upTo).reduce(reduceSession, kept);
  }

  /** The newest event at a time (ms since 1970); 0 before the first. */
  seqAt(ms: number): number {
    return countUpTo(this.#log.times, ms);
  }

  /** Before the event is folded: the time since the last one belongs to the phase it ends. */
  #addTime(event: StoredEvent): void {
    // A clock that was set back must not turn the timeline round.
    const at = Math.max(this.#log.times.at(-1) ?? Number.NEGATIVE_INFINITY, Date.parse(event.ts));
    const from = this.#log.times.at(-1);
    if (from !== undefined) {
      const whose = whoseIs(this.#view.phase);
      const last = this.#log.spans.at(-1);
      if (last !== undefined && last.whose === whose) last.to = at;
      else this.#log.spans.push({ whose, from, to: at });
    }
    this.#log.times.push(at);
    const step = stepIn(event);
    if (step === null) return;
    const known = this.#log.places.get(step);
    this.#log.places.set(step, { from: known?.from ?? at, to: at, first: known?.first ?? event.seq, last: event.seq });
  }
}

/** How many of the sorted values are not above `limit`. */
export function countUpTo(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The step an event is about; null for one about the turn or the session. */
export function stepIn(event: StoredEvent): string | null {
  const body: object = event.body;
  if (!("proposal" in body)) return null;
  const { proposal } = body;
  if (typeof proposal === "string") return proposal;
  return typeof proposal === "object" && proposal !== null && "id" in proposal ? String(proposal.id) : null;
}

function whoseIs(phase: SessionPhase): Whose {
  if (phase.kind === "paused") return "paused";
  const inner = phase.kind === "takenOver" ? phase : innerPhase(phase);
  switch (inner.kind) {
    case "thinking":
    case "retrying":
      return "model";
    case "deciding":
    case "answered":
    case "takenOver":
      return "operator";
    case "executing":
      return "run";
    default:
      return "other";
  }
}
