/** One request and its stream. */
import { Anthropic } from "@anthropic-ai/sdk";
import { Stream } from "@anthropic-ai/sdk/core/streaming";
import { type Reply, ReplyReader } from "./reply.ts";
import type { Body } from "./request.ts";
import { NoApiKey, NotAnEventStream, StreamCut, StreamErrorEvent } from "./turn-error.ts";

export const DEFAULT_BASE_URL = "https://api.anthropic.com";

/** How long the API may say nothing at all, ms. It sends `ping` events while Claude thinks. */
const SILENCE_MS = 300_000;

/** The way to the API. */
export type ApiAccess = {
  /** Asked before every attempt, so that a key entered meanwhile counts; null when there is none. */
  readonly apiKey: () => string | null;
  /** Null for the default one. Checked by whoever gives it. */
  readonly baseUrl: string | null;
  readonly fetch?: typeof fetch;
  /** The proxy that `fetch` goes through, for words; null or nothing for none. */
  readonly proxy?: string | null;
  /** How long the API may say nothing, ms; by default SILENCE_MS. */
  readonly silenceMs?: number;
};

export type StreamHooks = { readonly onThinking: (delta: string) => void; readonly onText: (delta: string) => void };

/**
 * Sends one request and reads its stream to `message_stop`. Rejects with what the SDK or the errors of turn-error.ts say,
 * or with the signal's reason.
 */
export async function attempt(
  access: ApiAccess,
  apiKey: string | null,
  body: Body,
  beta: string | null,
  hooks: StreamHooks,
  signal: AbortSignal,
): Promise<Reply> {
  if (apiKey === null || apiKey === "") throw new NoApiKey();
  const silence = new AbortController();
  const quiet = new StreamCut("nothing came for too long");
  const timer = setTimeout(() => silence.abort(quiet), access.silenceMs ?? SILENCE_MS);
  const end = (): void => {
    clearTimeout(timer);
    silence.abort(quiet);
  };
  try {
    // The same request as `messages.create`, without its console lines about models near their end.
    const request = clientFor(access, apiKey).post("/v1/messages", {
      body,
      stream: true,
      signal: AbortSignal.any([signal, silence.signal]),
      headers: beta === null ? {} : { "anthropic-beta": beta },
    });
    const response = await request.asResponse();
    const contentType = response.headers.get("content-type") ?? "no content type";
    if (!contentType.startsWith("text/event-stream")) throw new NotAnEventStream(response.status, contentType);
    const events = Stream.rawEvents(response);
    const reply = await readReply(events, hooks, () => timer.refresh());
    // Nobody waits for the end of the body, but read to its end the connection can serve the next turn.
    void drain(events).finally(end);
    return reply;
  } catch (error) {
    const cut = silence.signal.aborted && !signal.aborted;
    end();
    throw cut ? quiet : error;
  }
}

type RawEvents = ReturnType<typeof Stream.rawEvents>;

/** Reads raw events: the SDK's own iteration hides pings, and takes a stream that just ends for a whole one. */
async function readReply(events: RawEvents, hooks: StreamHooks, heard: () => void): Promise<Reply> {
  const reader = new ReplyReader(hooks.onThinking, hooks.onText);
  for (;;) {
    const next = await events.next().catch((error: unknown) => {
      throw new StreamCut("the connection was lost", { cause: error });
    });
    if (next.done === true) throw new StreamCut("the stream ended before the message did");
    heard();
    const { event, data } = next.value;
    if (event === "error") throw new StreamErrorEvent(data);
    if (event === null || event === "ping" || data === "") continue;
    if (reader.take(data)) return reader.finish();
  }
}

async function drain(events: RawEvents): Promise<void> {
  try {
    while ((await events.next()).done !== true);
  } catch {
    // The reply is whole; what happens to its connection afterwards matters to nobody.
  }
}

/**
 * A client for one request: nothing is retried, logged or traced by the SDK, no key is read from anywhere else, and none
 * follows a redirect to another address (fetch would take the `x-api-key` header along).
 */
export function clientFor(access: ApiAccess, apiKey: string): Anthropic {
  return new Anthropic({
    apiKey,
    baseURL: access.baseUrl ?? DEFAULT_BASE_URL,
    maxRetries: 0,
    // Above our own limit, which speaks first.
    timeout: 2 * (access.silenceMs ?? SILENCE_MS),
    logLevel: "off",
    fetchOptions: { redirect: "manual" },
    openTelemetry: false,
    ...(access.fetch === undefined ? {} : { fetch: access.fetch }),
  });
}
