/** What is wrong with a value from outside, by a schema, in words for whoever wrote it. */
import type { z } from "zod";
import { formatPath, kindOf } from "./action.ts";
import { showText } from "./visible-text.ts";

/** So much of a name from outside stands in a sentence. */
const NAMED = 80;

/**
 * The first thing wrong, by its path: `rules[0].effect: expected one of "allow", "ask", "deny", got "alow"`.
 * @param input what was checked
 * @param whole what stands for the path where the whole value is wrong
 */
export function issueWords(error: z.ZodError, input: unknown, whole: string): string {
  const [issue] = error.issues;
  if (issue === undefined) return `${whole}: is not valid`;
  const given = issue.path.reduce<unknown>(memberOf, input);
  const unknown = issue.code === "unrecognized_keys" ? (issue.keys[0] ?? "") : null;
  const path = showText(formatPath(unknown === null ? issue.path : [...issue.path, unknown.slice(0, NAMED)])) || whole;
  return `${path}: ${unknown === null ? problemOf(issue, given) : "is not a known field; leave it out"}`;
}

function problemOf(issue: z.core.$ZodIssue, given: unknown): string {
  // A check's own sentence says it better.
  if (issue.code === "custom") return issue.message;
  if (given === undefined) return "is missing";
  switch (issue.code) {
    case "invalid_type":
      return `expected ${TYPES[issue.expected] ?? `a ${issue.expected}`}, got ${showText(kindOf(given))}`;
    case "invalid_value":
      return `expected ${listOf(issue.values)}, got ${showText(kindOf(given))}`;
    case "invalid_union":
      return `is none of what can stand here, got ${showText(kindOf(given))}`;
    default:
      return issue.message.startsWith("must") ? issue.message : `${issue.message}, got ${showText(kindOf(given))}`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
};

function listOf(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  return words.length === 1 ? (words[0] ?? "") : `one of ${words.join(", ")}`;
}

function memberOf(value: unknown, part: PropertyKey): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, part)
    ? (value as Readonly<Record<PropertyKey, unknown>>)[part]
    : undefined;
}
