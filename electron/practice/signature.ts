import { createHash, createHmac } from "node:crypto";
import { canonicalJson } from "../../shared/jcs.ts";
import { refuse } from "./api-error.ts";
import { blocksOf, comparable, isObject, type JsonObject, listOf } from "./json.ts";

/** Not a secret: it only has to stay the same, so that a session outlives a restart of the practice server. */
const KEY = "countersign practice server, thinking signatures, version 1";

/** A running SHA-256 over everything the model has seen so far: system, tools, then one entry per block. */
export type Prefix = string;

function link(prefix: Prefix, label: string, value: unknown): Prefix {
  let text: string;
  try {
    text = canonicalJson(comparable(value));
  } catch {
    return refuse("", "The request body is not valid JSON: no low surrogate in string");
  }
  return createHash("sha256").update(prefix).update("\n").update(label).update("\n").update(text).digest("hex");
}

/** The prefix before the first message. Tools and system count, `cache_control` does not. */
export function startPrefix(body: JsonObject): Prefix {
  return link(link("", "tools", listOf(body.tools)), "system", blocksOf(body.system));
}

/** The prefix after one more block of a message with this role. Message borders do not count, as the API merges them. */
export function extendPrefix(prefix: Prefix, role: string, block: unknown): Prefix {
  return link(prefix, role, block);
}

/** The prefix after all messages of a request: what the thinking of its answer is bound to. */
export function prefixOf(body: JsonObject): Prefix {
  let prefix = startPrefix(body);
  for (const message of listOf(body.messages)) {
    if (!isObject(message)) continue;
    for (const block of blocksOf(message.content)) prefix = extendPrefix(prefix, String(message.role), block);
  }
  return prefix;
}

function mac(text: string): string {
  return createHmac("sha256", KEY).update(text).digest("base64");
}

/**
 * Signs a thinking block: one part covers its text as it goes over the wire, one the whole conversation before it.
 * Two parts, because older models check the first only.
 */
export function signThinking(prefix: Prefix, thinking: string): string {
  return `EqPr${mac(`text\n${thinking}`)}${mac(`bound\n${prefix}\n${thinking}`)}`;
}

/** Signs the text of a summary. */
export function signSummary(words: string): string {
  return `Cmpt${mac(`summary\n${words}`)}`;
}

/**
 * Checks every thinking block of a request's history, without any memory of earlier requests. Throws the API's 400
 * naming the block when its text was changed, or (with `binds`) anything before it: an image dropped, a tool_use
 * rewritten, another system prompt. Source: the documentation on thinking blocks, models of 5.5 and later.
 */
export function checkSignatures(body: JsonObject, binds: boolean): void {
  let prefix = startPrefix(body);
  listOf(body.messages).forEach((message, m) => {
    if (!isObject(message)) return;
    blocksOf(message.content).forEach((block, c) => {
      if (isObject(block) && block.type === "thinking") {
        const expected = signThinking(prefix, String(block.thinking));
        const given = String(block.signature);
        const textLength = expected.length - mac("").length;
        const good = binds ? given === expected : given.slice(0, textLength) === expected.slice(0, textLength);
        if (!good) refuse(`messages.${m}.content.${c}`, "Invalid `signature` in `thinking` block");
      }
      prefix = extendPrefix(prefix, String(message.role), block);
    });
  });
}
