/** The messages so far: how they grow, and how they are put together again from the record. */
import { Buffer } from "node:buffer";
import { canonicalJson, type Json } from "../../shared/jcs.ts";
import type { PastTurn } from "./claude.ts";
import { isSummary } from "./epoch.ts";
import type { Message } from "./request.ts";
import { notRun, type OpenTurn } from "./user-content.ts";
import { type Block, isBlock, type Wire } from "./wire/wire.ts";

export type History = {
  readonly messages: readonly Message[];
  /** What the last turn left to be answered. */
  readonly open: OpenTurn;
};

export const NOTHING_OPEN: OpenTurn = { toolUses: [], stopReason: null };

/** The record of a conversation is not one this program wrote. */
export class DamagedHistory extends Error {
  constructor(what: string) {
    super(
      `The conversation can't be put together again: ${what}. Its record is kept under Sessions; start a new session for what is left.`,
    );
    this.name = "DamagedHistory";
  }
}

/**
 * The history with one more message. Neighbouring user messages become one, as the API itself would read them; replies
 * stay apart, because a paused turn is sent again as it came. A message without content is refused by the API, so an
 * empty reply leaves none.
 */
export function appended(
  history: readonly Message[],
  role: Message["role"],
  content: readonly Block[],
): readonly Message[] {
  if (content.length === 0) return history;
  const last = history.at(-1);
  if (role === "user" && last?.role === "user")
    return [...history.slice(0, -1), { role, content: [...last.content, ...content] }];
  return [...history, { role, content }];
}

/**
 * A history nothing more is said in. A paused turn is sent again as it came; only should it hold calls, they are answered,
 * because the API takes no open ones.
 */
export function readyToSend({ messages, open }: History, wire: Wire): History {
  const answers = notRun(open, wire);
  return answers.length === 0
    ? { messages, open }
    : { messages: appended(messages, "user", answers), open: NOTHING_OPEN };
}

/**
 * What a conversation had sent and received after these turns. Every block is as it was sent; only the hashes of
 * pictures become the pictures again. Rejects with a DamagedHistory, or with what `loadPng` rejects with.
 */
export async function historyOf(
  past: readonly PastTurn[],
  wire: Wire,
  loadPng: (sha256: string) => Promise<Uint8Array>,
): Promise<History> {
  return await historyWith(past, wire, async (sha256) => asBase64(await loadPng(sha256)));
}

/**
 * The same with `dataOf` saying what stands where a picture's base64 was sent; asked once for each picture. Rejects with a
 * DamagedHistory, or with what `dataOf` rejects with.
 */
export async function historyWith(
  past: readonly PastTurn[],
  wire: Wire,
  dataOf: (sha256: string) => Promise<string>,
): Promise<History> {
  const loading = new Map<string, Promise<string>>();
  const base64 = (sha256: string): Promise<string> => {
    const data = loading.get(sha256) ?? dataOf(sha256);
    loading.set(sha256, data);
    return data;
  };
  let messages: readonly Message[] = [];
  let open: OpenTurn = NOTHING_OPEN;
  for (const turn of past) {
    if (turn.appended.length === 0) ({ messages, open } = readyToSend({ messages, open }, wire));
    for (const { role, content } of turn.appended) {
      if (role !== "user") throw new DamagedHistory(`a message of the ${role} is among the operator's`);
      messages = appended(messages, "user", await Promise.all(blocksOf(content).map((block) => sent(block, base64))));
      open = NOTHING_OPEN;
    }
    if (turn.message === null) continue;
    const content = replyOf(turn.message, turn.contentText);
    messages = appended(isSummary(content, turn.stopReason) ? [] : messages, "assistant", content);
    open = { toolUses: content.filter(({ type }) => type === "tool_use").map(toolUseOf), stopReason: turn.stopReason };
  }
  return { messages, open };
}

function asBase64(png: Uint8Array): string {
  return Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString("base64");
}

/** A block as it was sent. Keys are put in the order they are written in here: the record sorts them. */
async function sent(block: Block, base64: (sha256: string) => Promise<string>): Promise<Block> {
  switch (block.type) {
    case "image": {
      const { type, source, ...rest } = block;
      if (!isBlock(source) || source.type !== "blob" || typeof source.sha256 !== "string")
        throw new DamagedHistory("a picture has no hash");
      const { media_type, sha256 } = source;
      return {
        type,
        source: { type: "base64", media_type: media_type ?? "image/png", data: await base64(sha256) },
        ...rest,
      };
    }
    case "tool_result": {
      const { type, tool_use_id, toolset_name, content, is_error, ...rest } = block;
      const parts = await Promise.all(blocksOf(content).map((part) => sent(part, base64)));
      return {
        type,
        tool_use_id: tool_use_id ?? null,
        ...(toolset_name === undefined ? {} : { toolset_name }),
        content: parts,
        ...(is_error === undefined ? {} : { is_error }),
        ...rest,
      };
    }
    default: {
      const { type, ...rest } = block;
      return { type: type ?? null, ...rest };
    }
  }
}

/** The reply's blocks, from the text that kept the order of their keys where it says the same. */
function replyOf(message: Json, contentText: string | undefined): readonly Block[] {
  const content = isBlock(message) ? message.content : undefined;
  const blocks = blocksOf(content);
  if (contentText === undefined) return blocks;
  const kept = parsed(contentText);
  if (canonicalJson(kept) !== canonicalJson(content)) throw new DamagedHistory("a reply is on record in two versions");
  return blocksOf(kept);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new DamagedHistory("a reply is not valid JSON");
  }
}

/** Only what has to be answered is kept of a call: it was read, and decided on, when it came. */
function toolUseOf(block: Block): OpenTurn["toolUses"][number] {
  if (typeof block.id !== "string") throw new DamagedHistory("a tool_use has no id");
  return { id: block.id, block, input: block.input ?? {}, inputError: null };
}

function blocksOf(content: Json | undefined): readonly Block[] {
  if (!Array.isArray(content) || !content.every(isBlock)) throw new DamagedHistory("a message has no blocks");
  return content;
}
