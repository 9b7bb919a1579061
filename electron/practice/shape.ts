import { refuse } from "./api-error.ts";
import { isObject, type JsonObject } from "./json.ts";

/** The value as an object, or the API's 400 naming the path. */
export function objectAt(value: unknown, path: string): JsonObject {
  return isObject(value) ? value : refuse(path, "Input should be an object");
}

/** Throws for each field that is not in `allowed`: the API takes no field it does not know. */
export function onlyFields(value: JsonObject, path: string, allowed: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) refuse(path === "" ? key : `${path}.${key}`, "Extra inputs are not permitted");
  }
}

/** A required string that is not empty. */
export function stringAt(owner: JsonObject, path: string, key: string): string {
  const at = path === "" ? key : `${path}.${key}`;
  const value = owner[key];
  if (value === undefined) return refuse(at, "Field required");
  if (typeof value !== "string") return refuse(at, "Input should be a valid string");
  return value === "" ? refuse(at, "String should have at least 1 character") : value;
}

/** A required whole number of at least `min`. */
export function integerAt(owner: JsonObject, path: string, key: string, min: number): number {
  const at = path === "" ? key : `${path}.${key}`;
  const value = owner[key];
  if (value === undefined) return refuse(at, "Field required");
  if (typeof value !== "number" || !Number.isInteger(value)) return refuse(at, "Input should be a valid integer");
  return value < min ? refuse(at, `Input should be greater than or equal to ${min}`) : value;
}

/** An optional field with a fixed set of values; null counts as absent. */
export function optionalOneOf(owner: JsonObject, path: string, key: string, values: readonly unknown[]): void {
  const value = owner[key];
  if (value === undefined || value === null || values.includes(value)) return;
  const wanted = values.map((each) => (typeof each === "string" ? `'${each}'` : String(each)));
  const last = wanted.pop();
  refuse(
    path === "" ? key : `${path}.${key}`,
    `Input should be ${wanted.length > 0 ? `${wanted.join(", ")} or ` : ""}${last}`,
  );
}

/** An optional `cache_control`: `{type: "ephemeral", ttl?: "5m" | "1h"}`. */
export function cacheControlAt(owner: JsonObject, path: string): void {
  if (owner.cache_control === undefined || owner.cache_control === null) return;
  const at = path === "" ? "cache_control" : `${path}.cache_control`;
  const control = objectAt(owner.cache_control, at);
  onlyFields(control, at, ["type", "ttl"]);
  if (control.type !== "ephemeral") refuse(`${at}.type`, "Input should be 'ephemeral'");
  optionalOneOf(control, at, "ttl", ["5m", "1h"]);
}
