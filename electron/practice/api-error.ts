import { randomBytes } from "node:crypto";

/** The error types of the Messages API, each with the HTTP status it comes with. */
export const ERROR_STATUS = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
} as const;

export type ApiErrorType = keyof typeof ERROR_STATUS;

/** A refusal of the scripted API: thrown by the validator, answered by the server with `status` and the real error body. */
export class ApiError extends Error {
  readonly type: ApiErrorType;
  readonly status: number;

  constructor(type: ApiErrorType, message: string) {
    super(message);
    this.name = "ApiError";
    this.type = type;
    this.status = ERROR_STATUS[type];
  }
}

/** Throws the API's usual 400. `path` is in the API's own form, e.g. `messages.3.content.0`; "" leaves it out. */
export function refuse(path: string, message: string): never {
  throw new ApiError("invalid_request_error", path === "" ? message : `${path}: ${message}`);
}

/** The body of every error answer: `{type: "error", error: {type, message}, request_id}`. */
export function errorBody(type: string, message: string, requestId: string): string {
  return JSON.stringify({ type: "error", error: { type, message }, request_id: requestId });
}

/** An id in the API's form, e.g. `msg_01` or `toolu_01` followed by 22 random characters. */
export function newId(prefix: string): string {
  return `${prefix}_01${randomBytes(11).toString("hex")}`;
}
