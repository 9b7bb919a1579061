import { APIConnectionError, APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import { MalformedReply } from "./reply.ts";
import { failureOf, NoApiKey, NotAnEventStream, redact, StreamCut, StreamErrorEvent } from "./turn-error.ts";

const KEY = "sk-ant-api03-abcDEF_123-xyz";
const CONTEXT = {
  baseUrl: "https://api.anthropic.com",
  apiKey: KEY,
  now: Date.parse("2026-11-21T10:00:00Z"),
  proxy: null,
};

function http(status: number, type: string, message: string, headers: Record<string, string> = {}): unknown {
  return APIError.generate(status, { type: "error", error: { type, message } }, undefined, new Headers(headers));
}

function refused(code: string): unknown {
  const cause = new TypeError("fetch failed", { cause: Object.assign(new Error(`connect ${code}`), { code }) });
  return new APIConnectionError({ cause });
}

describe("failureOf", () => {
  it.each([
    [400, "invalid_request_error", "invalid_request", false],
    [401, "authentication_error", "auth", false],
    [402, "billing_error", "permission", false],
    [403, "permission_error", "permission", false],
    [404, "not_found_error", "not_found", false],
    [408, "timeout_error", "server", true],
    [409, "conflict_error", "server", true],
    [413, "request_too_large", "too_large", false],
    [422, "invalid_request_error", "invalid_request", false],
    [429, "rate_limit_error", "rate_limit", true],
    [500, "api_error", "server", true],
    [503, "api_error", "server", true],
    [529, "overloaded_error", "overloaded", true],
  ])("maps %i %s to %s, tried again: %s", (status, type, kind, retry) => {
    const failure = failureOf(http(status, type, "because of this"), CONTEXT);
    expect(failure).toMatchObject({ retry, retryAfterMs: null, error: { kind, status } });
    expect(failure.error.message).toContain("because of this");
    expect(failure.error.advice).toMatch(/^[A-Z].*\.$/);
  });

  it("tells the operator what to do about a key", () => {
    expect(failureOf(http(401, "authentication_error", "invalid x-api-key"), CONTEXT).error).toEqual({
      kind: "auth",
      status: 401,
      message: "The API key was not accepted (invalid x-api-key).",
      advice: "Enter another key in Settings.",
    });
    expect(failureOf(new NoApiKey(), CONTEXT)).toMatchObject({ retry: false, error: { kind: "auth", status: null } });
  });

  it("reads what the API asks to wait, and its word that retrying is useless", () => {
    const seconds = failureOf(http(429, "rate_limit_error", "slow", { "retry-after": "12" }), CONTEXT);
    expect(seconds.retryAfterMs).toBe(12_000);
    const date = failureOf(
      http(529, "overloaded_error", "o", { "retry-after": "Sat, 21 Nov 2026 10:00:05 GMT" }),
      CONTEXT,
    );
    expect(date.retryAfterMs).toBe(5000);
    const ms = failureOf(
      http(429, "rate_limit_error", "slow", { "retry-after-ms": "80", "retry-after": "9" }),
      CONTEXT,
    );
    expect(ms.retryAfterMs).toBe(80);
    expect(failureOf(http(429, "rate_limit_error", "s", { "x-should-retry": "false" }), CONTEXT).retry).toBe(false);
  });

  it.each([
    ["ECONNREFUSED", "No server answers at https://api.anthropic.com"],
    ["ENOTFOUND", "The address can't be found: https://api.anthropic.com"],
    ["ECONNRESET", "The connection was closed by https://api.anthropic.com"],
    [
      "SELF_SIGNED_CERT_IN_CHAIN",
      "The certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN), so nothing was sent to https://api.anthropic.com",
    ],
    ["EWHATEVER", "There is no connection to https://api.anthropic.com"],
  ])("puts %s into words and tries again", (code, message) => {
    expect(failureOf(refused(code), CONTEXT)).toMatchObject({
      retry: true,
      error: { kind: "network", status: null, message },
    });
  });

  it("names a timeout, a cut stream, an unreadable one and a stranger's page", () => {
    expect(failureOf(new APIConnectionTimeoutError(), CONTEXT)).toMatchObject({
      retry: true,
      error: { kind: "network" },
    });
    expect(failureOf(new StreamCut("the connection was lost"), CONTEXT)).toMatchObject({
      retry: true,
      error: { kind: "stream_cut" },
    });
    expect(failureOf(new MalformedReply("no"), CONTEXT)).toMatchObject({ retry: true, error: { kind: "protocol" } });
    expect(failureOf(new NotAnEventStream(200, "text/html"), CONTEXT)).toMatchObject({
      retry: false,
      error: { kind: "protocol", message: expect.stringContaining("text/html") },
    });
    expect(failureOf(new Error("Invalid URL"), CONTEXT)).toMatchObject({ retry: false, error: { kind: "protocol" } });
  });

  it.each([
    ["overloaded_error", "overloaded", 529, true],
    ["rate_limit_error", "rate_limit", 429, true],
    ["api_error", "server", 500, true],
    ["invalid_request_error", "invalid_request", 400, false],
    ["brand_new_error", "server", 500, true],
  ])("treats %s inside a stream as if it had come as a status", (type, kind, status, retry) => {
    const data = JSON.stringify({ type: "error", error: { type, message: "mid-stream" } });
    expect(failureOf(new StreamErrorEvent(data), CONTEXT)).toMatchObject({ retry, error: { kind, status } });
    expect(failureOf(new StreamErrorEvent("<html>"), CONTEXT)).toMatchObject({
      retry: true,
      error: { kind: "server" },
    });
    expect(failureOf(new StreamErrorEvent("null"), CONTEXT)).toMatchObject({ retry: true, error: { kind: "server" } });
  });

  it("never lets a key out, whatever the message holds", () => {
    for (const message of [
      `bad key ${KEY}`,
      `Authorization: Bearer ${KEY}`,
      `x-api-key: ${KEY} is wrong`,
      "sk-ant-other_999 too",
    ]) {
      const text = JSON.stringify(failureOf(http(400, "invalid_request_error", message), CONTEXT));
      expect(text).not.toContain("api03");
      expect(text).not.toContain("other_999");
      expect(text).toContain("[key]");
    }
    expect(redact("the gateway's key my-own-key! is wrong", "my-own-key!")).toBe("the gateway's key [key] is wrong");
    expect(redact("x-api-key header is required", KEY)).toBe("x-api-key header is required");
  });

  it("shortens what a proxy wrote to one line", () => {
    const { message } = failureOf(http(502, "api_error", `a\n\nb ${"x".repeat(5000)}`), CONTEXT).error;
    expect(message.length).toBeLessThan(500);
    expect(message).not.toContain("\n");
  });
});
