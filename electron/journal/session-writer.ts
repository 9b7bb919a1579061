/** The one writer of one session: chains its events, keeps its folded view, commits both at once. */
import type { DatabaseSync } from "node:sqlite";
import type { ImageRef } from "../../shared/digest.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import type { StoredEvent } from "../../shared/session-event.ts";
import { reduceSession, type SessionView, sessionRow } from "../../shared/session-view.ts";
import type { Blobs } from "./blobs.ts";
import { type Head, headAfter, type Link, link } from "./chain.ts";
import { type AroundCommit, giveBack, transaction } from "./database.ts";
import { addDerived } from "./derived.ts";
import { journalError } from "./errors.ts";
import { imagesOf } from "./images-of.ts";
import { JournalError, type NewEvent, type SessionJournal } from "./journal.ts";
import { addToLedger } from "./ledger.ts";
import type { LedgerFact } from "./ledger-entry.ts";
import { isPackDue, packRows } from "./packs.ts";
import type { Signer } from "./signer.ts";

/** Milliseconds since 1970. */
export type Clock = () => number;

export const ADD_EVENT =
  "INSERT INTO events (session, seq, v, ts, type, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
export const SET_ROW = `
INSERT INTO sessions (id, started_at, ended_at, head_seq, head_hash, row) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, ended_at = excluded.ended_at,
  head_seq = excluded.head_seq, head_hash = excluded.head_hash, row = excluded.row`;

/** What a store gives its writers. */
export type WriterParts = {
  readonly db: DatabaseSync;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly signer: Signer | null;
  readonly aroundCommit?: AroundCommit | undefined;
};

/** After these the store's own chain notes where the session stands. */
const NOTED: ReadonlySet<StoredEvent["type"]> = new Set(["turn.started", "session.paused"]);

/** Writes a session's events. A failed append leaves no trace: neither on disk nor in the view it goes on from. */
export class SessionWriter implements SessionJournal {
  readonly session: string;
  readonly #parts: WriterParts;
  #view: SessionView;
  #head: Head;

  /** @param from the view and the head of what is stored already */
  constructor(parts: WriterParts, from: { view: SessionView; head: Head }) {
    this.session = from.view.id;
    this.#parts = parts;
    this.#view = from.view;
    this.#head = from.head;
  }

  append(events: readonly NewEvent[]): readonly StoredEvent[] {
    const doing = `Writing session ${this.session}`;
    if (events.length === 0) return [];
    try {
      let view = this.#view;
      let head = this.#head;
      const links = events.map((event): Link => {
        this.#check(view, event);
        const next = link(head, this.session, event, this.#parts.clock());
        view = reduceSession(view, next.event);
        head = headAfter(next.event);
        return next;
      });
      transaction(this.#parts.db, () => this.#write(links, view, head), this.#parts.aroundCommit);
      this.#view = view;
      this.#head = head;
      if (view.endedAt !== null) giveBack(this.#parts.db);
      return links.map(({ event }) => event);
    } catch (error) {
      throw journalError(error, doing);
    }
  }

  async putImage(png: Uint8Array, ref: ImageRef): Promise<void> {
    await this.#parts.blobs.put(png, ref.sha256);
  }

  #check(view: SessionView, { type }: NewEvent): void {
    if (view.endedAt !== null)
      throw new JournalError("failed", `Session ${this.session} has ended: ${type} can't be added to it.`);
    if ((view.seq === 0) !== (type === "session.started")) {
      const problem = view.seq === 0 ? "the first event must be session.started" : "it has been started already";
      throw new JournalError("failed", `Session ${this.session}: ${problem}.`);
    }
  }

  #checkImages(event: StoredEvent): void {
    const missing = imagesOf(event).find((sha256) => !this.#parts.blobs.has(sha256));
    if (missing === undefined) return;
    throw new JournalError(
      "failed",
      `Session ${this.session}: ${event.type} names the picture ${missing}, which is not stored.`,
    );
  }

  #write(links: readonly Link[], view: SessionView, head: Head): void {
    const { db, blobs, signer } = this.#parts;
    const row = sessionRow(view);
    if (row === null) throw new JournalError("failed", `Session ${this.session} has no start.`);
    // The row first: events refer to it.
    db.prepare(SET_ROW).run(row.id, row.startedAt, row.endedAt, head.seq, head.hash, canonicalJson(row));
    const addEvent = db.prepare(ADD_EVENT);
    for (const { event, body } of links) {
      // Inside the transaction: nobody deletes a picture (store-delete.ts) between this look and the commit.
      this.#checkImages(event);
      addEvent.run(event.session, event.seq, event.v, event.ts, event.type, body, event.prevHash, event.hash);
      addDerived(db, event, (sha256) => blobs.size(sha256));
    }
    // Not while input waits for this commit.
    const waits = links.some(({ event }) => event.type === "action.started");
    if (view.endedAt !== null) packRows(db, this.session, true);
    else if (!waits && isPackDue(db, this.session, head.seq)) packRows(db, this.session, false);
    const facts = links.flatMap(({ event }) => ledgerFacts(event));
    if (facts.length > 0) addToLedger(db, facts, { ms: head.ms, signer });
  }
}

/** What the store's own chain says after an event. */
function ledgerFacts({ session, seq, hash, type }: StoredEvent): readonly LedgerFact[] {
  const body = { session, seq, hash };
  if (type === "session.started" || type === "session.ended") return [{ type, body }];
  return NOTED.has(type) ? [{ type: "session.head", body }] : [];
}
