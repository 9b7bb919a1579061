/** One line about an event for a terminal. Recorded text is shown with nothing hidden in it. */
import { describe } from "../../shared/action.ts";
import { assertNever } from "../../shared/assert-never.ts";
import { legible } from "../../shared/redact.ts";
import type { SessionEvent } from "../../shared/session-event.ts";
import { showText } from "../../shared/visible-text.ts";

/** What happened, in one line without control characters; empty when the type says it all. */
export function eventLine(event: SessionEvent): string {
  return clip(said(legible(event)), 160);
}

/** Recorded text in one line, made safe to print, cut to a number of characters. */
export function clip(text: string, length: number): string {
  const characters = [...showText(text)];
  return characters.length <= length ? characters.join("") : `${characters.slice(0, length - 3).join("")}...`;
}

function said(event: SessionEvent): string {
  switch (event.type) {
    case "session.started":
      return `${event.body.config.model}: ${event.body.config.task}`;
    case "session.paused":
      return words(event.body.why, event.body.detail);
    case "session.resumed":
      return "";
    case "session.stopping":
      return event.body.why;
    case "session.ended":
      return words(event.body.reason, event.body.detail);
    case "turn.started":
      return `turn ${event.body.turn}`;
    case "turn.finished": {
      const { turn, stopReason, calls, text } = event.body;
      return words(
        `turn ${turn}: ${stopReason ?? "cut"}, ${calls.length} ${calls.length === 1 ? "call" : "calls"}`,
        text || null,
      );
    }
    case "turn.failed":
      return `turn ${event.body.turn} after ${event.body.attempts} attempts: ${event.body.error.message}`;
    case "api.retrying":
      return `turn ${event.body.turn}, attempt ${event.body.attempt}: ${event.body.reason}`;
    case "action.proposed":
      return `${event.body.proposal.id} ${describe(event.body.proposal.action)}`;
    case "action.returned":
      return `${event.body.proposal.id} revision ${event.body.proposal.rev}, ${words(event.body.reason, event.body.detail)}`;
    case "action.started":
      return `${event.body.proposal} ${describe(event.body.action)}`;
    case "action.finished":
      return `${event.body.proposal} ${event.body.outcome}: ${event.body.text}`;
    case "action.interrupted":
      return `${event.body.proposal} ${event.body.detail}`;
    case "policy.evaluated":
      return `${event.body.proposal} ${event.body.verdict.effect}: ${event.body.verdict.explanation}`;
    case "decision.made": {
      const { proposal, decision, by } = event.body;
      const who = by.kind === "operator" ? "the operator" : `policy rule ${by.rule ?? "(default)"}`;
      const detail =
        decision.kind === "reject" ? decision.reason : decision.kind === "edit" ? describe(decision.action) : null;
      return words(`${proposal} ${decision.kind} by ${who}`, detail);
    }
    case "decision.refused":
      return `${event.body.proposal} ${event.body.count} times: ${event.body.reason}`;
    case "decision.withdrawn":
      return `${event.body.proposal} ${event.body.reason}`;
    case "takeover.started":
      return event.body.proposal ?? "";
    case "takeover.ended":
      return event.body.note ?? "";
    case "capture.paused":
      return "no picture is taken from here on";
    case "capture.resumed":
      return "pictures are taken again";
    case "secret.marked":
      return "typed text is kept out from here on";
    case "note.added":
      return event.body.text;
    case "limit.reached":
      return `${event.body.limit}: ${event.body.value}`;
    case "lease.changed":
      return words(event.body.state, event.body.why ?? null);
    case "policy.changed":
      return event.body.why;
    case "display.changed":
      return `${event.body.display.w}x${event.body.display.h}`;
    default:
      return assertNever(event);
  }
}

function words(first: string, more: string | null): string {
  return more === null ? first : `${first}: ${more}`;
}
