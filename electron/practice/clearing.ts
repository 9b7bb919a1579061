/**
 * What clearing leaves of a history. The real server's way is not published; this one is the plainest that keeps the
 * documented promise that a cleared prefix can be cached again: the history is read request by request, and whenever the
 * context passes the trigger, the results that are old then are cleared for good.
 */
import { blocksOf, isObject, type JsonObject, listOf } from "./json.ts";
import type { Clearing } from "./validate-context.ts";

export type Cleared = {
  /** Blocks that count as cleared, by identity. */
  readonly blocks: ReadonlySet<unknown>;
  readonly toolUses: number;
  readonly tokens: number;
};

/** Tokens of what stands in a cleared result's place. */
export const PLACEHOLDER_TOKENS = 12;
export const PLACEHOLDER = "[cleared to save context]";

/**
 * The tool_results of a request's messages that are cleared.
 * @param tokensOf tokens of one content block
 * @param head tokens of tools and system prompt
 */
export function clearedIn(
  body: JsonObject,
  clearing: Clearing,
  head: number,
  tokensOf: (block: unknown) => number,
): Cleared {
  const blocks = new Set<unknown>();
  const open: { readonly block: unknown; readonly gain: number }[] = [];
  let context = head;
  let tokens = 0;
  for (const message of listOf(body.messages)) {
    if (!isObject(message)) continue;
    for (const block of blocksOf(message.content)) {
      const size = tokensOf(block);
      context += size;
      if (isObject(block) && block.type === "tool_result")
        open.push({ block, gain: Math.max(0, size - PLACEHOLDER_TOKENS) });
    }
    if (message.role !== "user") continue;
    const measured = clearing.trigger.of === "input_tokens" ? context : open.length;
    if (measured <= clearing.trigger.value) continue;
    const old = open.slice(0, Math.max(0, open.length - clearing.keep));
    const gain = old.reduce((sum, each) => sum + each.gain, 0);
    if (old.length === 0 || gain < clearing.clearAtLeast) continue;
    open.splice(0, old.length);
    for (const { block } of old) blocks.add(block);
    context -= gain;
    tokens += gain;
  }
  return { blocks, toolUses: blocks.size, tokens };
}
