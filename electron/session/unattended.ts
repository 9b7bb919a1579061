/** What a session started from the command line prints, and the exit code it ends with (design: interfaces.md). */
import { describe } from "../../shared/action.ts";
import { isAsked } from "../../shared/asked.ts";
import type { EndReason, StoredEvent } from "../../shared/session-event.ts";
import { type SessionView, stepOf } from "../../shared/session-view.ts";
import { showText } from "../../shared/visible-text.ts";

/** Bad flags, a bad policy or bad settings: nothing was started. */
export const EXIT_BAD_FLAGS = 6;

/** Ended from outside: by the operator, a signal, a closed window. */
export const STOPPED = 2;

const EXIT_CODES: Readonly<Record<EndReason, number>> = {
  finished: 0,
  error: 1,
  interrupted: 1,
  stopped: STOPPED,
  app_closed: STOPPED,
  limit: 3,
  api_error: 4,
  refused: 5,
};

/** The exit code for a session that has ended; 1 for one that has not. */
export function exitCodeOf(view: SessionView): number {
  return view.phase.kind === "ended" ? EXIT_CODES[view.phase.reason] : 1;
}

/** The line printed for an event, or null for events that say nothing to someone watching a terminal. */
export function lineFor(view: SessionView, event: StoredEvent): string | null {
  switch (event.type) {
    case "session.started":
      return `session ${event.session}: ${showText(event.body.config.task)}`;
    case "action.finished": {
      const step = stepOf(view, event.body.proposal);
      const action = step?.executed ?? step?.proposal?.action ?? null;
      const sentence = action === null ? showText(step?.call.name ?? "?") : describe(action);
      const by = step?.decision == null ? "" : ` (${whoDecided(step.decision.by)})`;
      return `${event.body.proposal} ${sentence}: ${event.body.outcome}${by}${event.body.isError ? `: ${showText(event.body.text)}` : ""}`;
    }
    case "policy.evaluated":
      return isAsked(view) ? `${event.body.proposal} waits for you: ${showText(event.body.verdict.explanation)}` : null;
    case "turn.failed":
      return `turn ${event.body.turn} failed: ${showText(event.body.error.message)}`;
    case "api.retrying":
      return event.body.until === null ? null : `turn ${event.body.turn}: ${showText(event.body.reason)}; trying again`;
    case "limit.reached":
      return `limit reached: ${event.body.limit} ${event.body.value}`;
    case "lease.changed":
      return event.body.state === "active"
        ? null
        : `auto-approval ${event.body.state}: ${showText(event.body.why ?? "")}`;
    case "session.ended":
      return `ended: ${event.body.reason}${event.body.detail === null ? "" : `: ${showText(event.body.detail)}`}`;
    default:
      return null;
  }
}

function whoDecided(
  by: { readonly kind: "operator" } | { readonly kind: "policy"; readonly rule: string | null },
): string {
  if (by.kind === "operator") return "by the operator";
  return by.rule === null ? "by the mode" : `by rule "${by.rule}"`;
}
