/** The one writer of one session: chains its events, keeps its folded view, commits both at once. */
import type { DatabaseSync } from "node:sqlite";
import type { ImageRef } from "../../shared/digest.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import type { StoredEvent } from "../../shared/session-event.ts";
import { reduceSession, type SessionView, sessionRow } from "../../shared/session-view.ts";
import type { Blobs } from "./blobs.ts";
import { type Head, headAfter, type Link, link } from "./chain.ts";
import { transaction } from "./database.ts";
import { journalError } from "./errors.ts";
import { imagesOf } from "./images-of.ts";
import { JournalError, type NewEvent, type SessionJournal } from "./journal.ts";
import { wordsOf } from "./words-of.ts";

/** Milliseconds since 1970. */
export type Clock = () => number;

const ADD_EVENT =
  "INSERT INTO events (session, seq, v, ts, type, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
const ADD_WORDS = "INSERT INTO words (text, session, seq, kind) VALUES (?, ?, ?, ?)";
const SET_ROW = `
INSERT INTO sessions (id, started_at, ended_at, head_seq, head_hash, row) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, ended_at = excluded.ended_at,
  head_seq = excluded.head_seq, head_hash = excluded.head_hash, row = excluded.row`;

/** Writes a session's events. A failed append leaves no trace: neither on disk nor in the view it goes on from. */
export class SessionWriter implements SessionJournal {
  readonly session: string;
  readonly #db: DatabaseSync;
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  #view: SessionView;
  #head: Head;

  /** @param from the view and the head of what is stored already */
  constructor(parts: { db: DatabaseSync; blobs: Blobs; clock: Clock }, from: { view: SessionView; head: Head }) {
    this.session = from.view.id;
    this.#db = parts.db;
    this.#blobs = parts.blobs;
    this.#clock = parts.clock;
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
        const next = link(head, this.session, event, this.#clock());
        this.#checkImages(next.event);
        view = reduceSession(view, next.event);
        head = headAfter(next.event);
        return next;
      });
      transaction(this.#db, () => this.#write(links, view, head));
      this.#view = view;
      this.#head = head;
      return links.map(({ event }) => event);
    } catch (error) {
      throw journalError(error, doing);
    }
  }

  async putImage(png: Uint8Array, ref: ImageRef): Promise<void> {
    await this.#blobs.put(png, ref.sha256);
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
    const missing = imagesOf(event).find((sha256) => !this.#blobs.has(sha256));
    if (missing === undefined) return;
    throw new JournalError(
      "failed",
      `Session ${this.session}: ${event.type} names the picture ${missing}, which is not stored.`,
    );
  }

  #write(links: readonly Link[], view: SessionView, head: Head): void {
    const row = sessionRow(view);
    if (row === null) throw new JournalError("failed", `Session ${this.session} has no start.`);
    // The row first: events refer to it.
    this.#db.prepare(SET_ROW).run(row.id, row.startedAt, row.endedAt, head.seq, head.hash, canonicalJson(row));
    const addEvent = this.#db.prepare(ADD_EVENT);
    for (const { event, body } of links) {
      addEvent.run(event.session, event.seq, event.v, event.ts, event.type, body, event.prevHash, event.hash);
      for (const { kind, text } of wordsOf(event))
        this.#db.prepare(ADD_WORDS).run(text, event.session, event.seq, kind);
    }
  }
}
