import { createHash } from "node:crypto";
import { type Cleared, clearedIn, PLACEHOLDER, PLACEHOLDER_TOKENS } from "./clearing.ts";
import { decodeBase64, readImageHeader, visualTokens } from "./image-header.ts";
import { blocksOf, isObject, type JsonObject, listOf } from "./json.ts";
import { type ModelFacts, TOOL_TOKENS, toolTypeOf } from "./models.ts";
import { extendPrefix, startPrefix } from "./signature.ts";
import { clearingOf } from "./validate-context.ts";

/** Token counts of one request, as `usage` reports them: `input` is what was neither read from the cache nor written. */
export type InputUsage = {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** What was cleared before the model saw the request; null when it asked for no clearing. */
  readonly cleared: Pick<Cleared, "toolUses" | "tokens"> | null;
};

/** Tokens of a text, at four characters each. */
export function textTokens(value: string): number {
  return Math.ceil(value.length / 4);
}

function imageTokens(block: JsonObject, facts: ModelFacts): number {
  const data = isObject(block.source) && typeof block.source.data === "string" ? block.source.data : "";
  const bytes = decodeBase64(data.slice(0, 65_536 - (65_536 % 4)));
  const header = bytes === null ? null : readImageHeader(bytes);
  return header === null ? 0 : Math.min(visualTokens(header.width, header.height), facts.tier.visualTokens);
}

/** Tokens of one content block of a request. */
function blockTokens(block: unknown, facts: ModelFacts): number {
  if (!isObject(block)) return 0;
  if (block.type === "image") return imageTokens(block, facts);
  if (block.type === "tool_result") {
    return 12 + blocksOf(block.content).reduce((sum: number, part) => sum + blockTokens(part, facts), 0);
  }
  if (block.type === "tool_use") return 12 + textTokens(`${String(block.name)}${JSON.stringify(block.input)}`);
  const words = block.text ?? block.thinking ?? block.content;
  return typeof words === "string" ? textTokens(words) : 0;
}

type Step = { readonly tokens: number; readonly hash: string; readonly marked: boolean; readonly ttlMs: number };

const FIVE_MINUTES = 300_000;
/** The API looks this many blocks back from a marker for an entry written earlier. */
const LOOK_BACK = 20;
/** Shorter prompts are not cached. */
const SHORTEST = 1024;

function isMarked(block: unknown): boolean {
  return isObject(block) && block.cache_control !== undefined && block.cache_control !== null;
}

function ttlOf(block: unknown): number {
  return isObject(block) && isObject(block.cache_control) && block.cache_control.ttl === "1h"
    ? 3_600_000
    : FIVE_MINUTES;
}

/**
 * The request as a list of steps: tools and system as the first, then one per block as the model sees it, each with
 * tokens and prefix hash so far.
 */
function stepsOf(body: JsonObject, facts: ModelFacts, cleared: ReadonlySet<unknown>): Step[] {
  const head = headOf(body);
  let tokens = headTokens(body);
  let hash = startPrefix(body);
  const steps: Step[] = [
    { tokens, hash, marked: head.some(isMarked), ttlMs: Math.max(FIVE_MINUTES, ...head.map(ttlOf)) },
  ];
  for (const message of listOf(body.messages)) {
    if (!isObject(message)) continue;
    for (const block of blocksOf(message.content)) {
      const parts = isObject(block) && block.type === "tool_result" ? listOf(block.content) : [];
      const gone = cleared.has(block);
      tokens += gone ? PLACEHOLDER_TOKENS : blockTokens(block, facts);
      const seen = gone && isObject(block) ? { ...block, content: PLACEHOLDER } : block;
      hash = extendPrefix(hash, String(message.role), seen);
      steps.push({
        tokens,
        hash,
        marked: [block, ...parts].some(isMarked),
        ttlMs: Math.max(ttlOf(block), ...parts.map(ttlOf)),
      });
    }
  }
  const last = steps.at(-1);
  if (last !== undefined && isMarked(body)) steps[steps.length - 1] = { ...last, marked: true };
  return steps;
}

function headOf(body: JsonObject): readonly unknown[] {
  return [...listOf(body.tools), ...blocksOf(body.system)];
}

function headTokens(body: JsonObject): number {
  let tokens = 8;
  for (const entry of headOf(body)) {
    const tool = isObject(entry) ? toolTypeOf(entry.type) : null;
    if (tool !== null) tokens += TOOL_TOKENS[tool];
    else
      tokens +=
        isObject(entry) && entry.type === "text" ? textTokens(String(entry.text)) : textTokens(JSON.stringify(entry));
  }
  return tokens;
}

function clearedOf(body: JsonObject, facts: ModelFacts): Cleared | null {
  const clearing = clearingOf(body);
  return clearing === null ? null : clearedIn(body, clearing, headTokens(body), (block) => blockTokens(block, facts));
}

/** Input tokens of a request, after what it has cleared, without looking at the cache. */
export function countInput(body: JsonObject, facts: ModelFacts): number {
  return stepsOf(body, facts, clearedOf(body, facts)?.blocks ?? NOTHING).at(-1)?.tokens ?? 0;
}

const NOTHING: ReadonlySet<unknown> = new Set();

/**
 * The prompt cache of one server: an entry per marker, found again by an identical prefix (identical after
 * `cache_control` is removed) at most 20 blocks before a marker, for 5 minutes (or an hour) after its last use.
 */
export class PromptCache {
  readonly #entries = new Map<string, number>();
  readonly #now: () => number;

  /** `now` in ms. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Counts the request, and writes its marked prefixes. */
  use(body: JsonObject, facts: ModelFacts): InputUsage {
    const cleared = clearedOf(body, facts);
    const steps = stepsOf(body, facts, cleared?.blocks ?? NOTHING);
    const total = steps.at(-1)?.tokens ?? 0;
    const key = (step: Step): string =>
      createHash("sha256")
        .update(`${String(body.model)}\n${step.hash}`)
        .digest("hex");
    const now = this.#now();
    let read = 0;
    let write = 0;
    steps.forEach((step, i) => {
      if (!step.marked || step.tokens < SHORTEST) return;
      for (let k = i; k >= Math.max(0, i - LOOK_BACK); k -= 1) {
        const earlier = steps[k];
        const until = earlier === undefined ? undefined : this.#entries.get(key(earlier));
        if (earlier === undefined || until === undefined || until < now) continue;
        this.#entries.set(key(earlier), Math.max(until, now + step.ttlMs));
        read = Math.max(read, earlier.tokens);
        break;
      }
      write = Math.max(write, step.tokens);
    });
    for (const step of steps)
      if (step.marked && step.tokens >= SHORTEST) this.#entries.set(key(step), now + step.ttlMs);
    return { input: total - Math.max(read, write), cacheRead: read, cacheWrite: Math.max(0, write - read), cleared };
  }
}
