/** A conversation restored from the record goes on exactly as the live one would. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, type Json } from "../../shared/jcs.ts";
import { TOOL_VERSIONS } from "../../shared/model.ts";
import type { ParsedCall, StoredMessage } from "../../shared/session-event.ts";
import {
  call,
  httpFault,
  type Part,
  rawCall,
  type ScriptEntry,
  stopping,
  strayCall,
  text,
  thinking,
  turn,
} from "../practice/script.ts";
import { practiceFetch } from "../practice/test-fetch.ts";
import type { CallResult, Conversation, ConversationSetup, PastTurn, SentImage, UserContent } from "./claude.ts";
import { createConversation, restoreConversation } from "./conversation.ts";
import { DamagedHistory, historyOf } from "./history.ts";
import { recordedRequest } from "./recorded-request.ts";
import { depsFor, hooksFor, picture, setupOf } from "./test-support.ts";
import { wireFor } from "./wire/wire-for.ts";

const PICTURES = [picture(10), picture(20), picture(30)];

async function loadPng(sha256: string): Promise<Uint8Array> {
  const found = PICTURES.find(({ ref }) => ref.sha256 === sha256);
  if (found === undefined) throw new Error(`no picture ${sha256}`);
  return found.png;
}

/** What the journal gives back: keys sorted. */
function recorded<T>(value: T): T {
  return JSON.parse(canonicalJson(value)) as T;
}

const parts: fc.Arbitrary<readonly Part[]> = fc
  .tuple(
    fc.constantFrom<readonly Part[]>([], [thinking("Hm, ünïcödé 🙂.")]),
    fc.constantFrom<readonly Part[]>([], [text("I see.")]),
    fc.array(
      fc.constantFrom<Part>(
        call("scroll", { scroll_direction: "down", scroll_amount: 3, coordinate: [4, 5] }),
        call("left_click", { text: "shift", coordinate: [4, 5] }),
        call("left_click", { coordinate: [900, 5] }),
        call("zoom", { region: [0, 0, 9, 9] }),
        call("screenshot"),
        rawCall("type", '{"text": "cut o'),
        rawCall("left_click", "[4, 5]"),
        strayCall("screenshot"),
      ),
      { maxLength: 3 },
    ),
  )
  .map((each) => each.flat());

const entries: fc.Arbitrary<ScriptEntry> = fc.oneof(
  { weight: 6, arbitrary: parts.map((each) => turn(...each)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(parts, fc.constantFrom("max_tokens", "refusal", "pause_turn", "stop_sequence", "gone_fishing"))
      .map(([each, reason]) => stopping(reason, turn(...each))),
  },
  { weight: 1, arbitrary: fc.constant<ScriptEntry>(httpFault(403, "permission_error", "No.")) },
);

/** How the operator goes on: an index for each choice there is. */
const choices = fc.record({ way: fc.nat(3), image: fc.nat(2), notes: fc.nat(2), failed: fc.boolean() });
type Choice = typeof choices extends fc.Arbitrary<infer T> ? T : never;

function imageOf(choice: Choice): SentImage {
  const image = PICTURES[choice.image];
  if (image === undefined) throw new Error("no such picture");
  return image;
}

/** What is said next; null to send the history again as it is. */
function nextContent(choice: Choice, last: PastTurn | undefined, calls: readonly ParsedCall[]): UserContent | null {
  const image = imageOf(choice);
  const notes = Array.from({ length: choice.notes }, (_, i) => `Note ${i}.`);
  if (last === undefined) return { kind: "task", text: "Go.", image };
  if (calls.length > 0) {
    const results = calls.map((each, i): CallResult => {
      const wrong = "error" in each.parsed ? each.parsed.error : choice.failed ? "It failed." : null;
      const images = i === calls.length - 1 ? [image] : [];
      return wrong === null
        ? { call: each, text: "Done.", isError: false, images }
        : { call: each, text: wrong, isError: true, images: [] };
    });
    return { kind: "results", results, notes, context: choice.way === 0 ? { text: "Things changed.", image } : null };
  }
  const again = last.message === null || last.stopReason === "pause_turn";
  if (again && choice.way < 2) return null;
  return choice.way === 2 ? { kind: "context", text: "So it is now.", image } : { kind: "reply", text: "Yes.", image };
}

/** The body of the request a conversation makes next, as text; it is not answered. */
async function nextBody(claude: Conversation, bodies: string[]): Promise<string> {
  await claude.turn(hooksFor());
  return bodies.at(-1) ?? "";
}

async function restored(setup: ConversationSetup, past: readonly PastTurn[]) {
  const bodies: string[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    bodies.push(String(init?.body));
    return new Response('{"type":"error","error":{"type":"permission_error","message":"Enough."}}', { status: 403 });
  };
  return {
    bodies,
    claude: await restoreConversation(setup, { ...depsFor("http://api.invalid"), fetch }, past, loadPng),
  };
}

/** A request of the record with its pictures in their places again. */
function withPictures(request: Json): string {
  return JSON.stringify(request).replaceAll(/PNG with SHA-256 ([0-9a-f]{64})/g, (_, sha256: string) => {
    const found = PICTURES.find(({ ref }) => ref.sha256 === sha256);
    return Buffer.from(found?.png ?? []).toString("base64");
  });
}

async function play(setup: ConversationSetup, script: readonly (readonly [ScriptEntry, Choice])[]): Promise<void> {
  let now: ScriptEntry = turn();
  const sent: { body: string; error: string | null }[] = [];
  const practice = practiceFetch(
    () => now,
    ({ error }) => {
      sent.push({ body: "", error });
    },
  );
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const answer = await practice(url, init);
    const last = sent.at(-1);
    if (last !== undefined) last.body = String(init?.body);
    return answer;
  };
  const live = createConversation(setup, { ...depsFor("http://api.invalid"), fetch });
  const past: PastTurn[] = [];
  let calls: readonly ParsedCall[] = [];
  for (const [entry, choice] of script) {
    now = entry;
    const content = nextContent(choice, past.at(-1), calls);
    const again = await restored(setup, past);
    const stored: StoredMessage[] = content === null ? [] : [live.say(content)];
    if (content !== null) expect(again.claude.say(content)).toEqual(stored[0]);
    const outcome = await live.turn(hooksFor());
    const body = await nextBody(again.claude, again.bodies);
    expect(sent.at(-1)?.error).toBeNull();
    expect(body).toBe(sent.at(-1)?.body);
    const asked = recorded({ appended: stored, message: null, stopReason: null });
    expect(withPictures(await recordedRequest(setup, [...past, asked], null))).toBe(body);
    if (outcome.kind === "finished") {
      const { message, contentText, stopReason } = outcome;
      past.push({
        ...recorded({ appended: stored, message, stopReason }),
        ...(contentText === undefined ? {} : { contentText }),
      });
      calls = outcome.calls;
    } else {
      past.push(recorded({ appended: stored, message: null, stopReason: null }));
      calls = [];
    }
  }
}

const ON: Choice = { way: 0, image: 0, notes: 0, failed: false };
const PAUSED_WITH_CALLS: [ScriptEntry, Choice][] = [
  [stopping("pause_turn", turn(call("screenshot"))), ON],
  [turn(text("Now.")), ON],
  [turn(text("Bye.")), ON],
];

it("sends, and shows a reviewer, the same bytes as the live conversation at every point of any session", {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...TOOL_VERSIONS),
      fc.boolean(),
      fc.array(fc.tuple(entries, choices), { minLength: 1, maxLength: 6 }),
      async (version, onePerTurn, script) => play(setupOf(version, { onePerTurn }), script),
    ),
    { numRuns: 60, examples: [["computer_toolset_20260801", false, PAUSED_WITH_CALLS]] },
  );
});

describe("what the record can't say", () => {
  const wire = wireFor("computer_toolset_20260801");
  const reply = (content: Json): PastTurn => ({ appended: [], message: { content }, stopReason: "end_turn" });
  const message = (role: "user" | "assistant", content: Json): PastTurn => ({
    appended: [{ role, content }],
    message: null,
    stopReason: null,
  });

  it.each<[string, PastTurn]>([
    ["a reply without blocks", reply("hello")],
    ["a reply that is no message", { ...reply([]), message: "hello" }],
    ["a call without an id", reply([{ type: "tool_use", name: "wait", input: {} }])],
    [
      "a reply in two versions",
      { ...reply([{ type: "text", text: "a" }]), contentText: '[{"type":"text","text":"b"}]' },
    ],
    ["a reply that is no JSON", { ...reply([]), contentText: "[" }],
    ["words of Claude among the operator's", message("assistant", [])],
    ["a message without blocks", message("user", "hello")],
    ["a picture without a hash", message("user", [{ type: "image", source: { type: "base64", data: "" } }])],
  ])("is an error: %s", async (_, turn) => {
    await expect(historyOf([turn], wire, loadPng)).rejects.toThrow(DamagedHistory);
  });

  it("is an error of whoever loads the pictures when one is gone", async () => {
    const past = [message("user", [{ type: "image", source: { type: "blob", sha256: "0", media_type: "image/png" } }])];
    await expect(historyOf(past, wire, loadPng)).rejects.toThrow("no picture 0");
  });

  it("keeps the record's own order of keys where no text kept another", async () => {
    const block = { id: "t", input: { a: 1, b: 2 }, name: "wait", type: "tool_use" };
    const { messages, open } = await historyOf(
      [message("user", [{ type: "text", text: "a" }]), reply([block])],
      wire,
      loadPng,
    );
    expect(messages.at(-1)?.content).toEqual([block]);
    expect(open).toMatchObject({ toolUses: [{ id: "t" }], stopReason: "end_turn" });
  });
});
