/** Failures of a request, in words for the operator. */
import { APIConnectionError, APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk";
import type { TurnError } from "../../shared/session-event.ts";
import { MalformedReply } from "./reply.ts";
import { parseRetryAfter } from "./retry.ts";

/** How one attempt failed, and whether another may follow by itself. */
export type Failure = {
  readonly error: TurnError;
  readonly retry: boolean;
  /** What the API asked to wait, ms; null when it did not say. */
  readonly retryAfterMs: number | null;
};

/** An SSE `error` event inside a stream that began well; `data` is its JSON. */
export class StreamErrorEvent extends Error {
  readonly data: string;
  constructor(data: string) {
    super("the stream reported an error");
    this.name = "StreamErrorEvent";
    this.data = data;
  }
}

/** The stream ended, or fell silent, before `message_stop`. */
export class StreamCut extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StreamCut";
  }
}

/** The history had to be summarized, and the API sent no summary. */
export class NoSummary extends Error {
  constructor() {
    super("no summary");
    this.name = "NoSummary";
  }
}

/** There is no key to send. */
export class NoApiKey extends Error {
  constructor() {
    super("no API key");
    this.name = "NoApiKey";
  }
}

/** The answer is no event stream: some other server, or a proxy's page. */
export class NotAnEventStream extends Error {
  readonly status: number;
  readonly contentType: string;
  constructor(status: number, contentType: string) {
    super("not an event stream");
    this.name = "NotAnEventStream";
    this.status = status;
    this.contentType = contentType;
  }
}

export type FailureContext = {
  /** Where the request went; for the words only. */
  readonly baseUrl: string;
  /** Never shown, should it ever be in a message. */
  readonly apiKey: string | null;
  /** ms since 1970, for `retry-after` dates. */
  readonly now: number;
  /** The proxy the request went through, without its password; null for none. */
  readonly proxy: string | null;
};

type Words = Pick<TurnError, "kind" | "message" | "advice">;

/** HTTP statuses of the API's error types, for errors that come inside a stream. Source: Anthropic's list of errors. */
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

const NETWORK_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "No server answers at",
  ENOTFOUND: "The address can't be found:",
  EAI_AGAIN: "The address can't be looked up:",
  ECONNRESET: "The connection was closed by",
  UND_ERR_SOCKET: "The connection was closed by",
  EPIPE: "The connection was closed by",
  ETIMEDOUT: "There was no answer in time from",
  UND_ERR_CONNECT_TIMEOUT: "There was no answer in time from",
  ENETUNREACH: "The network is unreachable; not sent to",
  EHOSTUNREACH: "The network is unreachable; not sent to",
};

/** Puts anything a request may throw into words. The key and headers never are in them. */
export function failureOf(thrown: unknown, context: FailureContext): Failure {
  const found = classify(thrown, context);
  const { message, advice } = found.error;
  return {
    ...found,
    error: { ...found.error, message: redact(message, context.apiKey), advice: redact(advice, context.apiKey) },
  };
}

/** Takes anything that looks like a key out of a text, and the key itself whatever it looks like. */
export function redact(text: string, apiKey: string | null): string {
  const known = apiKey === null || apiKey.trim().length < 4 ? text : text.replaceAll(apiKey.trim(), "[key]");
  return known
    .replace(/sk-ant-[\w-]*/g, "[key]")
    .replace(/\b(bearer|x-api-key:?|authorization:?)\s+(?!header\b)\S{8,}/gi, "$1 [key]");
}

function classify(thrown: unknown, context: FailureContext): Failure {
  if (thrown instanceof NoApiKey) {
    const advice = "Enter or choose one in Settings, or start the app with ANTHROPIC_API_KEY set.";
    return final(null, { kind: "auth", message: `There is no API key for ${context.baseUrl}.`, advice });
  }
  if (thrown instanceof NotAnEventStream) {
    const message = `The server answered, but not as the Claude API does (${thrown.status}, ${thrown.contentType}).`;
    return final(thrown.status, { kind: "protocol", message, advice: `Check the API's address (${context.baseUrl}).` });
  }
  if (thrown instanceof NoSummary) {
    return again(200, {
      kind: "protocol",
      message: "The conversation has grown too long to be sent, and the API did not summarize it.",
      advice: "Nothing is lost. Try again; if it happens again, finish, and start a new session for the rest.",
    });
  }
  if (thrown instanceof StreamErrorEvent) return streamError(thrown.data);
  if (thrown instanceof MalformedReply) {
    const advice =
      "Nothing of it was run. Try again; if it happens again, check what stands between this computer and the API.";
    return again(200, { kind: "protocol", message: `The reply could not be read: ${thrown.message}.`, advice });
  }
  if (thrown instanceof StreamCut) {
    return again(200, {
      kind: "stream_cut",
      message: `The reply was cut off: ${thrown.message}.`,
      advice: "Nothing of it was run. Try again.",
    });
  }
  if (thrown instanceof APIConnectionTimeoutError) return network(["There was no answer in time from", null], context);
  if (thrown instanceof APIConnectionError) return network(obstacleOf(thrown), context);
  if (thrown instanceof APIError && typeof thrown.status === "number") return httpError(thrown, thrown.status, context);
  const message = `The request could not be made: ${oneLine(thrown instanceof Error ? thrown.message : String(thrown))}`;
  return final(null, {
    kind: "protocol",
    message,
    advice: `Check the key in Settings and the API's address (${context.baseUrl}).`,
  });
}

function httpError(thrown: APIError, status: number, { now }: FailureContext): Failure {
  const headers: Headers | undefined = thrown.headers;
  const words = wordsFor(status, oneLine(thrown.apiMessage ?? thrown.message));
  const retry = isRetried(status) && headers?.get("x-should-retry") !== "false";
  const retryAfterMs = parseRetryAfter(
    headers?.get("retry-after-ms") ?? null,
    headers?.get("retry-after") ?? null,
    now,
  );
  return { error: { ...words, status }, retry, retryAfterMs };
}

function streamError(data: string): Failure {
  const { type, message } = errorIn(data);
  const status = STATUS_OF[type] ?? 500;
  return { error: { ...wordsFor(status, oneLine(message)), status }, retry: isRetried(status), retryAfterMs: null };
}

function errorIn(data: string): { readonly type: string; readonly message: string } {
  try {
    const body = JSON.parse(data) as {
      readonly error?: { readonly type?: unknown; readonly message?: unknown };
    } | null;
    return { type: String(body?.error?.type), message: String(body?.error?.message ?? "no details") };
  } catch {
    return { type: "api_error", message: data };
  }
}

/** 408, 409, 429 and everything from 500 up (529 is *overloaded*) may be better a moment later. */
function isRetried(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

function wordsFor(status: number, detail: string): Words {
  const later = "Try again in a few minutes.";
  switch (status) {
    case 401:
      return {
        kind: "auth",
        message: `The API key was not accepted (${detail}).`,
        advice: "Enter another key in Settings.",
      };
    case 402:
      return {
        kind: "permission",
        message: `The account could not be charged: ${detail}`,
        advice: "Check the billing of the account that the key belongs to.",
      };
    case 403:
      return {
        kind: "permission",
        message: `The API key is not allowed to do this: ${detail}`,
        advice: "Choose another model, or enter a key that may use this one.",
      };
    case 404:
      return {
        kind: "not_found",
        message: `The API does not know what was asked for: ${detail}`,
        advice: "Choose another model, or check the API's address.",
      };
    case 413:
      return {
        kind: "too_large",
        message: `The conversation is too large for one request: ${detail}`,
        advice: "Finish here, and start a new session for what is left.",
      };
    case 429:
      return {
        kind: "rate_limit",
        message: `Too many requests for this key: ${detail}`,
        advice: "Wait a minute and try again, or use a key with a higher limit.",
      };
    case 529:
      return { kind: "overloaded", message: `The API is overloaded: ${detail}`, advice: later };
    default:
      if (status >= 500 || status === 408 || status === 409)
        return { kind: "server", message: `The API failed (${status}): ${detail}`, advice: later };
      if (status >= 400)
        return {
          kind: "invalid_request",
          message: `The API refused the request (${status}): ${detail}`,
          advice: "Start a new session; the record of this one is kept.",
        };
      return {
        kind: "protocol",
        message: `The server gave an answer that makes no sense here (${status}): ${detail}`,
        advice: "Check the API's address.",
      };
  }
}

/** What went wrong on the way, as the start of a sentence that ends with the address, and what to do about it. */
type Obstacle = readonly [words: string, advice: string | null];

const OF_ITS_OWN =
  "Something on the way (a proxy, a firewall) may show a certificate of its own: ask whoever runs the network.";

function obstacleOf(thrown: Error): Obstacle {
  for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) {
    const code = "code" in cause ? String(cause.code) : "";
    const refused = /Proxy response \((\d+)\)/.exec(cause.message)?.[1];
    if (refused === "407") {
      const advice = "Put both into HTTPS_PROXY (http://name:password@host:port), then start the app again.";
      return ["The proxy wants a name and a password, so nothing was sent to", advice];
    }
    if (refused !== undefined) {
      const advice = "Ask whoever runs the proxy to let this address through.";
      return [`The proxy refused (${refused}), so nothing was sent to`, advice];
    }
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS/.test(code))
      return [`The certificate is not trusted (${code}), so nothing was sent to`, OF_ITS_OWN];
    const words = NETWORK_WORDS[code];
    if (words !== undefined) return [words, null];
  }
  return ["There is no connection to", null];
}

function network([words, advice]: Obstacle, { baseUrl, proxy }: FailureContext): Failure {
  const check = "Check the network connection, and the API's address if it is not the default one.";
  const way =
    proxy === null ? "Where only a proxy leads out, set HTTPS_PROXY before starting." : "HTTPS_PROXY names the proxy.";
  return again(null, {
    kind: "network",
    message: proxy === null ? `${words} ${baseUrl}` : `${words} ${baseUrl}, through the proxy ${proxy}`,
    advice: advice ?? `${check} ${way}`,
  });
}

function again(status: number | null, words: Words): Failure {
  return { error: { ...words, status }, retry: true, retryAfterMs: null };
}

function final(status: number | null, words: Words): Failure {
  return { error: { ...words, status }, retry: false, retryAfterMs: null };
}

/** Pages of proxies can be long. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 400 ? `${line.slice(0, 400)}...` : line;
}
