import { newId } from "./api-error.ts";
import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { type ModelFacts, TOOLSET } from "./models.ts";
import type { Part, RawCallPart, ScriptedTurn, ScriptRequest } from "./script.ts";
import { extendPrefix, prefixOf, signSummary, signThinking } from "./signature.ts";
import { type InputUsage, textTokens } from "./usage.ts";

/** One block of a reply: as it stands when whole, and for a tool_use the JSON text its input is streamed as. */
export type ReplyBlock = { readonly block: JsonObject; readonly json: string | null; readonly broken: boolean };

export type Reply = {
  readonly id: string;
  readonly model: string;
  readonly blocks: readonly ReplyBlock[];
  readonly stopReason: string;
  readonly stopSequence: string | null;
  readonly stopDetails: JsonObject | null;
  readonly input: InputUsage;
  readonly outputTokens: number;
  readonly thinkingTokens: number;
};

/** How thinking comes back: as text, as an empty text with a signature, or not at all. */
function thinkingShown(body: JsonObject, facts: ModelFacts): "text" | "empty" | "none" {
  const config = isObject(body.thinking) ? body.thinking : {};
  if (config.type === "disabled") return "none";
  if (config.type === undefined) return facts.thinking.includes("adaptive") ? "empty" : "none";
  if (config.type === "enabled") return config.display === "omitted" ? "empty" : "text";
  return config.display === "summarized" || config.display === "updates" ? "text" : "empty";
}

function parsed(json: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

type Call = Extract<Part, { kind: "call" | "raw_call" | "stray_call" }>;

function toolUse(part: Call, request: ScriptRequest): ReplyBlock {
  const underToolset = request.toolVersion === null || request.toolVersion === TOOLSET;
  const id = ("id" in part ? part.id : undefined) ?? newId("toolu");
  if (part.kind === "raw_call") return rawToolUse(part, id, underToolset);
  const asMember = underToolset === (part.kind === "call");
  const input = asMember ? part.input : { action: part.member, ...part.input };
  const block = asMember
    ? { type: "tool_use", id, name: part.member, toolset_name: "computer", input }
    : { type: "tool_use", id, name: "computer", input };
  return { block, json: JSON.stringify(input), broken: false };
}

function rawToolUse(part: RawCallPart, id: string, underToolset: boolean): ReplyBlock {
  const moved = part.toolsetName !== null && !underToolset;
  const json = moved ? withAction(part.name, part.json) : part.json;
  const input = parsed(json);
  const block = {
    type: "tool_use",
    id,
    name: moved ? "computer" : part.name,
    input: input ?? {},
    ...(moved || part.toolsetName === null ? {} : { toolset_name: part.toolsetName }),
  };
  return { block, json, broken: input === null };
}

/** The action as the first field of an object's JSON text, which may end anywhere; other texts stay as they are. */
function withAction(action: string, json: string): string {
  const fields = /^\s*\{\s*/.exec(json);
  if (fields === null) return json;
  const rest = json.slice(fields[0].length);
  return `{"action":${JSON.stringify(action)}${rest === "" || rest.startsWith("}") ? "" : ","}${rest}`;
}

/** Turns a scripted turn into the reply to this request: wire shapes, ids, signatures, token counts. */
export function makeReply(turn: ScriptedTurn, request: ScriptRequest, facts: ModelFacts, input: InputUsage): Reply {
  const shown = thinkingShown(request.body, facts);
  let prefix = prefixOf(request.body);
  let outputTokens = 4;
  let thinkingTokens = 0;
  const blocks: ReplyBlock[] = [];
  for (const part of turn.parts) {
    if (part.kind === "thinking") {
      if (shown === "none") continue;
      const words = shown === "text" ? part.text : "";
      thinkingTokens += textTokens(part.text) + 6;
      blocks.push({
        block: { type: "thinking", thinking: words, signature: signThinking(prefix, words) },
        json: null,
        broken: false,
      });
    } else if (part.kind === "text") {
      outputTokens += textTokens(part.text);
      blocks.push({ block: { type: "text", text: part.text }, json: null, broken: false });
    } else if (part.kind === "compaction") {
      outputTokens += textTokens(part.text ?? "");
      const signature = part.text === null ? null : signSummary(part.text);
      blocks.push({
        block: { type: "compaction", content: part.text, encrypted_content: null, signature },
        json: null,
        broken: false,
      });
    } else {
      const made = toolUse(part, request);
      outputTokens += 20 + textTokens(made.json ?? "");
      blocks.push(made);
    }
    const last = blocks.at(-1);
    if (last !== undefined) prefix = extendPrefix(prefix, "assistant", last.block);
  }
  const hasCall = blocks.some(({ json }) => json !== null);
  return {
    id: newId("msg"),
    model: String(request.body.model),
    blocks,
    stopReason: turn.stopReason ?? (hasCall ? "tool_use" : "end_turn"),
    stopSequence: turn.stopSequence ?? null,
    stopDetails: turn.stopDetails ?? null,
    input,
    outputTokens: outputTokens + thinkingTokens,
    thinkingTokens,
  };
}

function usageOf(reply: Reply, outputTokens: number): JsonObject {
  const { input, cacheRead, cacheWrite } = reply.input;
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    service_tier: "standard",
    inference_geo: null,
  };
}

/** What context editing did to the request; null when the request asked for none. */
function editsOf({ input: { cleared } }: Reply): JsonObject | null {
  if (cleared === null) return null;
  if (cleared.toolUses === 0) return { applied_edits: [] };
  const { toolUses, tokens } = cleared;
  const type = "clear_tool_uses_20250919";
  return { applied_edits: [{ type, cleared_tool_uses: toolUses, cleared_input_tokens: tokens }] };
}

/** The whole message as JSON: the answer without `stream`. A broken input goes out as an empty object. */
export function wholeMessage(reply: Reply): JsonObject {
  return {
    id: reply.id,
    type: "message",
    role: "assistant",
    model: reply.model,
    content: reply.blocks.map(({ block }) => block),
    stop_reason: reply.stopReason,
    stop_sequence: reply.stopSequence,
    stop_details: reply.stopDetails,
    container: null,
    context_management: editsOf(reply),
    usage: { ...usageOf(reply, reply.outputTokens), output_tokens_details: { thinking_tokens: reply.thinkingTokens } },
  };
}

export type SseEvent = { readonly event: string; readonly data: JsonObject; readonly isDelta: boolean };

function sse(data: JsonObject): SseEvent {
  return { event: String(data.type), data, isDelta: data.type === "content_block_delta" };
}

/** Cuts a text into pieces of a few words, never inside a surrogate pair. */
function pieces(value: string, length: number): string[] {
  const out: string[] = [];
  let piece = "";
  for (const character of value) {
    piece += character;
    if (piece.length < length) continue;
    out.push(piece);
    piece = "";
  }
  if (piece !== "") out.push(piece);
  return out;
}

/** The same message as the SSE events of a stream, in the API's order. */
export function streamEvents(reply: Reply): SseEvent[] {
  const start = {
    ...wholeMessage(reply),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: usageOf(reply, 1),
  };
  const events: SseEvent[] = [sse({ type: "message_start", message: start })];
  reply.blocks.forEach(({ block, json }, index) => {
    const delta = (value: JsonObject): void => {
      events.push(sse({ type: "content_block_delta", index, delta: value }));
    };
    const open = (value: JsonObject): void => {
      events.push(sse({ type: "content_block_start", index, content_block: value }));
      if (index === 0) events.push(sse({ type: "ping" }));
    };
    if (json !== null) {
      open({ ...block, input: {} });
      for (const piece of ["", ...pieces(json, 11)]) delta({ type: "input_json_delta", partial_json: piece });
    } else if (block.type === "thinking") {
      open({ type: "thinking", thinking: "", signature: "" });
      for (const piece of pieces(String(block.thinking), 18)) delta({ type: "thinking_delta", thinking: piece });
      delta({ type: "signature_delta", signature: block.signature });
    } else if (block.type === "compaction") {
      open({ type: "compaction", content: null, encrypted_content: null, signature: null });
      delta({ type: "compaction_delta", content: block.content, encrypted_content: null });
      delta({ type: "signature_delta", signature: block.signature });
    } else {
      open({ type: "text", text: "" });
      for (const piece of pieces(String(block.text), 14)) delta({ type: "text_delta", text: piece });
    }
    events.push(sse({ type: "content_block_stop", index }));
  });
  events.push(
    sse({
      type: "message_delta",
      delta: {
        stop_reason: reply.stopReason,
        stop_sequence: reply.stopSequence,
        stop_details: reply.stopDetails,
        container: null,
      },
      usage: {
        ...usageOf(reply, reply.outputTokens),
        output_tokens_details: { thinking_tokens: reply.thinkingTokens },
      },
      context_management: editsOf(reply),
    }),
    sse({ type: "message_stop" }),
  );
  return events;
}
