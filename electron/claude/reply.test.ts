import { describe, expect, it } from "vitest";
import type { Json } from "../../shared/jcs.ts";
import { type Reply, ReplyReader } from "./reply.ts";
import { replyEvents } from "./test-support.ts";

function read(events: readonly Json[]): { reply: Reply; thinking: string[]; text: string[] } {
  const thinking: string[] = [];
  const text: string[] = [];
  const reader = new ReplyReader(
    (delta) => thinking.push(delta),
    (delta) => text.push(delta),
  );
  for (const event of events) if (reader.take(JSON.stringify(event))) return { reply: reader.finish(), thinking, text };
  throw new Error("no message_stop");
}

const START: Json = {
  type: "message_start",
  message: { id: "m", role: "assistant", content: [], usage: { input_tokens: 3 } },
};
const STOP: Json = { type: "message_stop" };
const block = (index: number, content_block: Json, ...deltas: Json[]): Json[] => [
  { type: "content_block_start", index, content_block },
  ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
  { type: "content_block_stop", index },
];
const ends = (stop_reason: string): Json => ({
  type: "message_delta",
  delta: { stop_reason },
  usage: { output_tokens: 9 },
});

describe("ReplyReader", () => {
  it("puts streamed blocks together, key order and unknown fields kept", () => {
    const { reply, thinking, text } = read([
      START,
      ...block(
        0,
        { type: "thinking", thinking: "", signature: "", future: { a: [1] } },
        { type: "thinking_delta", thinking: "I see " },
        { type: "thinking_delta", thinking: "a form." },
        { type: "signature_delta", signature: "c2ln" },
      ),
      ...block(1, { type: "text", text: "", citations: null }, { type: "text_delta", text: "Clicking." }),
      ...block(
        2,
        {
          type: "tool_use",
          id: "t1",
          name: "left_click",
          toolset_name: "computer",
          caller: { type: "direct" },
          input: {},
        },
        { type: "input_json_delta", partial_json: "" },
        { type: "input_json_delta", partial_json: '{"text": null, "coord' },
        { type: "input_json_delta", partial_json: 'inate": [4, 5]}' },
      ),
      ends("tool_use"),
      STOP,
    ]);
    expect(JSON.stringify(reply.content)).toBe(
      JSON.stringify([
        { type: "thinking", thinking: "I see a form.", signature: "c2ln", future: { a: [1] } },
        { type: "text", text: "Clicking.", citations: null },
        {
          type: "tool_use",
          id: "t1",
          name: "left_click",
          toolset_name: "computer",
          caller: { type: "direct" },
          input: { text: null, coordinate: [4, 5] },
        },
      ]),
    );
    expect(thinking).toEqual(["I see ", "a form."]);
    expect(text).toEqual(["Clicking."]);
    expect(reply).toMatchObject({ thinking: "I see a form.", text: "Clicking.", stopReason: "tool_use" });
  });

  it("keeps unknown block types and passes over unknown events and deltas", () => {
    const hologram = { type: "hologram", shape: "cube", layers: [{ z: 1 }] };
    const { reply } = read([
      START,
      { type: "weather_report", sky: "clear" },
      { type: "content_block_delta", index: 7, delta: { type: "sparkle_delta", sparkle: "*" } },
      ...block(0, hologram, { type: "sparkle_delta", sparkle: "*" }),
      ends("end_turn"),
      STOP,
    ]);
    expect(reply.content).toEqual([hologram]);
    expect(reply.toolUses).toEqual([]);
  });

  it("separates several thinking blocks, streamed as in the end", () => {
    const { reply, thinking } = read([
      START,
      ...block(0, { type: "thinking", thinking: "" }, { type: "thinking_delta", thinking: "One." }),
      ...block(1, { type: "redacted_thinking", data: "xx" }),
      ...block(
        2,
        { type: "thinking", thinking: "" },
        { type: "thinking_delta", thinking: "Two." },
        { type: "thinking_delta", thinking: " Three." },
      ),
      ends("end_turn"),
      STOP,
    ]);
    expect(reply.thinking).toBe("One.\n\nTwo. Three.");
    expect(thinking.join("")).toBe(reply.thinking);
  });

  it("takes the usage of message_start with the totals of message_delta over it", () => {
    const { reply } = read(replyEvents([{ type: "text", text: "Hi." }], "end_turn"));
    expect(reply.usage).toEqual({ input: 10, output: 40, cacheWrite: 20, cacheRead: 30 });
    expect(reply.text).toBe("Hi.");
  });

  it.each([
    ["cut-off JSON", '{"coordinate": [4', '{"coordinate": [4', "input: is not valid JSON"],
    ["a list", "[1, 2]", [1, 2], null],
    ["a number", "12", 12, null],
  ])("keeps %s as the call's input and sends back an empty object", (_, json, input, inputError) => {
    const { reply } = read([
      START,
      ...block(
        0,
        { type: "tool_use", id: "t1", name: "wait", input: {} },
        { type: "input_json_delta", partial_json: json },
      ),
      ends("tool_use"),
      STOP,
    ]);
    expect(reply.content).toEqual([{ type: "tool_use", id: "t1", name: "wait", input: {} }]);
    expect(reply.toolUses[0]).toMatchObject({ id: "t1", input, inputError });
  });

  it.each<[string, Json[]]>([
    ["no message_start", [...block(0, { type: "text", text: "" }), STOP]],
    ["two message_starts", [START, START]],
    [
      "a delta of a block that never began",
      [START, { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "x" } }],
    ],
    [
      "a block that begins twice",
      [START, ...block(0, { type: "text", text: "" }), ...block(0, { type: "text", text: "" })],
    ],
    [
      "a block left open",
      [START, { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }, STOP],
    ],
    ["a tool_use without an id", [START, ...block(0, { type: "tool_use", name: "wait", input: {} }), STOP]],
    [
      "two calls with one id",
      [START, ...[0, 1].flatMap((i) => block(i, { type: "tool_use", id: "t", name: "wait", input: {} })), STOP],
    ],
    ["an event that is no object", [START, 12]],
  ])("refuses %s", (_, events) => {
    expect(() => read(events)).toThrow(expect.objectContaining({ name: "MalformedReply" }));
  });

  it("refuses halves of surrogate pairs, which no request and no journal can carry", () => {
    const events = [
      START,
      ...block(
        0,
        { type: "tool_use", id: "t", name: "type", input: {} },
        { type: "input_json_delta", partial_json: '{"text":"\\ud83d"}' },
      ),
      ends("tool_use"),
      STOP,
    ];
    expect(() => read(events)).toThrow(/surrogate/);
  });

  it("refuses what is no JSON", () => {
    const reader = new ReplyReader(
      () => undefined,
      () => undefined,
    );
    expect(() => reader.take('{"type":"mess')).toThrow(/not valid JSON/);
  });
});
