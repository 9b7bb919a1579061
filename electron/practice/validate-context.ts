/**
 * Context editing and compaction in a request. Source: the types `BetaContextManagementConfig`, `BetaCompactionConfig`,
 * `BetaCompactionBlockParam` and the compaction errors of @anthropic-ai/sdk 1.11.0.
 */
import { refuse } from "./api-error.ts";
import { blocksOf, isObject, type JsonObject, listOf } from "./json.ts";
import { cacheControlAt, integerAt, objectAt, onlyFields, stringAt } from "./shape.ts";
import { signSummary } from "./signature.ts";

const CLEARING_BETA = "context-management-2025-06-27";
const COMPACTION_BETA = "compact-2026-09-04";
const AUTOMATIC_COMPACTION_BETA = "compact-2026-01-12";

const EDITS: Readonly<Record<string, readonly string[]>> = {
  clear_tool_uses_20250919: ["type", "trigger", "keep", "clear_at_least", "clear_tool_inputs", "exclude_tools"],
  clear_thinking_20251015: ["type", "keep"],
  compact_20260112: ["type", "instructions", "pause_after_compaction", "trigger"],
};

/** When tool results are cleared, and how many; the API's defaults where the request does not say. */
export type Clearing = {
  readonly trigger: { readonly of: "input_tokens" | "tool_uses"; readonly value: number };
  readonly keep: number;
  readonly clearAtLeast: number;
};

/** The clearing of tool results a checked request asks for; null for none. */
export function clearingOf(body: JsonObject): Clearing | null {
  const config = isObject(body.context_management) ? body.context_management : {};
  const edit = listOf(config.edits).find((each) => isObject(each) && each.type === "clear_tool_uses_20250919");
  if (!isObject(edit)) return null;
  const number = (value: unknown, otherwise: number): number =>
    isObject(value) && typeof value.value === "number" ? value.value : otherwise;
  const byUses = isObject(edit.trigger) && edit.trigger.type === "tool_uses";
  return {
    trigger: { of: byUses ? "tool_uses" : "input_tokens", value: number(edit.trigger, 100_000) },
    keep: number(edit.keep, 3),
    clearAtLeast: number(edit.clear_at_least, 0),
  };
}

/** Checks both, and the summaries in the history. Throws the API's 400. */
export function validateContext(body: JsonObject, betas: readonly string[]): void {
  validateSummaries(body, betas);
  if (isGiven(body.compaction)) validateCompaction(body, betas);
  if (!isGiven(body.context_management)) return;
  const path = "context_management";
  if (!betas.includes(CLEARING_BETA) && !betas.includes(AUTOMATIC_COMPACTION_BETA))
    refuse(path, "Extra inputs are not permitted");
  const config = objectAt(body.context_management, path);
  onlyFields(config, path, ["edits"]);
  listOf(config.edits).forEach((value, i) => {
    validateEdit(objectAt(value, `${path}.edits.${i}`), `${path}.edits.${i}`);
  });
}

function validateEdit(edit: JsonObject, path: string): void {
  const fields = EDITS[String(edit.type)];
  if (fields === undefined) {
    const tags = Object.keys(EDITS)
      .map((each) => `'${each}'`)
      .join(", ");
    refuse(
      path,
      `Input tag '${String(edit.type)}' found using 'type' does not match any of the expected tags: ${tags}`,
    );
  }
  onlyFields(edit, path, fields);
  if (edit.type !== "clear_tool_uses_20250919") return;
  counted(edit.trigger, `${path}.trigger`, ["input_tokens", "tool_uses"], 1);
  counted(edit.keep, `${path}.keep`, ["tool_uses"], 0);
  counted(edit.clear_at_least, `${path}.clear_at_least`, ["input_tokens"], 1);
}

/** An optional `{type, value}` with a type of these. */
function counted(value: unknown, path: string, types: readonly string[], min: number): void {
  if (!isGiven(value)) return;
  const given = objectAt(value, path);
  onlyFields(given, path, ["type", "value"]);
  if (!types.includes(String(given.type)))
    refuse(`${path}.type`, `Input should be ${types.map((each) => `'${each}'`).join(" or ")}`);
  integerAt(given, path, "value", min);
}

function validateCompaction(body: JsonObject, betas: readonly string[]): void {
  if (!betas.includes(COMPACTION_BETA)) refuse("compaction", "Extra inputs are not permitted");
  if (isGiven(body.context_management)) refuse("", "`compaction` cannot be combined with `context_management`");
  if (isGiven(body.stop_sequences)) refuse("", "`compaction` cannot be combined with `stop_sequences`");
  const choice = isObject(body.tool_choice) ? body.tool_choice.type : "auto";
  if (choice === "any" || choice === "tool") refuse("", "`compaction` cannot be combined with a forced `tool_choice`");
  const config = objectAt(body.compaction, "compaction");
  onlyFields(config, "compaction", ["type", "instructions"]);
  if (config.type !== "summarize") refuse("compaction.type", "Input should be 'summarize'");
  const messages = listOf(body.messages);
  const last = messages.at(-1);
  if (isObject(last) && last.role === "assistant") {
    if (messages.length === 1) refuse("messages", "there is no content to summarize");
    refuse("messages", "the compaction request ends on an assistant turn that is not finished");
  }
}

/** A summary comes first, once, as it was signed. */
function validateSummaries(body: JsonObject, betas: readonly string[]): void {
  let found = 0;
  listOf(body.messages).forEach((message, m) => {
    blocksOf(isObject(message) ? message.content : null).forEach((value, c) => {
      if (!isObject(value) || value.type !== "compaction") return;
      const path = `messages.${m}.content.${c}`;
      if (!betas.includes(COMPACTION_BETA) && !betas.includes(AUTOMATIC_COMPACTION_BETA))
        refuse(path, "Input tag 'compaction' found using 'type' does not match any of the expected tags");
      const at = `${path}.compaction`;
      onlyFields(value, at, ["type", "content", "encrypted_content", "signature", "tool_changes", "cache_control"]);
      cacheControlAt(value, at);
      if (value.content === null) return;
      const words = stringAt(value, at, "content");
      found += 1;
      if (found > 1) refuse(path, "`messages` holds more than one `compaction` block with content");
      if (m !== 0 || c !== 0) refuse(path, "the `compaction` block must be the first block of the conversation");
      if (value.signature !== signSummary(words)) refuse(path, "Invalid `signature` in `compaction` block");
    });
  });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
