/**
 * The models: tool version, image tier, thinking style, output limit and prices, in one table.
 * Source: Anthropic's public documentation as of MODELS_DATE (docs: models, computer use, pricing).
 */
import type { ImageTier } from "./geometry.ts";

/** The day the table below was last compared with the documentation. */
export const MODELS_DATE = "2026-11-19";

export const TOOL_VERSIONS = [
  "computer_toolset_20260801",
  "computer_20251124",
  "computer_20250124",
  "computer_20241022",
] as const;
export type ToolVersion = (typeof TOOL_VERSIONS)[number];

export const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;
export type Effort = (typeof EFFORTS)[number];

/** How a model is asked to think aloud: by itself (with an effort), with a token budget, or not at all. */
export type ThinkingStyle = "adaptive" | "budget" | "none";

/** USD per million tokens. */
export type Prices = {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
};

export type Model = {
  readonly id: string;
  readonly name: string;
  /** The tool versions it takes, the preferred one first. */
  readonly toolVersions: readonly [ToolVersion, ...ToolVersion[]];
  readonly tier: ImageTier;
  readonly thinking: ThinkingStyle;
  /** Default effort for adaptive thinking; null where the API takes none. */
  readonly effort: Effort | null;
  /** `max_tokens` of a request: thinking and answer together. */
  readonly maxTokens: number;
  /** Prices for prompts up to `longPromptFrom` tokens; null where unknown (then tokens are shown, and no price). */
  readonly prices: Prices | null;
  /** Prices of a request whose whole prompt is longer than `from` tokens, where they differ. */
  readonly longPrompt: { readonly from: number; readonly prices: Prices } | null;
};

/** Long edge and visual tokens of Opus 4.7 and later, and of every model with the toolset. */
export const HIGH_TIER: ImageTier = { longEdge: 2576, maxTokens: 4784 };
/** The same for earlier models (about 1.15 megapixels). */
export const LOW_TIER: ImageTier = { longEdge: 1568, maxTokens: 1568 };

/** The `anthropic-beta` header a tool version needs; null for none. */
export const BETA_HEADERS: Readonly<Record<ToolVersion, string | null>> = {
  computer_toolset_20260801: null,
  computer_20251124: "computer-use-2025-11-24",
  computer_20250124: "computer-use-2025-01-24",
  computer_20241022: "computer-use-2024-10-22",
};

/** Cache writes cost 1.25 times the input price, reads a tenth, unless the price list gives them. */
function prices(input: number, output: number, cacheWrite = input * 1.25, cacheRead = input * 0.1): Prices {
  return { input, output, cacheWrite, cacheRead };
}

const TOOLSET = ["computer_toolset_20260801"] as const;
const BOTH = ["computer_toolset_20260801", "computer_20251124"] as const;
const V2025_11 = ["computer_20251124"] as const;
const V2025_01 = ["computer_20250124"] as const;

type Row = Omit<Model, "id" | "name" | "longPrompt" | "effort" | "maxTokens"> &
  Partial<Pick<Model, "longPrompt" | "effort" | "maxTokens">>;

function model(id: string, name: string, row: Row): Model {
  return { id, name, longPrompt: null, effort: row.thinking === "adaptive" ? "high" : null, maxTokens: 16_000, ...row };
}

/** Every model the app offers, the recommended one first. */
export const MODELS: readonly Model[] = [
  model("claude-opus-5-5", "Claude Opus 5.5", {
    toolVersions: TOOLSET,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: prices(4, 20, 5, 0.2),
  }),
  model("claude-sonnet-5-5", "Claude Sonnet 5.5", {
    toolVersions: TOOLSET,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: prices(2, 10, 2.5, 0.2),
  }),
  model("claude-haiku-5-5", "Claude Haiku 5.5", {
    toolVersions: TOOLSET,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: prices(0.1, 0.5),
    longPrompt: { from: 100_000, prices: prices(0.5, 2.5) },
  }),
  ...(["5-2", "5-1"] as const).flatMap((v) => [
    model(`claude-fable-${v}`, `Claude Fable ${v.replace("-", ".")}`, {
      toolVersions: TOOLSET,
      tier: HIGH_TIER,
      thinking: "adaptive",
      prices: prices(10, 50),
    }),
    model(`claude-mythos-${v}`, `Claude Mythos ${v.replace("-", ".")}`, {
      toolVersions: TOOLSET,
      tier: HIGH_TIER,
      thinking: "adaptive",
      prices: null,
    }),
  ]),
  model("claude-opus-5", "Claude Opus 5", {
    toolVersions: BOTH,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: prices(5, 25, 6.25, 0.5),
  }),
  model("claude-sonnet-5", "Claude Sonnet 5", {
    toolVersions: BOTH,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: prices(2, 10, 2.5, 0.2),
  }),
  model("claude-fable-5", "Claude Fable 5", {
    toolVersions: BOTH,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: prices(10, 50),
  }),
  model("claude-mythos-5", "Claude Mythos 5", {
    toolVersions: BOTH,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: null,
  }),
  model("claude-opus-4-8", "Claude Opus 4.8", {
    toolVersions: BOTH,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: prices(5, 25),
  }),
  model("claude-opus-4-7", "Claude Opus 4.7", {
    toolVersions: V2025_11,
    tier: HIGH_TIER,
    thinking: "adaptive",
    prices: prices(5, 25),
  }),
  model("claude-opus-4-6", "Claude Opus 4.6", {
    toolVersions: V2025_11,
    tier: LOW_TIER,
    thinking: "adaptive",
    prices: prices(5, 25),
  }),
  model("claude-sonnet-4-6", "Claude Sonnet 4.6", {
    toolVersions: V2025_11,
    tier: LOW_TIER,
    thinking: "adaptive",
    prices: prices(3, 15),
  }),
  model("claude-opus-4-5", "Claude Opus 4.5", {
    toolVersions: V2025_11,
    tier: LOW_TIER,
    thinking: "budget",
    prices: prices(5, 25),
  }),
  model("claude-sonnet-4-5", "Claude Sonnet 4.5", {
    toolVersions: V2025_01,
    tier: LOW_TIER,
    thinking: "budget",
    prices: prices(3, 15),
  }),
  model("claude-haiku-4-5", "Claude Haiku 4.5", {
    toolVersions: V2025_01,
    tier: LOW_TIER,
    thinking: "budget",
    prices: prices(1, 5),
  }),
];

/** The model a new session is offered. */
export const DEFAULT_MODEL = "claude-opus-5-5";

/** The table's row for a model id, or null when it is not in the table. */
export function modelById(id: string): Model | null {
  return MODELS.find((row) => row.id === id) ?? null;
}

/** How an unknown model of a tool version is spoken to: what the versions' own models have in common. */
const CUSTOM: Readonly<Record<ToolVersion, Pick<Model, "tier" | "thinking"> & Partial<Pick<Model, "maxTokens">>>> = {
  computer_toolset_20260801: { tier: HIGH_TIER, thinking: "adaptive" },
  computer_20251124: { tier: LOW_TIER, thinking: "adaptive" },
  computer_20250124: { tier: LOW_TIER, thinking: "budget" },
  // Its models write 8,192 tokens at most, and the API refuses to be asked for more.
  computer_20241022: { tier: LOW_TIER, thinking: "none", maxTokens: 8192 },
};

/** What a session would be run with, or why it can't be. */
export type ModelChoice =
  | { readonly ok: true; readonly model: Model; readonly toolVersion: ToolVersion }
  | { readonly ok: false; readonly error: string };

/**
 * The model and tool version for a session. `toolVersion` null takes the model's preferred one; a model that is not in
 * the table needs it, and has no price.
 */
export function chooseModel(id: string, toolVersion: ToolVersion | null): ModelChoice {
  const known = modelById(id);
  if (known !== null) {
    const version = toolVersion ?? known.toolVersions[0];
    if (known.toolVersions.includes(version)) return { ok: true, model: known, toolVersion: version };
    return { ok: false, error: `toolVersion: ${known.name} takes ${known.toolVersions.join(" or ")}, not ${version}` };
  }
  if (toolVersion === null) return { ok: false, error: `model: "${id}" is not known; choose its tool version by hand` };
  const row = { toolVersions: [toolVersion], ...CUSTOM[toolVersion], prices: null } as const;
  return { ok: true, model: model(id, id, row), toolVersion };
}

/** Tokens of one or more API replies, as the API counts them. */
export type Usage = {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
};

export const NO_USAGE: Usage = { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    cacheRead: a.cacheRead + b.cacheRead,
  };
}

/** USD for one request's usage, or null for a model without a price. */
export function costOf(modelId: string, usage: Usage): number | null {
  const row = modelById(modelId);
  if (row === null || row.prices === null) return null;
  const prompt = usage.input + usage.cacheWrite + usage.cacheRead;
  const p = row.longPrompt !== null && prompt > row.longPrompt.from ? row.longPrompt.prices : row.prices;
  return (
    (usage.input * p.input +
      usage.output * p.output +
      usage.cacheWrite * p.cacheWrite +
      usage.cacheRead * p.cacheRead) /
    1e6
  );
}
