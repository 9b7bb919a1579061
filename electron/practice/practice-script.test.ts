import Anthropic from "@anthropic-ai/sdk";
import { expect, it } from "vitest";
import { DESK_SIZE } from "./desk/layout.ts";
import type { JsonObject } from "./json.ts";
import { runLoop } from "./loop-client.ts";
import { PRACTICE_TASK, practiceScript } from "./practice-script.ts";
import { firstRequest, imageBlock } from "./sample-request.ts";
import type { Script, ScriptEntry } from "./script.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "./server.ts";

type Params = Anthropic.Beta.Messages.MessageCreateParamsNonStreaming;

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

const older = (type: string) => [{ type, name: "computer", display_width_px: 1280, display_height_px: 800 }];
const versions: [string, JsonObject][] = [
  ["computer_toolset_20260801", {}],
  [
    "computer_20251124",
    { model: "claude-opus-4-7", tools: older("computer_20251124"), betas: ["computer-use-2025-11-24"] },
  ],
  [
    "computer_20250124",
    {
      model: "claude-haiku-4-5",
      tools: older("computer_20250124"),
      betas: ["computer-use-2025-01-24"],
      thinking: { type: "enabled", budget_tokens: 2048 },
      output_config: {},
    },
  ],
];

it.each(versions)("passes the validator from end to end under %s", async (_, more) => {
  const script = practiceScript();
  const server = await startPracticeServer({ script });
  const client = new Anthropic({ apiKey: PRACTICE_API_KEY, baseURL: server.url, maxRetries: 0 });
  const messages = [{ role: "user", content: [{ type: "text", text: PRACTICE_TASK }, imageBlock()] }];
  const { replies } = await runLoop(client, firstRequest({ messages, ...more }) as unknown as Params);
  await server.close();
  expect(replies.at(-1)?.stop_reason).toBe("end_turn");
  expect(replies).toHaveLength(Array.isArray(script) ? script.length : 0);
  expect(server.requests.every(({ status, complete }) => status === 200 && complete)).toBe(true);
});
