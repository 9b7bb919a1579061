/** What the full-text index holds of an event: task, thinking, answers, typed text, reasons, notes. */
import type { Action } from "../../shared/action.ts";
import type { SessionEvent } from "../../shared/session-event.ts";

export type Words = {
  readonly kind: "task" | "thinking" | "answer" | "typed" | "reason" | "note";
  readonly text: string;
};

/** The searchable texts of an event; empty ones are left out. */
export function wordsOf(event: SessionEvent): readonly Words[] {
  return all(event).filter(({ text }) => text !== "");
}

function all(event: SessionEvent): readonly Words[] {
  switch (event.type) {
    case "session.started":
      return [{ kind: "task", text: event.body.config.task }];
    case "turn.finished":
      return [
        { kind: "thinking", text: event.body.thinking },
        { kind: "answer", text: event.body.text },
      ];
    case "action.proposed":
      return typed(event.body.proposal.action);
    case "decision.made": {
      const { decision } = event.body;
      if (decision.kind === "edit") return typed(decision.action);
      return decision.kind === "reject" ? [{ kind: "reason", text: decision.reason ?? "" }] : [];
    }
    case "policy.evaluated": {
      const { effect, reason } = event.body.verdict;
      return effect === "deny" ? [{ kind: "reason", text: reason }] : [];
    }
    case "note.added":
      return [{ kind: "note", text: event.body.text }];
    case "takeover.ended":
      return [{ kind: "note", text: event.body.note ?? "" }];
    default:
      return [];
  }
}

function typed(action: Action): readonly Words[] {
  return action.action === "type" ? [{ kind: "typed", text: action.text }] : [];
}
