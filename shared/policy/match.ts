/** One rule, compiled, and whether it matches an action: with the reason in words. */
import type { Action, ActionName } from "../action.ts";
import { contentRect, type Display, type Point, type Region, type Size, toScreen } from "../geometry.ts";
import { type KeyCombo, parseKeys } from "../keys.ts";
import { RISK_LEVELS } from "../risk.ts";
import { showText } from "../visible-text.ts";
import { actionPoints, type PolicyFacts, programNames, type SeenWindow, windowsOf } from "./facts.ts";
import type { PolicyRegion, Rule } from "./format.ts";
import { appliesTo, CONDITIONS, type ConditionName, coverageOf } from "./kinds.ts";
import {
  compileText,
  globMatches,
  type KeyPattern,
  keysMatch,
  parseKeyPattern,
  plainly,
  type TextTest,
} from "./patterns.ts";

/** A rule with its notations read. */
export type CompiledRule = {
  readonly rule: Rule;
  /** By kind: whether it is covered only while it holds modifiers. */
  readonly covers: ReadonlyMap<ActionName, boolean>;
  readonly conditions: readonly ConditionName[];
  readonly apps: readonly string[];
  readonly window: string;
  readonly keys: readonly KeyPattern[];
  readonly text: TextTest;
  /** Of `app`, `keys` and `region.rect`, as they stand in reasons. */
  readonly words: { readonly apps: string; readonly keys: string; readonly rect: string };
};

/** What looking at one rule gave. `unknown`: it matches (ask, deny) or does not (allow) because a value is not known. */
export type RuleLook = {
  readonly rule: string;
  readonly effect: Rule["effect"];
  readonly matched: boolean;
  /** In words, e.g. `in mousepad, inside 0,0-1280,760` or `xterm is not mousepad`. */
  readonly why: string;
  readonly unknown?: true;
};

export function compileRule(rule: Rule): CompiledRule {
  const compiled = rule.text === undefined ? null : compileText(rule.text, rule.effect);
  return {
    rule,
    covers: new Map(coverageOf(rule).map(({ kind, onlyHolding }) => [kind, onlyHolding])),
    conditions: CONDITIONS.filter((condition) => rule[condition] !== undefined),
    apps: (rule.app ?? []).map((glob) => glob.toLowerCase()),
    window: rule.effect === "allow" ? (rule.window ?? "") : (rule.window ?? "").toLowerCase(),
    keys: (rule.keys ?? []).flatMap((written) => {
      const parsed = parseKeyPattern(written);
      return parsed.ok ? [parsed.pattern] : [];
    }),
    // A policy that loaded has no broken expression; one that was never checked matches nothing it could allow.
    text: compiled?.ok ? compiled.test : () => null,
    words: {
      apps: (rule.app ?? []).join(" or "),
      keys: (rule.keys ?? []).join(" or "),
      rect: rule.region === undefined ? "" : rectWords(rule.region),
    },
  };
}

function rectWords({ space, rect: [x0, y0, x1, y1] }: PolicyRegion): string {
  return `${x0},${y0}-${x1},${y1}${space === "window" ? " of the window" : ""}`;
}

/** The modifiers a pointer action holds; null when it holds none. */
export function heldBy(action: Action): string | null {
  switch (action.action) {
    case "type":
    case "key":
    case "hold_key":
      return null;
    default:
      return "text" in action ? (action.text ?? null) : null;
  }
}

/** What one condition says: whether it holds (null: its value is not known), and why. */
type Answer = { readonly holds: boolean | null; readonly why: string };

/** Looks at one rule that covers the action's kind. Adds nothing to what the rule says: no order, no other rule. */
export function lookAt(compiled: CompiledRule, action: Action, facts: PolicyFacts): RuleLook {
  const { rule } = compiled;
  const lenient = rule.effect !== "allow";
  let why = "";
  let unknown = false;
  for (const condition of compiled.conditions) {
    if (!appliesTo(condition, action.action)) continue;
    if (condition === "keys" && holdsNothing(action)) continue;
    const answer = ask(condition, compiled, action, facts);
    const holds = answer.holds ?? lenient;
    if (!holds) {
      const look = { rule: rule.id, effect: rule.effect, matched: false, why: answer.why };
      return answer.holds === null ? { ...look, unknown: true } : look;
    }
    if (answer.holds === null) unknown = true;
    why = why === "" ? answer.why : `${why}, ${answer.why}`;
  }
  if (rule.maxUses !== undefined) {
    const used = facts.uses[rule.id] ?? 0;
    if (used >= rule.maxUses)
      return { rule: rule.id, effect: rule.effect, matched: false, why: `used ${used} of ${rule.maxUses} times` };
    const use = `use ${used + 1} of ${rule.maxUses}`;
    why = why === "" ? use : `${why}, ${use}`;
  }
  const look = { rule: rule.id, effect: rule.effect, matched: true, why };
  return unknown ? { ...look, unknown: true } : look;
}

function holdsNothing(action: Action): boolean {
  return action.action !== "key" && action.action !== "hold_key" && heldBy(action) === null;
}

function ask(condition: ConditionName, compiled: CompiledRule, action: Action, facts: PolicyFacts): Answer {
  switch (condition) {
    case "app":
      return overWindows(compiled, windowsOf(action, facts), (window) => appAnswer(compiled, window));
    case "window":
      return overWindows(compiled, windowsOf(action, facts), (window) => titleAnswer(compiled, window));
    case "region":
      return regionAnswer(compiled, action, facts);
    case "text":
      return textAnswer(compiled, action);
    case "keys":
      return keysAnswer(compiled, action);
    case "risk":
      return riskAnswer(compiled, facts);
  }
}

/** Allow needs every window to hold; ask and deny need one. */
function overWindows(
  compiled: CompiledRule,
  windows: readonly (SeenWindow | null)[],
  answer: (window: SeenWindow | null) => Answer,
): Answer {
  const [first, ...others] = windows;
  let all = answer(first ?? null);
  for (const window of others) all = combined(compiled.rule.effect === "allow", all, answer(window));
  return all;
}

/** Of two answers the one that counts: with `every` the one that holds least, else the one that holds most. */
function combined(every: boolean, a: Answer, b: Answer): Answer {
  const rank = (answer: Answer) => (answer.holds === null ? 1 : answer.holds ? 2 : 0);
  return (every ? rank(b) < rank(a) : rank(b) > rank(a)) ? b : a;
}

function appAnswer({ apps, words }: CompiledRule, window: SeenWindow | null): Answer {
  const { programs } = wordsOf(window);
  const [first] = programs;
  if (first === undefined) return { holds: null, why: "the program is not known" };
  for (const { name, shown: program } of programs) {
    for (const glob of apps) if (globMatches(glob, name)) return { holds: true, why: `in ${program}` };
  }
  return { holds: false, why: `${first.shown} is not ${words.apps}` };
}

/** What rules ask of a window again and again, and how it reads in a sentence. */
type WindowWords = {
  readonly programs: readonly { readonly name: string; readonly shown: string }[];
  readonly lowerTitle: string;
  readonly shownTitle: string;
};

const NO_WINDOW: WindowWords = { programs: [], lowerTitle: "", shownTitle: "" };
/** Making text safe to read costs more than matching it: once per window, however many rules look at it. */
const WORDS = new WeakMap<SeenWindow, WindowWords>();

function wordsOf(window: SeenWindow | null): WindowWords {
  if (window === null) return NO_WINDOW;
  const known = WORDS.get(window);
  if (known !== undefined) return known;
  const programs = programNames(window).map((name) => ({ name, shown: shown(name) }));
  const made = { programs, lowerTitle: window.title.toLowerCase(), shownTitle: `"${shown(window.title)}"` };
  WORDS.set(window, made);
  return made;
}

function titleAnswer({ rule, window: glob }: CompiledRule, window: SeenWindow | null): Answer {
  if (window === null) return { holds: null, why: "the window is not known" };
  const { lowerTitle, shownTitle: quoted } = wordsOf(window);
  const title = rule.effect === "allow" ? window.title : lowerTitle;
  return globMatches(glob, title)
    ? { holds: true, why: `window ${quoted}` }
    : { holds: false, why: `window ${quoted} is not "${rule.window ?? ""}"` };
}

function regionAnswer(compiled: CompiledRule, action: Action, facts: PolicyFacts): Answer {
  const points = actionPoints(action, facts.cursor);
  const [first, ...others] = points;
  if (first === undefined) return { holds: null, why: "the place is not known" };
  let all = pointAnswer(compiled, first, facts, facts.windows.points[0] ?? null);
  for (const [i, point] of others.entries()) {
    const one = pointAnswer(compiled, point, facts, facts.windows.points[i + 1] ?? null);
    all = combined(compiled.rule.effect === "allow", all, one);
  }
  return all;
}

/** Allow: the whole pixel has to be inside. Ask and deny: a part of it. */
function pointAnswer(
  { rule: { region, effect }, words }: CompiledRule,
  point: Point,
  facts: PolicyFacts,
  window: SeenWindow | null,
): Answer {
  if (region === undefined) return { holds: null, why: "the place is not known" };
  const [x0, y0, x1, y1] = region.rect;
  const place = region.space === "window" ? inWindow(point, facts, window) : inPicture(point, region.of, facts);
  if (place === null) return { holds: null, why: `whether it is inside ${words.rect} is not known` };
  const [px0, py0, px1, py1] = place;
  const whole = effect === "allow";
  const inside = whole
    ? px0 >= x0 && py0 >= y0 && px1 <= x1 && py1 <= y1
    : px1 > x0 && py1 > y0 && px0 < x1 && py0 < y1;
  return inside
    ? { holds: true, why: `inside ${words.rect}` }
    : { holds: false, why: `${Math.floor(px0)},${Math.floor(py0)} is outside ${words.rect}` };
}

/** The px of the window that the pointer will be over; null without a window. */
function inWindow(point: Point, facts: PolicyFacts, window: SeenWindow | null): Region | null {
  if (window === null || window.bounds === null) return null;
  const [sx, sy] = toScreen(point, facts.space, facts.display);
  const [x, y] = [sx - window.bounds.x, sy - window.bounds.y];
  return [x, y, x + 1, y + 1];
}

/** The part of a picture of another size that shows the same; null when the two have another shape, or the display's. */
function inPicture(point: Point, of: readonly [number, number], facts: PolicyFacts): Region | null {
  const { space } = facts;
  if (of[0] === space.w && of[1] === space.h && fillsPicture(space, facts.display))
    return [point[0], point[1], point[0] + 1, point[1] + 1];
  const sameShape = Math.abs(of[0] * space.h - of[1] * space.w) <= Math.max(of[0], of[1], space.w, space.h);
  if (!sameShape || !fillsPicture(space, facts.display)) return null;
  const [x, y] = [of[0] / space.w, of[1] / space.h];
  return [point[0] * x, point[1] * y, (point[0] + 1) * x, (point[1] + 1) * y];
}

/** After the display changed its shape there are bars beside it, and places of the old picture mean nothing. */
function fillsPicture(space: Size, display: Display): boolean {
  const [x0, y0, x1, y1] = contentRect(space, display);
  return x0 === 0 && y0 === 0 && x1 === space.w && y1 === space.h;
}

function textAnswer({ text }: CompiledRule, action: Action): Answer {
  const holds = action.action === "type" ? text(action.text) : null;
  if (holds === null) return { holds, why: "the text is too long to be judged" };
  return { holds, why: holds ? "the text fits" : "the text does not fit" };
}

function keysAnswer({ rule, keys, words }: CompiledRule, action: Action): Answer {
  const written = action.action === "key" || action.action === "hold_key" ? action.text : heldBy(action);
  const combo = written === null ? null : comboOf(written);
  if (combo === null) return { holds: null, why: "the keys are not known" };
  const exact = rule.effect === "allow";
  const pattern = keys.find((each) => keysMatch(each, combo, exact));
  const pressed = shown(written ?? "");
  if (pattern !== undefined) return { holds: true, why: `keys ${pressed} by ${pattern.written}` };
  return { holds: false, why: `keys ${pressed} are not ${words.keys}` };
}

function comboOf(written: string): KeyCombo | null {
  const parsed = parseKeys(written);
  return parsed.ok ? plainly(parsed.combo) : null;
}

/** Allow: at most this risk. Ask and deny: at least this. */
function riskAnswer({ rule }: CompiledRule, facts: PolicyFacts): Answer {
  if (facts.risk === null || rule.risk === undefined) return { holds: null, why: "the risk is not known" };
  const [is, limit] = [RISK_LEVELS.indexOf(facts.risk), RISK_LEVELS.indexOf(rule.risk)];
  const holds = rule.effect === "allow" ? is <= limit : is >= limit;
  return { holds, why: holds ? `risk ${facts.risk}` : `risk ${facts.risk} is not ${rule.risk}` };
}

/** Words of the screen or of Claude in a sentence of ours: nothing hidden in them, cut where they are long. */
function shown(text: string): string {
  return showText(text.length > 60 ? `${text.slice(0, 60).toWellFormed()}...` : text);
}
