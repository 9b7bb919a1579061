import { ApiError, refuse } from "./api-error.ts";
import { visualTokens } from "./image-header.ts";
import { blocksOf, isObject, type JsonObject, listOf } from "./json.ts";
import { factsOf, type ModelFacts, TOOLSET } from "./models.ts";
import { cacheControlAt, integerAt, objectAt, onlyFields, optionalOneOf, stringAt } from "./shape.ts";
import { checkSignatures } from "./signature.ts";
import type { PlacedImage } from "./validate-blocks.ts";
import { validateContext } from "./validate-context.ts";
import { NO_MEMORY, type ReplyMemory, validateMessages } from "./validate-messages.ts";
import { computerToolOf, declaredSizeOf, validateTools } from "./validate-tools.ts";

/** Bounds of the server; tests make them small. */
export type Limits = {
  /** Largest request body in bytes; 32 MB. */
  readonly maxBodyBytes: number;
  /** Most images in one request; the API takes 100 to 600 by model, so 100 is always safe. */
  readonly maxImages: number;
};

export const DEFAULT_LIMITS: Limits = { maxBodyBytes: 32 * 1024 * 1024, maxImages: 100 };

/** The body fields of the SDK's `MessageCreateParamsBase` (1.11.0); headers such as `betas` are not among them. */
const BODY_FIELDS = [
  "max_tokens",
  "messages",
  "model",
  "billing_policy",
  "cache_control",
  "compaction",
  "container",
  "context_management",
  "diagnostics",
  "fallback_credit_token",
  "fallbacks",
  "inference_geo",
  "mcp_servers",
  "metadata",
  "output_config",
  "output_format",
  "service_tier",
  "speed",
  "stop_sequences",
  "stream",
  "system",
  "thinking",
  "thread",
  "tool_choice",
  "tools",
];

/** Sides above this many px are refused once a request holds more than 20 images. */
const MANY_IMAGES = { above: 20, side: 2000 };
const LARGEST_SIDE = 8000;

/** A request that passed, with what the server needs to know about it. */
export type ValidRequest = {
  readonly body: JsonObject;
  readonly facts: ModelFacts;
  readonly images: readonly PlacedImage[];
};

export type ValidateOptions = {
  readonly betas?: readonly string[];
  readonly limits?: Limits;
  readonly memory?: ReplyMemory;
  /** For `count_tokens`, which needs no `max_tokens`. */
  readonly counting?: boolean;
};

/**
 * Checks a whole Messages request as strictly as the API and `claude-computer-use.md` have it, or more strictly.
 * Throws ApiError (404 for an unknown model, else 400) with a message in the API's style, e.g.
 * `messages.3.content.0: unexpected ...`. It changes nothing and remembers nothing; see ReplyMemory for what it asks.
 */
export function validateRequest(raw: unknown, options: ValidateOptions = {}): ValidRequest {
  const body = objectAt(raw, "");
  const betas = options.betas ?? [];
  onlyFields(body, "", BODY_FIELDS);
  const model = stringAt(body, "", "model");
  const facts = factsOf(model) ?? unknownModel(model);
  const maxTokens = options.counting === true ? null : integerAt(body, "", "max_tokens", 0);
  if (maxTokens !== null && maxTokens > facts.maxOutput) {
    refuse(
      "",
      `max_tokens: ${maxTokens} > ${facts.maxOutput}, which is the maximum allowed number of output tokens for ${model}`,
    );
  }
  validateSystem(body);
  const images = validateMessages(body, options.memory ?? NO_MEMORY);
  optionalOneOf(body, "", "stream", [true, false]);
  validateThinking(body, model, facts, maxTokens);
  validateOutput(body, facts);
  validateTools(body, model, facts, betas);
  validateCacheControl(body);
  validateImages(body, facts, images, options.limits ?? DEFAULT_LIMITS);
  validateContext(body, betas);
  checkSignatures(body, facts.binds);
  return { body, facts, images };
}

function unknownModel(model: string): never {
  throw new ApiError("not_found_error", `model: ${model}`);
}

function validateSystem(body: JsonObject): void {
  if (body.system === undefined || typeof body.system === "string") return;
  if (!Array.isArray(body.system)) refuse("system", "Input should be a valid array");
  listOf(body.system).forEach((value, i) => {
    const block = objectAt(value, `system.${i}`);
    onlyFields(block, `system.${i}`, ["type", "text", "cache_control", "citations"]);
    if (block.type !== "text") refuse(`system.${i}.type`, "Input should be 'text'");
    stringAt(block, `system.${i}`, "text");
    cacheControlAt(block, `system.${i}`);
  });
}

function validateThinking(body: JsonObject, model: string, facts: ModelFacts, maxTokens: number | null): void {
  if (body.thinking === undefined) {
    const forced = isObject(body.tool_choice) && (body.tool_choice.type === "any" || body.tool_choice.type === "tool");
    if (forced && !facts.thinking.includes("disabled"))
      refuse("", "Thinking may not be enabled when tool_choice forces tool use.");
    return;
  }
  const thinking = objectAt(body.thinking, "thinking");
  const type = stringAt(thinking, "thinking", "type");
  const path = `thinking.${type}`;
  if (!["adaptive", "between_tools", "disabled", "enabled"].includes(type)) {
    refuse(
      "thinking",
      `Input tag '${type}' found using 'type' does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'`,
    );
  }
  if (!facts.thinking.some((each) => each === type)) {
    if (type === "adaptive") refuse("", "adaptive thinking is not supported on this model");
    const instead = facts.thinking.includes("adaptive")
      ? " Use `thinking.type.adaptive` and `output_config.effort` to control thinking behavior."
      : "";
    refuse("", `\`thinking.type.${type}\` is not supported for this model (${model}).${instead}`);
  }
  const shown = type === "adaptive" || type === "enabled" ? ["display", "block_binding"] : [];
  onlyFields(thinking, path, ["type", ...shown, ...(type === "enabled" ? ["budget_tokens"] : [])]);
  optionalOneOf(thinking, path, "display", ["summarized", "omitted", "updates"]);
  if (type !== "enabled") return;
  const budget = integerAt(thinking, path, "budget_tokens", 1024);
  if (maxTokens !== null && budget >= maxTokens)
    refuse("", "`max_tokens` must be greater than `thinking.budget_tokens`.");
}

function validateOutput(body: JsonObject, facts: ModelFacts): void {
  if (body.output_config === undefined) return;
  const config = objectAt(body.output_config, "output_config");
  onlyFields(config, "output_config", ["effort", "format", "task_budget"]);
  optionalOneOf(config, "output_config", "effort", ["low", "medium", "high", "xhigh", "max"]);
  if (config.effort !== undefined && config.effort !== null && !facts.effort) {
    refuse("", "This model does not support the effort parameter.");
  }
}

/** At most four breakpoints in the whole request; each block carries at most one. */
function validateCacheControl(body: JsonObject): void {
  cacheControlAt(body, "");
  const marked = (value: unknown): number =>
    isObject(value) && value.cache_control !== undefined && value.cache_control !== null ? 1 : 0;
  let count = marked(body);
  for (const entry of [...listOf(body.tools), ...blocksOf(body.system)]) count += marked(entry);
  for (const message of listOf(body.messages)) {
    for (const block of isObject(message) ? blocksOf(message.content) : []) {
      count += marked(block);
      if (isObject(block) && block.type === "tool_result")
        for (const part of listOf(block.content)) count += marked(part);
    }
  }
  if (count > 4) refuse("", `A maximum of 4 blocks with cache_control may be provided. Found ${count}.`);
}

/**
 * Sizes and number of images. Under the toolset nothing is shrunk: what is too large is refused. Before it, the API
 * would take pictures that are not of the declared size, and shrink silently; here both are refused, because Claude's
 * coordinates would belong to another picture.
 */
function validateImages(body: JsonObject, facts: ModelFacts, images: readonly PlacedImage[], limits: Limits): void {
  if (images.length > limits.maxImages) {
    refuse("messages", `Too many images in the request: found ${images.length}, the maximum is ${limits.maxImages}`);
  }
  const toolset = computerToolOf(body) === TOOLSET;
  const declared = declaredSizeOf(body);
  for (const { path, width, height, refusesShrinking, anySize } of images) {
    if (declared !== null) {
      if (!refusesShrinking) refuse(`${path}.transformations.oversized_image`, "Input should be 'error'");
      const fits = width <= declared.width && height <= declared.height;
      const same = width === declared.width && height === declared.height;
      if (!(anySize ? fits : same))
        refuse(
          path,
          `image is ${width}x${height} pixels, but the tool declares a display of ${declared.width}x${declared.height}`,
        );
    }
    const edge = Math.max(width, height);
    const at = `${path}.source.base64.data`;
    if (edge > LARGEST_SIDE)
      refuse(at, `At least one of the image dimensions exceed max allowed size: ${LARGEST_SIDE} pixels`);
    if (images.length > MANY_IMAGES.above && edge > MANY_IMAGES.side) {
      refuse(
        at,
        `At least one of the image dimensions exceed max allowed size for many-image requests: ${MANY_IMAGES.side} pixels`,
      );
    }
    const tooLarge = edge > facts.tier.longEdge || visualTokens(width, height) > facts.tier.visualTokens;
    if (tooLarge && (toolset || refusesShrinking)) {
      const { longEdge, visualTokens: most } = facts.tier;
      refuse(
        path,
        `image is ${width}x${height} pixels (${visualTokens(width, height)} visual tokens), above the maximum of ${longEdge} pixels on the long edge and ${most} visual tokens`,
      );
    }
  }
}
