/** Puts a streamed reply together again, exactly as the API would have sent it whole. */
import { canonicalJson, type Json } from "../../shared/jcs.ts";
import { addUsage, type Usage } from "../../shared/model.ts";
import { type Block, isBlock, type ToolUse } from "./wire/wire.ts";

/** The stream is not what the Messages API sends; nothing of it counts. */
export class MalformedReply extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedReply";
  }
}

/** A whole reply. */
export type Reply = {
  /** The message, unchanged but for tool_use inputs that no request could carry back (those become `{}`). */
  readonly message: Block;
  readonly content: readonly Block[];
  readonly stopReason: string | null;
  readonly toolUses: readonly ToolUse[];
  readonly thinking: string;
  readonly text: string;
  readonly usage: Usage;
};

type OpenBlock = { block: Block; json: string; closed: boolean };

/** Between two thinking blocks, and two text blocks, of one turn. */
const SEPARATOR = "\n\n";

/**
 * Takes the events of one stream, in order. Blocks and fields it does not know are kept, events and deltas it does not
 * know are passed over, as the API's versioning policy asks.
 */
export class ReplyReader {
  readonly #onThinking: (delta: string) => void;
  readonly #onText: (delta: string) => void;
  readonly #blocks = new Map<number, OpenBlock>();
  #message: Block | null = null;
  #thinking = "";
  #text = "";
  #lastSaid: { readonly index: number; readonly kind: "thinking" | "text" } | null = null;

  constructor(onThinking: (delta: string) => void, onText: (delta: string) => void) {
    this.#onThinking = onThinking;
    this.#onText = onText;
  }

  /** Takes the data of one SSE event; true when it was `message_stop`. Throws a MalformedReply. */
  take(data: string): boolean {
    const event = parseEvent(data);
    switch (event.type) {
      case "message_start":
        if (this.#message !== null || !isBlock(event.message))
          throw new MalformedReply("message_start came twice or without a message");
        this.#message = event.message;
        return false;
      case "content_block_start":
        this.#start(event);
        return false;
      case "content_block_delta":
        this.#delta(event);
        return false;
      case "content_block_stop":
        this.#open(event).closed = true;
        return false;
      case "message_delta":
        this.#message = mergeMessage(this.#started(), event);
        return false;
      case "message_stop":
        this.#started();
        return true;
      default:
        return false;
    }
  }

  /** The whole reply, after `message_stop`. Throws a MalformedReply. */
  finish(): Reply {
    const started = this.#started();
    const blocks = [...this.#blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
    if (blocks.some(({ closed }) => !closed)) throw new MalformedReply("the message ended inside a content block");
    const read = blocks.map(readBlock);
    const content = read.map(({ block }) => block);
    const toolUses = read.flatMap(({ toolUse }) => (toolUse === null ? [] : [toolUse]));
    if (new Set(toolUses.map(({ id }) => id)).size < toolUses.length)
      throw new MalformedReply("two tool_use blocks have the same id");
    const message = { ...started, content };
    assertCarriable({ message, inputs: toolUses.map(({ input }) => input) });
    return {
      message,
      content,
      stopReason: typeof started.stop_reason === "string" ? started.stop_reason : null,
      toolUses,
      thinking: this.#thinking,
      text: this.#text,
      usage: usageOf(started.usage),
    };
  }

  #started(): Block {
    if (this.#message === null) throw new MalformedReply("the stream does not begin with message_start");
    return this.#message;
  }

  #start(event: Block): void {
    this.#started();
    const index = indexOf(event);
    const block = event.content_block;
    if (!isBlock(block) || this.#blocks.has(index))
      throw new MalformedReply(`content block ${index} began twice or without a block`);
    this.#blocks.set(index, { block, json: "", closed: false });
    if (block.type === "thinking") this.#say("thinking", index, textIn(block, "thinking"));
    if (block.type === "text") this.#say("text", index, textIn(block, "text"));
  }

  #delta(event: Block): void {
    const delta = event.delta;
    if (!isBlock(delta)) throw new MalformedReply("a content_block_delta has no delta");
    switch (delta.type) {
      case "text_delta":
        return this.#grow(event, "text", textIn(delta, "text"));
      case "thinking_delta":
        return this.#grow(event, "thinking", textIn(delta, "thinking"));
      case "signature_delta":
        this.#change(event, (block) => ({ ...block, signature: textIn(delta, "signature") }));
        return;
      case "compaction_delta": {
        // It carries the block's final values; null content is a summary that failed.
        const { type: _type, ...values } = delta;
        this.#change(event, (block) => ({ ...block, ...values }));
        return;
      }
      case "citations_delta":
        this.#change(event, (block) => ({
          ...block,
          citations: [...(Array.isArray(block.citations) ? block.citations : []), delta.citation ?? null],
        }));
        return;
      case "input_json_delta":
        this.#open(event).json += textIn(delta, "partial_json");
        return;
    }
  }

  #grow(event: Block, field: "text" | "thinking", more: string): void {
    this.#change(event, (block) => ({ ...block, [field]: textIn(block, field) + more }));
    this.#say(field, indexOf(event), more);
  }

  #change(event: Block, change: (block: Block) => Block): void {
    const open = this.#open(event);
    open.block = change(open.block);
  }

  #open(event: Block): OpenBlock {
    const index = indexOf(event);
    const open = this.#blocks.get(index);
    if (open === undefined || open.closed) throw new MalformedReply(`content block ${index} is not open`);
    return open;
  }

  #say(kind: "thinking" | "text", index: number, words: string): void {
    if (words === "") return;
    const sofar = kind === "thinking" ? this.#thinking : this.#text;
    const fresh = this.#lastSaid?.index !== index || this.#lastSaid.kind !== kind;
    const delta = fresh && sofar !== "" ? SEPARATOR + words : words;
    this.#lastSaid = { index, kind };
    if (kind === "thinking") {
      this.#thinking += delta;
      this.#onThinking(delta);
    } else {
      this.#text += delta;
      this.#onText(delta);
    }
  }
}

function parseEvent(data: string): Block {
  let event: Json;
  try {
    event = JSON.parse(data) as Json;
  } catch {
    throw new MalformedReply("an event of the stream is not valid JSON");
  }
  if (!isBlock(event)) throw new MalformedReply("an event of the stream is not an object");
  return event;
}

function indexOf(event: Block): number {
  if (typeof event.index !== "number") throw new MalformedReply("an event of a content block has no index");
  return event.index;
}

function textIn(block: Block, field: string): string {
  const value = block[field];
  return typeof value === "string" ? value : "";
}

/** The counters of a message_delta are totals, left out or null where they don't apply. */
function mergeMessage(message: Block, event: Block): Block {
  const { type: _type, delta, usage, ...rest } = event;
  const counted = isBlock(usage) ? Object.entries(usage).filter(([, value]) => value !== null) : [];
  return {
    ...message,
    ...rest,
    ...(isBlock(delta) ? delta : {}),
    usage: { ...(isBlock(message.usage) ? message.usage : {}), ...Object.fromEntries(counted) },
  };
}

function readBlock({ block, json }: OpenBlock): { readonly block: Block; readonly toolUse: ToolUse | null } {
  if (block.type !== "tool_use")
    return { block: json === "" ? block : { ...block, input: readInput(json).input }, toolUse: null };
  if (typeof block.id !== "string" || block.id === "") throw new MalformedReply("a tool_use block has no id");
  const { input, error } = json === "" ? { input: block.input ?? {}, error: null } : readInput(json);
  // A request may carry nothing but an object here, so the history keeps `{}`; the call keeps what came.
  const kept = { ...block, input: error === null && isBlock(input) ? input : {} };
  return { block: kept, toolUse: { id: block.id, block: kept, input, inputError: error } };
}

function readInput(json: string): { readonly input: Json; readonly error: string | null } {
  try {
    return { input: JSON.parse(json) as Json, error: null };
  } catch {
    return { input: json, error: "input: is not valid JSON" };
  }
}

/** Neither a request nor the journal can carry halves of surrogate pairs. */
function assertCarriable(value: Json): void {
  try {
    canonicalJson(value);
  } catch (error) {
    throw new MalformedReply(error instanceof Error ? error.message : String(error));
  }
}

/** What a reply used. What a compaction used is told apart from it, and paid for too (`BetaIterationsUsage` of the SDK). */
function usageOf(usage: Json | undefined): Usage {
  const iterations = isBlock(usage) && Array.isArray(usage.iterations) ? usage.iterations : [];
  const compactions = iterations.filter((each) => isBlock(each) && each.type === "compaction");
  return compactions.map(countsOf).reduce(addUsage, countsOf(usage));
}

function countsOf(usage: Json | undefined): Usage {
  const count = (field: string): number => {
    const value = isBlock(usage) ? usage[field] : undefined;
    return typeof value === "number" ? value : 0;
  };
  return {
    input: count("input_tokens"),
    output: count("output_tokens"),
    cacheWrite: count("cache_creation_input_tokens"),
    cacheRead: count("cache_read_input_tokens"),
  };
}
