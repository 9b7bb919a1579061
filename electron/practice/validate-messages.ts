import { refuse } from "./api-error.ts";
import { blocksOf, isObject, type JsonObject, listOf } from "./json.ts";
import { objectAt, onlyFields } from "./shape.ts";
import { type PlacedImage, validateBlock } from "./validate-blocks.ts";

/** What the validator cannot know from one request alone; the server keeps it. */
export type ReplyMemory = {
  /** True when these blocks are a reply of this server that stopped with `pause_turn`: it may be sent again as it is. */
  readonly isPaused: (content: readonly unknown[]) => boolean;
  /** False when the server made a tool_use with this id and it looked otherwise. */
  readonly isUnchanged: (toolUse: JsonObject) => boolean;
};

export const NO_MEMORY: ReplyMemory = { isPaused: () => false, isUnchanged: () => true };

type ToolUse = { readonly id: string; readonly toolset: string | null; readonly name: string };

/** Checks roles, blocks and the pairing of calls and results; gives back the images. Throws the API's 400. */
export function validateMessages(body: JsonObject, memory: ReplyMemory): PlacedImage[] {
  if (body.messages === undefined) refuse("messages", "Field required");
  if (!Array.isArray(body.messages)) refuse("messages", "Input should be a valid array");
  const messages = listOf(body.messages).map((message, m) => objectAt(message, `messages.${m}`));
  if (messages.length === 0) refuse("messages", "at least one message is required");
  const images: PlacedImage[] = [];
  messages.forEach((message, m) => {
    onlyFields(message, `messages.${m}`, ["role", "content"]);
    if (message.role !== "user" && message.role !== "assistant")
      refuse(`messages.${m}.role`, "Input should be 'user' or 'assistant'");
    if (typeof message.content !== "string" && !Array.isArray(message.content)) {
      refuse(
        `messages.${m}.content`,
        message.content === undefined ? "Field required" : "Input should be a valid array",
      );
    }
    const blocks = blocksOf(message.content);
    if (blocks.length === 0 || message.content === "")
      refuse(`messages.${m}`, "all messages must have non-empty content");
    blocks.forEach((block, c) => {
      validateBlock(block, String(message.role), `messages.${m}.content.${c}`, images);
    });
  });
  validateRoles(messages, memory);
  validatePairs(messages, memory);
  const free = ofAnySize(messages);
  return images.map((image) => ({ ...image, anySize: free.has(image.path.split(".").slice(0, 4).join(".")) }));
}

/** Paths of the results whose pictures may be smaller than the screen: of a zoom, or of what the operator made into one. */
function ofAnySize(messages: readonly JsonObject[]): ReadonlySet<string> {
  const zooms = new Set<unknown>();
  const found = new Set<string>();
  messages.forEach((message, m) => {
    blocksOf(message.content).forEach((block, c) => {
      if (!isObject(block)) return;
      const action = isObject(block.input) ? block.input.action : undefined;
      if (block.type === "tool_use" && (block.name === "zoom" || action === "zoom")) zooms.add(block.id);
      if (block.type !== "tool_result") return;
      const edited = blocksOf(block.content).some((part) => isObject(part) && /Executed: Zoom/.test(String(part.text)));
      if (zooms.has(block.tool_use_id) || edited) found.add(`messages.${m}.content.${c}`);
    });
  });
  return found;
}

/** User first, then in turns. The API would merge neighbours; we refuse, because our own loop never sends them. */
function validateRoles(messages: readonly JsonObject[], memory: ReplyMemory): void {
  const compacted = blocksOf(messages[0]?.content).some((block) => isObject(block) && block.type === "compaction");
  if (messages[0]?.role !== "user" && !compacted) refuse("messages", 'first message must use the "user" role');
  messages.forEach((message, m) => {
    const before = messages[m - 1];
    if (before === undefined || before.role !== message.role || (m === 1 && compacted)) return;
    if (message.role === "assistant" && memory.isPaused(blocksOf(before.content))) return;
    const role = String(message.role);
    refuse(
      "messages",
      `roles must alternate between "user" and "assistant", but found multiple "${role}" roles in a row`,
    );
  });
  const last = messages.at(-1);
  if (last?.role === "assistant" && !memory.isPaused(blocksOf(last.content)) && !(compacted && messages.length === 1)) {
    refuse("", "This model does not support assistant message prefill. The conversation must end with a user message.");
  }
}

function validatePairs(messages: readonly JsonObject[], memory: ReplyMemory): void {
  const seen = new Set<string>();
  messages.forEach((message, m) => {
    if (message.role === "user") {
      const before = messages[m - 1];
      validateAnswers(message, m, before?.role === "assistant" ? toolUsesOf(before) : []);
      return;
    }
    for (const [c, block] of blocksOf(message.content).entries()) {
      if (!isObject(block) || block.type !== "tool_use") continue;
      if (seen.has(String(block.id))) refuse("messages", "`tool_use` ids must be unique");
      seen.add(String(block.id));
      if (!memory.isUnchanged(block))
        refuse(`messages.${m}.content.${c}`, "`tool_use` blocks must be passed back unmodified");
    }
    const open = toolUsesOf(message);
    const next = messages[m + 1];
    if (open.length > 0 && next?.role !== "user")
      refuseOpen(
        m,
        open.map((use) => use.id),
      );
  });
}

function toolUsesOf(message: JsonObject): ToolUse[] {
  return blocksOf(message.content).flatMap((block) =>
    isObject(block) && block.type === "tool_use"
      ? [
          {
            id: String(block.id),
            name: String(block.name),
            toolset: typeof block.toolset_name === "string" ? block.toolset_name : null,
          },
        ]
      : [],
  );
}

function refuseOpen(m: number, ids: readonly string[]): never {
  const list = ids.join(", ");
  return refuse(
    `messages.${m}`,
    `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${list}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  );
}

/** One user message answers all calls of the assistant message before it: each once, results before anything else. */
function validateAnswers(message: JsonObject, m: number, uses: readonly ToolUse[]): void {
  const open = new Map(uses.map((use) => [use.id, use]));
  const answered = new Set<string>();
  let otherBefore = false;
  blocksOf(message.content).forEach((block, c) => {
    const path = `messages.${m}.content.${c}`;
    if (!isObject(block) || block.type !== "tool_result") {
      otherBefore = true;
      return;
    }
    const id = String(block.tool_use_id);
    const use = open.get(id);
    if (use === undefined) {
      const rule = "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
      refuse(path, `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ${rule}`);
    }
    if (answered.has(id))
      refuse(path, `each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`);
    if (otherBefore) refuse(path, "`tool_result` blocks must come before all other content of the message");
    answered.add(id);
    const given = typeof block.toolset_name === "string" ? block.toolset_name : null;
    if (given !== use.toolset) {
      const wanted =
        use.toolset === null
          ? `must be absent: \`${use.name}\` is not a toolset member`
          : `must be '${use.toolset}', the toolset of the paired \`tool_use\` \`${use.name}\``;
      refuse(`${path}.tool_result.toolset_name`, wanted);
    }
  });
  const missing = uses.filter((use) => !answered.has(use.id)).map((use) => use.id);
  if (missing.length > 0) refuseOpen(m - 1, missing);
}
