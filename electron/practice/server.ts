import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { canonicalJson } from "../../shared/jcs.ts";
import { ApiError, ERROR_STATUS, errorBody, newId } from "./api-error.ts";
import { comparable, isObject, type JsonObject } from "./json.ts";
import { makeReply, type Reply, streamEvents, wholeMessage } from "./reply.ts";
import { entryFor, type HttpFault, type Script, type ScriptedTurn, type ScriptRequest } from "./script.ts";
import { pause, sendStream } from "./stream.ts";
import { countInput, type InputUsage, PromptCache } from "./usage.ts";
import { DEFAULT_LIMITS, type Limits, type ValidRequest, validateRequest } from "./validate.ts";
import { computerToolOf } from "./validate-tools.ts";

/** The key the server wants unless told otherwise. */
export const PRACTICE_API_KEY = "practice-key-not-secret";

export type PracticeServerOptions = {
  readonly script: Script;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** The key to ask for; null takes any or none. By default PRACTICE_API_KEY. */
  readonly apiKey?: string | null;
  readonly limits?: Partial<Limits>;
  /** For the age of cache entries, in ms. */
  readonly now?: () => number;
};

/** A `POST /v1/messages` as it came and what became of it. */
export type RecordedRequest = {
  /** Without the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; null when it was too large or no JSON. */
  readonly body: JsonObject | null;
  /** HTTP status of the answer; 0 for a connection reset before the headers. */
  readonly status: number;
  /** The message of an error answer, or null. */
  readonly error: string | null;
  readonly usage: InputUsage | null;
  /** `Date.now()` when the body had arrived. */
  readonly at: number;
  /** The answer was sent whole; false while it streams, and after a cut or when the client went away. */
  readonly complete: boolean;
};

export type PracticeServer = {
  /** For ANTHROPIC_BASE_URL: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Every `POST /v1/messages` so far, in order, refused ones too. */
  readonly requests: readonly RecordedRequest[];
  /** The n-th request, counted from 1, once its status is known. Rejects after `timeoutMs` (10 s by default), or on close. */
  readonly waitForRequest: (n: number, timeoutMs?: number) => Promise<RecordedRequest>;
  readonly close: () => Promise<void>;
};

type Mutable = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };

/** What the server remembers of its own replies, to hold clients to returning them as they came. */
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

class Recorder {
  readonly requests: Mutable[] = [];
  #waiting: { readonly n: number; readonly settle: (request: RecordedRequest | Error) => void }[] = [];

  settled(): void {
    this.#waiting = this.#waiting.filter(({ n, settle }) => {
      const request = this.requests[n - 1];
      if (request === undefined || request.status < 0) return true;
      settle(request);
      return false;
    });
  }

  wait(n: number, timeoutMs: number): Promise<RecordedRequest> {
    return new Promise((resolve, reject) => {
      const late = (): void =>
        settle(new Error(`request ${n} did not come within ${timeoutMs} ms; ${this.requests.length} came`));
      const timer = setTimeout(late, timeoutMs);
      const settle = (result: RecordedRequest | Error): void => {
        clearTimeout(timer);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      this.#waiting.push({ n, settle });
      this.settled();
    });
  }

  close(): void {
    for (const { n, settle } of this.#waiting)
      settle(new Error(`the practice server was closed before request ${n} came`));
    this.#waiting = [];
  }
}

/**
 * Starts a real HTTP server on 127.0.0.1 that speaks the Messages API (`POST /v1/messages`, streamed or whole, and
 * `POST /v1/messages/count_tokens`), answers from the script, and refuses every request the validator finds wrong
 * with the API's status and error body. A refused request uses up no entry of the script.
 */
export async function startPracticeServer(options: PracticeServerOptions): Promise<PracticeServer> {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const apiKey = options.apiKey === undefined ? PRACTICE_API_KEY : options.apiKey;
  const replies = new Replies();
  const cache = new PromptCache(options.now);
  const recorder = new Recorder();
  let next = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = newId("req");
    response.setHeader("request-id", requestId);
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const isMessages = path === "/v1/messages";
    const record: Mutable = {
      headers: headersOf(request),
      body: null,
      status: -1,
      error: null,
      usage: null,
      at: 0,
      complete: false,
    };
    if (isMessages && request.method === "POST") recorder.requests.push(record);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const mark = (status: number, error: string | null = null): void => {
      record.status = status;
      record.error = error;
      recorder.settled();
    };
    try {
      if (request.method !== "POST" || !(isMessages || path === "/v1/messages/count_tokens")) {
        request.resume();
        throw new ApiError("not_found_error", "Not found");
      }
      const bytes = await readBody(request, limits.maxBodyBytes);
      record.at = Date.now();
      const body = parse(bytes);
      record.body = isObject(body) ? body : null;
      checkHeaders(request, apiKey);
      const betas = betasOf(request);
      const valid = validateRequest(body, { betas, limits, memory: replies, counting: !isMessages });
      if (!isMessages)
        return sendJson(response, 200, { input_tokens: countInput(valid.body, valid.facts), context_management: null });
      const seen: ScriptRequest = { body: valid.body, betas, tool: computerToolOf(valid.body) };
      const entry = entryFor(options.script, seen, next);
      next += 1;
      if (entry.kind === "reset") {
        request.socket.resetAndDestroy();
        return mark(0);
      }
      if (entry.kind === "http") {
        sendFault(response, entry, requestId);
        return mark(entry.status, entry.message);
      }
      record.usage = cache.use(valid.body, valid.facts);
      const reply = makeReply(entry, seen, valid.facts, record.usage);
      replies.add(reply);
      if (entry.delay !== undefined) await pause(entry.delay, gone.signal);
      record.complete = await sendReply(response, entry, reply, valid, requestId, gone.signal, mark);
    } catch (error) {
      const { status, type, message } = asApiError(error);
      if (!response.headersSent)
        sendBody(response, status, errorBody(type, message, requestId), { "x-should-retry": "false" });
      mark(status, message);
    }
  };

  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    void handle(request, response);
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    requests: recorder.requests,
    waitForRequest: (n, timeoutMs = 10_000) => recorder.wait(n, timeoutMs),
    close: async () => {
      recorder.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function sendReply(
  response: ServerResponse,
  entry: ScriptedTurn,
  reply: Reply,
  valid: ValidRequest,
  requestId: string,
  gone: AbortSignal,
  mark: (status: number, error?: string) => void,
): Promise<boolean> {
  const trouble = entry.trouble ?? [];
  if (valid.body.stream === true) {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    response.flushHeaders();
    mark(200);
    return sendStream(response, streamEvents(reply), { pace: entry.pace ?? 0, trouble, requestId, gone });
  }
  for (const each of trouble) {
    if (each.kind === "stall") await pause(each.ms, gone);
    if (each.kind === "error") throw new ApiError(each.type, each.message);
    if (each.kind === "cut") {
      response.socket?.resetAndDestroy();
      mark(0);
      return false;
    }
  }
  sendJson(response, 200, wholeMessage(reply));
  mark(200);
  return true;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === "x-api-key" || name === "authorization" || name === "cookie" || value === undefined) continue;
    kept[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return kept;
}

function betasOf(request: IncomingMessage): string[] {
  const value = request.headers["anthropic-beta"];
  const joined = Array.isArray(value) ? value.join(",") : (value ?? "");
  return joined
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

function checkHeaders(request: IncomingMessage, apiKey: string | null): void {
  const bearer = request.headers.authorization?.replace(/^Bearer /i, "");
  const given = request.headers["x-api-key"] ?? bearer;
  if (apiKey !== null) {
    if (typeof given !== "string" || given === "")
      throw new ApiError("authentication_error", "x-api-key header is required");
    const a = Buffer.from(given);
    const b = Buffer.from(apiKey);
    if (a.length !== b.length || !timingSafeEqual(a, b))
      throw new ApiError("authentication_error", "invalid x-api-key");
  }
  if (request.headers["anthropic-version"] === undefined)
    throw new ApiError("invalid_request_error", "anthropic-version: header is required");
  if (!String(request.headers["content-type"]).startsWith("application/json")) {
    throw new ApiError("invalid_request_error", "content-type: must be application/json");
  }
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += bytes.length;
    if (length <= limit) chunks.push(bytes);
    else chunks.length = 0;
  }
  if (length > limit) throw new ApiError("request_too_large", "Request exceeds the maximum size");
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new ApiError(
      "invalid_request_error",
      `The request body is not valid JSON: ${error instanceof Error ? error.message : ""}`,
    );
  }
}

function asApiError(error: unknown): { status: number; type: string; message: string } {
  if (error instanceof ApiError) return error;
  return { status: ERROR_STATUS.api_error, type: "api_error", message: `The practice server failed: ${String(error)}` };
}

function sendFault(response: ServerResponse, fault: HttpFault, requestId: string): void {
  const retry = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  sendBody(response, fault.status, errorBody(fault.type, fault.message, requestId), retry);
}

function sendJson(response: ServerResponse, status: number, body: JsonObject): void {
  sendBody(response, status, JSON.stringify(body), {});
}

function sendBody(response: ServerResponse, status: number, body: string, headers: Record<string, string>): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}
