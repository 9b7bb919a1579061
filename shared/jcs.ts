/** Anything JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * RFC 8785 (JSON Canonicalization Scheme): object keys sorted by UTF-16 code units, no white space, numbers and strings
 * as ECMAScript writes them. Fields that are `undefined` are left out. Throws a TypeError for what JSON can't hold
 * (NaN, infinities, functions, dates and other objects with a meaning of their own, lone surrogates), naming the path.
 */
export function canonicalJson(value: unknown, path = "$"): string {
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${path}: ${value} is not a JSON number`);
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError(`${path}: a lone surrogate is not valid text`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value))
    return `[${Array.from(value, (item: unknown, i) => canonicalJson(item ?? null, `${path}[${i}]`)).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${canonicalJson(key, path)}:${canonicalJson(member, `${path}.${key}`)}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`${path}: ${kind(value)} can't be written as JSON`);
}

/** By its tag, not its prototype: objects from another realm (a frame, a structured clone) are plain too. */
function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function kind(value: unknown): string {
  return typeof value === "object"
    ? `an object of kind ${Object.prototype.toString.call(value).slice(8, -1)}`
    : `a ${typeof value}`;
}
