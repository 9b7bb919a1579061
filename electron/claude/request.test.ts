import { describe, expect, it } from "vitest";
import type { Json } from "../../shared/jcs.ts";
import { chooseModel, modelById } from "../../shared/model.ts";
import { compactionRequest, type Message, turnRequest } from "./request.ts";
import { setupFor, setupOf } from "./test-support.ts";
import { toolset20260801 } from "./wire/toolset-20260801.ts";
import { wireFor } from "./wire/wire-for.ts";

const bodyOf = (...args: Parameters<typeof turnRequest>) => turnRequest(...args).body;

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

describe("turnRequest", () => {
  it("asks a newer model for readable thinking with an effort", () => {
    const body = bodyOf(setupFor({ system: "Be brief." }), toolset20260801, [FIRST]);
    expect(body).toEqual({
      model: "claude-opus-5-5",
      max_tokens: 16_000,
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      tools: [{ type: "computer_toolset_20260801" }],
      messages: [FIRST],
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "high" },
      context_management: {
        edits: [
          {
            type: "clear_tool_uses_20250919",
            trigger: { type: "input_tokens", value: 80_000 },
            keep: { type: "tool_uses", value: 20 },
            clear_at_least: { type: "input_tokens", value: 30_000 },
          },
        ],
      },
      stream: true,
    });
  });

  it("clears old results on the API's side only where the model is known to do so", () => {
    const beta = (...args: Parameters<typeof setupOf>) => {
      const setup = setupOf(...args);
      return turnRequest(setup, wireFor(setup.toolVersion), [FIRST]).beta;
    };
    expect(beta("computer_toolset_20260801")).toBe("context-management-2025-06-27");
    expect(beta("computer_20251124")).toBe("computer-use-2025-11-24,context-management-2025-06-27");
    expect(beta("computer_20241022")).toBe("computer-use-2024-10-22");
    const unknown = chooseModel("claude-next", "computer_toolset_20260801");
    if (!unknown.ok) throw new Error(unknown.error);
    const request = turnRequest(setupFor({ model: unknown.model }), toolset20260801, [FIRST]);
    expect(request.beta).toBeNull();
    expect(request.body).not.toHaveProperty("context_management");
  });

  it("has a history summarized by the same request, but for what only shapes a reply", () => {
    const setup = setupOf("computer_20251124");
    const { body, beta } = compactionRequest(setup, wireFor("computer_20251124"), [FIRST]);
    const { context_management: _, ...same } = bodyOf(setup, wireFor("computer_20251124"), [FIRST]) as {
      context_management?: unknown;
    };
    expect(body).toEqual({ ...same, compaction: { type: "summarize" } });
    expect(beta).toBe("computer-use-2025-11-24,compact-2026-09-04");
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
    const body = bodyOf(setupOf(toolVersion), wireFor(toolVersion), [FIRST]);
    expect(body.tools).toEqual([tool]);
    expect(body.thinking).toEqual(thinking);
    expect(body).not.toHaveProperty("tool_choice");
  });

  it("asks for one action per turn when the operator wants it so", () => {
    expect(bodyOf(setupFor({ onePerTurn: true }), toolset20260801, [FIRST]).tool_choice).toEqual({
      type: "auto",
      disable_parallel_tool_use: true,
    });
  });

  it("keeps a budget below max_tokens, or thinks not at all", () => {
    const { model } = setupOf("computer_20250124");
    const thinking = (maxTokens: number) =>
      bodyOf(setupFor({ model: { ...model, maxTokens } }), toolset20260801, [FIRST]).thinking;
    expect(thinking(1025)).toEqual({ type: "enabled", budget_tokens: 1024 });
    expect(thinking(1024)).toEqual({ type: "disabled" });
  });

  it("leaves the effort out when there is none, and gives older models a budget below max_tokens", () => {
    expect(bodyOf(setupFor({ effort: null }), toolset20260801, [FIRST])).not.toHaveProperty("output_config");
    const older = modelById("claude-sonnet-4-5");
    if (older === null) throw new Error("no such model");
    const body = bodyOf(setupFor({ model: older, effort: null }), toolset20260801, [FIRST]);
    expect(body).toMatchObject({ thinking: { type: "enabled", budget_tokens: 8000 }, max_tokens: 16_000 });
    const none = bodyOf(setupFor({ model: { ...older, thinking: "none" } }), toolset20260801, [FIRST]);
    expect(none).not.toHaveProperty("thinking");
  });

  it("moves its markers forward over six turns, at most four in all, and leaves the history alone", () => {
    let history: readonly Message[] = [FIRST];
    let before = "";
    const placed: string[][] = [];
    for (let n = 1; n <= 6; n += 1) {
      const kept = JSON.stringify(history);
      const body = bodyOf(setupFor(), toolset20260801, history);
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
