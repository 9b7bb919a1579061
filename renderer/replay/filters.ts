/** Which items of a replay are listed, and how many there are of each sort. Pure. */
import type { ActionName } from "../../shared/action.ts";
import { type RiskLevel, riskOfProposal } from "../../shared/risk.ts";
import { KIND_WORDS } from "../gate/edit/kinds.ts";
import { sentenceOf } from "../ui/words.ts";
import { END_NAMES, type End, endOf, WHO_WORDS, type Who, whoDecided } from "./ends.ts";
import type { Item, StepItem } from "./items.ts";

/** What a step can be chosen by besides its text. */
export const FACETS = ["action", "end", "who", "rule", "program", "risk"] as const;
export type Facet = (typeof FACETS)[number];

export type Filter = Readonly<Record<Facet, string | null>> & {
  /** Looked for in everything said of a step; any case. */
  readonly text: string;
  readonly flagged: boolean;
  /** Only what happened in this time, ms since 1970. */
  readonly window: readonly [from: number, to: number] | null;
};

export const NO_FILTER: Filter = {
  action: null,
  end: null,
  who: null,
  rule: null,
  program: null,
  risk: null,
  text: "",
  flagged: false,
  window: null,
};

type Facts = Readonly<Record<Facet, string | null>>;

const known = new WeakMap<object, Facts>();

/** The facets of a step; the same step is looked at once. */
function factsOf({ step, turn }: Pick<StepItem, "step" | "turn">): Facts {
  const found = known.get(step);
  if (found !== undefined) return found;
  const { proposal, verdict, decision } = step;
  const rule = decision?.by.kind === "policy" ? decision.by.rule : null;
  const facts: Facts = {
    action: actionOf(step.call.parsed, step.call.name),
    end: endOf(step),
    who: whoDecided(step),
    rule: rule ?? verdict?.rule ?? null,
    program: proposal?.target?.class ?? proposal?.window?.class ?? null,
    risk: proposal === null ? null : riskOfProposal(proposal, step, turn).level,
  };
  known.set(step, facts);
  return facts;
}

function actionOf(parsed: StepItem["step"]["call"]["parsed"], name: string): string {
  return "action" in parsed ? parsed.action.action : name;
}

/** Whether a filter lets everything through. */
export function isEmpty(filter: Filter): boolean {
  return (
    FACETS.every((facet) => filter[facet] === null) &&
    filter.text.trim() === "" &&
    !filter.flagged &&
    filter.window === null
  );
}

/** The items a filter lets through. Turns have no facets: they go as soon as one is set. */
export function filtered(items: readonly Item[], filter: Filter, flags: ReadonlySet<string>): readonly Item[] {
  return isEmpty(filter) ? items : items.filter((item) => passes(item, filter, flags, null));
}

/** A value of a facet with the number of steps it would list, the other conditions as they are. */
export type Choice = { readonly value: string; readonly name: string; readonly count: number };

/** The values of each facet that steps of this session have. */
export function choicesOf(
  items: readonly Item[],
  filter: Filter,
  flags: ReadonlySet<string>,
): Readonly<Record<Facet, readonly Choice[]>> {
  const counts = new Map<Facet, Map<string, number>>(FACETS.map((facet) => [facet, new Map()]));
  for (const item of items) {
    if (item.kind !== "step") continue;
    const facts = factsOf(item);
    for (const facet of FACETS) {
      const value = facts[facet];
      const ofFacet = counts.get(facet);
      if (value === null || ofFacet === undefined) continue;
      const counted = passes(item, filter, flags, facet) ? 1 : 0;
      ofFacet.set(value, (ofFacet.get(value) ?? 0) + counted);
    }
  }
  const choices = (facet: Facet): readonly Choice[] =>
    [...(counts.get(facet) ?? [])]
      .map(([value, count]) => ({ value, name: nameOf(facet, value), count }))
      .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
  return {
    action: choices("action"),
    end: choices("end"),
    who: choices("who"),
    rule: choices("rule"),
    program: choices("program"),
    risk: choices("risk"),
  };
}

function passes(item: Item, filter: Filter, flags: ReadonlySet<string>, without: Facet | null): boolean {
  if (filter.window !== null && (item.until < filter.window[0] || item.at > filter.window[1])) return false;
  if (filter.flagged && !flags.has(item.key)) return false;
  if (item.kind === "turn") {
    if (FACETS.some((facet) => facet !== without && filter[facet] !== null)) return false;
  } else {
    const facts = factsOf(item);
    if (FACETS.some((facet) => facet !== without && filter[facet] !== null && facts[facet] !== filter[facet]))
      return false;
  }
  const text = filter.text.trim().toLowerCase();
  return text === "" || wordsIn(item).some((each) => each.toLowerCase().includes(text));
}

/** Everything that is said in an item. */
function wordsIn(item: Item): readonly string[] {
  const { turn } = item;
  if (item.kind === "turn")
    return [item.turn.text, item.turn.thinking, item.turn.error?.message ?? "", ...item.told.map(({ text }) => text)];
  const { step } = item;
  const action = step.executed ?? step.proposal?.action ?? null;
  const decision = step.decision?.decision;
  return [
    sentenceOf(step),
    action !== null && "text" in action ? (action.text ?? "") : "",
    decision?.kind === "reject" ? (decision.reason ?? "") : "",
    step.result?.text ?? "",
    step.proposal?.window?.title ?? "",
    step.proposal?.target?.title ?? "",
    turn?.text ?? "",
    turn?.thinking ?? "",
  ];
}

const RISK_NAMES: Readonly<Record<RiskLevel, string>> = { look: "Looks only", ordinary: "Ordinary", risky: "Risky" };

function nameOf(facet: Facet, value: string): string {
  switch (facet) {
    case "action":
      return KIND_WORDS[value as ActionName] ?? value;
    case "end":
      return END_NAMES[value as End];
    case "who":
      return WHO_WORDS[value as Who];
    case "risk":
      return RISK_NAMES[value as RiskLevel];
    default:
      return value;
  }
}
