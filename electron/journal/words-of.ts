/** What the full-text index holds of an event: task, thinking, answers, typed text, reasons, notes, program names. */
import type { Action } from "../../shared/action.ts";
import type { SearchKind } from "../../shared/ipc-journal.ts";
import type { Proposal, SessionEvent } from "../../shared/session-event.ts";

/** A searchable text; `step` is `<turn>.<index>`, both null for what belongs to the session as a whole. */
export type Words = {
  readonly kind: SearchKind;
  readonly text: string;
  readonly turn: number | null;
  readonly step: string | null;
};

/** The searchable texts of an event; empty ones are left out. */
export function wordsOf(event: SessionEvent): readonly Words[] {
  return all(event).filter(({ text }) => text !== "");
}

function all(event: SessionEvent): readonly Words[] {
  switch (event.type) {
    case "session.started":
      return [whole("task", event.body.config.task)];
    case "turn.finished": {
      const { turn, thinking, text } = event.body;
      return [
        { kind: "thinking", text: thinking, turn, step: null },
        { kind: "answer", text, turn, step: null },
      ];
    }
    case "action.proposed": {
      const { proposal } = event.body;
      return [...typed(proposal.id, proposal.action), ...programs(proposal)];
    }
    case "action.returned":
      return programs(event.body.proposal);
    case "decision.made": {
      const { decision, proposal } = event.body;
      if (decision.kind === "edit") return typed(proposal, decision.action);
      return decision.kind === "reject" ? [ofStep(proposal, "reason", decision.reason ?? "")] : [];
    }
    case "policy.evaluated": {
      const { effect, reason } = event.body.verdict;
      return effect === "deny" ? [ofStep(event.body.proposal, "reason", reason)] : [];
    }
    case "note.added":
      return [whole("note", event.body.text)];
    case "takeover.ended":
      return [whole("note", event.body.note ?? "")];
    default:
      return [];
  }
}

function whole(kind: SearchKind, text: string): Words {
  return { kind, text, turn: null, step: null };
}

function ofStep(step: string, kind: SearchKind, text: string): Words {
  return { kind, text, turn: Number(step.split(".")[0]), step };
}

/** A text that was marked secret is an object by now, and is not searched. */
function typed(step: string, action: Action): readonly Words[] {
  return action.action === "type" && typeof action.text === "string" ? [ofStep(step, "typed", action.text)] : [];
}

/** The program in front and the one aimed at, each with its title. */
function programs({ id, window, target }: Proposal): readonly Words[] {
  const names = [window, target].flatMap((each) => (each === null ? [] : [`${each.class}: ${each.title}`]));
  return [...new Set(names)].map((name) => ofStep(id, "program", name));
}
