import { describe, expect, test } from "vitest";
import { checkApiKey, checkBaseUrl } from "./api-environment.ts";

test.each([undefined, "", " ", "sk-ant-0123", " sk-ant-0123\n"])("%j can be a key, or none", (value) => {
  expect(() => checkApiKey(value)).not.toThrow();
});

test.each(["sk-ant hunter2", "hunter2\nhunter2", "hunter2\u00e9"])("%j can be none, and is not repeated", (value) => {
  expect(() => checkApiKey(value)).toThrow(/^ANTHROPIC_API_KEY: (?!.*hunter2)/);
});

test("an address that was given elsewhere is named by its field", () => {
  expect(() => checkBaseUrl("gateway", "Address")).toThrow('Address: "gateway" is not a URL');
});

describe("the base URL", () => {
  test.each([
    [undefined, null],
    ["", null],
    ["  ", null],
    ["https://api.anthropic.com", null],
    ["https://api.anthropic.com/", null],
    ["https://API.anthropic.com:443//", null],
    ["https://gateway.example/anthropic/", "https://gateway.example/anthropic"],
    ["https://api.anthropic.com.example", "https://api.anthropic.com.example"],
    ["http://127.0.0.1:8123", "http://127.0.0.1:8123"],
    ["http://127.1:8123/", "http://127.0.0.1:8123"],
    ["http://localhost:1/v", "http://localhost:1/v"],
    ["http://[::1]:8123", "http://[::1]:8123"],
    [" https://gateway.example ", "https://gateway.example"],
  ])("%j is %j", (value, expected) => {
    expect(checkBaseUrl(value)).toBe(expected);
  });

  test.each<[string, RegExp]>([
    ["http://api.anthropic.com", /must be https/],
    ["http://127.0.0.1.example", /must be https/],
    ["http://localhost.example", /must be https/],
    ["http://0.0.0.0:80", /must be https/],
    ["http://10.0.0.1", /must be https/],
    ["ftp://gateway.example", /must be https/],
    ["javascript:alert(1)", /must be https/],
    ["file:///etc/passwd", /must be https/],
    ["gateway.example", /is not a URL/],
    ["https://", /is not a URL/],
    ["https://gateway.example/?key=1", /must not carry a query/],
    ["https://gateway.example/#x", /must not carry a query/],
    ["https://user@gateway.example", /must not carry a user name or password/],
  ])("%s is refused in words that name the variable", (value, words) => {
    expect(() => checkBaseUrl(value)).toThrow(/^ANTHROPIC_BASE_URL: /);
    expect(() => checkBaseUrl(value)).toThrow(words);
  });

  test.each([
    "https://user:hunter2@gateway.example",
    "user:hunter2@gateway.example",
    "http://user:hunter2@ gateway",
    "http://u:hunter2@127.0.0.1:x",
  ])("a password is not repeated (%s)", (value) => {
    expect(() => checkBaseUrl(value)).toThrow(/^ANTHROPIC_BASE_URL: (?!.*hunter2)/);
  });
});
