/** Asks the API about a key, without a message: `GET /v1/models/{model}` costs nothing (Anthropic's Models API). */

import { APIError } from "@anthropic-ai/sdk";
import type { KeyCheck } from "../../shared/ipc-keys.ts";
import { sentence } from "../../shared/sentence.ts";
import { type ApiAccess, clientFor, DEFAULT_BASE_URL } from "./attempt.ts";
import { failureOf } from "./turn-error.ts";

/** How long the API may take to answer, ms. */
const PATIENCE_MS = 10_000;

export type KeyQuestion = Pick<ApiAccess, "baseUrl" | "fetch" | "proxy"> & {
  readonly key: string;
  /** The model it should be able to use. */
  readonly model: string;
  readonly now: number;
  /** By default 10 s. */
  readonly patienceMs?: number;
};

/** What the API says of the key. Never rejects, and never repeats the key. */
export async function checkKey(question: KeyQuestion): Promise<KeyCheck> {
  const { baseUrl, key, model, now, patienceMs = PATIENCE_MS, proxy = null } = question;
  const where = baseUrl ?? DEFAULT_BASE_URL;
  const access: ApiAccess = { ...question, apiKey: () => key };
  try {
    const answer: unknown = await clientFor(access, key).models.retrieve(model, {}, { timeout: patienceMs });
    if (isModel(answer))
      return { verdict: "accepted", message: `The API accepts this key, and it may use ${model}.`, advice: null };
    return otherServer(where, "it does not answer as the Claude API does");
  } catch (thrown) {
    return verdictOf(thrown, { where, key, model, now, proxy });
  }
}

type Context = {
  readonly where: string;
  readonly key: string;
  readonly model: string;
  readonly now: number;
  readonly proxy: string | null;
};

function verdictOf(thrown: unknown, { where, key, model, now, proxy }: Context): KeyCheck {
  const { kind, message, advice } = failureOf(thrown, { baseUrl: where, apiKey: key, now, proxy }).error;
  switch (kind) {
    case "auth":
      return {
        verdict: "wrong_key",
        message,
        advice: "Copy the whole key again, or make a new one in the Claude Console.",
      };
    case "permission":
      return { verdict: "no_access", message, advice };
    case "not_found":
      // Any server answers 404 to what it does not know; only the API says it in its own words.
      if (!(thrown instanceof APIError) || thrown.type !== "not_found_error")
        return otherServer(where, "it has no list of models");
      return {
        verdict: "no_access",
        message: `The API accepts this key, but not for ${model}.`,
        advice: "Choose another model on the start page, or use a key of an account that has this one.",
      };
    case "network":
      return { verdict: "no_network", message, advice };
    case "rate_limit":
    case "overloaded":
    case "server":
      return { verdict: "later", message: `Not checked. ${message}`, advice };
    default:
      return otherServer(where, message);
  }
}

function otherServer(where: string, why: string): KeyCheck {
  return {
    verdict: "other_server",
    message: sentence(`${where} answers, but can't say whether the key is good: ${why}`),
    advice: "Check the address. Behind some gateways this is normal; the first session will show.",
  };
}

/** `{type: "model", id, ...}`, as the Models API answers. */
function isModel(answer: unknown): boolean {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "type" in answer &&
    answer.type === "model" &&
    "id" in answer &&
    typeof answer.id === "string"
  );
}
