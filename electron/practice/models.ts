/**
 * What each model accepts, as the public documentation of 2026-11 has it. On purpose not the app's own table
 * (`shared/model.ts`): a mistake there has to meet a server that knows better.
 */
export type ToolType = "computer_toolset_20260801" | "computer_20251124" | "computer_20250124" | "computer_20241022";

export const TOOLSET: ToolType = "computer_toolset_20260801";

/** The `anthropic-beta` value an older tool version needs; null for the toolset. */
export const TOOL_BETA: Readonly<Record<ToolType, string | null>> = {
  computer_toolset_20260801: null,
  computer_20251124: "computer-use-2025-11-24",
  computer_20250124: "computer-use-2025-01-24",
  computer_20241022: "computer-use-2024-10-22",
};

/** Input tokens of the tool definition itself. */
export const TOOL_TOKENS: Readonly<Record<ToolType, number>> = {
  computer_toolset_20260801: 4500,
  computer_20251124: 735,
  computer_20250124: 735,
  computer_20241022: 683,
};

/** The 17 members of the toolset, in the SDK's order. */
export const MEMBERS = [
  "key",
  "hold_key",
  "type",
  "cursor_position",
  "mouse_move",
  "left_mouse_down",
  "left_mouse_up",
  "left_click",
  "left_click_drag",
  "right_click",
  "middle_click",
  "double_click",
  "triple_click",
  "scroll",
  "wait",
  "screenshot",
  "zoom",
] as const;

export type Member = (typeof MEMBERS)[number];

/** What a tool version can be asked for; zooming must be switched on besides. */
export const TOOL_MEMBERS: Readonly<Record<ToolType, readonly Member[]>> = {
  computer_toolset_20260801: MEMBERS,
  computer_20251124: MEMBERS,
  computer_20250124: MEMBERS.filter((member) => member !== "zoom"),
  computer_20241022: [
    "key",
    "type",
    "cursor_position",
    "mouse_move",
    "left_click",
    "left_click_drag",
    "right_click",
    "middle_click",
    "double_click",
    "screenshot",
  ],
};

/** Image limits of a model: px of the longer side, and visual tokens (28 px tiles). */
export type Tier = { readonly longEdge: number; readonly visualTokens: number };

const HIGH_TIER: Tier = { longEdge: 2576, visualTokens: 4784 };
const LOW_TIER: Tier = { longEdge: 1568, visualTokens: 1568 };

export type ModelFacts = {
  readonly tools: readonly ToolType[];
  readonly tier: Tier;
  /** Accepted `thinking.type` values. */
  readonly thinking: readonly ("adaptive" | "enabled" | "disabled" | "between_tools")[];
  /** Takes `output_config.effort`. */
  readonly effort: boolean;
  /** Thinking blocks are bound to everything before them. */
  readonly binds: boolean;
  /** The largest `max_tokens`. */
  readonly maxOutput: number;
};

const ADAPTIVE = ["adaptive", "between_tools", "disabled"] as const;
const ALWAYS = ["adaptive", "between_tools"] as const;
const BUDGET = ["enabled", "disabled"] as const;

function newest(thinking: ModelFacts["thinking"]): ModelFacts {
  return { tools: [TOOLSET], tier: HIGH_TIER, thinking, effort: true, binds: true, maxOutput: 128_000 };
}
function both(thinking: ModelFacts["thinking"]): ModelFacts {
  return { ...newest(thinking), tools: [TOOLSET, "computer_20251124"], binds: false };
}
function single(tool: ToolType, maxOutput: number): ModelFacts {
  return { tools: [tool], tier: LOW_TIER, thinking: BUDGET, effort: false, binds: false, maxOutput };
}
const nov = single("computer_20251124", 128_000);

const MODELS: Readonly<Record<string, ModelFacts>> = {
  "claude-opus-5-5": newest(ALWAYS),
  "claude-sonnet-5-5": newest(ADAPTIVE),
  "claude-haiku-5-5": newest(ADAPTIVE),
  "claude-fable-5-1": newest(ALWAYS),
  "claude-fable-5-2": newest(ALWAYS),
  "claude-mythos-5-1": newest(ADAPTIVE),
  "claude-mythos-5-2": newest(ADAPTIVE),
  "claude-opus-5": both(ADAPTIVE),
  "claude-sonnet-5": both(ADAPTIVE),
  "claude-fable-5": both(ALWAYS),
  "claude-mythos-5": both(ADAPTIVE),
  "claude-opus-4-8": both(ADAPTIVE),
  "claude-opus-4-7": { ...nov, tier: HIGH_TIER, thinking: ADAPTIVE, effort: true },
  "claude-mythos-preview": { ...nov, thinking: ["adaptive", "enabled", "disabled"], effort: true },
  "claude-opus-4-6": { ...nov, thinking: ["adaptive", "enabled", "disabled"], effort: true },
  "claude-sonnet-4-6": { ...nov, thinking: ["adaptive", "enabled", "disabled"], effort: true },
  "claude-opus-4-5": { ...nov, effort: true, maxOutput: 64_000 },
  "claude-sonnet-4-5": single("computer_20250124", 64_000),
  "claude-haiku-4-5": single("computer_20250124", 64_000),
  "claude-opus-4-1": single("computer_20250124", 32_000),
  "claude-opus-4": single("computer_20250124", 32_000),
  "claude-opus-4-0": single("computer_20250124", 32_000),
  "claude-sonnet-4": single("computer_20250124", 64_000),
  "claude-sonnet-4-0": single("computer_20250124", 64_000),
  "claude-3-7-sonnet": single("computer_20250124", 64_000),
  "claude-3-5-sonnet": { ...single("computer_20241022", 8_192), thinking: ["disabled"] },
};

/** What a model accepts; ids may end in a date (`-20251101`) or `-latest`. Null for an unknown one. */
export function factsOf(model: string): ModelFacts | null {
  const id = model.replace(/-(\d{8}|latest)$/, "");
  return Object.hasOwn(MODELS, id) ? (MODELS[id] ?? null) : null;
}

/** The tool type of a `tools[]` entry, or null when it is none of the four computer tools. */
export function toolTypeOf(type: unknown): ToolType | null {
  return typeof type === "string" && Object.hasOwn(TOOL_BETA, type) ? (type as ToolType) : null;
}
