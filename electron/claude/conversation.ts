/**
 * The real Conversation: append-only history, requests through the SDK, retries of our own. Nothing already said is ever
 * changed: newer models sign their thinking together with everything before it.
 */
import { pointsOf } from "../../shared/action.ts";
import type { Point } from "../../shared/geometry.ts";
import { costOf } from "../../shared/model.ts";
import type { ParsedCall, StoredMessage } from "../../shared/session-event.ts";
import { type ApiAccess, attempt, DEFAULT_BASE_URL } from "./attempt.ts";
import type { Conversation, ConversationSetup, PastTurn, TurnHooks, TurnOutcome, UserContent } from "./claude.ts";
import { isSummary, needsEpoch } from "./epoch.ts";
import { appended, type History, historyOf, NOTHING_OPEN, readyToSend } from "./history.ts";
import type { Reply } from "./reply.ts";
import { compactionRequest, type Message, turnRequest } from "./request.ts";
import { MAX_ATTEMPTS, waitAfter } from "./retry.ts";
import { type Failure, failureOf, NoSummary } from "./turn-error.ts";
import { base64Image, blobImage, type OpenTurn, userBlocks } from "./user-content.ts";
import type { ToolUse, Wire } from "./wire/wire.ts";
import { wireFor } from "./wire/wire-for.ts";

export type ConversationDeps = ApiAccess & {
  /** ms since 1970. */
  readonly now: () => number;
  /** Ends after `ms`, or as soon as the signal aborts (resolving or rejecting). */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 <= n < 1. */
  readonly random: () => number;
};

/** Opens a conversation. */
export function createConversation(setup: ConversationSetup, deps: ConversationDeps): Conversation {
  return new ApiConversation(setup, deps, { messages: [], open: NOTHING_OPEN });
}

/**
 * Goes on with a conversation of an earlier run: its history is what was sent then, and calls and stop reasons of the
 * last turn are open as they were. `setup` must be the one on record. Rejects with a DamagedHistory when the record
 * can't be read, or with what `loadPng` rejects with.
 * @param past every turn so far, in order, failed ones too
 * @param loadPng the PNG file of this hash
 */
export async function restoreConversation(
  setup: ConversationSetup,
  deps: ConversationDeps,
  past: readonly PastTurn[],
  loadPng: (sha256: string) => Promise<Uint8Array>,
): Promise<Conversation> {
  return new ApiConversation(setup, deps, await historyOf(past, wireFor(setup.toolVersion), loadPng));
}

class ApiConversation implements Conversation {
  readonly #setup: ConversationSetup;
  readonly #deps: ConversationDeps;
  readonly #wire: Wire;
  #history: readonly Message[];
  #open: OpenTurn;
  #running = false;
  #hurry: (() => void) | null = null;

  constructor(setup: ConversationSetup, deps: ConversationDeps, { messages, open }: History) {
    this.#setup = setup;
    this.#deps = deps;
    this.#wire = wireFor(setup.toolVersion);
    this.#history = messages;
    this.#open = open;
  }

  say(content: UserContent): StoredMessage {
    this.#checkSay(content);
    const blocks = userBlocks(content, this.#open, this.#wire, base64Image);
    if (blocks.length === 0) throw new RangeError("there is nothing to say");
    const stored = userBlocks(content, this.#open, this.#wire, blobImage);
    this.#history = appended(this.#history, "user", blocks);
    this.#open = NOTHING_OPEN;
    return { role: "user", content: stored };
  }

  async turn(hooks: TurnHooks): Promise<TurnOutcome> {
    this.#checkTurn();
    const { messages, open } = readyToSend({ messages: this.#history, open: this.#open }, this.#wire);
    this.#history = messages;
    this.#open = open;
    this.#running = true;
    try {
      return await this.#attempts(hooks);
    } finally {
      this.#running = false;
    }
  }

  hurry(): void {
    this.#hurry?.();
  }

  async #attempts(hooks: TurnHooks): Promise<TurnOutcome> {
    const summarize = needsEpoch(this.#history);
    const make = summarize ? compactionRequest : turnRequest;
    const { body, beta } = make(this.#setup, this.#wire, this.#history);
    for (let count = 1; ; count += 1) {
      if (hooks.signal.aborted) return { kind: "stopped" };
      if (count > 1) hooks.onAttempt(count);
      const apiKey = this.#deps.apiKey();
      let failure: Failure;
      try {
        const reply = await attempt(this.#deps, apiKey, body, beta, hooks, hooks.signal);
        if (hooks.signal.aborted) return { kind: "stopped" };
        if ((summarize || reply.stopReason === "compaction") && !isSummary(reply.content, reply.stopReason))
          throw new NoSummary();
        return this.#finish(reply, hooks.cursor);
      } catch (thrown) {
        if (hooks.signal.aborted) return { kind: "stopped" };
        const baseUrl = this.#deps.baseUrl ?? DEFAULT_BASE_URL;
        failure = failureOf(thrown, { baseUrl, apiKey, now: this.#deps.now(), proxy: this.#deps.proxy ?? null });
      }
      if (!failure.retry || count >= MAX_ATTEMPTS) return { kind: "failed", error: failure.error, attempts: count };
      await this.#wait(count, failure, hooks);
    }
  }

  async #wait(count: number, failure: Failure, hooks: TurnHooks): Promise<void> {
    const ms = waitAfter(count, failure.retryAfterMs, this.#deps.random());
    const hurried = new AbortController();
    this.#hurry = () => hurried.abort();
    try {
      hooks.onRetry(count, failure.error.message, this.#deps.now() + ms);
      const signal = AbortSignal.any([hooks.signal, hurried.signal]);
      if (!signal.aborted) await this.#deps.sleep(ms, signal).catch(() => undefined);
    } finally {
      this.#hurry = null;
    }
  }

  #finish(reply: Reply, cursor: Point | null): TurnOutcome {
    const { message, content, stopReason, toolUses, thinking, text, usage } = reply;
    // Any other reason, known or not, runs nothing: the calls may be cut off or not meant to run.
    const calls = stopReason === "tool_use" ? this.#parse(toolUses, cursor) : [];
    this.#open = { toolUses, stopReason };
    // A summary is sent back first, as it came, in place of what it summarizes.
    this.#history = appended(isSummary(content, stopReason) ? [] : this.#history, "assistant", content);
    const contentText = JSON.stringify(content);
    const costUsd = costOf(this.#setup.model.id, usage);
    return { kind: "finished", message, contentText, stopReason, calls, thinking, text, usage, costUsd };
  }

  /** A call runs only when all before it did, so its cursor is where they leave it. */
  #parse(toolUses: readonly ToolUse[], cursor: Point | null): readonly ParsedCall[] {
    let at = cursor;
    return toolUses.map((toolUse) => {
      const call = this.#wire.parse(toolUse, this.#setup.space, at);
      if ("action" in call.parsed) at = pointsOf(call.parsed.action).at(-1)?.[1] ?? at;
      return call;
    });
  }

  #checkSay(content: UserContent): void {
    if (this.#running) throw new Error("say: a turn is running");
    if ((content.kind === "task") !== (this.#history.length === 0))
      throw new Error(`say: a ${content.kind} can't come here`);
    const given = content.kind === "results" ? content.results.map((result) => result.call.toolUseId) : [];
    const { toolUses, stopReason } = this.#open;
    const wanted = stopReason === "tool_use" ? toolUses.map(({ id }) => id) : [];
    if (given.length !== wanted.length || given.some((id, i) => id !== wanted[i])) {
      throw new Error(`say: expected results for [${wanted.join(", ")}], got [${given.join(", ")}]`);
    }
  }

  #checkTurn(): void {
    if (this.#running) throw new Error("turn: one is running already");
    const last = this.#history.at(-1);
    const paused = last?.role === "assistant" && this.#open.stopReason === "pause_turn";
    if (last?.role !== "user" && !paused) throw new Error("turn: there is nothing to answer");
  }
}
