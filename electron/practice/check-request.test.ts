import { expect, it } from "vitest";
import { checkRequest } from "./check-request.ts";
import { TOOL_BETA, type ToolType } from "./models.ts";
import { click, firstRequestOf, secondRequest } from "./sample-request.ts";

const HEADERS = { "anthropic-version": "2023-06-01", "content-type": "application/json; charset=utf-8" };

it.each(Object.keys(TOOL_BETA) as ToolType[])("passes a good request of %s, and only with its own beta", (tool) => {
  const { betas: _, ...body } = firstRequestOf(tool);
  const beta = TOOL_BETA[tool];
  expect(checkRequest(body, beta === null ? HEADERS : { ...HEADERS, "anthropic-beta": `other, ${beta}` })).toBeNull();
  if (beta !== null) expect(checkRequest(body, HEADERS)).toContain(`Input tag '${tool}'`);
});

it("says what is wrong with a body or its headers", () => {
  const body = firstRequestOf("computer_toolset_20260801");
  expect(checkRequest(secondRequest([click("a")], []), HEADERS)).toMatch(/^400 messages\.2: all messages must have/);
  expect(checkRequest({ ...body, model: "claude-opus-9" }, HEADERS)).toBe("404 model: claude-opus-9");
  expect(checkRequest([], HEADERS)).toBe("400 Input should be an object");
  expect(checkRequest(body, {})).toMatch(/^400 anthropic-version/);
  expect(checkRequest(body, { ...HEADERS, "content-type": "text/plain" })).toMatch(/^400 content-type/);
});
