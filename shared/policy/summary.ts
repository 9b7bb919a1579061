/** A policy in plain words, and what is too wide about it. Pure. */

import type { ActionName } from "../action.ts";
import { assertNever } from "../assert-never.ts";
import type { Policy, PolicyRegion, Rule } from "./format.ts";
import { coverageOf } from "./kinds.ts";
import { globMatches } from "./patterns.ts";

const KIND_WORDS: Readonly<Record<ActionName, string>> = {
  screenshot: "take screenshots",
  zoom: "zoom in",
  left_click: "click",
  right_click: "right-click",
  middle_click: "middle-click",
  double_click: "double-click",
  triple_click: "triple-click",
  left_click_drag: "drag",
  mouse_move: "move the mouse",
  left_mouse_down: "press the mouse button",
  left_mouse_up: "release the mouse button",
  cursor_position: "read the cursor",
  scroll: "scroll",
  type: "type",
  key: "press keys",
  hold_key: "hold keys",
  wait: "wait",
};

/** One rule as a sentence. */
export function ruleWords(rule: Rule): string {
  const effect = { allow: "Claude may", ask: "You are asked before Claude may", deny: "Claude may never" }[rule.effect];
  const parts = [
    rule.app === undefined ? "" : ` in ${listed(rule.app, "or")}`,
    rule.window === undefined ? "" : ` in a window titled ${rule.window}`,
    rule.region === undefined ? "" : ` ${regionWords(rule.region)}`,
    rule.risk === undefined ? "" : riskWords(rule),
    rule.text === undefined ? "" : `, text only like ${rule.text}`,
    rule.keys === undefined ? "" : `${keysWords(rule)}: ${rule.keys.join(", ")}`,
    rule.maxUses === undefined ? "" : `, at most ${rule.maxUses} ${rule.maxUses === 1 ? "time" : "times"}`,
  ];
  return `${effect} ${kindsWords(rule)}${parts.join("")}.`;
}

/** The whole policy, one sentence a rule, denials first as they count first; then the lease. */
export function policyWords(policy: Policy): readonly string[] {
  const order = ["deny", "ask", "allow"] as const;
  const rules = order.flatMap((effect) => policy.rules.filter((rule) => rule.effect === effect)).map(ruleWords);
  return [...rules, "Everything else waits for you.", leaseWords(policy)];
}

/** A warning about one rule (`rule` is its id), or about the policy (null). */
export type Warning = { readonly rule: string | null; readonly words: string };

/** What a policy allows more widely than its author may think. */
export function warningsOf(policy: Policy): readonly Warning[] {
  const found = policy.rules.filter(({ effect }) => effect === "allow").flatMap(ruleWarnings);
  const touches = policy.rules.some(
    (rule) => rule.effect === "allow" && coverageOf(rule).some(({ kind }) => touching(kind)),
  );
  const bounded = policy.lease !== undefined && Object.values(policy.lease).some((amount) => amount !== undefined);
  return touches && !bounded
    ? [
        ...found,
        { rule: null, words: "There is no lease: it goes on until the task ends or something unexpected happens." },
      ]
    : found;
}

function ruleWarnings(rule: Rule): readonly Warning[] {
  const kinds = new Set(coverageOf(rule).map(({ kind }) => kind));
  const anywhere = rule.app === undefined || rule.app.some((glob) => globMatches(glob, "any program at all"));
  const where = anywhere ? "in any program" : "";
  const warn = (words: string): Warning => ({ rule: rule.id, words });
  const found: Warning[] = [];
  if (kinds.has("type") && anywhere) found.push(warn("It types anywhere: no program is named."));
  if (kinds.has("type") && rule.text === undefined)
    found.push(warn("It types any text, line ends (Enter) among them."));
  else if (kinds.has("type") && rule.text !== undefined && /^(\(\?s\)\.|\[\\s\\S\]|\.)[*+]$/.test(rule.text))
    found.push(warn("Its text pattern fits nearly any text."));
  const keys = kinds.has("key") || kinds.has("hold_key");
  if (keys && rule.keys === undefined) found.push(warn(`It presses any key${where === "" ? "" : ` ${where}`}.`));
  else if (keys && rule.keys?.some((written) => written.endsWith("*")))
    found.push(warn("It presses any key of a whole group (`*`)."));
  else if (keys && anywhere) found.push(warn("It presses its keys in any program."));
  const points = [...kinds].some((kind) => POINTING.has(kind));
  if (points && anywhere && rule.region === undefined) found.push(warn("It clicks anywhere, in any program."));
  if (rule.actions === undefined && rule.text === undefined && rule.keys === undefined && rule.region === undefined)
    found.push(warn("It lists no actions: every kind that touches the desktop is meant, typing and keys too."));
  return found;
}

const POINTING: ReadonlySet<ActionName> = new Set([
  "left_click",
  "right_click",
  "middle_click",
  "double_click",
  "triple_click",
  "left_click_drag",
  "left_mouse_down",
]);

function touching(kind: ActionName): boolean {
  return kind !== "screenshot" && kind !== "zoom" && kind !== "cursor_position" && kind !== "wait";
}

function kindsWords(rule: Rule): string {
  const covered = coverageOf(rule);
  if (covered.length === 13 && rule.actions === undefined) return "do anything that touches the desktop";
  const plain = covered.filter(({ onlyHolding }) => !onlyHolding).map(({ kind }) => KIND_WORDS[kind]);
  const held = covered.length > plain.length ? ["hold keys while clicking, dragging or scrolling"] : [];
  return listed([...plain, ...held], rule.effect === "deny" ? "or" : "and");
}

/** A text or program pattern beside keys would read as one list with them. */
function keysWords(rule: Rule): string {
  return rule.effect === "allow" ? ", keys only these" : ", of these keys";
}

function regionWords(region: PolicyRegion): string {
  const [x0, y0, x1, y1] = region.rect;
  const rect = `${x0}, ${y0} to ${x1}, ${y1}`;
  switch (region.space) {
    case "window":
      return `within ${rect} of the window`;
    case "screenshot":
      return `within ${rect} of the ${region.of[0]} × ${region.of[1]} picture`;
    default:
      return assertNever(region);
  }
}

function riskWords(rule: Rule): string {
  if (rule.effect === "allow") return rule.risk === "ordinary" ? ", when nothing about it is risky" : "";
  return rule.risk === "risky" ? ", when it is risky" : "";
}

function leaseWords({ lease }: Policy): string {
  const parts = [
    lease?.actions === undefined ? null : `${lease.actions} actions`,
    lease?.minutes === undefined ? null : `${lease.minutes} minutes`,
    lease?.costUsd === undefined ? null : `$${lease.costUsd.toFixed(2)}`,
    lease?.consecutive === undefined ? null : `${lease.consecutive} automatic steps in a row`,
  ].filter((part) => part !== null);
  if (parts.length === 0) return "It has no end of its own; anything unexpected stops it.";
  return `After ${listed(parts, "or")}, or anything unexpected, everything waits for you.`;
}

function listed(words: readonly string[], last: "and" | "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
