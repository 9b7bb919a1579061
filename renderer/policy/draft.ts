/** A policy while it is edited: fields may be wrong for a while, and the format's own reader says how. Pure. */
import { type Policy, type Rule, readPolicy } from "../../shared/policy/format.ts";

/** A rule's fields as they stand; what is not there means any. */
export type DraftRule = { readonly [K in keyof Rule]?: unknown };

export type DraftPolicy = {
  readonly version: 1;
  readonly name: string;
  readonly rules: readonly DraftRule[];
  readonly lease?: { readonly [field: string]: unknown };
};

export type CheckedDraft = {
  /** Null while something is wrong. */
  readonly policy: Policy | null;
  /** The first thing that is wrong, with its path. */
  readonly problem: string | null;
  /** The index of the rule that is about; null for the policy's own fields. */
  readonly at: number | null;
};

/** What is wrong with a draft, by the same reader that main uses. */
export function checkDraft(draft: DraftPolicy): CheckedDraft {
  const read = readPolicy(draft);
  if (read.ok) return { policy: read.policy, problem: null, at: null };
  const at = /^rules\[(\d+)\]/.exec(read.error)?.[1];
  return { policy: null, problem: read.error, at: at === undefined ? null : Number(at) };
}

/** The same for one rule that is in no policy yet. */
export function ruleProblem(draft: DraftRule): { readonly rule: Rule | null; readonly problem: string | null } {
  const { policy, problem } = checkDraft({ version: 1, name: "one rule", rules: [draft] });
  return { rule: policy?.rules[0] ?? null, problem: problem?.replace(/^rules\[0\]\.?/, "") ?? null };
}

/** A rule with a field set, or without it (undefined, an empty text or list). */
export function withField(rule: DraftRule, field: keyof Rule, value: unknown): DraftRule {
  const empty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  const { [field]: _, ...others } = rule;
  return empty ? others : { ...others, [field]: value };
}

/** The rules with the one at `from` moved by one place. */
export function moved(rules: readonly DraftRule[], from: number, by: -1 | 1): readonly DraftRule[] {
  const [rule, other] = [rules[from], rules[from + by]];
  return rule === undefined || other === undefined ? rules : rules.with(from, other).with(from + by, rule);
}

/** A copy of a rule under a free id, right after it. */
export function duplicated(rules: readonly DraftRule[], at: number): readonly DraftRule[] {
  const rule = rules[at];
  if (rule === undefined) return rules;
  return rules.toSpliced(at + 1, 0, { ...rule, id: freeId(rules, `${textOf(rule.id)}-copy`) });
}

export function freeId(rules: readonly DraftRule[], wanted: string): string {
  const taken = new Set(rules.map(({ id }) => id));
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.has(id)) return id;
  }
}

/** A field's value where a text is shown. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

/** `0, 0, 1280, 760` as numbers; what is no list of numbers stays text, which the reader refuses. */
export function numbersOf(text: string): unknown {
  if (text.trim() === "") return undefined;
  const parts = text.split(",").map((part) => part.trim());
  return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : text;
}
