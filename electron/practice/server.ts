import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Answer, PracticeApi, type PracticeApiOptions } from "./api.ts";
import { ApiError, ERROR_STATUS, errorBody, newId } from "./api-error.ts";
import { isObject, type JsonObject } from "./json.ts";
import { streamEvents, wholeMessage } from "./reply.ts";
import type { HttpFault } from "./script.ts";
import { pause, sendStream } from "./stream.ts";
import type { InputUsage } from "./usage.ts";

/** The key the server wants unless told otherwise. */
export const PRACTICE_API_KEY = "practice-key-not-secret";

export type PracticeServerOptions = Omit<PracticeApiOptions, "apiKey"> & {
  /** The key to ask for; null takes any or none. By default PRACTICE_API_KEY. */
  readonly apiKey?: string | null;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** False forgets each body once it is answered: a long session's are gigabytes. True by default, for tests. */
  readonly keepsBodies?: boolean;
};

/** A `POST /v1/messages` as it came and what became of it. */
export type RecordedRequest = {
  /** Without the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; null when it was too large, no JSON, or is not kept. */
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
 * `POST /v1/messages/count_tokens`) and `GET /v1/models/{id}`, answers from the script, and refuses every request the validator finds wrong
 * with the API's status and error body. A refused request uses up no entry of the script.
 */
export async function startPracticeServer(options: PracticeServerOptions): Promise<PracticeServer> {
  const api = new PracticeApi({ apiKey: PRACTICE_API_KEY, ...options });
  const recorder = new Recorder();

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
      const model = /^\/v1\/models\/([^/]+)$/.exec(path)?.[1];
      if (request.method === "GET" && model !== undefined)
        return sendJson(response, 200, api.model(decodeURIComponent(model), allHeadersOf(request)));
      if (request.method !== "POST" || !(isMessages || path === "/v1/messages/count_tokens")) {
        request.resume();
        throw new ApiError("not_found_error", "Not found");
      }
      const bytes = await readBody(request, api.limits.maxBodyBytes);
      record.at = Date.now();
      const body = parse(bytes);
      record.body = isObject(body) ? body : null;
      const headers = allHeadersOf(request);
      if (!isMessages) return sendJson(response, 200, api.count(body, headers));
      const answer = api.answer(body, headers);
      if (answer.kind === "reset") {
        request.socket.resetAndDestroy();
        return mark(0);
      }
      if (answer.kind === "http") {
        sendFault(response, answer, requestId);
        return mark(answer.status, answer.message);
      }
      record.usage = answer.usage;
      if (answer.entry.delay !== undefined) await pause(answer.entry.delay, gone.signal);
      record.complete = await sendReply(response, answer, requestId, gone.signal, mark);
    } catch (error) {
      const { status, type, message } = asApiError(error);
      if (!response.headersSent)
        sendBody(response, status, errorBody(type, message, requestId), { "x-should-retry": "false" });
      mark(status, message);
    } finally {
      if (options.keepsBodies === false) record.body = null;
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
  { entry, reply, body }: Extract<Answer, { kind: "reply" }>,
  requestId: string,
  gone: AbortSignal,
  mark: (status: number, error?: string) => void,
): Promise<boolean> {
  const trouble = entry.trouble ?? [];
  if (body.stream === true) {
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

function allHeadersOf(request: IncomingMessage): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) all[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return all;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const { "x-api-key": _key, authorization: _authorization, cookie: _cookie, ...kept } = allHeadersOf(request);
  return kept;
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
