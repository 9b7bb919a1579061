/**
 * Epochs: a history is append-only until it nears what a request may hold; then it is summarized by the API's own
 * compaction, and a new one begins with the summary. Sources: claude-computer-use.md ("Requests that stay sendable" in
 * architecture.md), the types `BetaCompactionConfig` and `BetaCompactionBlock` of @anthropic-ai/sdk 1.11.0.
 */
import type { Message } from "./request.ts";
import type { Block } from "./wire/wire.ts";

/** No request is larger, as long as no single batch adds more than `ROOM`. The API refuses above 32 MB and 100 images. */
export const BUDGET = { bytes: 24_000_000, images: 90 } as const;
/** Kept free: what one more user message (a batch's results and their pictures) may add. */
const ROOM = { bytes: 6_000_000, images: 12 } as const;

type Weight = { readonly bytes: number; readonly images: number };

const weights = new WeakMap<Message, Weight>();

/** What a history weighs in a request: bytes of JSON, and images. Each message is looked at once. */
function weightOf(history: readonly Message[]): Weight {
  let bytes = 0;
  let images = 0;
  for (const message of history) {
    let weight = weights.get(message);
    if (weight === undefined) {
      weight = { bytes: Buffer.byteLength(JSON.stringify(message)), images: imagesIn(message.content) };
      weights.set(message, weight);
    }
    bytes += weight.bytes;
    images += weight.images;
  }
  return { bytes, images };
}

/** Whether the history has to be summarized before it goes on. A paused turn can't be: the API summarizes whole turns. */
export function needsEpoch(history: readonly Message[]): boolean {
  if (history.at(-1)?.role !== "user") return false;
  const { bytes, images } = weightOf(history);
  return bytes > BUDGET.bytes - ROOM.bytes || images > BUDGET.images - ROOM.images;
}

/** Whether a reply is a summary that takes the place of everything before it. */
export function isSummary(content: readonly Block[], stopReason: string | null): boolean {
  return (
    stopReason === "compaction" &&
    content.some(({ type, content: words }) => type === "compaction" && typeof words === "string" && words !== "")
  );
}

function imagesIn(blocks: readonly unknown[]): number {
  return blocks.reduce<number>((count, block) => {
    if (typeof block !== "object" || block === null) return count;
    if ("type" in block && block.type === "image") return count + 1;
    return count + ("content" in block && Array.isArray(block.content) ? imagesIn(block.content) : 0);
  }, 0);
}
