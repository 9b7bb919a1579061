import Anthropic from "@anthropic-ai/sdk";
import { afterEach, describe, expect, it } from "vitest";
import { runLoop } from "./loop-client.ts";
import { TOOL_BETA, type ToolType } from "./models.ts";
import { firstRequestOf } from "./sample-request.ts";
import { SCENARIO_NAMES, scenarioByName } from "./scenario-by-name.ts";
import type { ScenarioParams } from "./scenarios.ts";
import { PRACTICE_API_KEY, type PracticeServer, startPracticeServer } from "./server.ts";

type Params = Anthropic.Beta.Messages.MessageCreateParamsNonStreaming;
let server: PracticeServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function play(
  name: string,
  params: ScenarioParams = {},
  tool: ToolType = "computer_toolset_20260801",
): Promise<{ stops: (string | null)[]; calls: string[]; last: string }> {
  server ??= await startPracticeServer({ script: scenarioByName(name, params) });
  const client = new Anthropic({ apiKey: PRACTICE_API_KEY, baseURL: server.url, maxRetries: 0, logLevel: "off" });
  const { replies } = await runLoop(client, firstRequestOf(tool) as unknown as Params);
  const blocks = replies.flatMap(({ content }) => content);
  return {
    stops: replies.map(({ stop_reason }) => stop_reason),
    calls: blocks.flatMap((block) => (block.type === "tool_use" ? [block.name] : [])),
    last: blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).at(-1) ?? "",
  };
}

describe("scenarios that run through", () => {
  const told: [string, string[], string[]][] = [
    ["answerOnly", [], ["end_turn"]],
    ["oneClick", ["left_click"], ["tool_use", "end_turn"]],
    ["typeLong", ["left_click", "type"], ["tool_use", "tool_use", "end_turn"]],
    ["batchOfFive", ["mouse_move", "left_click", "type", "key", "wait"], ["tool_use", "end_turn"]],
    [
      "brokenInput",
      ["left_click", "left_click", "fly_away", "computer"],
      ["tool_use", "tool_use", "tool_use", "tool_use", "end_turn"],
    ],
    ["mousepadParagraph", ["left_click", "type", "key"], ["tool_use", "tool_use", "tool_use", "end_turn"]],
    ["maxTokensMidToolUse", ["type"], ["max_tokens", "end_turn"]],
    ["refusal", ["left_click"], ["refusal", "end_turn"]],
    ["pauseTurn", [], ["pause_turn"]],
    ["contextWindowExceeded", [], ["model_context_window_exceeded"]],
    ["unknownStopReason", ["left_click"], ["gone_fishing", "end_turn"]],
  ];
  it.each(told)("%s", async (name, calls, stops) => {
    expect(await play(name)).toMatchObject({ calls, stops });
  });

  const olderTools = (Object.keys(TOOL_BETA) as ToolType[]).filter((tool) => tool !== "computer_toolset_20260801");
  it.each(olderTools)("all of them under %s, in its shape", async (tool) => {
    for (const [name, , stops] of told) {
      expect(await play(name, {}, tool)).toMatchObject({ stops });
      const sent = JSON.stringify(server?.requests.at(-1)?.body?.messages);
      expect(sent.includes('"toolset_name"')).toBe(name === "brokenInput");
      await server?.close();
      server = null;
    }
  });

  it("answerThenReply quotes the operator", async () => {
    const first = await play("answerThenReply");
    expect(first.last).toContain("?");
    expect((await play("answerThenReply")).last).toBe("Done, as you said: Fill in the form.");
  });

  it("takes its parameters", async () => {
    await play("mousepadParagraph", { text: "你好", at: [7, 8], answer: "fine" });
    const sent = JSON.stringify(server?.requests.at(-1)?.body);
    expect(sent).toContain("你好");
    expect(sent).toContain('"coordinate":[7,8]');
  });
});

describe("scenarios with trouble", () => {
  const troubles: [string, RegExp, string[]][] = [
    ["rateLimitedThenFine", /rate limit/, ["tool_use", "end_turn"]],
    ["streamCut", /.*/, ["tool_use", "end_turn"]],
    ["unparsableInput", /.*/, ["end_turn"]],
  ];
  it.each(troubles)("%s fails once, then goes on", async (name, says, stops) => {
    await expect(play(name)).rejects.toThrow(says);
    expect(await play(name)).toMatchObject({ stops });
  });

  it("overloaded fails twice", async () => {
    await expect(play("overloaded")).rejects.toMatchObject({ status: 529 });
    await expect(play("overloaded")).rejects.toMatchObject({ status: 529 });
    expect(await play("overloaded")).toMatchObject({ stops: ["end_turn"] });
  });

  it("unauthorised fails every time", async () => {
    await expect(play("unauthorised")).rejects.toMatchObject({ status: 401 });
    await expect(play("unauthorised")).rejects.toMatchObject({ status: 401 });
  });
});

it("names its scenarios when asked for another", () => {
  expect(SCENARIO_NAMES).toHaveLength(17);
  expect(() => scenarioByName("nap")).toThrow(/no scenario "nap"; there are answerOnly, oneClick/);
});
