/** Long conversations stay sendable: old results are cleared by the API, and a new epoch begins before a request is full. */
import { describe, expect, it } from "vitest";
import { canonicalJson, type Json } from "../../shared/jcs.ts";
import type { StoredMessage } from "../../shared/session-event.ts";
import { call, httpFault, type Script, type ScriptEntry, stopping, summary, text, turn } from "../practice/script.ts";
import { type FetchedRequest, practiceFetch } from "../practice/test-fetch.ts";
import type { Conversation, PastTurn, TurnOutcome, UserContent } from "./claude.ts";
import { createConversation, restoreConversation } from "./conversation.ts";
import { BUDGET, needsEpoch } from "./epoch.ts";
import { recordedRequest } from "./recorded-request.ts";
import { depsFor, done, failed, finished, hooksFor, picture, setupFor } from "./test-support.ts";
import type { Block as Message } from "./wire/wire.ts";

type Api = { readonly fetch: typeof fetch; readonly requests: FetchedRequest[]; readonly errors: () => string[] };

/** A scripted API in this process, and what came to it. */
function apiOf(script: Script, options: Parameters<typeof practiceFetch>[2] = {}): Api {
  const requests: FetchedRequest[] = [];
  const errors = () => requests.flatMap(({ error }) => (error === null ? [] : [error]));
  return { fetch: practiceFetch(script, (request) => void requests.push(request), options), requests, errors };
}

function open({ fetch }: Api): Conversation {
  return createConversation(setupFor(), { ...depsFor("http://127.0.0.1:1"), fetch });
}

const asksForSummary = ({ body }: FetchedRequest): boolean => "compaction" in body;

const IMAGE = picture(90);
const IMAGE_DATA = Buffer.from(IMAGE.png).toString("base64");
const click: ScriptEntry = turn(call("left_click", { coordinate: [4, 5] }));

/** A conversation of clicks, one per turn, that goes on until it has had `turns` of them. */
class Clicks {
  readonly past: PastTurn[] = [];
  readonly outcomes: TurnOutcome[] = [];
  clicks = 0;
  #claude: Conversation;
  #said: StoredMessage | null = null;
  #next: UserContent = { kind: "task", text: "Click on.", image: IMAGE };

  constructor(claude: Conversation) {
    this.#claude = claude;
  }

  async turn(): Promise<TurnOutcome> {
    this.#said = this.#claude.say(this.#next);
    return await this.again();
  }

  /** Sends the history as it is. */
  async again(): Promise<TurnOutcome> {
    const outcome = await this.#claude.turn(hooksFor());
    this.outcomes.push(outcome);
    if (outcome.kind !== "finished") return outcome;
    const { message, contentText, stopReason, calls } = outcome;
    this.past.push({
      appended: this.#said === null ? [] : [this.#said],
      message,
      ...(contentText === undefined ? {} : { contentText }),
      stopReason,
    });
    if (stopReason === "compaction") this.#next = { kind: "context", text: "Go on.", image: IMAGE };
    else {
      this.clicks += calls.length;
      const results = calls.map((each) => done(each, [IMAGE]));
      this.#next = { kind: "results", results, notes: [], context: null };
    }
    return outcome;
  }
}

const messagesOf = (body: { readonly [key: string]: unknown }) => (body.messages ?? []) as readonly Message[];
const unmarked = (value: unknown): string =>
  JSON.stringify(value, (key, member) => (key === "cache_control" ? undefined : member));
const imagesIn = (value: unknown): number => JSON.stringify(value).match(/"type":"image"/g)?.length ?? 0;

describe("a long conversation", () => {
  it("stays valid over 1,000 steps: bounded, identical within an epoch, a summary first in the next", async () => {
    const api = apiOf(() => click);
    const clicks = new Clicks(open(api));
    let epoch: readonly string[] = [];
    let epochs = 1;
    for (let seen = 0; clicks.clicks < 1000; seen += 1) {
      finished(await clicks.turn());
      const request = api.requests[seen];
      if (request === undefined) throw new Error("no request came");
      const messages = messagesOf(request.body).map(unmarked);
      expect(imagesIn(messages)).toBeLessThanOrEqual(BUDGET.images);
      if (asksForSummary(request)) {
        expect(messages.slice(0, epoch.length)).toEqual(epoch);
        epoch = [];
        epochs += 1;
        continue;
      }
      if (epoch.length > 0) expect(messages.slice(0, epoch.length)).toEqual(epoch);
      else if (epochs > 1) expect(messages[0]).toContain('"type":"compaction"');
      epoch = messages;
    }
    expect(api.errors()).toEqual([]);
    expect(epochs).toBeGreaterThan(10);
  }, 120_000);

  it("is put together again from the record, summary and all", async () => {
    const api = apiOf(() => click);
    const deps = { ...depsFor("http://127.0.0.1:1"), fetch: api.fetch };
    const clicks = new Clicks(open(api));
    while (clicks.clicks < 100) finished(await clicks.turn());
    expect(clicks.past.filter(({ stopReason }) => stopReason === "compaction")).toHaveLength(1);
    const past = JSON.parse(canonicalJson(clicks.past as unknown as Json)) as PastTurn[];
    const summarized = past.findIndex(({ stopReason }) => stopReason === "compaction");
    const asked = { appended: past[summarized]?.appended ?? [], message: null, stopReason: null };
    const shown = await recordedRequest(setupFor(), [...past.slice(0, summarized), asked], "compaction");
    const sent = unmarked(api.requests.find(asksForSummary)?.body);
    expect(unmarked(shown).replaceAll(/PNG with SHA-256 [0-9a-f]{64}/g, IMAGE_DATA)).toBe(sent);
    const restored = await restoreConversation(setupFor(), deps, past.slice(0, -1), async () => IMAGE.png);
    const last = past.at(-1)?.appended[0];
    restored.say({
      kind: "results",
      results: resultsFor(past.at(-2)),
      notes: [],
      context: null,
    });
    expect(last).toBeDefined();
    finished(await restored.turn(hooksFor()));
    const [live, again] = api.requests.slice(-2);
    expect(unmarked(again?.body)).toBe(unmarked(live?.body));
    expect(api.errors()).toEqual([]);
  });

  it.each<[string, ScriptEntry]>([
    ["a summary that failed", summary(null)],
    ["an ordinary answer instead", turn(text("Done."))],
    ["a call instead", click],
  ])("counts %s as a failed attempt, and tries again", async (_, first) => {
    const api = apiOf(() => click, { summarize: (_request, n) => (n === 1 ? first : null) });
    const clicks = new Clicks(open(api));
    while (clicks.outcomes.every((each) => each.kind === "finished" && each.stopReason !== "compaction"))
      finished(await clicks.turn());
    expect(api.requests.filter(asksForSummary)).toHaveLength(2);
    finished(await clicks.turn());
    expect(api.errors()).toEqual([]);
  });

  it("says what is wrong when no summary comes at all, and loses nothing", async () => {
    const overloaded = httpFault(529, "overloaded_error", "Overloaded");
    const api = apiOf(() => click, { summarize: (_request, n) => (n <= 8 ? overloaded : null) });
    const clicks = new Clicks(open(api));
    let outcome = await clicks.turn();
    while (outcome.kind === "finished") outcome = await clicks.turn();
    expect(failed(outcome).error.kind).toBe("overloaded");
    expect(finished(await clicks.again()).stopReason).toBe("compaction");
    expect(finished(await clicks.turn()).stopReason).toBe("tool_use");
  });

  it("takes an answer that calls itself a compaction, but is none, for a failed attempt", async () => {
    const claude = open(apiOf([stopping("compaction", turn(text("Well."))), turn(text("Done."))]));
    claude.say({ kind: "task", text: "Go.", image: IMAGE });
    expect(finished(await claude.turn(hooksFor())).text).toBe("Done.");
  });

  it("never summarizes a turn that is paused", () => {
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "" } };
    const user = { role: "user", content: Array.from({ length: 89 }, () => image) } as const;
    const paused = { role: "assistant", content: [{ type: "text", text: "..." }] } as const;
    expect(needsEpoch([user])).toBe(true);
    expect(needsEpoch([user, paused])).toBe(false);
  });
});

/** The results the last turn but one was given, from the calls on record. */
function resultsFor(turn: PastTurn | undefined) {
  const content = (turn?.message as { content?: readonly Message[] } | undefined)?.content ?? [];
  return content
    .filter(({ type }) => type === "tool_use")
    .map((block) =>
      done(
        {
          toolUseId: String(block.id),
          name: String(block.name),
          input: block.input ?? {},
          parsed: { action: { action: "left_click", coordinate: [4, 5] } },
        },
        [IMAGE],
      ),
    );
}
