import { describe, expect, test } from "vitest";
import { describe as inWords } from "./action.ts";
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
