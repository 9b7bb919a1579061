/**
 * What the scripted Claude says. A script is a list of entries, or a function that makes the entry for a request; each
 * accepted request uses up one entry. Past the end comes a short final text.
 */
import type { ApiErrorType } from "./api-error.ts";
import { blocksOf, isObject, type JsonObject, listOf } from "./json.ts";
import type { Member, ToolType } from "./models.ts";

export type ThinkingPart = { readonly kind: "thinking"; readonly text: string };
export type TextPart = { readonly kind: "text"; readonly text: string };
/**
 * One computer action. The wire shape follows the tool version of the request: under the toolset `name` is the member
 * and `toolset_name` is `computer`; before it `name` is `computer` and the member goes into `input.action`. What a version
 * does not have is asked for in the way it has (see adapt.ts).
 */
export type CallPart = {
  readonly kind: "call";
  readonly member: Member | (string & {});
  readonly input: JsonObject;
  /** Fixed id; otherwise a fresh one. */
  readonly id?: string;
};
/**
 * A tool_use with its input as JSON text that may be cut off or broken, and any name. With a `toolsetName` it is a
 * member's call and takes the shape of the tool version; without one it is sent exactly as given.
 */
export type RawCallPart = {
  readonly kind: "raw_call";
  readonly name: string;
  readonly toolsetName: string | null;
  readonly json: string;
  readonly id?: string;
};
/** A call in the shape of another tool version: malformed in this one. */
export type StrayCallPart = { readonly kind: "stray_call"; readonly member: Member; readonly input: JsonObject };
/** The summary a `compaction` request is answered with; null for one that failed. */
export type CompactionPart = { readonly kind: "compaction"; readonly text: string | null };
export type Part = ThinkingPart | TextPart | CallPart | RawCallPart | StrayCallPart | CompactionPart;

/**
 * Trouble in the middle of a stream, after `after` SSE events went out (0 is before the first):
 * - `cut`: the connection is destroyed there; with `bytes` after that many bytes of the body instead;
 * - `stall`: nothing for `ms`, then it goes on;
 * - `malformed`: an event whose data is no JSON;
 * - `unknown_event`, `unknown_block`, `unknown_delta`: well-formed things no client knows yet, to be passed over;
 * - `error`: an SSE `error` event, and the end.
 */
export type Trouble =
  | { readonly kind: "cut"; readonly after: number; readonly bytes?: number }
  | { readonly kind: "stall"; readonly after: number; readonly ms: number }
  | { readonly kind: "malformed"; readonly after: number }
  | { readonly kind: "unknown_event"; readonly after: number }
  | { readonly kind: "unknown_block" }
  | { readonly kind: "unknown_delta"; readonly after: number }
  | { readonly kind: "error"; readonly after: number; readonly type: ApiErrorType; readonly message: string };

export type ScriptedTurn = {
  readonly kind: "turn";
  readonly parts: readonly Part[];
  /** Any value, also one no client knows; by default `tool_use` with a call in the turn, else `end_turn`. */
  readonly stopReason?: string;
  readonly stopSequence?: string;
  /** `stop_details` of a refusal. */
  readonly stopDetails?: JsonObject;
  /** Pause between two deltas, in ms. */
  readonly pace?: number;
  /** Pause before the headers, in ms. */
  readonly delay?: number;
  readonly trouble?: readonly Trouble[];
};
/** No reply but an HTTP error. */
export type HttpFault = {
  readonly kind: "http";
  readonly status: number;
  readonly type: string;
  readonly message: string;
  /** Value of the `retry-after` header: seconds, or an HTTP date. */
  readonly retryAfter?: number | string;
};
/** The connection is reset before any header. */
export type ResetFault = { readonly kind: "reset" };
export type ScriptEntry = ScriptedTurn | HttpFault | ResetFault;

/** A request as a script function sees it. */
export type ScriptRequest = {
  readonly body: JsonObject;
  readonly betas: readonly string[];
  /** The computer tool it declares; null for none. */
  readonly toolVersion: ToolType | null;
};

export type Script = readonly ScriptEntry[] | ((request: ScriptRequest, turnIndex: number) => ScriptEntry);

/** What comes after the last entry. */
const AFTER_THE_END: ScriptedTurn = turn(text("That was everything I had to do here."));

/** The entry for request number `index` (from 0, counted over accepted requests). */
export function entryFor(script: Script, request: ScriptRequest, index: number): ScriptEntry {
  if (typeof script === "function") return script(request, index);
  return script[index] ?? AFTER_THE_END;
}

export function thinking(words: string): ThinkingPart {
  return { kind: "thinking", text: words };
}

export function text(words: string): TextPart {
  return { kind: "text", text: words };
}

/** One action of the 17, e.g. `call("left_click", { coordinate: [412, 96] })`. */
export function call(member: Member, input: JsonObject = {}, id?: string): CallPart {
  return { kind: "call", member, input, ...(id === undefined ? {} : { id }) };
}

/** A call whose input is this JSON text, cut off or broken as it may be; no thinking may follow it in the turn. */
export function rawCall(name: string, json: string, toolsetName: string | null = "computer"): RawCallPart {
  return { kind: "raw_call", name, json, toolsetName };
}

/** A call in the shape of another tool version, e.g. without its family under the toolset. */
export function strayCall(member: Member, input: JsonObject = {}): StrayCallPart {
  return { kind: "stray_call", member, input };
}

/** The answer to a `compaction` request. */
export function summary(words: string | null): ScriptedTurn {
  return { kind: "turn", parts: [{ kind: "compaction", text: words }], stopReason: "compaction" };
}

export function turn(...parts: Part[]): ScriptedTurn {
  return { kind: "turn", parts };
}

/** The same turn with other settings, e.g. `withSettings({ pace: 20 }, turn(...))`. */
export function withSettings(
  settings: Omit<Partial<ScriptedTurn>, "kind" | "parts">,
  base: ScriptedTurn,
): ScriptedTurn {
  return { ...base, ...settings };
}

/** The same turn stopping for this reason. */
export function stopping(stopReason: string, base: ScriptedTurn): ScriptedTurn {
  return { ...base, stopReason };
}

/** The same turn with trouble in its stream. */
export function troubled(base: ScriptedTurn, ...trouble: Trouble[]): ScriptedTurn {
  return { ...base, trouble };
}

export function httpFault(status: number, type: string, message: string, retryAfter?: number | string): HttpFault {
  return { kind: "http", status, type, message, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

export const RESET: ResetFault = { kind: "reset" };

/** The texts of all tool_results in the last user message, in order: for scripts that react to what happened. */
export function lastResults(
  request: ScriptRequest,
): { readonly text: string; readonly isError: boolean; readonly images: number }[] {
  const last = listOf(request.body.messages).at(-1);
  return (isObject(last) ? blocksOf(last.content) : []).flatMap((block) => {
    if (!isObject(block) || block.type !== "tool_result") return [];
    const parts = blocksOf(block.content).filter(isObject);
    const words = parts.flatMap((part) => (typeof part.text === "string" ? [part.text] : []));
    return [
      {
        text: words.join("\n"),
        isError: block.is_error === true,
        images: parts.filter((part) => part.type === "image").length,
      },
    ];
  });
}

/** The text blocks of the last user message: the task, a reply, notes. */
export function lastUserText(request: ScriptRequest): string {
  const last = listOf(request.body.messages).at(-1);
  const blocks = isObject(last) ? blocksOf(last.content) : [];
  return blocks.flatMap((block) => (isObject(block) && block.type === "text" ? [String(block.text)] : [])).join("\n");
}
