/**
 * `computer_toolset_20260801`: a call's `name` is the action and `toolset_name` is `computer`; no beta header.
 * Source: the types `ComputerToolset20260801`, `ToolUseBlock`, `ToolResultBlockParam` of @anthropic-ai/sdk 1.11.0.
 */
import { parseAction } from "../../../shared/action.ts";
import type { ParsedCall } from "../../../shared/session-event.ts";
import { showText } from "../../../shared/visible-text.ts";
import { type ToolUse, toolResult, type Wire } from "./wire.ts";

const FAMILY = "computer";

export const toolset20260801: Wire = {
  declare: () => ({ type: "computer_toolset_20260801" }),

  parse(toolUse, space) {
    const { id, block, input } = toolUse;
    const name = typeof block.name === "string" ? block.name : "";
    const call = { toolUseId: id, name, input };
    const error = shapeError(toolUse, name);
    if (error !== null) return { ...call, parsed: { error: showText(error) } } satisfies ParsedCall;
    const parsed = parseAction(name, input, space);
    return { ...call, parsed: parsed.ok ? { action: parsed.action } : { error: parsed.error } };
  },

  // Under the toolset an oversized image is refused without asking for it.
  imageFields: {},

  result: toolResult,
};

function shapeError({ block, inputError }: ToolUse, name: string): string | null {
  const family = block.toolset_name;
  if (family === undefined || family === null)
    return `toolset_name: is missing; the tool "${name.slice(0, 60)}" is not known without it`;
  if (family !== FAMILY) return `toolset_name: expected "${FAMILY}", got ${JSON.stringify(family).slice(0, 60)}`;
  return inputError;
}
