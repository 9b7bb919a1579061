/** What differs between the versions of the computer tool, one module each. */
import type {
  BetaToolComputerUse20241022,
  BetaToolComputerUse20250124,
  BetaToolComputerUse20251124,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { ComputerToolset20260801 } from "@anthropic-ai/sdk/resources/messages/messages";
import type { Point, Size } from "../../../shared/geometry.ts";
import type { Json } from "../../../shared/jcs.ts";
import type { ParsedCall } from "../../../shared/session-event.ts";
import type { CallResult, ConversationSetup, SentImage } from "../claude.ts";

/** A content block, or any other JSON object of the Messages API. */
export type Block = { readonly [key: string]: Json };

/** Makes an image block: base64 for the API, a hash for the journal. */
export type EncodeImage = (image: SentImage) => Block;

/** A tool_use as it came, with its input as it was streamed. */
export type ToolUse = {
  readonly id: string;
  /** The block as it stands in the history. */
  readonly block: Block;
  /** The input as it came; the JSON text itself when that could not be read. */
  readonly input: Json;
  /** Why the input can't be used at all; null when it is a JSON value. */
  readonly inputError: string | null;
};

export type ToolEntry =
  | ComputerToolset20260801
  | BetaToolComputerUse20251124
  | BetaToolComputerUse20250124
  | BetaToolComputerUse20241022;

export interface Wire {
  /** The entry of `tools[]`. */
  declare(setup: ConversationSetup): ToolEntry;
  /**
   * Reads one call. Never throws: what is wrong with it becomes its error, `<field path>: <what is wrong>`.
   * @param space size, in px, of the screenshots Claude gets
   * @param cursor where Claude's cursor will be when the call's turn comes; null before there is one
   */
  parse(toolUse: ToolUse, space: Size, cursor: Point | null): ParsedCall;
  /** What every image block carries beside its type and source. */
  readonly imageFields: Block;
  /**
   * The tool_result block. Throws a RangeError for an error result that is empty or holds images, which the API refuses.
   * @param toolUse the block that is answered
   */
  result(result: CallResult, toolUse: Block, encode: EncodeImage): Block;
}

/** True for a JSON object: not null, not an array. */
export function isBlock(value: Json | undefined): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The tool_result block, the same in every version: see `Wire.result`. */
export function toolResult(result: CallResult, toolUse: Block, encode: EncodeImage): Block {
  return {
    type: "tool_result",
    tool_use_id: result.call.toolUseId,
    // The family of the paired call: the API wants it with a member's result and refuses it with any other.
    ...(typeof toolUse.toolset_name === "string" ? { toolset_name: toolUse.toolset_name } : {}),
    content: resultContent(result, encode),
    ...(result.isError ? { is_error: true } : {}),
  };
}

/** Text, then images. */
function resultContent(result: CallResult, encode: EncodeImage): readonly Block[] {
  const empty = result.text.trim() === "";
  if (result.isError && (empty || result.images.length > 0)) {
    throw new RangeError(`the error result of ${result.call.toolUseId} must hold text and no images`);
  }
  const text: readonly Block[] = empty ? [] : [{ type: "text", text: result.text.toWellFormed() }];
  return [...text, ...result.images.map(encode)];
}
