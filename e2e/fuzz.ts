/**
 * Messages for every channel of shared/ipc.ts, made from the table's own schemas, so that a new channel is attacked
 * without a word about it here.
 */
import { z } from "zod";
import { type Channel, REQUESTS } from "../shared/ipc.ts";

/** How many messages a flood has: a tenth in `npm test`; whole by `COUNTERSIGN_FLOOD=10000 npm test -- e2e attacks ipc-fuzz`. */
export const FLOOD = Number(process.env.COUNTERSIGN_FLOOD ?? 1000);

type Below = (limit: number) => number;
/** What strings and numbers are taken from; a field takes one that its schema accepts. */
export type Pool = readonly unknown[];

const COMMON: Pool = [
  "1.0",
  "9.9",
  "a".repeat(64),
  "Words",
  "ctrl+s",
  "notes",
  "sk-ant-x",
  "claude-opus-5-5",
  "mousepad",
  0,
  1,
  7,
  100,
  500,
  1000,
];

/** What is never right, or right by accident. */
const JUNK: Pool = [
  undefined,
  null,
  true,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 60,
  "",
  " ",
  "x".repeat(30_000),
  "\u0000\u202e\ud800",
  "../../etc/passwd",
  "__proto__",
  [],
  [[[[]]]],
  {},
  { length: 1e9 },
  { toString: "x", valueOf: null },
  JSON.parse('{"__proto__":{"armingMs":0},"constructor":{"prototype":{"ok":true}}}'),
];

const pick = <T>(list: readonly T[], below: Below): T => {
  const found = list[below(list.length)];
  if (found === undefined && list.length === 0) throw new Error("nothing to pick from");
  return found as T;
};

/** One payload that the channel's schema accepts; null when the pool has none. */
export function wellFormed(channel: Channel, pool: Pool, below: Below): { readonly payload: unknown } | null {
  for (let tries = 0; tries < 500; tries += 1) {
    const payload = sample(REQUESTS[channel], [...pool, ...COMMON], below);
    if (REQUESTS[channel].safeParse(payload).success) return { payload };
  }
  return null;
}

/** One payload that it refuses: junk, or something right with one thing wrong in it. */
export function malformed(channel: Channel, pool: Pool, below: Below): unknown {
  for (;;) {
    const right = sample(REQUESTS[channel], [...pool, ...COMMON], below);
    const payload = below(4) === 0 ? pick(JUNK, below) : spoilt(right, below);
    if (!REQUESTS[channel].safeParse(payload).success) return payload;
  }
}

/** Whether a channel's requests name a session. */
export function namesSession(channel: Channel): boolean {
  const schema: z.ZodType = REQUESTS[channel];
  return schema instanceof z.ZodObject && "session" in schema.shape;
}

function isOptional(schema: z.core.$ZodType): schema is z.ZodOptional | z.ZodExactOptional {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional;
}

/** Something of a schema's shape; checks beyond the shape may refuse it. */
function sample(schema: z.core.$ZodType, pool: Pool, below: Below): unknown {
  if (schema instanceof z.ZodObject) {
    const entries = Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>);
    return Object.fromEntries(
      entries.flatMap(([name, field]) =>
        isOptional(field) && below(4) > 0 ? [] : [[name, sample(field, pool, below)]],
      ),
    );
  }
  if (schema instanceof z.ZodArray)
    return Array.from({ length: 1 + below(2) }, () => sample(schema.element, pool, below));
  if (schema instanceof z.ZodTuple) return schema.def.items.map((item) => sample(item, pool, below));
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion)
    return sample(pick(schema.def.options, below), pool, below);
  if (schema instanceof z.ZodNullable) return below(3) === 0 ? null : sample(schema.def.innerType, pool, below);
  if (isOptional(schema) || schema instanceof z.ZodReadonly) return sample(schema.def.innerType, pool, below);
  if (schema instanceof z.ZodPipe) return sample(schema.def.in, pool, below);
  if (schema instanceof z.ZodLazy) return sample(schema.def.getter(), pool, below);
  if (schema instanceof z.ZodEnum) return pick(schema.options, below);
  if (schema instanceof z.ZodLiteral) return pick([...schema.def.values], below);
  if (schema instanceof z.ZodBoolean) return below(2) === 0;
  if (schema instanceof z.ZodRecord) return {};
  if (!(schema instanceof z.ZodType)) return undefined;
  const right = pool.filter((each) => schema.safeParse(each).success);
  return right.length === 0 ? undefined : pick(right, below);
}

/** A copy with one field dropped, added, or replaced by junk, at any depth. */
function spoilt(value: unknown, below: Below): unknown {
  if (Array.isArray(value)) {
    const at = below(value.length + 1);
    return value.toSpliced(at, 1, at === value.length || below(2) === 0 ? pick(JUNK, below) : spoilt(value[at], below));
  }
  if (typeof value !== "object" || value === null) return pick(JUNK, below);
  const entries = Object.entries(value);
  const at = below(entries.length + 1);
  const [name, inside] = entries[at] ?? ["stranger", null];
  switch (below(3)) {
    case 0:
      return Object.fromEntries(entries.filter((_, i) => i !== at));
    case 1:
      return { ...value, [name]: pick(JUNK, below) };
    default:
      return { ...value, [name]: spoilt(inside, below) };
  }
}
