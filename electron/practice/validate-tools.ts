import { refuse } from "./api-error.ts";
import { isObject, type JsonObject, listOf } from "./json.ts";
import { MEMBERS, type ModelFacts, TOOL_BETA, TOOLSET, type ToolType, toolTypeOf } from "./models.ts";
import { cacheControlAt, integerAt, objectAt, onlyFields, optionalOneOf, stringAt } from "./shape.ts";

const SINGLE_FIELDS = [
  "type",
  "name",
  "display_width_px",
  "display_height_px",
  "display_number",
  "cache_control",
  "allowed_callers",
  "defer_loading",
  "input_examples",
  "strict",
];

/** The computer tool a request declares, or null. */
export function computerToolOf(body: JsonObject): ToolType | null {
  for (const tool of listOf(body.tools)) {
    const type = isObject(tool) ? toolTypeOf(tool.type) : null;
    if (type !== null) return type;
  }
  return null;
}

/** The display an older computer tool declares, in px; null under the toolset or without a computer tool. */
export function declaredSizeOf(body: JsonObject): { readonly width: number; readonly height: number } | null {
  const tool = listOf(body.tools)
    .filter(isObject)
    .find(({ type }) => toolTypeOf(type) !== null && type !== TOOLSET);
  return tool === undefined ? null : { width: Number(tool.display_width_px), height: Number(tool.display_height_px) };
}

/**
 * Checks `tools[]` and `tool_choice` against the model and the beta headers. Throws the API's 400. Source: the table of
 * the four tool versions, and the SDK's `BetaComputerToolset20260801`, `BetaToolComputerUse2025*` and `20241022`.
 */
export function validateTools(body: JsonObject, model: string, facts: ModelFacts, betas: readonly string[]): void {
  if (body.tools !== undefined) {
    if (!Array.isArray(body.tools)) refuse("tools", "Input should be a valid array");
    let computers = 0;
    listOf(body.tools).forEach((entry, i) => {
      const tool = objectAt(entry, `tools.${i}`);
      if (validateTool(tool, `tools.${i}`, model, facts, betas)) computers += 1;
    });
    if (computers > 1) refuse("tools", "Tool names must be unique.");
  }
  validateToolChoice(body);
}

/** True for a computer tool. */
function validateTool(
  tool: JsonObject,
  path: string,
  model: string,
  facts: ModelFacts,
  betas: readonly string[],
): boolean {
  cacheControlAt(tool, path);
  if (tool.type === undefined || tool.type === null || tool.type === "custom") {
    stringAt(tool, `${path}.custom`, "name");
    objectAt(tool.input_schema, `${path}.custom.input_schema`);
    return false;
  }
  const type = toolTypeOf(tool.type);
  const usable = (Object.keys(TOOL_BETA) as ToolType[]).filter((each) => {
    const beta = TOOL_BETA[each];
    return beta === null || betas.includes(beta);
  });
  if (type === null || !usable.includes(type)) {
    const tags = ["custom", ...usable].map((each) => `'${each}'`).join(", ");
    return refuse(
      path,
      `Input tag '${String(tool.type)}' found using 'type' does not match any of the expected tags: ${tags}`,
    );
  }
  if (!facts.tools.includes(type)) {
    refuse("", `'${model}' does not support tool types: ${type}. Did you mean one of ${facts.tools.join(", ")}?`);
  }
  if (type === TOOLSET) validateToolset(tool, `${path}.${type}`);
  else validateSingle(tool, `${path}.${type}`, type);
  return true;
}

function validateToolset(tool: JsonObject, path: string): void {
  onlyFields(tool, path, ["type", "configs", "cache_control"]);
  if (tool.configs === undefined || tool.configs === null) return;
  const configs = objectAt(tool.configs, `${path}.configs`);
  onlyFields(configs, `${path}.configs`, MEMBERS);
  for (const [member, value] of Object.entries(configs)) {
    if (value === null) continue;
    const config = objectAt(value, `${path}.configs.${member}`);
    onlyFields(config, `${path}.configs.${member}`, ["defer_loading", "enabled"]);
    optionalOneOf(config, `${path}.configs.${member}`, "enabled", [true, false]);
    optionalOneOf(config, `${path}.configs.${member}`, "defer_loading", [true, false]);
  }
}

function validateSingle(tool: JsonObject, path: string, type: ToolType): void {
  onlyFields(tool, path, type === "computer_20251124" ? [...SINGLE_FIELDS, "enable_zoom"] : SINGLE_FIELDS);
  if (stringAt(tool, path, "name") !== "computer") refuse(`${path}.name`, "Input should be 'computer'");
  integerAt(tool, path, "display_width_px", 1);
  integerAt(tool, path, "display_height_px", 1);
  if (tool.display_number !== undefined && tool.display_number !== null) integerAt(tool, path, "display_number", 0);
  optionalOneOf(tool, path, "enable_zoom", [true, false]);
}

function validateToolChoice(body: JsonObject): void {
  if (body.tool_choice === undefined) return;
  const choice = objectAt(body.tool_choice, "tool_choice");
  const types = ["auto", "any", "none", "tool"];
  if (!types.includes(String(choice.type))) {
    const tags = types.map((type) => `'${type}'`).join(", ");
    refuse(
      "tool_choice",
      `Input tag '${String(choice.type)}' found using 'type' does not match any of the expected tags: ${tags}`,
    );
  }
  const path = `tool_choice.${String(choice.type)}`;
  onlyFields(
    choice,
    path,
    choice.type === "none"
      ? ["type"]
      : ["type", "disable_parallel_tool_use", ...(choice.type === "tool" ? ["name"] : [])],
  );
  optionalOneOf(choice, path, "disable_parallel_tool_use", [true, false]);
  if (listOf(body.tools).length === 0)
    refuse("tool_choice", "tool_choice may only be specified while providing tools.");
  const forced = choice.type === "any" || choice.type === "tool";
  const thinking = isObject(body.thinking) ? body.thinking.type : undefined;
  if (forced && thinking !== undefined && thinking !== "disabled") {
    refuse("", "Thinking may not be enabled when tool_choice forces tool use.");
  }
}
