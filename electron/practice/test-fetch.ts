/** The scripted API as a `fetch` in the same process, for tests that need no sockets and no waiting. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, PracticeApi, type PracticeApiOptions } from "./api.ts";
import { ApiError, errorBody, newId } from "./api-error.ts";
import { isObject, type JsonObject } from "./json.ts";
import { streamEvents } from "./reply.ts";
import type { Script } from "./script.ts";
import { planStream, type Step } from "./stream.ts";

/** A request as it came, and what became of it. */
export type FetchedRequest = {
  readonly body: JsonObject;
  /** Names in lower case; without the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the API has against it, e.g. `400 messages.1: ...`; null for a request that is taken. */
  readonly error: string | null;
};

/**
 * A `fetch` that checks each request as strictly as the practice server and answers from the script, for
 * `ConversationDeps.fetch`. Any key will do. Where it resets or cuts a connection it rejects as `fetch` does; pace and
 * delay of the script are left out. A request that is taken uses up its entry, also when it is aborted afterwards.
 * @param onRequest sees every request before it is answered; a promise holds the answer back until it settles
 */
export function practiceFetch(
  script: Script,
  onRequest: (request: FetchedRequest) => void | Promise<void> = () => undefined,
  options: Omit<PracticeApiOptions, "script" | "apiKey"> = {},
): typeof fetch {
  const api = new PracticeApi({ script, apiKey: null, ...options });
  return async (input, init) => {
    const request = new Request(input, init);
    const signal = request.signal;
    const headers = Object.fromEntries(request.headers);
    const body: unknown = JSON.parse(await request.text());
    const requestId = newId("req");
    let answer: Answer | ApiError;
    try {
      answer = api.answer(body, headers);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = error;
    }
    const { "x-api-key": _key, authorization: _authorization, ...shown } = headers;
    const error = answer instanceof ApiError ? `${answer.status} ${answer.message}` : null;
    await untilAborted(Promise.resolve(onRequest({ body: isObject(body) ? body : {}, headers: shown, error })), signal);
    if (answer instanceof ApiError) {
      const refusal = errorBody(answer.type, answer.message, requestId);
      return jsonResponse(answer.status, refusal, { "x-should-retry": "false" });
    }
    if (answer.kind === "reset") throw connectionLost("ECONNRESET");
    if (answer.kind === "http") {
      const retry: Record<string, string> =
        answer.retryAfter === undefined ? {} : { "retry-after": String(answer.retryAfter) };
      return jsonResponse(answer.status, errorBody(answer.type, answer.message, requestId), retry);
    }
    const trouble = answer.entry.trouble ?? [];
    const steps = planStream(streamEvents(answer.reply), trouble, requestId);
    const limit = Math.min(...trouble.map((each) => (each.kind === "cut" ? (each.bytes ?? Infinity) : Infinity)));
    return new Response(bodyOf(steps, limit, signal), {
      status: 200,
      headers: { "content-type": "text/event-stream; charset=utf-8", "request-id": requestId },
    });
  };
}

function bodyOf(steps: readonly Step[], limit: number, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  let left = limit;
  return new ReadableStream({
    async pull(controller) {
      for (;;) {
        const step = steps[next];
        next += 1;
        if (signal.aborted) return controller.error(signal.reason);
        if (step === undefined) return controller.close();
        if ("cut" in step || left <= 0) return controller.error(connectionLost("UND_ERR_SOCKET"));
        if ("stall" in step) {
          await sleep(step.stall, undefined, { signal }).catch(() => undefined);
          continue;
        }
        const bytes = encoder.encode(step.text).subarray(0, left);
        left -= bytes.length;
        return controller.enqueue(bytes);
      }
    },
  });
}

/** Settles as the promise does, or rejects as soon as the signal aborts. */
function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** What `fetch` rejects with. */
function connectionLost(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

function jsonResponse(status: number, body: string, headers: Readonly<Record<string, string>>): Response {
  return new Response(body, { status, headers: { "content-type": "application/json", ...headers } });
}
