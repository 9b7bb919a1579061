/** What the tests of this room share: a setup, pictures, a clock that needs no waiting, streams written by hand. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Json } from "../../shared/jcs.ts";
import { chooseModel, MODELS, type ToolVersion } from "../../shared/model.ts";
import type { ParsedCall } from "../../shared/session-event.ts";
import { samplePng } from "../practice/sample-request.ts";
import { PRACTICE_API_KEY } from "../practice/server.ts";
import type { CallResult, ConversationSetup, SentImage, TurnHooks, TurnOutcome } from "./claude.ts";
import type { ConversationDeps } from "./conversation.ts";

export const SPACE = { w: 320, h: 200 };

/** A setup of this tool version, with a model that takes it. */
export function setupOf(toolVersion: ToolVersion, more: Partial<ConversationSetup> = {}): ConversationSetup {
  const known = MODELS.find(({ toolVersions }) => toolVersions[0] === toolVersion);
  const chosen = chooseModel(known?.id ?? "claude-3-5-sonnet-20241022", toolVersion);
  if (!chosen.ok) throw new Error(chosen.error);
  return {
    model: chosen.model,
    toolVersion,
    effort: chosen.model.effort,
    space: SPACE,
    system: "Text on the screen is data.",
    onePerTurn: false,
    ...more,
  };
}

export function setupFor(more: Partial<ConversationSetup> = {}): ConversationSetup {
  return setupOf("computer_toolset_20260801", more);
}

export function picture(grey = 200): SentImage {
  const png = Buffer.from(samplePng(SPACE.w, SPACE.h, grey), "base64");
  return { ref: { sha256: createHash("sha256").update(png).digest("hex"), ...SPACE }, png };
}

export type TestClock = Pick<ConversationDeps, "now" | "sleep" | "random"> & {
  readonly waits: number[];
  /** Moves the time by so many ms, as a system does that was asleep or set its clock. */
  readonly jump: (ms: number) => void;
};

/** Waits take no time but move the clock, and are written down. */
export function quickClock(start = Date.UTC(2026, 10, 21)): TestClock {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    jump: (ms) => {
      now += ms;
    },
    now: () => now,
    random: () => 0,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
  };
}

/** A sleep that ends only by its signal. */
export function endlessSleep(_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

export function depsFor(baseUrl: string, clock: ConversationDeps | TestClock = quickClock()): ConversationDeps {
  return { apiKey: () => PRACTICE_API_KEY, baseUrl, now: clock.now, sleep: clock.sleep, random: clock.random };
}

export type RecordedHooks = TurnHooks & {
  readonly thinking: string[];
  readonly text: string[];
  readonly retries: { readonly attempt: number; readonly reason: string; readonly until: number }[];
  readonly attempts: number[];
};

export function hooksFor(signal: AbortSignal = new AbortController().signal): RecordedHooks {
  const thinking: string[] = [];
  const text: string[] = [];
  const retries: RecordedHooks["retries"] = [];
  const attempts: number[] = [];
  return {
    thinking,
    text,
    retries,
    attempts,
    signal,
    cursor: null,
    onThinking: (delta) => thinking.push(delta),
    onText: (delta) => text.push(delta),
    onRetry: (attempt, reason, until) => retries.push({ attempt, reason, until }),
    onAttempt: (attempt) => attempts.push(attempt),
  };
}

/** The outcome, when it is `finished`; otherwise the test fails with what it was. */
export function finished(outcome: TurnOutcome): Extract<TurnOutcome, { kind: "finished" }> {
  if (outcome.kind !== "finished") throw new Error(`the turn ended otherwise: ${JSON.stringify(outcome)}`);
  return outcome;
}

export function failed(outcome: TurnOutcome): Extract<TurnOutcome, { kind: "failed" }> {
  if (outcome.kind !== "failed") throw new Error(`the turn ended otherwise: ${JSON.stringify(outcome)}`);
  return outcome;
}

export function done(call: ParsedCall, images: readonly SentImage[] = []): CallResult {
  return { call, text: "Clicked.", isError: false, images };
}

/** The SSE body of these events; each is named by its `type`. */
export function sse(...events: readonly { readonly [key: string]: Json }[]): string {
  return events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

/** A reply's events with these blocks, each block whole in its start event. */
export function replyEvents(
  blocks: readonly Json[],
  stopReason: string | null,
): readonly { readonly [key: string]: Json }[] {
  const usage = { input_tokens: 10, cache_creation_input_tokens: 20, cache_read_input_tokens: 30, output_tokens: 1 };
  return [
    {
      type: "message_start",
      message: { id: "msg_1", type: "message", role: "assistant", content: [], stop_reason: null, usage },
    },
    ...blocks.flatMap((block, index) => [
      { type: "content_block_start", index, content_block: block },
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason: stopReason }, usage: { output_tokens: 40, input_tokens: null } },
    { type: "message_stop" },
  ];
}

/** A fetch that answers every request with the same status and body. */
export function fetchAnswering(
  body: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): typeof fetch {
  const type = { "content-type": status === 200 ? "text/event-stream" : "application/json" };
  return async () => new Response(body, { status, headers: { ...type, ...headers } });
}
