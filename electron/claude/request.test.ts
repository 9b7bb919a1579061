import { describe, expect, it } from "vitest";
import type { Json } from "../../shared/jcs.ts";
import { modelById } from "../../shared/model.ts";
import { type Message, requestBody } from "./request.ts";
import { setupFor, setupOf } from "./test-support.ts";
import { toolset20260801 } from "./wire/toolset-20260801.ts";
import { wireFor } from "./wire/wire-for.ts";

const FIRST: Message = { role: "user", content: [{ type: "text", text: "Do it." }] };

function turn(n: number, results: number): readonly Message[] {
  const ids = Array.from({ length: results }, (_, i) => `t${n}.${i}`);
  return [
    { role: "assistant", content: ids.map((id) => ({ type: "tool_use", id, name: "screenshot", input: {} })) },
    {
      role: "user",
      content: [
        ...ids.map((id) => ({ type: "tool_result", tool_use_id: id, content: [{ type: "text", text: "Done." }] })),
        { type: "text", text: "Note from the operator: hello" },
      ],
    },
  ];
}

/** Paths of all blocks of the messages that carry a marker. */
function marked(messages: Json): string[] {
  const found: string[] = [];
  JSON.parse(JSON.stringify(messages)).forEach((message: { content: { [key: string]: Json }[] }, m: number) => {
    message.content.forEach((block, c) => {
      if ("cache_control" in block) found.push(`${m}.${c} ${String(block.tool_use_id)}`);
    });
  });
  return found;
}

function withoutMarkers(value: unknown): string {
  return JSON.stringify(value, (key, member) => (key === "cache_control" ? undefined : member));
}

describe("requestBody", () => {
  it("asks a newer model for readable thinking with an effort", () => {
    const body = requestBody(setupFor({ system: "Be brief." }), toolset20260801, [FIRST]);
    expect(body).toEqual({
      model: "claude-opus-5-5",
      max_tokens: 16_000,
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      tools: [{ type: "computer_toolset_20260801" }],
      messages: [FIRST],
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "high" },
      stream: true,
    });
  });

  it.each([
    [
      "computer_20251124",
      { type: "adaptive", display: "summarized" },
      { type: "computer_20251124", name: "computer", display_width_px: 320, display_height_px: 200, enable_zoom: true },
    ],
    [
      "computer_20250124",
      { type: "enabled", budget_tokens: 8000 },
      { type: "computer_20250124", name: "computer", display_width_px: 320, display_height_px: 200 },
    ],
    [
      "computer_20241022",
      undefined,
      { type: "computer_20241022", name: "computer", display_width_px: 320, display_height_px: 200 },
    ],
  ] as const)("declares %s with its display, and thinks in its style", (toolVersion, thinking, tool) => {
    const body = requestBody(setupOf(toolVersion), wireFor(toolVersion), [FIRST]);
    expect(body.tools).toEqual([tool]);
    expect(body.thinking).toEqual(thinking);
    expect(body).not.toHaveProperty("tool_choice");
  });

  it("asks for one action per turn when the operator wants it so", () => {
    expect(requestBody(setupFor({ onePerTurn: true }), toolset20260801, [FIRST]).tool_choice).toEqual({
      type: "auto",
      disable_parallel_tool_use: true,
    });
  });

  it("keeps a budget below max_tokens, or thinks not at all", () => {
    const { model } = setupOf("computer_20250124");
    const thinking = (maxTokens: number) =>
      requestBody(setupFor({ model: { ...model, maxTokens } }), toolset20260801, [FIRST]).thinking;
    expect(thinking(1025)).toEqual({ type: "enabled", budget_tokens: 1024 });
    expect(thinking(1024)).toEqual({ type: "disabled" });
  });

  it("leaves the effort out when there is none, and gives older models a budget below max_tokens", () => {
    expect(requestBody(setupFor({ effort: null }), toolset20260801, [FIRST])).not.toHaveProperty("output_config");
    const older = modelById("claude-sonnet-4-5");
    if (older === null) throw new Error("no such model");
    const body = requestBody(setupFor({ model: older, effort: null }), toolset20260801, [FIRST]);
    expect(body).toMatchObject({ thinking: { type: "enabled", budget_tokens: 8000 }, max_tokens: 16_000 });
    const none = requestBody(setupFor({ model: { ...older, thinking: "none" } }), toolset20260801, [FIRST]);
    expect(none).not.toHaveProperty("thinking");
  });

  it("moves its markers forward over six turns, at most four in all, and leaves the history alone", () => {
    let history: readonly Message[] = [FIRST];
    let before = "";
    const placed: string[][] = [];
    for (let n = 1; n <= 6; n += 1) {
      const kept = JSON.stringify(history);
      const body = requestBody(setupFor(), toolset20260801, history);
      expect(JSON.stringify(history)).toBe(kept);
      expect(JSON.stringify(body).match(/"cache_control"/g)?.length).toBeLessThanOrEqual(4);
      const sent = withoutMarkers(body.messages);
      expect(sent.startsWith(before)).toBe(true);
      before = sent.slice(0, -1);
      placed.push(marked(body.messages as unknown as Json));
      history = [...history, ...turn(n, n === 3 ? 3 : 1)];
    }
    expect(placed).toEqual([
      [],
      ["2.0 t1.0"],
      ["2.0 t1.0", "4.0 t2.0"],
      ["2.0 t1.0", "4.0 t2.0", "6.2 t3.2"],
      ["4.0 t2.0", "6.2 t3.2", "8.0 t4.0"],
      ["6.2 t3.2", "8.0 t4.0", "10.0 t5.0"],
    ]);
  });
});
