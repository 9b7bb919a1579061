/** A request put together again from the record, for whoever reviews it. */
import type { Json } from "../../shared/jcs.ts";
import type { ConversationSetup, PastTurn } from "./claude.ts";
import { historyWith } from "./history.ts";
import { compactionRequest, turnRequest } from "./request.ts";
import { wireFor } from "./wire/wire-for.ts";

/**
 * The body of the request that asked for the last of these turns, exactly as it was sent but for its pictures, which are
 * named by their hash. The key was in a header and is in no record. Rejects with a DamagedHistory.
 * @param past every turn up to and with the one asked for, in order, that one without its reply
 * @param stopReason of the reply, when there is one: a summary was asked for by another request
 */
export async function recordedRequest(
  setup: ConversationSetup,
  past: readonly PastTurn[],
  stopReason: string | null,
): Promise<Json> {
  const wire = wireFor(setup.toolVersion);
  const { messages } = await historyWith(past, wire, (sha256) => Promise.resolve(`PNG with SHA-256 ${sha256}`));
  const make = stopReason === "compaction" ? compactionRequest : turnRequest;
  return make(setup, wire, messages).body as unknown as Json;
}
