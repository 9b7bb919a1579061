import { type DigestInput, digestOf } from "../../shared/digest.ts";
import type { Proposal } from "../../shared/session-event.ts";

/** What a card of this proposal shows, and so what a decision on it is bound to. */
export function digestInputOf(session: string, proposal: Proposal): DigestInput {
  return {
    session,
    proposal: proposal.id,
    rev: proposal.rev,
    action: proposal.action,
    screenshot: proposal.screenshot,
    now: proposal.now?.sha256 ?? null,
    display: proposal.display,
    window: proposal.window,
    cursor: proposal.cursor,
  };
}

/** The digest of a card, by the browser's own SHA-256 (only there in a secure context). */
export function digestOfCard(session: string, proposal: Proposal): Promise<string> {
  return digestOf(digestInputOf(session, proposal), sha256Hex);
}

async function sha256Hex(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
