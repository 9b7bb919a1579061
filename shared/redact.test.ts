import { describe, expect, test } from "vitest";
import { describe as inWords } from "./action.ts";
import { eventProblem } from "./event-schema.ts";
import { legible, redactEvent, typedTexts } from "./redact.ts";
import type { EventBodies, SessionEvent } from "./session-event.ts";

const SECRET = 'Tr0ub4dor&3 "quoted" \u202e';
const typing = { action: "type", text: SECRET } as const;
const secrets = new Set([SECRET]);

function whole(type: string, body: unknown): SessionEvent {
  return { v: 1, session: "20261121-0001", seq: 1, ts: "2026-11-21T09:00:00.000Z", type, body } as SessionEvent;
}

/** Everything of it that is worth looking for. */
const TRACES = [SECRET, JSON.stringify(SECRET).slice(1, -1), inWords(typing).slice(6, -1), "Tr0ub4dor"];

test("finds typed text wherever it stands", () => {
  expect(typedTexts({ a: [{ b: typing }, null, 3, "x"], action: { action: "key", text: "Return" } })).toEqual([SECRET]);
});

describe("what is written of an event", () => {
  const calls = [
    { toolUseId: "toolu_1", name: "type", input: { text: SECRET }, parsed: { action: typing } },
    {
      toolUseId: "toolu_2",
      name: "computer",
      input: { action: "type", text: "" },
      parsed: { error: "text: is empty" },
    },
    {
      toolUseId: "toolu_3",
      name: "key",
      input: { text: "Return" },
      parsed: { action: { action: "key", text: "Return" } },
    },
  ];
  const cases: readonly (readonly [string, unknown])[] = [
    [
      "turn.finished",
      { message: { content: [typing] }, contentText: SECRET, calls, thinking: `I type ${SECRET}.`, text: SECRET },
    ],
    [
      "turn.started",
      {
        appended: [
          { role: "user", content: [{ type: "tool_result", content: [{ type: "text", text: inWords(typing) }] }] },
        ],
      },
    ],
    ["action.proposed", { proposal: { id: "1.0", action: typing, original: typing } }],
    ["decision.made", { digest: "ab".repeat(32), decision: { kind: "edit", action: typing } }],
    ["action.started", { proposal: "1.0", action: typing }],
    ["action.finished", { text: `The operator changed this action. Executed: ${inWords(typing)}.` }],
    ["policy.evaluated", { verdict: { explanation: `text "${SECRET}" is not covered` } }],
    ["note.added", { text: `It was ${SECRET}` }],
  ];

  test.each(cases)("%s holds no trace of it", (type, body) => {
    const { body: written } = redactEvent({ type, body } as never, secrets) as { body: unknown };
    const text = JSON.stringify(written);
    for (const trace of TRACES) expect(text).not.toContain(trace);
    expect(text).not.toContain("abab");
  });

  test("a length stands for it, and other calls stay", () => {
    const { body } = redactEvent({ type: "turn.finished", body: cases[0]?.[1] } as never, secrets) as {
      body: EventBodies["turn.finished"];
    };
    expect(body.calls[0]?.parsed).toEqual({
      action: { action: "type", text: { redacted: true, length: [...SECRET].length } },
    });
    expect(body.calls[0]?.input).toEqual({ redacted: true });
    expect(body.calls[2]).toEqual(calls[2]);
    expect(body.message).toEqual({ redacted: true });
  });

  test("a short text is not looked for inside others", () => {
    const { body } = redactEvent({ type: "note.added", body: { text: "a cat" } }, new Set(["a"]));
    expect(body).toEqual({ text: "a cat" });
  });
});

test("readers see bullets, and other events as they are", () => {
  const redacted = whole("action.started", {
    proposal: "1.0",
    rev: 1,
    action: { action: "type", text: { redacted: true, length: 3 } },
  });
  expect(legible(redacted).body).toEqual({ proposal: "1.0", rev: 1, action: { action: "type", text: "•••" } });
  const other = whole("note.added", { text: "x" });
  expect(legible(other)).toBe(other);
});

test("leaves the words of the format alone, whatever was typed", () => {
  const words = ["done", "approve", "operator", "type", "left_click", "allow", "finished", "user", "Return"];
  const secrets = new Set(words);
  const events = [
    {
      type: "decision.made",
      body: {
        proposal: "1.0",
        rev: 1,
        digest: "",
        decision: { kind: "approve" },
        by: { kind: "operator" },
        latencyMs: 0,
      },
    },
    { type: "action.started", body: { proposal: "1.0", rev: 1, action: { action: "left_click", coordinate: [1, 2] } } },
    { type: "action.started", body: { proposal: "1.0", rev: 1, action: { action: "key", text: "Return" } } },
    { type: "session.ended", body: { reason: "finished", detail: null } },
    { type: "session.paused", body: { why: "operator", detail: "done" } },
  ] as const;
  for (const event of events) {
    const kept = redactEvent(event as never, secrets) as { readonly type: string; readonly body: unknown };
    const whole = { v: 1, session: "20261121-0001", seq: 1, ts: "2026-11-21T10:00:00.000Z", ...kept };
    expect([event.type, eventProblem(whole as never)]).toEqual([event.type, null]);
  }
});
