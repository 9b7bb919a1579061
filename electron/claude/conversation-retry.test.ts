/** Failures, waits, hurrying and stopping. */
import { afterEach, describe, expect, it } from "vitest";
import type { Json } from "../../shared/jcs.ts";
import { call, httpFault, RESET, type Script, thinking, troubled, turn, withSettings } from "../practice/script.ts";
import { PRACTICE_API_KEY, type PracticeServer, startPracticeServer } from "../practice/server.ts";
import type { Conversation } from "./claude.ts";
import { type ConversationDeps, createConversation } from "./conversation.ts";
import {
  depsFor,
  endlessSleep,
  failed,
  fetchAnswering,
  finished,
  hooksFor,
  picture,
  quickClock,
  replyEvents,
  setupFor,
  sse,
} from "./test-support.ts";

const servers: PracticeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serving(script: Script): Promise<PracticeServer> {
  const server = await startPracticeServer({ script });
  servers.push(server);
  return server;
}

function opened(deps: ConversationDeps): Conversation {
  const claude = createConversation(setupFor(), deps);
  claude.say({ kind: "task", text: "Go.", image: picture() });
  return claude;
}

const GOOD = turn(thinking("I see a form."), call("left_click", { coordinate: [4, 5] }));

describe("retries", () => {
  it("waits as long as the API asks, then succeeds", async () => {
    const server = await serving([httpFault(429, "rate_limit_error", "Slow down.", 7), GOOD]);
    const clock = quickClock(1_000_000);
    const hooks = hooksFor();
    const outcome = finished(await opened(depsFor(server.url, clock)).turn(hooks));
    expect(outcome.calls).toHaveLength(1);
    expect(clock.waits).toEqual([7000]);
    expect(hooks.retries).toEqual([
      { attempt: 1, reason: "Too many requests for this key: Slow down.", until: 1_007_000 },
    ]);
    expect(hooks.attempts).toEqual([2]);
  });

  it("goes through overload, server errors, resets and cut streams, sending the same bytes each time", async () => {
    const server = await serving([
      httpFault(529, "overloaded_error", "Overloaded"),
      httpFault(500, "api_error", "Internal server error"),
      RESET,
      troubled(GOOD, { kind: "error", after: 6, type: "overloaded_error", message: "Overloaded" }),
      troubled(GOOD, { kind: "cut", after: 9 }),
      troubled(GOOD, { kind: "malformed", after: 5 }),
      GOOD,
    ]);
    const clock = quickClock();
    const hooks = hooksFor();
    const outcome = finished(await opened(depsFor(server.url, clock)).turn(hooks));
    expect(outcome.thinking).toBe("I see a form.");
    expect(clock.waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000]);
    expect(hooks.retries.map(({ reason }) => reason)).toEqual([
      "The API is overloaded: Overloaded",
      "The API failed (500): Internal server error",
      `The connection was closed by ${server.url}`,
      "The API is overloaded: Overloaded",
      expect.stringMatching(/^The reply was cut off: /),
      "The reply could not be read: an event of the stream is not valid JSON.",
    ]);
    expect(hooks.attempts).toEqual([2, 3, 4, 5, 6, 7]);
    expect(new Set(server.requests.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it("counts nothing of a stream cut in the middle of a tool_use, or just before message_stop", async () => {
    const toolUse: Json = { type: "tool_use", id: "t", name: "wait", toolset_name: "computer", input: {} };
    const events = replyEvents([toolUse], "tool_use");
    for (let kept = 0; kept < events.length; kept += 1) {
      const deps = { ...depsFor("http://127.0.0.1:9"), fetch: fetchAnswering(sse(...events.slice(0, kept))) };
      const outcome = failed(await opened(deps).turn(hooksFor()));
      expect(outcome).toMatchObject({ attempts: 8, error: { kind: "stream_cut" } });
    }
  });

  it("gives up after eight attempts and may be asked again", async () => {
    const server = await serving((_, index) => (index < 8 ? httpFault(529, "overloaded_error", "Overloaded") : GOOD));
    const clock = quickClock();
    const claude = opened(depsFor(server.url, clock));
    expect(failed(await claude.turn(hooksFor()))).toEqual({
      kind: "failed",
      attempts: 8,
      error: {
        kind: "overloaded",
        status: 529,
        message: "The API is overloaded: Overloaded",
        advice: "Try again in a few minutes.",
      },
    });
    expect(clock.waits).toHaveLength(7);
    expect(finished(await claude.turn(hooksFor())).calls).toHaveLength(1);
  });

  it("is refused at once by an unknown key, and asks for the key anew next time", async () => {
    const server = await serving([GOOD]);
    let key: string | null = "sk-ant-wrong-key";
    const claude = opened({ ...depsFor(server.url), apiKey: () => key });
    const wrong = failed(await claude.turn(hooksFor()));
    expect(wrong).toMatchObject({
      attempts: 1,
      error: { kind: "auth", status: 401, advice: "Enter another key in Settings." },
    });
    key = null;
    expect(failed(await claude.turn(hooksFor())).error).toMatchObject({
      kind: "auth",
      message: `There is no API key for ${server.url}.`,
    });
    key = PRACTICE_API_KEY;
    finished(await claude.turn(hooksFor()));
  });

  it("shows the API's own words for a request it refuses", async () => {
    const server = await serving([]);
    const setup = setupFor({ space: { w: 320, h: 200 } });
    const claude = createConversation(
      { ...setup, model: { ...setup.model, maxTokens: 1_000_000 } },
      depsFor(server.url),
    );
    claude.say({ kind: "task", text: "Go.", image: picture() });
    const { error, attempts } = failed(await claude.turn(hooksFor()));
    expect(attempts).toBe(1);
    expect(error).toMatchObject({ kind: "invalid_request", status: 400 });
    expect(error.message).toContain("max_tokens: 1000000");
  });

  it("says where nobody answers", async () => {
    const server = await serving([]);
    await server.close();
    const { error } = failed(await opened(depsFor(server.url)).turn(hooksFor()));
    expect(error).toMatchObject({ kind: "network", status: null, message: `No server answers at ${server.url}` });
  });

  it("knows a page from a reply", async () => {
    const page = fetchAnswering("<html>", 200, { "content-type": "text/html" });
    const outcome = failed(await opened({ ...depsFor("http://127.0.0.1:9"), fetch: page }).turn(hooksFor()));
    expect(outcome).toMatchObject({ attempts: 1, error: { kind: "protocol" } });
  });

  it("does not wait for ever on a stream that fell silent", async () => {
    const server = await serving([troubled(GOOD, { kind: "stall", after: 5, ms: 60_000 }), GOOD]);
    const hooks = hooksFor();
    finished(await opened({ ...depsFor(server.url), silenceMs: 300 }).turn(hooks));
    expect(hooks.retries[0]?.reason).toBe("The reply was cut off: nothing came for too long.");
  });

  it("lets a slow stream go on as long as something comes", async () => {
    const server = await serving([withSettings({ pace: 60 }, turn(thinking("word by word ".repeat(12))))]);
    const hooks = hooksFor();
    finished(await opened({ ...depsFor(server.url), silenceMs: 400 }).turn(hooks));
    expect(hooks.retries).toEqual([]);
  });
});

describe("hurrying and stopping", () => {
  it("ends the wait at once when hurried; otherwise hurrying does nothing", async () => {
    const server = await serving([httpFault(429, "rate_limit_error", "Slow down.", 3600), GOOD]);
    const claude = opened({ ...depsFor(server.url), sleep: endlessSleep });
    claude.hurry();
    const hooks = { ...hooksFor(), onRetry: () => setTimeout(() => claude.hurry(), 20) };
    expect(finished(await claude.turn(hooks)).calls).toHaveLength(1);
  });

  it("stops in the wait, leaves nothing behind, and can go on", async () => {
    const server = await serving([httpFault(503, "api_error", "Down."), GOOD]);
    const stop = new AbortController();
    const claude = opened({ ...depsFor(server.url), sleep: endlessSleep });
    const hooks = { ...hooksFor(stop.signal), onRetry: () => setTimeout(() => stop.abort(), 20) };
    expect(await claude.turn(hooks)).toEqual({ kind: "stopped" });
    expect(server.requests).toHaveLength(1);
    finished(await claude.turn(hooksFor()));
  });

  it("stops in the middle of the stream and closes the connection", async () => {
    const server = await serving([withSettings({ pace: 50 }, turn(thinking("word ".repeat(400)))), GOOD]);
    const stop = new AbortController();
    const claude = opened(depsFor(server.url));
    const hooks = { ...hooksFor(stop.signal), onThinking: () => stop.abort() };
    const began = performance.now();
    expect(await claude.turn(hooks)).toEqual({ kind: "stopped" });
    expect(performance.now() - began).toBeLessThan(2000);
    finished(await claude.turn(hooksFor()));
    expect(server.requests.map(({ complete }) => complete)).toEqual([false, true]);
    expect(JSON.stringify(server.requests[1]?.body)).toBe(JSON.stringify(server.requests[0]?.body));
  });

  it("stops before anything is sent, and while the server has not answered yet", async () => {
    const server = await serving([withSettings({ delay: 30_000 }, GOOD)]);
    const claude = opened(depsFor(server.url));
    expect(await claude.turn(hooksFor(AbortSignal.abort()))).toEqual({ kind: "stopped" });
    expect(server.requests).toHaveLength(0);
    expect(await claude.turn(hooksFor(AbortSignal.timeout(100)))).toEqual({ kind: "stopped" });
  });
});

describe("replies of a later API", () => {
  it("keeps unknown blocks and fields byte for byte in the next request", async () => {
    const blocks = [
      { type: "hologram", shape: "cube", nested: { b: 1, a: [null, true] } },
      { type: "tool_use", id: "t1", toolset_name: "computer", future: { z: 1 }, name: "screenshot", input: {} },
    ];
    const bodies: string[] = [];
    const answer = fetchAnswering(sse(...replyEvents(blocks, "tool_use")));
    const spy: typeof fetch = async (url, init) => {
      bodies.push(String(init?.body));
      return await answer(url, init);
    };
    const claude = opened({ ...depsFor("http://127.0.0.1:9"), fetch: spy });
    const { calls, message, usage, costUsd } = finished(await claude.turn(hooksFor()));
    expect(message).toMatchObject({ id: "msg_1", stop_reason: "tool_use", content: blocks });
    expect(usage).toEqual({ input: 10, output: 40, cacheWrite: 20, cacheRead: 30 });
    expect(costUsd).toBeCloseTo((10 * 4 + 40 * 20 + 20 * 5 + 30 * 0.2) / 1e6, 12);
    const results = calls.map((each) => ({
      call: each,
      text: "Took a screenshot.",
      isError: false,
      images: [picture()],
    }));
    claude.say({ kind: "results", results, notes: [], context: null });
    await claude.turn(hooksFor());
    expect(bodies[1]).toContain(JSON.stringify(blocks));
    expect(bodies.join("")).not.toContain(PRACTICE_API_KEY);
  });
});
