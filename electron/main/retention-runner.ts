/** Deletes what the operator's retention no longer covers: soon after the start and every hour, never beside a session. */
import type { Retention } from "../../shared/ipc-journal.ts";
import type { JournalStore } from "../journal/store.ts";

const AFTER_START_MS = 10_000;
const EVERY_MS = 3_600_000;

export type RetentionParts = {
  readonly store: Pick<JournalStore, "retainNext" | "sweep">;
  /** Null until the operator has answered. */
  readonly retention: () => Retention | null;
  /** Whether a session runs: its appends must not have to wait. */
  readonly busy: () => boolean;
  readonly onDeleted: (session: string) => void;
  readonly onTrouble: (error: unknown) => void;
};

/** Starts the rounds; they end with the process. */
export function startRetention(parts: RetentionParts): void {
  setTimeout(() => void retentionRound(parts), AFTER_START_MS);
  setInterval(() => void retentionRound(parts), EVERY_MS);
}

/** One round: session by session, letting the window breathe in between, until all is covered or a session begins. */
export async function retentionRound({ store, retention, busy, onDeleted, onTrouble }: RetentionParts): Promise<void> {
  try {
    for (;;) {
      const limits = retention();
      if (limits === null || busy()) return;
      const deleted = store.retainNext(limits);
      if (deleted === null) break;
      onDeleted(deleted);
      await new Promise((resolve) => setImmediate(resolve));
    }
    store.sweep();
  } catch (error) {
    onTrouble(error);
  }
}
