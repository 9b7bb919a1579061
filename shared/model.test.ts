import { expect, test } from "vitest";
import {
  addUsage,
  BETA_HEADERS,
  chooseModel,
  costOf,
  DEFAULT_MODEL,
  MODELS,
  modelById,
  NO_USAGE,
  TOOL_VERSIONS,
  type ToolVersion,
  type Usage,
} from "./model.ts";

const MILLION = 1_000_000;

/** A request whose prompt stays under every long-prompt tier, for prices per million tokens. */
function priced(id: string, kind: keyof Usage): number {
  const tokens = 10_000;
  const cost = costOf(id, { ...NO_USAGE, [kind]: tokens });
  if (cost === null) throw new Error(`${id} has no price`);
  return Number(((cost / tokens) * MILLION).toFixed(6));
}

test.each([
  ["claude-opus-5-5", 4, 20, 5, 0.2],
  ["claude-sonnet-5-5", 2, 10, 2.5, 0.2],
  ["claude-haiku-5-5", 0.1, 0.5, 0.125, 0.01],
  ["claude-opus-5", 5, 25, 6.25, 0.5],
  ["claude-sonnet-5", 2, 10, 2.5, 0.2],
  ["claude-fable-5-1", 10, 50, 12.5, 1],
  ["claude-fable-5-2", 10, 50, 12.5, 1],
  ["claude-opus-4-5", 5, 25, 6.25, 0.5],
  ["claude-opus-4-8", 5, 25, 6.25, 0.5],
  ["claude-sonnet-4-5", 3, 15, 3.75, 0.3],
  ["claude-sonnet-4-6", 3, 15, 3.75, 0.3],
  ["claude-haiku-4-5", 1, 5, 1.25, 0.1],
])("%s costs %d in, %d out, %d cache write, %d cache read per million", (id, input, output, cacheWrite, cacheRead) => {
  const kinds = ["input", "output", "cacheWrite", "cacheRead"] as const;
  expect(kinds.map((kind) => priced(id, kind))).toEqual([input, output, cacheWrite, cacheRead]);
});

test("a request is the sum of its four kinds", () => {
  const usage = { input: MILLION, output: MILLION, cacheWrite: MILLION, cacheRead: MILLION };
  expect(costOf("claude-opus-5-5", usage)).toBeCloseTo(29.2, 9);
  expect(costOf("claude-opus-5-5", NO_USAGE)).toBe(0);
});

test("haiku 5.5 costs more for the whole request above 100k tokens of prompt, cached ones included", () => {
  const at = (input: number, cacheRead: number) =>
    costOf("claude-haiku-5-5", { input, output: 1000, cacheWrite: 0, cacheRead });
  expect(at(100_000, 0)).toBeCloseTo((100_000 * 0.1 + 1000 * 0.5) / MILLION, 12);
  expect(at(100_001, 0)).toBeCloseTo((100_001 * 0.5 + 1000 * 2.5) / MILLION, 12);
  expect(at(1000, 99_001)).toBeCloseTo((1000 * 0.5 + 99_001 * 0.05 + 1000 * 2.5) / MILLION, 12);
});

test("a model that is not in the table, or has no price, costs null and never a guess", () => {
  expect(costOf("claude-unknown-9", { ...NO_USAGE, input: 5 })).toBeNull();
  expect(costOf("claude-mythos-5", { ...NO_USAGE, input: 5 })).toBeNull();
  expect(modelById("constructor")).toBeNull();
});

test("an unknown model is run with a version chosen by hand, and asked for no more than its like can write", () => {
  expect(chooseModel("gateway-model", null)).toMatchObject({ ok: false, error: expect.stringContaining("by hand") });
  const chosen = (version: ToolVersion) => chooseModel("gateway-model", version);
  expect(chosen("computer_20241022")).toMatchObject({ ok: true, model: { thinking: "none", maxTokens: 8192 } });
  expect(chosen("computer_20250124")).toMatchObject({ ok: true, model: { thinking: "budget", maxTokens: 16_000 } });
  expect(chooseModel("claude-opus-5-5", "computer_20251124")).toMatchObject({ ok: false });
});

test("the table is consistent", () => {
  expect(new Set(MODELS.map((m) => m.id)).size).toBe(MODELS.length);
  expect(modelById(DEFAULT_MODEL)).toBe(MODELS[0]);
  for (const model of MODELS) {
    expect(model.toolVersions.every((version) => TOOL_VERSIONS.includes(version))).toBe(true);
    // Every model with the toolset takes the large pictures, and adaptive thinking is what takes an effort.
    if (model.toolVersions.includes("computer_toolset_20260801")) expect(model.tier.longEdge).toBe(2576);
    expect(model.effort !== null).toBe(model.thinking === "adaptive");
    expect(model.maxTokens).toBeGreaterThan(1024);
  }
  expect(BETA_HEADERS.computer_toolset_20260801).toBeNull();
});

test("usages add up", () => {
  const usage = { input: 1, output: 2, cacheWrite: 3, cacheRead: 4 };
  expect(addUsage(usage, usage)).toEqual({ input: 2, output: 4, cacheWrite: 6, cacheRead: 8 });
  expect(addUsage(NO_USAGE, usage)).toEqual(usage);
});
