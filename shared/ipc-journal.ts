/** The channels about what is on record: listing, searching, reviewing, keeping, checking and handing on sessions. */
import { z } from "zod";
import { proposalId, said, sessionId } from "./ipc-fields.ts";
import type { SessionRow } from "./session-view.ts";

export const SESSION_SORTS = [
  "startedAt",
  "duration",
  "task",
  "outcome",
  "steps",
  "edits",
  "rejections",
  "costUsd",
] as const;
export type SessionSort = (typeof SESSION_SORTS)[number];

/** The steps of a session to hand on, by their proposals' ids; null for all of it. */
const chosenSteps = z.array(proposalId).min(1).max(100_000).nullable();

/** How long sessions stay. Null is no limit. Kept sessions (`journal.keep`) and open ones always stay. */
export const retentionSchema = z.strictObject({
  /** Days from a session's end. */
  days: z.int().min(1).max(36_500).nullable(),
  /** GB (10^9 bytes) of pictures and events, all sessions together; the oldest go first. */
  gigabytes: z.number().positive().max(1_000_000).nullable(),
});
export type Retention = z.infer<typeof retentionSchema>;

/** What is painted black in every picture as it is captured: before Claude, the disk or an export see it. */
export const privacySchema = z.strictObject({
  /** [left, top, right, bottom), px of the session's desktop. */
  regions: z.array(z.tuple([z.int().min(0), z.int().min(0), z.int().min(1), z.int().min(1)])).max(32),
  /** Programs by class or executable, case-insensitive: all of their windows. */
  programs: z.array(said(200)).max(32),
});
export type Privacy = z.infer<typeof privacySchema>;

export const JOURNAL_REQUESTS = {
  /** The sessions list: searched over everything recorded, sorted, one stretch of it. */
  "journal.sessions": z.strictObject({
    text: z.string().max(200),
    sort: z.enum(SESSION_SORTS),
    descending: z.boolean(),
    offset: z.int().min(0),
    limit: z.int().min(1).max(10_000),
  }),
  /** Where a text was said, typed or shown as a program's name; within one session or all (null). The newest first. */
  "journal.search": z.strictObject({
    text: z.string().min(1).max(200),
    session: sessionId.nullable(),
    limit: z.int().min(1).max(1000),
  }),
  /** What reviewers noted and flagged of a session. */
  "journal.review": z.strictObject({ session: sessionId }),
  /** Every flagged step of every session, the newest flag first. */
  "journal.flagged": z.undefined(),
  /** Adds a reviewer's note to a step, or to the session (null): an event of its own, outside the session's chain. */
  "journal.note": z.strictObject({ session: sessionId, step: proposalId.nullable(), text: said(20_000) }),
  /** Takes a note back; that it was there stays on record. */
  "journal.removeNote": z.strictObject({ session: sessionId, note: z.int().min(1) }),
  "journal.flag": z.strictObject({ session: sessionId, step: proposalId, on: z.boolean() }),
  /** A kept session is never deleted by age or size. */
  "journal.keep": z.strictObject({ session: sessionId, keep: z.boolean() }),
  "journal.verify": z.strictObject({ session: sessionId }),
  /** Asks where to, then writes a zip. */
  "journal.export": z.strictObject({ session: sessionId, steps: chosenSteps, pictures: z.boolean() }),
  /** Asks where to, then writes one self-contained HTML file. */
  "journal.report": z.strictObject({ session: sessionId, steps: chosenSteps }),
  /** Asks for a zip, checks it whole, and takes the session in. */
  "journal.import": z.undefined(),
  /** Deletes a session; its tombstone stays. */
  "journal.delete": z.strictObject({ session: sessionId }),
  "journal.usage": z.undefined(),
  /** The operator's answer to how long sessions stay; nothing is deleted before there is one. */
  "retention.set": retentionSchema,
  /** Keeps typed text out of a running session's record from here on; it can't be gone on with after a crash then. */
  "session.secret": z.strictObject({ session: sessionId }),
  /** Counts from the next session on. */
  "privacy.set": privacySchema,
} as const;

/** A session in the list. */
export type ListedSession = SessionRow & {
  /** SHA-256 of the last picture of its desktop; null when it has none. */
  readonly picture: string | null;
  readonly kept: boolean;
  /** How many of its steps are flagged. */
  readonly flags: number;
};
export type SessionPage = { readonly total: number; readonly rows: readonly ListedSession[] };

export type SearchKind = "task" | "thinking" | "answer" | "typed" | "reason" | "note" | "program";

/** One place a text was found. The excerpt is `before + match + after`, plain text. */
export type SearchHit = {
  readonly session: string;
  readonly seq: number;
  readonly kind: SearchKind;
  /** The step it belongs to (`<turn>.<index>`); null when it belongs to a turn or to the session. */
  readonly step: string | null;
  readonly turn: number | null;
  readonly before: string;
  readonly match: string;
  readonly after: string;
};

export type ReviewNote = {
  /** Its number among the store's own events. */
  readonly id: number;
  readonly session: string;
  /** Null for a note on the session as a whole. */
  readonly step: string | null;
  readonly text: string;
  /** ISO 8601 UTC with ms. */
  readonly at: string;
};
export type Flag = { readonly session: string; readonly step: string; readonly at: string };
export type Review = { readonly notes: readonly ReviewNote[]; readonly flags: readonly Flag[]; readonly kept: boolean };

/** What `verify` found: all as it was written, or the first place that is not. */
export type Verified =
  | {
      readonly ok: true;
      readonly events: number;
      readonly pictures: number;
      readonly head: string;
      /** Fingerprint of the key that signed the head; null where no keychain keeps one. */
      readonly signedBy: string | null;
    }
  | { readonly ok: false; readonly where: string; readonly problem: string };

/** `file` is null when the operator closed the dialog. */
export type Saved =
  | { readonly ok: true; readonly file: string | null }
  | { readonly ok: false; readonly error: string };
export type Imported =
  | { readonly ok: true; readonly session: string | null }
  | { readonly ok: false; readonly error: string };
type Done = { readonly ok: true } | { readonly ok: false; readonly error: string };

export type Usage = {
  readonly sessions: number;
  readonly kept: number;
  /** Bytes of all pictures and of the database. */
  readonly bytes: number;
  /** Start of the oldest session; null when there is none. */
  readonly oldest: string | null;
};

export type JournalReplies = {
  "journal.sessions": SessionPage;
  "journal.search": readonly SearchHit[];
  "journal.review": Review;
  "journal.flagged": readonly Flag[];
  "journal.note": Done;
  "journal.removeNote": Done;
  "journal.flag": Done;
  "journal.keep": Done;
  "journal.verify": Verified;
  "journal.export": Saved;
  "journal.report": Saved;
  "journal.import": Imported;
  "journal.delete": Done;
  "journal.usage": Usage;
  "session.secret": Done;
  "retention.set": Done;
  "privacy.set": Done;
};

type Asked<C extends keyof typeof JOURNAL_REQUESTS> = z.infer<(typeof JOURNAL_REQUESTS)[C]>;

/** `window.countersign.journal`: the verbs about what is on record. */
export type JournalApi = {
  sessions(request: Asked<"journal.sessions">): Promise<SessionPage>;
  search(request: Asked<"journal.search">): Promise<readonly SearchHit[]>;
  review(session: string): Promise<Review>;
  flagged(): Promise<readonly Flag[]>;
  note(session: string, step: string | null, text: string): Promise<Done>;
  removeNote(session: string, note: number): Promise<Done>;
  flag(session: string, step: string, on: boolean): Promise<Done>;
  keep(session: string, keep: boolean): Promise<Done>;
  verify(session: string): Promise<Verified>;
  exportZip(request: Asked<"journal.export">): Promise<Saved>;
  report(request: Asked<"journal.report">): Promise<Saved>;
  importZip(): Promise<Imported>;
  delete(session: string): Promise<Done>;
  usage(): Promise<Usage>;
  markSecret(session: string): Promise<Done>;
  setRetention(retention: Retention): Promise<Done>;
  setPrivacy(privacy: Privacy): Promise<Done>;
};
