import type { SessionEvent } from "../../shared/session-event.ts";
import { foldSession } from "../../shared/session-view.ts";
import type { SessionJournal } from "../journal/journal.ts";
import { endOpenCalls } from "./open-calls.ts";

/** Closes on record a session that a crash left open: its calls are answered and it ends as `interrupted`. */
export function closeInterrupted(journal: SessionJournal, events: readonly SessionEvent[]): void {
  const calls = endOpenCalls(foldSession(journal.session, events));
  const detail = "The app ended unexpectedly during this session.";
  journal.append([...calls, { type: "session.ended", body: { reason: "interrupted", detail } }]);
}
