/** The scripted API without a transport: what it remembers, what it refuses, what it answers. */
import { canonicalJson } from "../../shared/jcs.ts";
import { adaptTurn, oneCallEach } from "./adapt.ts";
import { ApiError } from "./api-error.ts";
import { checkAccess, type RequestHeaders, readRequest } from "./check-request.ts";
import { comparable, isObject, type JsonObject, listOf } from "./json.ts";
import { factsOf } from "./models.ts";
import { makeReply, type Reply } from "./reply.ts";
import {
  entryFor,
  type HttpFault,
  type ResetFault,
  type Script,
  type ScriptEntry,
  type ScriptedTurn,
  type ScriptRequest,
  summary,
} from "./script.ts";
import { countInput, type InputUsage, PromptCache } from "./usage.ts";
import { DEFAULT_LIMITS, type Limits } from "./validate.ts";
import { computerToolOf } from "./validate-tools.ts";

export type PracticeApiOptions = {
  readonly script: Script;
  /** The key to ask for; null takes any or none. */
  readonly apiKey: string | null;
  readonly limits?: Partial<Limits>;
  /** Answers compaction requests, which use up no entry of the script; `n` counts from 1. By default a short summary. */
  readonly summarize?: (request: ScriptRequest, n: number) => ScriptEntry | null;
  /** For the age of cache entries, in ms. */
  readonly now?: () => number;
};

/** What a request is answered with. */
export type Answer =
  | HttpFault
  | ResetFault
  | {
      readonly kind: "reply";
      readonly entry: ScriptedTurn;
      readonly reply: Reply;
      readonly body: JsonObject;
      readonly usage: InputUsage;
    };

export class PracticeApi {
  readonly limits: Limits;
  readonly #options: PracticeApiOptions;
  readonly #replies = new Replies();
  readonly #cache: PromptCache;
  /** Entries of the script used up so far. */
  #next = 0;
  #summaries = 0;
  /** The rest of a turn that has to come one call at a time. */
  #rest: readonly ScriptedTurn[] = [];

  constructor(options: PracticeApiOptions) {
    this.#options = options;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#cache = new PromptCache(options.now);
  }

  /** Answers `POST /v1/messages`. Throws the ApiError of a request that is refused; it uses up no entry of the script. */
  answer(raw: unknown, headers: RequestHeaders): Answer {
    const { body, facts, betas } = readRequest(raw, headers, this.#options.apiKey, {
      limits: this.limits,
      memory: this.#replies,
    });
    const request: ScriptRequest = { body, betas, toolVersion: computerToolOf(body) };
    const entry = this.#entry(request);
    if (entry.kind !== "turn") return entry;
    const usage = this.#cache.use(body, facts);
    const reply = makeReply(entry, request, facts, usage);
    this.#replies.add(reply);
    return { kind: "reply", entry, reply, body, usage };
  }

  /** Answers `POST /v1/messages/count_tokens`. Throws as `answer` does. */
  count(raw: unknown, headers: RequestHeaders): JsonObject {
    const options = { limits: this.limits, memory: this.#replies, counting: true };
    const { body, facts } = readRequest(raw, headers, this.#options.apiKey, options);
    return { input_tokens: countInput(body, facts), context_management: null };
  }

  /** Answers `GET /v1/models/{id}`. Throws as `answer` does. */
  model(id: string, headers: RequestHeaders): JsonObject {
    checkAccess(headers, this.#options.apiKey);
    if (factsOf(id) === null) throw new ApiError("not_found_error", `model: ${id}`);
    return { type: "model", id, display_name: id, created_at: "2026-01-01T00:00:00Z" };
  }

  #entry(request: ScriptRequest): ScriptedTurn | HttpFault | ResetFault {
    if (isObject(request.body.compaction)) {
      this.#summaries += 1;
      return this.#options.summarize?.(request, this.#summaries) ?? summary(summaryOf(request));
    }
    const [continued, ...rest] = this.#rest;
    this.#rest = rest;
    if (continued !== undefined) return continued;
    const entry = entryFor(this.#options.script, request, this.#next);
    this.#next += 1;
    if (entry.kind !== "turn") return entry;
    const [first, ...more] = oneCallEach(adaptTurn(entry, request), request);
    if (first === undefined) throw new ApiError("api_error", "the script's turn has no parts");
    this.#rest = more;
    return first;
  }
}

function summaryOf({ body }: ScriptRequest): string {
  return `Summary of ${listOf(body.messages).length} messages: the task goes on.`;
}

/** What the API remembers of its own replies, to hold clients to returning them as they came. */
class Replies {
  readonly #toolUses = new Map<string, string>();
  readonly #paused = new Set<string>();

  add(reply: Reply): void {
    for (const { block, broken } of reply.blocks) {
      if (block.type === "tool_use" && !broken) this.#toolUses.set(String(block.id), canonicalJson(comparable(block)));
    }
    if (reply.stopReason === "pause_turn") this.#paused.add(this.#key(reply.blocks.map(({ block }) => block)));
  }

  isPaused = (content: readonly unknown[]): boolean => this.#paused.has(this.#key(content));

  isUnchanged = (block: JsonObject): boolean => {
    const made = this.#toolUses.get(String(block.id));
    return made === undefined || made === canonicalJson(comparable(block));
  };

  #key(content: readonly unknown[]): string {
    return canonicalJson(comparable(content));
  }
}
