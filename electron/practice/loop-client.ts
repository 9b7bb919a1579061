/** The simplest client loop there is, for tests of scripts: it answers every call, looking at nothing. */
import type Anthropic from "@anthropic-ai/sdk";
import { isObject } from "./json.ts";
import { unshrunk } from "./sample-request.ts";

type Params = Anthropic.Beta.Messages.MessageCreateParamsNonStreaming;
type Message = Anthropic.Beta.Messages.BetaMessage;
type MessageParam = Anthropic.Beta.Messages.BetaMessageParam;
type ToolUse = Anthropic.Beta.Messages.BetaToolUseBlock;
type Result = Anthropic.Beta.Messages.BetaToolResultBlockParam;

/** What a loop ended with: every reply in order, and the history as it was sent last. */
export type LoopResult = { readonly replies: readonly Message[]; readonly messages: readonly MessageParam[] };

function answerTo(use: ToolUse, isLast: boolean): Result {
  const older = use.toolset_name === undefined || use.toolset_name === null;
  const action = older && isObject(use.input) ? use.input.action : use.name;
  const picture = action === "screenshot" || action === "zoom" || isLast;
  const image = unshrunk() as unknown as Anthropic.Beta.Messages.BetaImageBlockParam;
  const family = use.toolset_name === undefined || use.toolset_name === null ? {} : { toolset_name: use.toolset_name };
  return {
    type: "tool_result",
    tool_use_id: use.id,
    ...family,
    content: [
      { type: "text", text: action === "cursor_position" ? "X=512,Y=384" : "Done." },
      ...(picture ? [image] : []),
    ],
  };
}

/** Runs turns until one asks for nothing, or `maxTurns` have gone by. API errors are thrown as the SDK throws them. */
export async function runLoop(client: Anthropic, first: Params, maxTurns = 40): Promise<LoopResult> {
  const messages: MessageParam[] = [...first.messages];
  const replies: Message[] = [];
  for (let k = 0; k < maxTurns; k += 1) {
    const reply = await client.beta.messages.stream({ ...first, messages }).finalMessage();
    replies.push(reply);
    messages.push({ role: "assistant", content: reply.content });
    const uses = reply.content.filter((block) => block.type === "tool_use");
    if (uses.length === 0) return { replies, messages };
    messages.push({ role: "user", content: uses.map((use, i) => answerTo(use, i === uses.length - 1)) });
  }
  return { replies, messages };
}
