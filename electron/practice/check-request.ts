/** Everything that is checked of a request, headers too, without a server. */
import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { ApiError } from "./api-error.ts";
import { type ValidateOptions, type ValidRequest, validateRequest } from "./validate.ts";

/** Names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/**
 * Checks a Messages request with its headers. Throws the ApiError the API would answer.
 * @param apiKey the key to ask for; null takes any or none
 */
export function readRequest(
  body: unknown,
  headers: RequestHeaders,
  apiKey: string | null,
  options: Omit<ValidateOptions, "betas"> = {},
): ValidRequest & { readonly betas: readonly string[] } {
  checkAccess(headers, apiKey);
  if (!String(headers["content-type"]).startsWith("application/json")) {
    throw new ApiError("invalid_request_error", "content-type: must be application/json");
  }
  const betas = betasOf(headers["anthropic-beta"]);
  return { ...validateRequest(body, { ...options, betas }), betas };
}

/**
 * What the API would say against this request, e.g. `400 messages.1: ...`; null when it would take it. What only a
 * server can know of its own replies is believed, unless `options.memory` knows better.
 */
export function checkRequest(
  body: unknown,
  headers: RequestHeaders,
  options: Omit<ValidateOptions, "betas"> = {},
): string | null {
  try {
    readRequest(body, headers, null, options);
    return null;
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.message}`;
    throw error;
  }
}

function betasOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/** Checks the key and the API's version. Throws the ApiError the API would answer. */
export function checkAccess(headers: RequestHeaders, apiKey: string | null): void {
  const given = headers["x-api-key"] ?? headers.authorization?.replace(/^Bearer /i, "");
  if (apiKey !== null) {
    if (given === undefined || given === "") throw new ApiError("authentication_error", "x-api-key header is required");
    const a = Buffer.from(given);
    const b = Buffer.from(apiKey);
    if (a.length !== b.length || !timingSafeEqual(a, b))
      throw new ApiError("authentication_error", "invalid x-api-key");
  }
  if (headers["anthropic-version"] === undefined)
    throw new ApiError("invalid_request_error", "anthropic-version: header is required");
}
