import { describe, expect, it } from "vitest";
import { ACTION_NAMES, type ActionName } from "../../../shared/action.ts";
import type { Point } from "../../../shared/geometry.ts";
import type { Json } from "../../../shared/jcs.ts";
import type { ToolVersion } from "../../../shared/model.ts";
import type { ParsedCall } from "../../../shared/session-event.ts";
import { picture, SPACE } from "../test-support.ts";
import { base64Image } from "../user-content.ts";
import type { Block } from "./wire.ts";
import { wireFor } from "./wire-for.ts";

const OLDER = ["computer_20251124", "computer_20250124", "computer_20241022"] as const;
const CALL: ParsedCall = { toolUseId: "t1", name: "computer", input: {}, parsed: { error: "" } };

function parse(
  version: ToolVersion,
  input: Json,
  more: { readonly block?: Block; readonly cursor?: Point; readonly inputError?: string } = {},
): ParsedCall["parsed"] {
  const block = { type: "tool_use", id: "t1", name: "computer", ...more.block };
  const call = wireFor(version).parse(
    { id: "t1", block, input, inputError: more.inputError ?? null },
    SPACE,
    more.cursor ?? null,
  );
  expect(call).toMatchObject({ toolUseId: "t1", input, name: block.name ?? "" });
  return call.parsed;
}

const SAMPLES: Readonly<Record<ActionName, Block>> = {
  screenshot: {},
  zoom: { region: [0, 0, 10, 10] },
  left_click: { coordinate: [4, 5], text: "shift" },
  right_click: { coordinate: [4, 5] },
  middle_click: {},
  double_click: { coordinate: [4, 5] },
  triple_click: { coordinate: [4, 5] },
  left_click_drag: { start_coordinate: [1, 2], coordinate: [4, 5] },
  mouse_move: { coordinate: [4, 5] },
  left_mouse_down: {},
  left_mouse_up: {},
  cursor_position: {},
  scroll: { scroll_direction: "down", scroll_amount: 3, coordinate: [4, 5] },
  type: { text: "Hi" },
  key: { text: "ctrl+s" },
  hold_key: { text: "shift", duration: 1 },
  wait: { duration: 1 },
};

const FIRST: readonly ActionName[] = [
  "screenshot",
  "left_click",
  "right_click",
  "middle_click",
  "double_click",
  "left_click_drag",
  "mouse_move",
  "cursor_position",
  "type",
  "key",
];
const HAS: Readonly<Record<(typeof OLDER)[number], readonly ActionName[]>> = {
  computer_20251124: ACTION_NAMES,
  computer_20250124: ACTION_NAMES.filter((name) => name !== "zoom"),
  computer_20241022: FIRST,
};

describe.each(OLDER)("%s", (version) => {
  it.each(ACTION_NAMES)("reads %s, if it has it", (action) => {
    const fields = SAMPLES[action];
    const parsed = parse(version, { action, ...fields, text: fields.text ?? null });
    if (!HAS[version].includes(action)) {
      expect(parsed).toEqual({ error: expect.stringContaining(`"${action}" is not an action of ${version}`) });
    } else if (version === "computer_20241022" && action === "left_click_drag") {
      expect(parsed).toEqual({ error: expect.stringMatching(/^start_coordinate: is not a field/) });
    } else {
      expect(parsed).toEqual({ action: { action, ...fields } });
    }
  });

  it.each<[string, Json, Block, RegExp]>([
    ["the toolset's shape", {}, { name: "left_click", toolset_name: "computer" }, /^toolset_name: is not a field of/],
    ["another tool", { command: "ls" }, { name: "bash" }, /^name: expected "computer", got "bash"$/],
    ["no name", {}, { name: null }, /^name: expected "computer", got null$/],
    ["no action", { coordinate: [1, 1] }, {}, /^action: is missing$/],
    ["an action that is null", { action: null }, {}, /^action: is missing$/],
    ["an action that is no text", { action: 7 }, {}, /^action: 7 is not an action of/],
    ["an unknown action", { action: "teleport" }, {}, /^action: "teleport" is not an action of/],
    ["invisible characters", { action: "a\u202eb" }, {}, /^action: "a\S+b" is not/],
    ["an input that is a list", [1], {}, /^input: expected an object, got a list of 1/],
    ["a point outside", { action: "mouse_move", coordinate: [320, 5] }, {}, /^coordinate\[0\]: 320 is outside/],
    ["an unknown field", { action: "key", text: "a", speed: 2 }, {}, /^speed: is not a field of this action/],
  ])("answers %s with an error", (_, input, block, error) => {
    const parsed = parse(version, input, { block });
    expect(parsed).toEqual({ error: expect.stringMatching(error) });
    expect(JSON.stringify(parsed)).not.toContain("\u202e");
  });

  it("answers an input that was no JSON with an error", () => {
    const inputError = "input: is not valid JSON";
    expect(parse(version, '{"act', { inputError })).toEqual({ error: inputError });
  });

  it("asks for pictures to be refused rather than shrunk, and names no family", () => {
    const wire = wireFor(version);
    expect(wire.imageFields).toEqual({ transformations: { oversized_image: "error" } });
    const result = wire.result(
      { call: CALL, text: "X=4,Y=5", isError: false, images: [picture()] },
      { name: "computer" },
      base64Image,
    );
    expect(Object.keys(result)).toEqual(["type", "tool_use_id", "content"]);
    expect(result.content).toMatchObject([{ type: "text", text: "X=4,Y=5" }, { type: "image" }]);
  });
});

describe("a drag of computer_20241022", () => {
  const drag = { action: "left_click_drag", coordinate: [9, 9] };

  it("starts where the cursor is", () => {
    expect(parse("computer_20241022", drag, { cursor: [3, 4] })).toEqual({
      action: { action: "left_click_drag", start_coordinate: [3, 4], coordinate: [9, 9] },
    });
  });

  it("is an error before there is a cursor, and with a start of its own", () => {
    expect(parse("computer_20241022", drag)).toEqual({ error: expect.stringMatching(/^coordinate: .*use mouse_move/) });
    expect(parse("computer_20241022", { ...drag, start_coordinate: [1, 1] }, { cursor: [3, 4] })).toEqual({
      error: expect.stringMatching(/^start_coordinate: is not a field of this action/),
    });
    expect(parse("computer_20241022", { ...drag, start_coordinate: null }, { cursor: [3, 4] })).toHaveProperty(
      "action",
    );
  });
});
