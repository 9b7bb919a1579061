import Anthropic from "@anthropic-ai/sdk";
import { expect, it } from "vitest";
import { runLoop } from "./loop-client.ts";
import { practiceScript } from "./practice-script.ts";
import { firstRequestOf } from "./sample-request.ts";
import { call, httpFault, RESET, type Script, text, troubled, turn } from "./script.ts";
import { type FetchedRequest, practiceFetch } from "./test-fetch.ts";

type Params = Anthropic.Beta.Messages.MessageCreateParamsNonStreaming;

function client(fetch: typeof globalThis.fetch): Anthropic {
  return new Anthropic({ apiKey: "secret-key", baseURL: "http://api.invalid", maxRetries: 0, logLevel: "off", fetch });
}

function ask(script: Script, body = firstRequestOf("computer_20250124"), signal?: AbortSignal) {
  const stream = client(practiceFetch(script)).beta.messages.stream(body as unknown as Params, {
    signal: signal ?? null,
  });
  return stream.finalMessage();
}

it("plays a whole session without a socket, and shows every request without its key", async () => {
  const seen: FetchedRequest[] = [];
  const fetch = practiceFetch(practiceScript(), (request) => {
    seen.push(request);
  });
  const { replies } = await runLoop(client(fetch), firstRequestOf("computer_20251124") as unknown as Params);
  expect(replies.at(-1)?.stop_reason).toBe("end_turn");
  expect(seen).toHaveLength(replies.length);
  expect(seen.every(({ error }) => error === null)).toBe(true);
  expect(seen[0]?.headers["anthropic-beta"]).toBe("computer-use-2025-11-24");
  expect(JSON.stringify(seen)).not.toContain("secret-key");
});

it("refuses what the server refuses, and uses up nothing of the script", async () => {
  const errors: (string | null)[] = [];
  const fetch = practiceFetch([turn(text("Hello."))], ({ error }) => {
    errors.push(error);
  });
  const bad = firstRequestOf("computer_20250124", { max_tokens: 2048 }) as unknown as Params;
  await expect(client(fetch).beta.messages.create(bad)).rejects.toMatchObject({ status: 400 });
  const good = firstRequestOf("computer_20250124") as unknown as Params;
  const message = await client(fetch).beta.messages.stream(good).finalMessage();
  expect(message.content).toMatchObject([{ text: "Hello." }]);
  expect(errors).toEqual(["400 `max_tokens` must be greater than `thinking.budget_tokens`.", null]);
});

it("has the server's troubles", async () => {
  await expect(ask([httpFault(529, "overloaded_error", "Busy")])).rejects.toMatchObject({ status: 529 });
  await expect(ask([RESET])).rejects.toThrow(Anthropic.APIConnectionError);
  const click = turn(call("left_click", { coordinate: [1, 2] }));
  await expect(ask([troubled(click, { kind: "cut", after: 3 })])).rejects.toThrow();
  await expect(ask([troubled(click, { kind: "cut", after: 0, bytes: 400 })])).rejects.toThrow();
  await expect(ask([troubled(click, { kind: "stall", after: 2, ms: 5 })])).resolves.toMatchObject({
    stop_reason: "tool_use",
  });
});

it("holds an answer back until told, or until the request is aborted", async () => {
  const gate = Promise.withResolvers<void>();
  const fetch = practiceFetch([turn(text("a")), turn(text("b"))], () => gate.promise);
  const body = firstRequestOf("computer_toolset_20260801") as unknown as Params;
  const stop = new AbortController();
  const first = client(fetch).beta.messages.stream(body, { signal: stop.signal }).finalMessage();
  const second = client(fetch).beta.messages.stream(body).finalMessage();
  setTimeout(() => stop.abort(), 10);
  await expect(first).rejects.toThrow(Anthropic.APIUserAbortError);
  gate.resolve();
  await expect(second).resolves.toMatchObject({ stop_reason: "end_turn" });
});
