/** Whether something waits for the operator, and what. Pure: told from the record alone. */
import { type SessionView, stepOf } from "./session-view.ts";

/**
 * True while a proposal is at the gate and only a person can let it pass. What a rule lets through, what is denied, what was
 * approved ahead and what nobody is there for is at the gate for a moment too, and is not meant.
 */
export function isAsked(view: SessionView): boolean {
  const { phase } = view;
  if (phase.kind !== "deciding" || view.config?.operator === false) return false;
  // What came back once is a surprise: no rule lets it pass.
  if (phase.rev > 1) return true;
  const step = stepOf(view, phase.proposal);
  return step?.verdict?.effect === "ask" && step.decision === null;
}

/** What the operator is called for when the window is not in front. */
export type Call = {
  /** Another one for each thing they are called for. */
  readonly key: string;
  readonly title: string;
  readonly body: string;
  /** Whether it waits for them; false where they are only told. */
  readonly waits: boolean;
};

/**
 * What of a session calls the operator; what rules let through calls nobody. The words say that something waits, and never
 * what to press: they may stand anywhere.
 */
export function callOf(view: SessionView): Call | null {
  const { phase } = view;
  const waits = (key: string, title: string, body: string) => ({ key, title, body, waits: true });
  switch (phase.kind) {
    case "deciding":
      return !isAsked(view)
        ? null
        : waits(`${phase.proposal} ${phase.rev}`, "A decision waits", "Claude proposes an action.");
    case "answered":
      return waits(`answered ${phase.turn}`, "Claude answered", "Reply to it, or finish the session.");
    case "paused":
      return phase.why === "operator"
        ? null
        : waits(`paused ${phase.why}`, "The session is paused", "It waits for you.");
    case "ended":
      return phase.reason === "stopped" || phase.reason === "app_closed"
        ? null
        : { key: "ended", title: "The session has ended", body: "Its record can be opened.", waits: false };
    default:
      return null;
  }
}
