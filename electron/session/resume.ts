/** What a crash left behind, and what is needed to go on with it: read from the record alone. */
import type { SessionEvent } from "../../shared/session-event.ts";
import { foldSession, type SessionView } from "../../shared/session-view.ts";
import type { PastTurn } from "../claude/claude.ts";
import type { SessionJournal } from "../journal/journal.ts";
import { endOpenCalls } from "./open-calls.ts";

const DETAIL = "The app ended unexpectedly during this session.";

/**
 * Puts a session that a crash left open into a state one can go on from: every open call gets its result on record, an
 * action that was running is marked and never run again by itself, and the session is paused. A practice session is
 * closed (its scripted Claude is gone), and so is one with a secret text (Claude's own words are not on record).
 */
export function settleInterrupted(journal: SessionJournal, events: readonly SessionEvent[]): void {
  const view = foldSession(journal.session, events);
  const calls = endOpenCalls(view);
  if (view.config === null || view.config.practice || view.secret || view.phase.kind === "stopping") {
    journal.append([...calls, { type: "session.ended", body: { reason: "interrupted", detail: DETAIL } }]);
    return;
  }
  const settled = view.phase.kind === "paused" && view.phase.detail === DETAIL && calls.length === 0;
  if (settled) return;
  const hadControl =
    view.phase.kind === "takenOver" || (view.phase.kind === "paused" && view.phase.before.kind === "takenOver");
  const handedBack = [
    ...(view.captureOff ? [{ type: "capture.resumed", body: {} } as const] : []),
    { type: "takeover.ended", body: { note: null, after: null } } as const,
  ];
  const paused = { type: "session.paused", body: { why: "error", detail: DETAIL } } as const;
  journal.append([...calls, ...(hadControl ? handedBack : []), paused]);
}

/** Closes on record a session that nobody wants to go on with. */
export function closeInterrupted(journal: SessionJournal): void {
  journal.append([{ type: "session.ended", body: { reason: "interrupted", detail: DETAIL } }]);
}

/** The turns a conversation is rebuilt from, in order; a turn that was sent again counts once. */
export function pastTurns(events: readonly SessionEvent[]): readonly PastTurn[] {
  const turns = new Map<number, PastTurn>();
  for (const event of events) {
    if (event.type === "turn.started") {
      turns.set(event.body.turn, { appended: event.body.appended, message: null, stopReason: null });
    } else if (event.type === "turn.finished") {
      const { turn, message, contentText, stopReason } = event.body;
      const text = contentText === undefined ? {} : { contentText };
      turns.set(turn, { appended: turns.get(turn)?.appended ?? [], message, ...text, stopReason });
    }
  }
  return [...turns.values()];
}

/** Notes that no request has carried yet. */
export function openNotes(events: readonly SessionEvent[]): readonly string[] {
  let notes: string[] = [];
  let turn = 0;
  for (const event of events) {
    if (event.type === "note.added") notes = [...notes, event.body.text];
    // A request takes the notes along; the same one sent again takes no others.
    else if (event.type === "turn.started" && event.body.turn > turn) {
      turn = event.body.turn;
      notes = [];
    }
  }
  return notes;
}

/** The system prompt a session was started with. */
export function systemOf(events: readonly SessionEvent[]): string {
  const started = events.find((event) => event.type === "session.started");
  return started?.body.system ?? "";
}

/** Why a session can't be gone on with, in words; null when it can. */
export function whyNot(view: SessionView): string | null {
  if (view.config === null) return "The session has no beginning on record.";
  if (view.phase.kind === "ended") return "The session has ended.";
  if (view.secret)
    return "A text of this session was marked secret: Claude's own words are not on record to go on from.";
  if (view.config.where.kind !== "own") return "Only a session on a desktop of its own can be gone on with.";
  return null;
}
