import Anthropic from "@anthropic-ai/sdk";
import { expect, it } from "vitest";
import { DESK_SIZE } from "./desk/layout.ts";
import type { JsonObject } from "./json.ts";
import { runLoop } from "./loop-client.ts";
import { TOOL_BETA, type ToolType } from "./models.ts";
import { practiceScript } from "./practice-script.ts";
import { firstRequest, firstRequestOf } from "./sample-request.ts";
import type { Script, ScriptEntry } from "./script.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "./server.ts";

type Params = Anthropic.Beta.Messages.MessageCreateParamsNonStreaming;

const TOOL_TYPES = Object.keys(TOOL_BETA) as ToolType[];

function callsOf(script: Script): { readonly member: string; readonly input: JsonObject }[] {
  const entries: readonly ScriptEntry[] = typeof script === "function" ? [] : script;
  return entries.flatMap((entry) =>
    entry.kind === "turn" ? entry.parts.flatMap((part) => (part.kind === "call" ? [part] : [])) : [],
  );
}

it("uses most of the 17 actions, all inside the desk", () => {
  const calls = callsOf(practiceScript());
  expect(new Set(calls.map(({ member }) => member)).size).toBeGreaterThanOrEqual(13);
  for (const { input } of calls) {
    for (const point of [input.coordinate, input.start_coordinate].filter(Array.isArray)) {
      expect(point[0]).toBeGreaterThan(0);
      expect(point[0]).toBeLessThan(DESK_SIZE.width);
      expect(point[1]).toBeGreaterThan(0);
      expect(point[1]).toBeLessThan(DESK_SIZE.height);
    }
  }
});

it.each(TOOL_TYPES)("passes the validator from end to end under %s", async (tool) => {
  const script = practiceScript();
  const server = await startPracticeServer({ script });
  const client = new Anthropic({ apiKey: PRACTICE_API_KEY, baseURL: server.url, maxRetries: 0 });
  const { replies } = await runLoop(client, firstRequestOf(tool) as unknown as Params);
  await server.close();
  expect(replies).toHaveLength(Array.isArray(script) ? script.length : 0);
  expect(server.requests.every(({ status, complete }) => status === 200 && complete)).toBe(true);
});

it("comes one call at a time when asked so, with nothing left out", async () => {
  const script = practiceScript();
  const server = await startPracticeServer({ script });
  const client = new Anthropic({ apiKey: PRACTICE_API_KEY, baseURL: server.url, maxRetries: 0 });
  const tool_choice = { type: "auto", disable_parallel_tool_use: true };
  const { replies } = await runLoop(client, firstRequest({ tool_choice }) as unknown as Params, 100);
  await server.close();
  const names = replies.map(({ content }) =>
    content.flatMap((block) => (block.type === "tool_use" ? [block.name] : [])),
  );
  expect(names.every(({ length }) => length <= 1)).toBe(true);
  expect(names.flat()).toEqual(callsOf(script).map(({ member }) => member));
  expect(replies.at(-1)?.stop_reason).toBe("end_turn");
});
