/** The steps of recorded sessions as a policy would have been asked about them, and what was decided then. */
import type { Action } from "../action.ts";
import type { WindowInfo } from "../digest.ts";
import type { Size } from "../geometry.ts";
import { claudesWords, riskOf } from "../risk.ts";
import type { EventType, Proposal, SessionEvent } from "../session-event.ts";
import { controlsOf, type PolicyFacts, type SeenWindow, type SeenWindows } from "./facts.ts";

/** What became of a step: by the operator, or (`passed`, `denied`, `nobody`) without one. */
export type WasDecided =
  | "approved"
  | "edited"
  | "rejected"
  | "took_over"
  | "passed"
  | "denied"
  | "nobody"
  | "undecided";

export type RecordedStep = {
  readonly session: string;
  readonly proposal: string;
  /** ISO 8601. */
  readonly at: string;
  /** Claude's own action. */
  readonly action: Action;
  readonly facts: Omit<PolicyFacts, "uses" | "lease">;
  readonly was: WasDecided;
  /** The rule that let it pass then, if one did. */
  readonly rule: string | null;
};

/** The types of event that `recordedSteps` reads. */
export const STEP_EVENTS: readonly EventType[] = [
  "session.started",
  "turn.finished",
  "action.proposed",
  "decision.made",
  "action.finished",
];

type Open = { -readonly [K in keyof RecordedStep]: RecordedStep[K] };

/** Reads one session's events, in order; other types than STEP_EVENTS are passed over. */
export function recordedSteps(events: readonly SessionEvent[]): readonly RecordedStep[] {
  const steps = new Map<string, Open>();
  let space: Size | null = null;
  let said = "";
  for (const event of events) {
    switch (event.type) {
      case "session.started":
        space = event.body.space;
        break;
      case "turn.finished":
        said = claudesWords(event.body);
        break;
      case "action.proposed": {
        const { proposal } = event.body;
        if (space === null) break;
        steps.set(proposal.id, {
          session: event.session,
          proposal: proposal.id,
          at: event.ts,
          action: proposal.action,
          facts: factsOf(proposal, space, said),
          was: "undecided",
          rule: null,
        });
        break;
      }
      case "decision.made": {
        const step = steps.get(event.body.proposal);
        if (step === undefined) break;
        const { by, decision } = event.body;
        if (by.kind === "policy") Object.assign(step, { was: "passed", rule: by.rule });
        // The first word of the operator counts: what came back later was another desktop.
        else if (step.was === "undecided" || step.was === "passed") step.was = DECIDED[decision.kind];
        break;
      }
      case "action.finished": {
        const step = steps.get(event.body.proposal);
        if (step?.was !== "undecided") break;
        if (event.body.outcome === "denied" || event.body.outcome === "nobody") step.was = event.body.outcome;
        break;
      }
      default:
        break;
    }
  }
  return [...steps.values()];
}

const DECIDED = { approve: "approved", edit: "edited", reject: "rejected", take_over: "took_over" } as const;

/** The facts a proposal was made on; what an old record lacks is unknown. */
export function factsOf(proposal: Proposal, space: Size, said: string): RecordedStep["facts"] {
  const windows = proposal.windows ?? oldWindows(proposal);
  const { display, cursor, password = false } = proposal;
  const risk = riskOf(proposal.action, {
    window: proposal.window,
    target: proposal.target,
    controls: controlsOf(proposal.action, proposal),
    said,
    returned: false,
  });
  return { windows, cursor, space, display, risk: risk.level, password };
}

function oldWindows({ window, target }: Proposal): SeenWindows {
  return { focus: oldWindow(window), points: [oldWindow(target)] };
}

function oldWindow(window: WindowInfo | null): SeenWindow | null {
  return window === null ? null : { ...window, exe: null, bounds: null };
}
