/** The record at the start: opened, with what an earlier run left behind brought into order. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { endLeftovers, readRecords } from "../desktop/leftovers.ts";
import { newPrivateKey, signerOf } from "../journal/signer.ts";
import { type JournalStore, openStore } from "../journal/store.ts";
import { settleInterrupted } from "../session/resume.ts";
import type { Keychain } from "../settings/keychain.ts";
import { loadSigningKey } from "../settings/signing-key.ts";

/** Opens the record of a data folder. Throws a JournalError when it can't be opened. */
export function openRecord(userData: string, keychain: Keychain): JournalStore {
  const signingKey = loadSigningKey(join(userData, "signing-key.bin"), keychain, newPrivateKey);
  return openStore(userData, { signer: signingKey === null ? null : signerOf(signingKey) });
}

/** Ends what an earlier run left running on its own desktops; how many processes that were. */
export async function clearDesktops(desktops: string): Promise<number> {
  const left = await readRecords(desktops);
  const ended = await endLeftovers(left);
  rmSync(desktops, { recursive: true, force: true });
  return ended.length;
}

/**
 * Settles the sessions that a crash left open.
 * @param onProblem told of each that can't be read, in words
 * @returns the ids of those that can be gone on with
 */
export function settleOpen(store: JournalStore, onProblem: (words: string) => void): Set<string> {
  for (const { id } of store.openSessions()) {
    try {
      settleInterrupted(store.reopenSession(id, Date.now), store.events(id));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      onProblem(`The interrupted session ${id} could not be read: ${why}`);
    }
  }
  return new Set(store.openSessions().map(({ id }) => id));
}
