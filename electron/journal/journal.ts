/** What the session asks of the record. The store is store.ts (SQLite); unit tests bring one in memory. */
import type { ImageRef } from "../../shared/digest.ts";
import type { EventBodies, EventType, StoredEvent } from "../../shared/session-event.ts";

/** An event before it has a place in the chain. */
export type NewEvent = { [T in EventType]: { readonly type: T; readonly body: EventBodies[T] } }[EventType];

/** The one writer of one session. */
export interface SessionJournal {
  readonly session: string;
  /**
   * Appends events in one durable commit (on disk when it returns) and returns them as stored. Throws a JournalError
   * when they could not be written: then none was, and no action may run.
   */
  append(events: readonly NewEvent[]): readonly StoredEvent[];
  /** Stores a PNG under its SHA-256, fsynced before it resolves; storing the same picture again costs nothing. */
  putImage(png: Uint8Array, ref: ImageRef): Promise<void>;
}

/** The record could not be written or read. */
export class JournalError extends Error {
  readonly code: "full" | "readonly" | "locked" | "damaged" | "newer_format" | "not_found" | "failed";
  constructor(code: JournalError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "JournalError";
    this.code = code;
  }
}
