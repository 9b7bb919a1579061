/** What reviewers add to a record: notes, flags, and which sessions are to be kept. Each is an entry of the ledger. */
import type { DatabaseSync } from "node:sqlite";
import type { Flag, Review, ReviewNote } from "../../shared/ipc-journal.ts";
import { transaction } from "./database.ts";
import { readEvents } from "./event-reader.ts";
import { JournalError } from "./journal.ts";
import { addToLedger, entriesOf, entriesOfType } from "./ledger.ts";
import type { LedgerEntry, LedgerFact } from "./ledger-entry.ts";
import type { Signer } from "./signer.ts";

/** What this program's own time and key are, for entries that no session writes. */
export type Author = { readonly db: DatabaseSync; readonly now: () => number; readonly signer: Signer | null };

/** A session's notes in the order they were written, its flags, and whether it is kept. */
export function reviewOf(db: DatabaseSync, session: string): Review {
  const entries = entriesOf(db, session);
  return { notes: notesOf(entries), flags: flagsOf(entries), kept: isKept(entries) };
}

/** Every flagged step, the newest flag first. */
export function allFlagged(db: DatabaseSync): readonly Flag[] {
  const sessions = new Set(
    db
      .prepare("SELECT id FROM sessions")
      .all()
      .map(({ id }) => String(id)),
  );
  const flags = flagsOf(entriesOfType(db, "step.flagged"));
  return flags.filter(({ session }) => sessions.has(session)).toReversed();
}

/** Writes down what a reviewer did. Throws a JournalError `not_found` for a session, step or note that is not there. */
export function writeReview(author: Author, fact: ReviewFact): void {
  const { db, now, signer } = author;
  transaction(db, () => {
    checkThere(db, fact);
    addToLedger(db, [fact], { ms: now(), signer });
    const { session } = fact.body;
    const { flags, kept } = reviewOf(db, session);
    db.prepare("UPDATE listing SET flags = ?, kept = ? WHERE session = ?").run(flags.length, kept ? 1 : 0, session);
  });
}

export type ReviewFact = Extract<
  LedgerFact,
  { readonly type: "note.added" | "note.removed" | "step.flagged" | "session.kept" }
>;

function checkThere(db: DatabaseSync, fact: ReviewFact): void {
  const { session } = fact.body;
  if (db.prepare("SELECT 1 FROM sessions WHERE id = ?").get(session) === undefined)
    throw new JournalError("not_found", `There is no session ${session}.`);
  if (fact.type === "note.removed") {
    const { note } = fact.body;
    if (!notesOf(entriesOf(db, session)).some(({ id }) => id === note))
      throw new JournalError("not_found", `Session ${session} has no note ${note}.`);
  }
  const step = fact.type === "note.added" || fact.type === "step.flagged" ? fact.body.step : null;
  if (step !== null && !hasStep(db, session, step))
    throw new JournalError("not_found", `Session ${session} has no step ${step}.`);
}

/** A step is there as soon as its turn's calls are. */
function hasStep(db: DatabaseSync, session: string, step: string): boolean {
  const [turn, index] = step.split(".").map(Number);
  const finished = readEvents(db, session, { types: ["turn.finished"] });
  return finished.some(
    ({ type, body }) => type === "turn.finished" && body.turn === turn && (index ?? 0) < body.calls.length,
  );
}

function notesOf(entries: readonly LedgerEntry[]): readonly ReviewNote[] {
  const notes = new Map<number, ReviewNote>();
  for (const { n, ts, ...fact } of entries) {
    if (fact.type === "note.added") notes.set(n, { id: n, at: ts, ...fact.body });
    else if (fact.type === "note.removed") notes.delete(fact.body.note);
  }
  return [...notes.values()];
}

function flagsOf(entries: readonly LedgerEntry[]): readonly Flag[] {
  const flags = new Map<string, Flag>();
  for (const { ts, ...fact } of entries) {
    if (fact.type !== "step.flagged") continue;
    const { session, step, on } = fact.body;
    flags.delete(`${session} ${step}`);
    if (on) flags.set(`${session} ${step}`, { session, step, at: ts });
  }
  return [...flags.values()];
}

function isKept(entries: readonly LedgerEntry[]): boolean {
  const last = entries.findLast((entry) => entry.type === "session.kept");
  return last?.type === "session.kept" && last.body.keep;
}
