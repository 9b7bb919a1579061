import { describe, expect, it } from "vitest";
import { adaptTurn, oneCallEach } from "./adapt.ts";
import type { JsonObject } from "./json.ts";
import { TOOL_MEMBERS, type ToolType } from "./models.ts";
import { firstRequestOf } from "./sample-request.ts";
import {
  type CallPart,
  call,
  type ScriptRequest,
  stopping,
  strayCall,
  text,
  thinking,
  troubled,
  turn,
} from "./script.ts";

function request(toolVersion: ToolType, more: JsonObject = {}): ScriptRequest {
  return { body: firstRequestOf(toolVersion, more), betas: [], toolVersion };
}

function adapted(part: CallPart, toolVersion: ToolType, more: JsonObject = {}): unknown[] {
  return adaptTurn(turn(part), request(toolVersion, more)).parts.map((each) =>
    each.kind === "call" ? [each.member, each.input] : each.kind,
  );
}

const AT = { coordinate: [4, 5] };

describe("what a tool version does not have", () => {
  it("is left as it is where it has it", () => {
    for (const toolVersion of ["computer_toolset_20260801", "computer_20251124"] as const) {
      for (const member of TOOL_MEMBERS[toolVersion])
        expect(adapted(call(member), toolVersion)).toEqual([[member, {}]]);
    }
    expect(adapted({ kind: "call", member: "fly", input: {} }, "computer_20241022")).toEqual([["fly", {}]]);
  });

  it("is a screenshot where there is no zoom, or none was switched on", () => {
    const zoom = call("zoom", { region: [0, 0, 9, 9] });
    expect(adapted(zoom, "computer_20250124")).toEqual([["screenshot", {}]]);
    const tools = [{ type: "computer_20251124", name: "computer", display_width_px: 1280, display_height_px: 800 }];
    expect(adapted(zoom, "computer_20251124", { tools })).toEqual([["screenshot", {}]]);
  });

  it.each<[CallPart, unknown[]]>([
    [
      call("left_click", AT),
      [
        ["mouse_move", AT],
        ["left_click", {}],
      ],
    ],
    [call("right_click"), [["right_click", {}]]],
    [
      call("triple_click", AT),
      [
        ["mouse_move", AT],
        ["left_click", {}],
        ["key", { text: "ctrl+a" }],
      ],
    ],
    [
      call("left_click_drag", { start_coordinate: [1, 2], ...AT }),
      [
        ["mouse_move", { coordinate: [1, 2] }],
        ["left_click_drag", AT],
      ],
    ],
    [
      call("scroll", { ...AT, scroll_direction: "up", scroll_amount: 3 }),
      [
        ["mouse_move", AT],
        ["key", { text: "Page_Up" }],
      ],
    ],
    [call("hold_key", { text: "a", duration: 1 }), [["key", { text: "a" }]]],
    [call("wait", { duration: 1 }), [["screenshot", {}]]],
    [call("zoom", { region: [0, 0, 9, 9] }), [["screenshot", {}]]],
    [call("type", { text: "a" }), [["type", { text: "a" }]]],
  ])("is done in the words of the first version: %j", (part, calls) => {
    expect(adapted(part, "computer_20241022")).toEqual(calls);
  });

  it("says so when there is no stand-in", () => {
    expect(() => adapted(call("left_mouse_down"), "computer_20241022")).toThrow(
      "the script asks for left_mouse_down, which computer_20241022 does not have",
    );
  });

  it("keeps a fixed id with the last of the calls", () => {
    const parts = adaptTurn(turn(call("left_click", AT, "one")), request("computer_20241022")).parts;
    expect(parts.map((part) => ("id" in part ? part.id : null))).toEqual([null, "one"]);
  });
});

describe("one call each", () => {
  const one = { tool_choice: { type: "auto", disable_parallel_tool_use: true } };
  const three = stopping(
    "tool_use",
    turn(thinking("a"), call("screenshot"), text("b"), strayCall("zoom"), call("wait"), text("c")),
  );

  it("leaves the turn alone unless asked for", () => {
    expect(oneCallEach(three, request("computer_20251124"))).toEqual([three]);
    expect(oneCallEach(turn(call("wait")), request("computer_20251124", one))).toHaveLength(1);
  });

  it("cuts it after each call, the stop reason with the last", () => {
    const pieces = oneCallEach(three, request("computer_20251124", one));
    expect(pieces.map(({ parts }) => parts.map(({ kind }) => kind))).toEqual([
      ["thinking", "call"],
      ["text", "stray_call"],
      ["call", "text"],
    ]);
    expect(pieces.map(({ stopReason }) => stopReason)).toEqual([undefined, undefined, "tool_use"]);
  });

  it("has the trouble in the first, which is all there is when it breaks off", () => {
    const stalled = oneCallEach(troubled(three, { kind: "stall", after: 1, ms: 1 }), request("computer_20251124", one));
    expect(stalled.map(({ trouble }) => trouble?.length)).toEqual([1, undefined, undefined]);
    expect(oneCallEach(troubled(three, { kind: "cut", after: 1 }), request("computer_20251124", one))).toHaveLength(1);
  });
});
