/**
 * What the three older tools share: one tool named `computer`, the action in `input.action`, a declared display size,
 * and images that must say they are not to be shrunk. Source: the types `BetaToolComputerUse2025*`, `20241022` and
 * `ImageTransformationsParam` of @anthropic-ai/sdk 1.11.0.
 */
import { type Action, type ActionName, parseAction } from "../../../shared/action.ts";
import type { Point, Size } from "../../../shared/geometry.ts";
import type { Json } from "../../../shared/jcs.ts";
import { showText } from "../../../shared/visible-text.ts";
import type { ConversationSetup } from "../claude.ts";
import { type Block, isBlock, type ToolEntry, type ToolUse, toolResult, type Wire } from "./wire.ts";

const NAME = "computer";

/** What `tools[]` says of the display. The size is that of every screenshot sent, and can't change in a conversation. */
export type DeclaredDisplay = {
  readonly name: typeof NAME;
  readonly display_width_px: number;
  readonly display_height_px: number;
};

export type SingleTool = {
  readonly type: ToolEntry["type"];
  readonly actions: readonly ActionName[];
  readonly declare: (display: DeclaredDisplay) => ToolEntry;
  /** Makes this version's fields those of the shared action; a text is an error. By default they are the same. */
  readonly complete?: (action: ActionName, fields: Block, cursor: Point | null) => Block | string;
};

/** The wire module of an older tool. */
export function singleTool(tool: SingleTool): Wire {
  return {
    declare: ({ space }: ConversationSetup) =>
      tool.declare({ name: NAME, display_width_px: space.w, display_height_px: space.h }),

    parse(toolUse, space, cursor) {
      const { id, block, input } = toolUse;
      const read = readCall(tool, toolUse, space, cursor);
      const parsed = typeof read === "string" ? { error: showText(read) } : { action: read };
      return { toolUseId: id, name: typeof block.name === "string" ? block.name : "", input, parsed };
    },

    // Otherwise the API shrinks silently, and Claude's coordinates belong to a picture nobody has.
    imageFields: { transformations: { oversized_image: "error" } },

    result: toolResult,
  };
}

/** The action, or what is wrong with the call. */
function readCall(tool: SingleTool, toolUse: ToolUse, space: Size, cursor: Point | null): Action | string {
  const { block, input, inputError } = toolUse;
  if (block.toolset_name !== undefined && block.toolset_name !== null)
    return `toolset_name: is not a field of a call to ${tool.type}`;
  if (block.name !== NAME) return `name: expected "${NAME}", got ${quoted(block.name)}`;
  if (inputError !== null) return inputError;
  if (!isBlock(input)) return actionOf(parseAction("screenshot", input, space));
  const { action: name, ...given } = input;
  if (name === undefined || name === null) return "action: is missing";
  const action = tool.actions.find((each) => each === name);
  if (action === undefined) {
    return `action: ${quoted(name)} is not an action of ${tool.type}; expected one of ${tool.actions.join(", ")}`;
  }
  const fields = tool.complete?.(action, given, cursor) ?? given;
  return typeof fields === "string" ? fields : actionOf(parseAction(action, fields, space));
}

function actionOf(parsed: ReturnType<typeof parseAction>): Action | string {
  return parsed.ok ? parsed.action : parsed.error;
}

function quoted(value: Json | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);
}
