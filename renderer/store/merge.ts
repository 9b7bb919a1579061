/** The window's mirror of one session: folded events, plus what streams beside them. Pure. */
import type { SessionEvent, StreamUpdate } from "../../shared/session-event.ts";
import { emptySession, reduceSession, type SessionPhase, type SessionView } from "../../shared/session-view.ts";

/** What streams of the running turn or action, and is void once an event tells the same for good. */
export type Live = {
  readonly turn: number;
  /** False when this window opened in the middle of the turn: the beginning comes with the finished turn. */
  readonly whole: boolean;
  readonly thinking: string;
  readonly text: string;
  /** The proposal whose precheck is running. */
  readonly checking: string | null;
  readonly running: { readonly proposal: string; readonly done: number; readonly total: number } | null;
};

export type Mirror = {
  readonly view: SessionView;
  /** When the phase of now began (the time of its event, ISO 8601); null before the first event. */
  readonly since: string | null;
  readonly live: Live | null;
};

/** How events came: pushed as they happened, or fetched because some were missing. */
export type Delivery = "pushed" | "fetched";

export function emptyMirror(id: string): Mirror {
  return { view: emptySession(id), since: null, live: null };
}

/**
 * Folds a delivery into the mirror. Known events change nothing, whatever the order and overlap of deliveries;
 * `missing` says that events between the mirror and this delivery have to be fetched (after `mirror.view.seq`).
 */
export function mergeEvents(
  mirror: Mirror,
  events: readonly SessionEvent[],
  delivery: Delivery,
): { readonly mirror: Mirror; readonly missing: boolean } {
  let next = mirror;
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
    if (event.seq <= next.view.seq) continue;
    if (event.seq > next.view.seq + 1) return { mirror: next, missing: true };
    const view = reduceSession(next.view, event);
    const same = next.since !== null && phaseKey(view.phase) === phaseKey(next.view.phase);
    next = { view, since: same ? next.since : event.ts, live: liveAfter(next.live, event, delivery) };
  }
  return { mirror: next, missing: false };
}

/** Adds one streamed update; what belongs to a turn that is over changes nothing. */
export function mergeStream(mirror: Mirror, update: StreamUpdate): Mirror {
  switch (update.kind) {
    case "checking":
      return {
        ...mirror,
        live: { ...(mirror.live ?? silent(turnOf(update.proposal))), checking: update.proposal, running: null },
      };
    case "running": {
      const running = { proposal: update.proposal, done: update.done, total: update.total };
      return { ...mirror, live: { ...(mirror.live ?? silent(turnOf(update.proposal))), checking: null, running } };
    }
    case "restart":
      return isOver(mirror.view, update.turn) ? mirror : { ...mirror, live: { ...silent(update.turn), whole: true } };
    case "thinking":
    case "text": {
      if (isOver(mirror.view, update.turn)) return mirror;
      const live = mirror.live?.turn === update.turn ? mirror.live : silent(update.turn);
      return { ...mirror, live: { ...live, [update.kind]: live[update.kind] + update.delta } };
    }
  }
}

/** What makes one wait of a phase different from the next of the same kind. */
function phaseKey(phase: SessionPhase): string {
  switch (phase.kind) {
    case "deciding":
      return `deciding ${phase.proposal} ${phase.rev}`;
    case "executing":
      return `executing ${phase.proposal}`;
    case "thinking":
    case "answered":
      return `${phase.kind} ${phase.turn}`;
    case "retrying":
      return `retrying ${phase.turn} ${phase.attempt}`;
    default:
      return phase.kind;
  }
}

function liveAfter(live: Live | null, event: SessionEvent, delivery: Delivery): Live | null {
  switch (event.type) {
    case "turn.started":
      if (delivery === "fetched" && live?.turn === event.body.turn) return live;
      return { ...silent(event.body.turn), whole: delivery === "pushed" };
    case "turn.finished":
    case "turn.failed":
    case "session.ended":
    case "action.proposed":
    case "action.returned":
    case "action.finished":
      return null;
    default:
      return live;
  }
}

function silent(turn: number): Live {
  return { turn, whole: false, thinking: "", text: "", checking: null, running: null };
}

function turnOf(proposal: string): number {
  return Number.parseInt(proposal, 10);
}

function isOver(view: SessionView, turn: number): boolean {
  const newest = view.turns.at(-1);
  if (newest === undefined || newest.turn < turn) return false;
  return newest.turn > turn || newest.endedAt !== null;
}
