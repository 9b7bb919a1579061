import { digestInputOf, digestOf } from "../../shared/digest.ts";
import type { Proposal } from "../../shared/session-event.ts";

/** The digest of a card, by the browser's own SHA-256 (only there in a secure context). */
export function digestOfCard(session: string, proposal: Proposal): Promise<string> {
  return digestOf(digestInputOf(session, proposal), sha256Hex);
}

async function sha256Hex(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
