/** An object as JSON.parse gives it. */
export type JsonObject = { readonly [key: string]: unknown };

/** True for a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an array, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Message content as a list of blocks: the string form is shorthand for one text block. */
export function blocksOf(content: unknown): readonly unknown[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : listOf(content);
}

/**
 * A block as it is compared: without `cache_control` (a marker moves every turn and changes no prefix), without `caller`
 * and without fields that are null or undefined (the SDK adds `citations: null` and the like). A tool_use's `input` stays
 * untouched; string content becomes its list form.
 */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isObject(value)) return value;
  const out: { [key: string]: unknown } = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === "cache_control" || key === "caller" || member === null || member === undefined) continue;
    if (key === "input") out[key] = member;
    else if (key === "content") out[key] = blocksOf(member).map(comparable);
    else out[key] = comparable(member);
  }
  return out;
}
