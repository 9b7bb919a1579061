/** The policy file: its schema, and reading it with errors that name the path (design: interfaces.md, "Policy file"). */
import { z } from "zod";
import { ACTION_NAMES, type ActionName } from "../action.ts";
import { issueWords } from "../issue-words.ts";
import { appliesTo, CONDITIONS, coverageOf } from "./kinds.ts";
import { compileText, MAX_PATTERN, parseKeyPattern } from "./patterns.ts";

/** Words that end up in the record, whose JSON can't hold halves of surrogate pairs. */
const words = (max: number) =>
  z
    .string()
    .min(1, { error: "must not be empty" })
    .max(max, { error: `must have at most ${max} characters` })
    .refine((text) => text.isWellFormed(), { error: "is not valid text" });

const edge = z.int().min(0).max(100_000);
const rect = z
  .tuple([edge, edge, edge, edge])
  .refine(([x0, y0, x1, y1]) => x1 > x0 && y1 > y0, { error: "has no area; expected [x0, y0, x1, y1]" });
const side = z.int().min(1).max(100_000);

const regionSchema = z.discriminatedUnion("space", [
  z
    .strictObject({ space: z.literal("screenshot"), of: z.tuple([side, side]), rect })
    .refine(({ of, rect: [, , x1, y1] }) => x1 <= of[0] && y1 <= of[1], {
      error: "reaches beyond the screenshot that `of` gives the size of",
      path: ["rect"],
    }),
  z.strictObject({ space: z.literal("window"), rect }),
]);
export type PolicyRegion = z.infer<typeof regionSchema>;

const keyPattern = words(100).check((ctx) => {
  const parsed = parseKeyPattern(ctx.value);
  if (!parsed.ok) ctx.issues.push({ code: "custom", message: parsed.error, input: ctx.value });
});

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .min(1, { error: "must not be empty; leave it out to mean any" })
    .max(100, { error: "must have at most 100 entries" });

/** One rule of a policy file. */
export const ruleSchema = z
  .strictObject({
    id: words(60),
    effect: z.enum(["allow", "ask", "deny"]),
    actions: list(z.enum(ACTION_NAMES as [ActionName, ...ActionName[]])).exactOptional(),
    app: list(words(200)).exactOptional(),
    window: words(300).exactOptional(),
    region: regionSchema.exactOptional(),
    text: words(MAX_PATTERN).exactOptional(),
    keys: list(keyPattern).exactOptional(),
    risk: z.enum(["ordinary", "risky"]).exactOptional(),
    maxUses: z.int().min(1).max(1_000_000).exactOptional(),
    reason: words(300).exactOptional(),
  })
  .check((ctx) => {
    const rule = ctx.value;
    const wrong = (field: string, message: string) =>
      ctx.issues.push({ code: "custom", message, input: rule, path: [field] });
    if (coverageOf(rule).length === 0)
      wrong("actions", "is missing; a rule needs actions or a condition that says what it is about");
    const listed = rule.actions;
    if (listed !== undefined) {
      for (const condition of CONDITIONS) {
        if (rule[condition] !== undefined && !listed.some((kind) => appliesTo(condition, kind)))
          wrong(condition, `applies to none of the rule's actions (${listed.join(", ")})`);
      }
    }
    if (rule.text !== undefined) {
      const compiled = compileText(rule.text, rule.effect);
      if (!compiled.ok) wrong("text", compiled.error);
    }
    // A refusal that wears off would allow by itself what was never allowed.
    if (rule.maxUses !== undefined && rule.effect !== "allow") wrong("maxUses", "is for allow rules only");
  });
export type Rule = z.infer<typeof ruleSchema>;

const amount = z.number().positive({ error: "must be more than 0" }).max(1_000_000);
const count = z.int().min(1, { error: "must be at least 1" }).max(1_000_000);

const leaseSchema = z.strictObject({
  actions: count.exactOptional(),
  minutes: amount.exactOptional(),
  costUsd: amount.exactOptional(),
  consecutive: count.exactOptional(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** The rules of a policy or of a session; ids are what uses are counted and verdicts are named by. */
const rulesSchema = z
  .array(ruleSchema)
  .min(1)
  .max(500)
  .check((ctx) => {
    const seen = new Set<string>();
    for (const [i, { id }] of ctx.value.entries()) {
      if (seen.has(id))
        ctx.issues.push({ code: "custom", message: `"${id}" is used twice`, input: id, path: [i, "id"] });
      seen.add(id);
    }
  });

export const policySchema = z.strictObject({
  version: z.literal(1),
  name: words(80),
  rules: rulesSchema,
  lease: leaseSchema.exactOptional(),
});
export type Policy = z.infer<typeof policySchema>;

/** How a session treats what Claude proposes, before any rule. */
export const modeSchema = z.discriminatedUnion("kind", [
  /** `rules` are what the operator added to this session. */
  z.strictObject({ kind: z.literal("ask"), askAll: z.boolean(), rules: rulesSchema.exactOptional() }),
  z.strictObject({ kind: z.literal("look") }),
  z.strictObject({ kind: z.literal("watch") }),
  z.strictObject({ kind: z.literal("policy"), policy: policySchema }),
]);
export type Mode = z.infer<typeof modeSchema>;

/** Reads a policy from a file's parsed JSON; the error names the path. */
export function readPolicy(json: unknown): { ok: true; policy: Policy } | { ok: false; error: string } {
  const parsed = policySchema.safeParse(json);
  if (parsed.success) return { ok: true, policy: parsed.data };
  return { ok: false, error: issueWords(parsed.error, json, "policy") };
}
