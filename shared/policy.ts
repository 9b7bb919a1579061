/** Who may let an action pass without asking: modes and policy rules. Pure; applied in the main process only. */
import { z } from "zod";
import { ACTION_NAMES, type Action, type ActionName, formatPath, LOOK_ONLY } from "./action.ts";

/** Words that end up in the record, whose JSON can't hold halves of surrogate pairs. */
const words = (max: number) =>
  z
    .string()
    .min(1, { error: "must not be empty" })
    .max(max, { error: `must have at most ${max} characters` })
    .refine((text) => text.isWellFormed(), { error: "is not valid text" });

const ruleSchema = z.strictObject({
  id: words(60),
  effect: z.enum(["allow", "ask", "deny"]),
  actions: z.array(z.enum(ACTION_NAMES as [ActionName, ...ActionName[]])).min(1),
  reason: words(300).optional(),
});

export const policySchema = z.strictObject({
  version: z.literal(1),
  name: words(80),
  rules: z.array(ruleSchema).min(1).max(500),
});

export type Policy = z.infer<typeof policySchema>;

/** How a session treats what Claude proposes, before any rule. */
export const modeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ask"), askAll: z.boolean() }),
  z.strictObject({ kind: z.literal("look") }),
  z.strictObject({ kind: z.literal("watch") }),
  z.strictObject({ kind: z.literal("policy"), policy: policySchema }),
]);
export type Mode = z.infer<typeof modeSchema>;

/** What mode and rules say to one action, and in whose name. */
export type Verdict = {
  readonly effect: "allow" | "ask" | "deny";
  /** The rule's id, or null when the mode itself or no rule decided. */
  readonly rule: string | null;
  /** For a denial, what Claude reads: the rule's reason, or its id. */
  readonly reason: string;
  /** In words, for the card and the record. */
  readonly explanation: string;
};

/** Deny before ask before allow; no match asks. */
const ORDER = ["deny", "ask", "allow"] as const;

/** The verdict on one action. Pure: same arguments, same verdict. */
export function evaluate(mode: Mode, action: Action): Verdict {
  const lookOnly = LOOK_ONLY.has(action.action);
  switch (mode.kind) {
    case "ask":
      return lookOnly && !mode.askAll
        ? { effect: "allow", rule: null, reason: "", explanation: `Allowed: ${action.action} only looks.` }
        : { effect: "ask", rule: null, reason: "", explanation: askWords(mode.askAll) };
    case "look":
      return lookOnly
        ? { effect: "allow", rule: null, reason: "", explanation: `Allowed: ${action.action} only looks.` }
        : {
            effect: "deny",
            rule: null,
            reason: "Only looking is allowed in this session",
            explanation: "Denied: in look mode nothing but looking runs.",
          };
    case "watch":
      return {
        effect: "deny",
        rule: null,
        reason: "Watch only",
        explanation: "Watch only: nothing runs in this mode.",
      };
    case "policy":
      return byRules(mode.policy, action);
  }
}

function askWords(askAll: boolean): string {
  return askAll
    ? "Asks: in this mode every action waits for you."
    : "Asks: in this mode whatever does more than look waits for you.";
}

/** The stricter of two verdicts: deny over ask over allow. */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return ORDER.indexOf(b.effect) < ORDER.indexOf(a.effect) ? b : a;
}

/** Reads a policy from a file's parsed JSON; the error names the path. */
export function readPolicy(json: unknown): { ok: true; policy: Policy } | { ok: false; error: string } {
  const parsed = policySchema.safeParse(json);
  if (parsed.success) return { ok: true, policy: parsed.data };
  const issue = parsed.error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    return { ok: false, error: `${formatPath([...issue.path, issue.keys[0] ?? ""])}: is not a known field` };
  }
  const path = issue === undefined ? "policy" : formatPath(issue.path) || "policy";
  return { ok: false, error: `${path}: ${issue?.message ?? "not valid"}` };
}

function byRules(policy: Policy, action: Action): Verdict {
  for (const effect of ORDER) {
    const rule = policy.rules.find((r) => r.effect === effect && r.actions.includes(action.action));
    if (rule === undefined) continue;
    const words = { allow: "Allowed", ask: "Asks", deny: "Denied" }[effect];
    const why = rule.reason === undefined ? "" : ` ${rule.reason}`;
    return {
      effect,
      rule: rule.id,
      reason: rule.reason ?? rule.id,
      explanation: `${words} by rule "${rule.id}": ${action.action}.${why}`,
    };
  }
  return { effect: "ask", rule: null, reason: "", explanation: "Asks: no rule of the policy covers this action." };
}
