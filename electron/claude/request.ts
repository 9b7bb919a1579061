/** The body of a Messages request. */
import type {
  MessageCreateParamsStreaming,
  MessageParam,
  ToolUnion,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { BETA_HEADERS, type Model, modelById, type ToolVersion } from "../../shared/model.ts";
import type { ConversationSetup } from "./claude.ts";
import type { Block, Wire } from "./wire/wire.ts";

/** One message of the history, exactly as it is sent but for cache markers. */
export type Message = { readonly role: "user" | "assistant"; readonly content: readonly Block[] };

/** The API takes four markers in a request; one is spent on system and tools. */
const MARKED_TURNS = 3;
const MARKER = { type: "ephemeral" } as const;
const MIN_BUDGET = 1024;

/**
 * Old results leave the context on the API's side: from 80,000 tokens on all but the 20 newest are cleared, at least
 * 30,000 tokens at once, so that the cache is written anew seldom. Below 100,000 tokens no model's long-prompt price
 * begins. Source: `BetaClearToolUses20250919Edit` of @anthropic-ai/sdk 1.11.0.
 */
const CLEARING = {
  edits: [
    {
      type: "clear_tool_uses_20250919",
      trigger: { type: "input_tokens", value: 80_000 },
      keep: { type: "tool_uses", value: 20 },
      clear_at_least: { type: "input_tokens", value: 30_000 },
    },
  ],
} as const;
const CLEARING_BETA = "context-management-2025-06-27";
const COMPACTION_BETA = "compact-2026-09-04";

/** The oldest tool's models know no context editing; whether a model typed in by hand does, nobody can say. */
function clears({ model, toolVersion }: ConversationSetup): boolean {
  return toolVersion !== "computer_20241022" && modelById(model.id) !== null;
}

/** A request's body beside its beta features, for the `anthropic-beta` header; null for none. */
export type ApiRequest = { readonly body: Body; readonly beta: string | null };

/** Context editing and compaction are in the SDK's beta types only; the request is the same, but for a header. */
export type Body = MessageCreateParamsStreaming & {
  readonly context_management?: typeof CLEARING;
  readonly compaction?: { readonly type: "summarize" };
};

/** The request for the next turn. `history` is not changed: cache markers are set on copies. */
export function turnRequest(setup: ConversationSetup, wire: Wire, history: readonly Message[]): ApiRequest {
  const clearing = clears(setup);
  const summarized = history[0]?.content.some(({ type }) => type === "compaction") ?? false;
  return {
    body: { ...requestBody(setup, wire, history), ...(clearing ? { context_management: CLEARING } : {}) },
    beta: betaOf(setup.toolVersion, clearing ? CLEARING_BETA : null, summarized ? COMPACTION_BETA : null),
  };
}

/** The request that has the whole history summarized; its reply takes the history's place. */
export function compactionRequest(setup: ConversationSetup, wire: Wire, history: readonly Message[]): ApiRequest {
  return {
    body: { ...requestBody(setup, wire, history), compaction: { type: "summarize" } },
    beta: betaOf(setup.toolVersion, COMPACTION_BETA),
  };
}

function betaOf(toolVersion: ToolVersion, ...more: readonly (string | null)[]): string | null {
  const betas = [BETA_HEADERS[toolVersion], ...more].filter((beta) => beta !== null);
  return betas.length === 0 ? null : betas.join(",");
}

function requestBody(setup: ConversationSetup, wire: Wire, history: readonly Message[]): MessageCreateParamsStreaming {
  return {
    model: setup.model.id,
    max_tokens: setup.model.maxTokens,
    // The marker on the system prompt covers the tools too: they come first in the prompt.
    system: [{ type: "text", text: setup.system, cache_control: MARKER }],
    // Older tools are in the SDK's beta types only; the request is the same, but for a header.
    tools: [wire.declare(setup)] as ToolUnion[],
    ...(setup.onePerTurn ? { tool_choice: { type: "auto", disable_parallel_tool_use: true } } : {}),
    // The SDK's types cover the blocks it knows; replies go back whatever they hold.
    messages: withMarkers(history) as unknown as MessageParam[],
    ...thinking(setup),
    stream: true,
  };
}

/** Without `display: "summarized"` the newer models' thinking comes back empty, and the operator has nothing to read. */
function thinking({ model, effort }: ConversationSetup): Partial<MessageCreateParamsStreaming> {
  switch (model.thinking) {
    case "adaptive":
      return {
        thinking: { type: "adaptive", display: "summarized" },
        ...(effort === null ? {} : { output_config: { effort } }),
      };
    case "budget":
      return model.maxTokens > MIN_BUDGET
        ? { thinking: { type: "enabled", budget_tokens: budgetOf(model) } }
        : { thinking: { type: "disabled" } };
    case "none":
      return {};
  }
}

/** Half of the output limit: thinking counts against it, and the answer needs the rest. */
function budgetOf(model: Model): number {
  return Math.max(MIN_BUDGET, Math.floor(model.maxTokens / 2));
}

/** Marks the last tool_result of the most recent turns, so that all before it is read from the cache next time. */
function withMarkers(history: readonly Message[]): readonly Message[] {
  let left = MARKED_TURNS;
  return history
    .toReversed()
    .map((message) => {
      const at = message.content.findLastIndex((block) => block.type === "tool_result");
      if (at < 0 || left === 0) return message;
      left -= 1;
      return {
        ...message,
        content: message.content.map((block, i) => (i === at ? { ...block, cache_control: MARKER } : block)),
      };
    })
    .toReversed();
}
