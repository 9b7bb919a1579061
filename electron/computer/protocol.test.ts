import { expect, test } from "vitest";
import { fromExecutorSchema, readMessage, resultSchema, toExecutorSchema } from "./protocol.ts";

test.each([
  [null],
  [{ type: "nonsense" }],
  [{ type: "look", id: 1, space: { w: 0, h: 1 }, points: [], settleMs: 0 }],
  [{ type: "look", id: 1, space: { w: 1, h: 1 }, points: [[1.5, 1]], settleMs: 0 }],
  [{ type: "look", id: 1, space: { w: 1, h: 1 }, points: [], settleMs: -1 }],
  [{ type: "perform", id: 1, request: { action: { action: "left_click", coordinate: [1, 1] } } }],
  [{ type: "stop", id: "1" }],
  [{ type: "beat", extra: 1 }],
])("%j is refused", (message) => {
  expect(() => readMessage(toExecutorSchema, message)).toThrow(/malformed/);
});

test("an action of the request is validated like any other", () => {
  const display = { x: 0, y: 0, w: 10, h: 10, scale: 1 };
  const request = {
    proposal: "p",
    action: { action: "key", text: "ctrl+s" },
    space: { w: 10, h: 10 },
    cursor: null,
    expected: { display, window: null, target: null, picture: "x" },
    settleMs: 100,
  };
  expect(readMessage(toExecutorSchema, { type: "perform", id: 1, request })).toMatchObject({ request });
  const bad = { ...request, action: { action: "key", text: "no_such_key" } };
  expect(() => readMessage(toExecutorSchema, { type: "perform", id: 1, request: bad })).toThrow(/action/);
});

test("the operator's hand and Claude's actions can't be taken for each other", () => {
  const display = { x: 0, y: 0, w: 10, h: 10, scale: 1 };
  const space = { w: 10, h: 10 };
  const action = { action: "left_click", coordinate: [1, 1] };
  const expected = { display, window: null, target: null, picture: "x" };
  const request = { proposal: "p", action, space, cursor: null, expected, settleMs: 100 };
  expect(readMessage(toExecutorSchema, { type: "hand", id: 1, action, space })).toMatchObject({ type: "hand" });
  for (const mixed of [
    { type: "hand", id: 1, request },
    { type: "hand", id: 1, action, space, request },
    { type: "hand", id: 1, action, space, proposal: "p" },
    { type: "perform", id: 1, action, space },
    { type: "perform", id: 1, request, hand: true },
    { type: "perform", id: 1, request: { ...request, expected: undefined } },
    { type: "hand", id: 1, action: { action: "key", text: "no_such_key" }, space },
  ]) {
    expect(() => readMessage(toExecutorSchema, mixed)).toThrow(/malformed/);
  }
});

test("what the executor says is validated too", () => {
  expect(readMessage(fromExecutorSchema, { type: "ready" })).toEqual({ type: "ready" });
  expect(() => readMessage(fromExecutorSchema, { type: "error", id: 1, code: "odd", message: "" })).toThrow(/code/);
  expect(() => readMessage(resultSchema, { kind: "returned", reason: "odd", detail: "", now: null })).toThrow(/reason/);
});
