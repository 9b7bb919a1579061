/**
 * When things go wrong, in each tool version: what the operator is told, that nothing of it runs, that what is sent next is
 * valid, and that it goes on.
 */
import { afterEach, describe, expect, it } from "vitest";
import { TOOL_VERSIONS, type ToolVersion } from "../../shared/model.ts";
import type { TurnError } from "../../shared/session-event.ts";
import {
  call,
  httpFault,
  RESET,
  rawCall,
  type ScriptEntry,
  type ScriptedTurn,
  stopping,
  strayCall,
  text,
  thinking,
  troubled,
  turn,
} from "../practice/script.ts";
import { type PracticeServer, startPracticeServer } from "../practice/server.ts";
import type { CallResult, Conversation } from "./claude.ts";
import { createConversation } from "./conversation.ts";
import { MAX_ATTEMPTS } from "./retry.ts";
import { depsFor, done, failed, finished, hooksFor, picture, quickClock, setupOf } from "./test-support.ts";

const servers: PracticeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Every version has it, in the same shape. */
const GOOD = turn(thinking("A form."), call("mouse_move", { coordinate: [4, 5] }));

async function talking(version: ToolVersion, script: readonly ScriptEntry[], more: { silenceMs?: number } = {}) {
  const server = await startPracticeServer({ script: [...script] });
  servers.push(server);
  const clock = quickClock();
  const claude = createConversation(setupOf(version), { ...depsFor(server.url, clock), ...more });
  claude.say({ kind: "task", text: "Go.", image: picture() });
  return { server, claude, clock };
}

/** One good turn more: what was sent for it was valid, and its call is one to run. */
async function goesOn(claude: Conversation, server: PracticeServer): Promise<void> {
  expect(finished(await claude.turn(hooksFor())).calls).toMatchObject([
    { parsed: { action: { action: "mouse_move" } } },
  ]);
  expect(server.requests.at(-1)).toMatchObject({ status: 200, error: null });
}

/** What the API says when a request breaks one of the rules of the facts page. */
const REFUSALS = [
  "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.",
  "messages.3.content.0.tool_result.toolset_name: must be 'computer', the toolset of the paired `tool_use` `left_click`",
  "messages.1.content.0: Invalid `signature` in `thinking` block",
  "messages.2.content.0: image is 3840x2160 pixels, above the maximum of 2576 pixels on the long edge",
  "messages.2.content.0: all content must be type `text` if `is_error` is true",
  "A maximum of 4 blocks with cache_control may be provided. Found 5.",
  "thinking: `thinking.type.enabled` is not supported for this model",
  "messages: text content blocks must be non-empty",
];

/** What is not among a version's actions, as the call that asks for it. Of the newer two none of the 17 is missing. */
const LACKING: Readonly<Record<ToolVersion, readonly [name: string, json: string]>> = {
  computer_toolset_20260801: ["left_tap", "{}"],
  computer_20251124: ["left_tap", "{}"],
  computer_20250124: ["zoom", '{"region": [0, 0, 9, 9]}'],
  computer_20241022: ["hold_key", '{"text": "a", "duration": 1}'],
};

describe.each(TOOL_VERSIONS)("%s", (version) => {
  const repeats: readonly [string, ScriptEntry, TurnError["kind"]][] = [
    ["429 without a time", httpFault(429, "rate_limit_error", "Slow down."), "rate_limit"],
    ["429 with a time", httpFault(429, "rate_limit_error", "Slow down.", 7), "rate_limit"],
    ["500", httpFault(500, "api_error", "Internal server error"), "server"],
    ["529", httpFault(529, "overloaded_error", "Overloaded"), "overloaded"],
    ["a connection reset before any answer", RESET, "network"],
    ["a reset in mid-stream", troubled(GOOD, { kind: "cut", after: 6 }), "stream_cut"],
    ["a stall", troubled(GOOD, { kind: "stall", after: 4, ms: 600_000 }), "stream_cut"],
    ["malformed SSE", troubled(GOOD, { kind: "malformed", after: 4 }), "protocol"],
    [
      "an error inside the stream",
      troubled(GOOD, { kind: "error", after: 4, type: "overloaded_error", message: "Overloaded" }),
      "overloaded",
    ],
    ["two calls with one id", turn(call("screenshot", {}, "twice"), call("screenshot", {}, "twice")), "protocol"],
  ];

  it.each(repeats)("tries again after %s, visibly, and runs nothing of it", async (name, trouble) => {
    const once = [trouble, GOOD, GOOD];
    const { claude, server } = await talking(version, once, name === "a stall" ? { silenceMs: 120 } : {});
    const hooks = hooksFor();
    const outcome = finished(await claude.turn(hooks));
    expect(hooks.retries).toMatchObject([{ attempt: 1 }]);
    expect(hooks.retries[0]?.reason.length).toBeGreaterThan(10);
    expect(outcome.calls).toHaveLength(1);
    claude.say({
      kind: "results",
      results: outcome.calls.map((each) => done(each, [picture()])),
      notes: [],
      context: null,
    });
    await goesOn(claude, server);
    const bodies = server.requests.slice(0, 2).map(({ body }) => JSON.stringify(body));
    expect(bodies[0]).toBe(bodies[1]);
  });

  it.each(repeats)("gives up on %s in the end, in words, and can be asked again", async (name, trouble, kind) => {
    const script = [...Array.from({ length: MAX_ATTEMPTS }, () => trouble), GOOD];
    const { claude, server } = await talking(version, script, name === "a stall" ? { silenceMs: 40 } : {});
    const { error, attempts } = failed(await claude.turn(hooksFor()));
    expect([error.kind, attempts]).toEqual([kind, MAX_ATTEMPTS]);
    expect(error.advice).not.toBe("");
    await goesOn(claude, server);
  });

  it.each<[number, string, TurnError["kind"]]>([
    [401, "authentication_error", "auth"],
    [402, "billing_error", "permission"],
    [403, "permission_error", "permission"],
    [404, "not_found_error", "not_found"],
    [413, "request_too_large", "too_large"],
  ])("asks the operator at once about %i, and goes on when asked to", async (status, type, kind) => {
    const { claude, server } = await talking(version, [httpFault(status, type, "No."), GOOD]);
    const { error, attempts } = failed(await claude.turn(hooksFor()));
    expect([error.kind, error.status, attempts]).toEqual([kind, status, 1]);
    expect(error.advice).not.toBe("");
    await goesOn(claude, server);
  });

  it.each(REFUSALS)("shows the words of a 400, and goes on when asked to: %s", async (words) => {
    const { claude, server } = await talking(version, [httpFault(400, "invalid_request_error", words), GOOD]);
    const { error, attempts } = failed(await claude.turn(hooksFor()));
    expect([error.kind, attempts]).toEqual(["invalid_request", 1]);
    expect(error.message).toContain(words.slice(0, 60));
    expect(error.advice).not.toBe("");
    await goesOn(claude, server);
  });

  it.each<[string, ScriptedTurn]>([
    ["unknown events", troubled(GOOD, { kind: "unknown_event", after: 2 })],
    ["unknown blocks", troubled(GOOD, { kind: "unknown_block" })],
    ["unknown deltas", troubled(GOOD, { kind: "unknown_delta", after: 4 })],
  ])("passes over %s", async (_, trouble) => {
    const { claude } = await talking(version, [trouble]);
    expect(finished(await claude.turn(hooksFor())).calls).toHaveLength(1);
  });

  it.each<[string, ScriptedTurn, RegExp]>([
    ["partial JSON", turn(rawCall("left_click", '{"coordinate": [4')), /^input: is not valid JSON/],
    ["an unknown name", turn(rawCall("teleport", "{}")), /teleport/],
    ["an action this version does not have", turn(rawCall(...LACKING[version])), new RegExp(LACKING[version][0])],
    ["another version's shape", turn(strayCall("screenshot")), /^(toolset_name|action|name): /],
    ["no input", turn(rawCall("left_click", "")), /^(coordinate|action)|/],
  ])("answers a call with %s with an error, and goes on", async (_, trouble, says) => {
    const { claude, server } = await talking(version, [trouble, GOOD]);
    const { calls } = finished(await claude.turn(hooksFor()));
    expect(calls).toHaveLength(1);
    const results: CallResult[] = calls.map((each) => {
      if (!("error" in each.parsed)) return done(each);
      expect(each.parsed.error).toMatch(says);
      return { call: each, text: each.parsed.error, isError: true, images: [] };
    });
    claude.say({ kind: "results", results, notes: [], context: null });
    await goesOn(claude, server);
  });

  it.each(["refusal", "max_tokens", "model_context_window_exceeded", "stop_sequence", "gone_fishing"])(
    "runs nothing of a turn that stops for %s, calls in it or not",
    async (reason) => {
      for (const parts of [turn(text("Well.")), turn(thinking("Hm."), call("type", { text: "rm -rf" }))]) {
        const { claude, server } = await talking(version, [stopping(reason, parts), GOOD]);
        const outcome = finished(await claude.turn(hooksFor()));
        expect([outcome.stopReason, outcome.calls]).toEqual([reason, []]);
        claude.say({ kind: "reply", text: "Go on.", image: picture() });
        await goesOn(claude, server);
      }
    },
  );

  it("runs nothing of a call that max_tokens cut in the middle, and answers it", async () => {
    const cut = stopping("max_tokens", turn(thinking("Hm."), rawCall("type", '{"text": "rm -rf')));
    const { claude, server } = await talking(version, [cut, GOOD]);
    expect(finished(await claude.turn(hooksFor()))).toMatchObject({ stopReason: "max_tokens", calls: [] });
    claude.say({ kind: "reply", text: "Go on.", image: picture() });
    await goesOn(claude, server);
  });

  it("goes on after an hour asleep, in the wait and in mid-stream", async () => {
    const script = [
      httpFault(529, "overloaded_error", "Overloaded"),
      troubled(GOOD, { kind: "stall", after: 4, ms: 50 }, { kind: "cut", after: 6 }),
      GOOD,
    ];
    const { claude, server, clock } = await talking(version, script);
    const hooks = { ...hooksFor(), onRetry: () => clock.jump(3_600_000) };
    expect(finished(await claude.turn(hooks)).calls).toHaveLength(1);
    expect(new Set(server.requests.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(300_000);
  });

  it("sends a paused turn again as it is", async () => {
    const { claude, server } = await talking(version, [stopping("pause_turn", turn(text("Wait."))), GOOD]);
    expect(finished(await claude.turn(hooksFor())).stopReason).toBe("pause_turn");
    await goesOn(claude, server);
  });

  it("keeps its head when the clock jumps: no wait is longer than five minutes, none is negative", async () => {
    const ahead = new Date(Date.UTC(2030, 0, 1)).toUTCString();
    const past = new Date(Date.UTC(2020, 0, 1)).toUTCString();
    const script = [ahead, past].map((when) => httpFault(429, "rate_limit_error", "Slow down.", when));
    const { claude, clock } = await talking(version, [...script, GOOD]);
    finished(await claude.turn(hooksFor()));
    expect(clock.waits).toHaveLength(2);
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(300_000);
    expect(Math.min(...clock.waits)).toBeGreaterThanOrEqual(0);
  });
});
