/**
 * How much harm an action could do, by plain rules, each with its reason in words. Pure; computed alike in the window
 * (which shows it), in main (which asks for a held approval by it) and by a policy's `risk` condition.
 */
import { type Action, type ActionName, isKeyboardAction, LOOK_ONLY } from "./action.ts";
import { type KeyCombo, parseKeys } from "./keys.ts";
import { controlsOf, type SeenControl } from "./policy/facts.ts";
import { riskWords, WORD_MEANINGS } from "./risk-words.ts";
import type { Proposal } from "./session-event.ts";
import type { StepView, TurnView } from "./session-view.ts";
import { showText, unpaste } from "./visible-text.ts";

/** In order: `look` changes nothing, `ordinary` takes one key, `risky` takes a held one. */
export const RISK_LEVELS = ["look", "ordinary", "risky"] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

export type RiskReason = {
  readonly rule: "newline" | "password" | "closes" | "deletes" | "submits" | "leaves" | "word" | "returned";
  /** A whole sentence for the card. */
  readonly words: string;
};

export type Risk = { readonly level: RiskLevel; readonly reasons: readonly RiskReason[] };

type Titled = { readonly title: string };

/** What is known of the moment an action would run in. */
export type RiskFacts = {
  /** The window in front, which has the keyboard; null when none has, or none is known. */
  readonly window: Titled | null;
  /** The top-level window under the first point; null for keys, and when unknown. */
  readonly target: Titled | null;
  /** The controls it goes to; empty when none is known. */
  readonly controls: readonly Pick<SeenControl, "name" | "password">[];
  /** Claude's own words about this turn; see `claudesWords`. */
  readonly said: string;
  /** Whether a precheck has brought it back to the gate. */
  readonly returned: boolean;
};

/** The risk of one action. Unknown facts raise nothing: what can't be seen can't be ruled on. */
export function riskOf(action: Action, facts: RiskFacts): Risk {
  const reasons: RiskReason[] = [];
  if (facts.returned) reasons.push({ rule: "returned", words: "It came back: the desktop was not as expected." });
  if (LOOK_ONLY.has(action.action)) return { level: reasons.length > 0 ? "risky" : "look", reasons };
  reasons.push(...ownReasons(action));
  if (isKeyboardAction(action) && facts.controls.some(({ password }) => password))
    reasons.push({ rule: "password", words: "The keys go into a password field." });
  if (triggers(action)) reasons.push(...wordReasons(action, facts));
  return { level: reasons.length > 0 ? "risky" : "ordinary", reasons };
}

/** The risk of a proposal as it stands at the gate; an edit of it (`action`) is judged by the same facts. */
export function riskOfProposal(
  proposal: Proposal,
  step: Pick<StepView, "returned"> | null,
  turn: Pick<TurnView, "text" | "thinking"> | null,
  action: Action = proposal.action,
): Risk {
  return riskOf(action, {
    window: proposal.window,
    target: proposal.target,
    controls: controlsOf(action, proposal),
    said: turn === null ? "" : claudesWords(turn),
    // A pause of the operator's own is no surprise.
    returned: step?.returned.some(({ reason }) => reason !== "paused") ?? false,
  });
}

/**
 * What Claude says it is about to do: its text, or, as newer models put words between calls into the thinking, the last
 * paragraph of that.
 */
export function claudesWords(turn: Pick<TurnView, "text" | "thinking">): string {
  if (turn.text.trim() !== "") return turn.text;
  return (
    turn.thinking
      .trim()
      .split(/\n\s*\n/)
      .at(-1) ?? ""
  );
}

/** What the action is by itself, wherever it goes. */
function ownReasons(action: Action): readonly RiskReason[] {
  switch (action.action) {
    case "type":
      return unpaste(action.text).includes("\n")
        ? [{ rule: "newline", words: "The text has a newline: it presses Enter." }]
        : [];
    case "key":
    case "hold_key": {
      const parsed = parseKeys(action.text);
      return parsed.ok ? keyReasons(parsed.combo, showText(action.text)) : [];
    }
    default:
      return [];
  }
}

const KEY_RULES = ["leaves", "closes", "deletes", "submits"] as const;
const KEY_WORDS = {
  leaves: "leaves the program",
  closes: "closes a window, tab or program",
  deletes: "deletes what is selected",
  submits: "submits or runs what is entered",
} as const;

function keyReasons(combo: KeyCombo, shown: string): readonly RiskReason[] {
  return KEY_RULES.filter((rule) => KEY_TESTS[rule](combo)).map((rule) => ({
    rule,
    words: `${shown} ${KEY_WORDS[rule]}.`,
  }));
}

const ENTERS: ReadonlySet<string> = new Set(["Return", "KP_Enter", "Execute"]);
const CLOSERS: ReadonlySet<string> = new Set(["w", "q", "F4"]);

/** Letters under ctrl mean the same in either case. */
const KEY_TESTS: Readonly<Record<(typeof KEY_RULES)[number], (combo: KeyCombo) => boolean>> = {
  leaves: ({ modifiers, key }) =>
    modifiers.includes("super") ||
    (modifiers.includes("ctrl") && modifiers.includes("alt")) ||
    (modifiers.includes("alt") && key !== null && ["Tab", "Escape", "F1", "F2", " "].includes(key)) ||
    (modifiers.includes("ctrl") && key === "Escape"),
  closes: ({ modifiers, key }) =>
    key !== null &&
    ((modifiers.includes("ctrl") && CLOSERS.has(key.length === 1 ? key.toLowerCase() : key)) ||
      (modifiers.includes("alt") && key === "F4")),
  deletes: ({ modifiers, key }) =>
    key === "Delete" || key === "KP_Delete" || (key === "BackSpace" && modifiers.includes("super")),
  submits: ({ modifiers, key }) => key !== null && ENTERS.has(key) && !isOnly(modifiers, "shift"),
};

function isOnly(modifiers: readonly string[], one: string): boolean {
  return modifiers.length === 1 && modifiers[0] === one;
}

const CLICKS: ReadonlySet<ActionName> = new Set([
  "left_click",
  "middle_click",
  "double_click",
  "triple_click",
  "left_click_drag",
  "left_mouse_down",
  "left_mouse_up",
]);

/** Whether the action can press something: only then do words around it say what it may set off. */
function triggers(action: Action): boolean {
  if (CLICKS.has(action.action)) return true;
  if (action.action === "type") return unpaste(action.text).includes("\n");
  if (action.action !== "key" && action.action !== "hold_key") return false;
  const parsed = parseKeys(action.text);
  return parsed.ok && parsed.combo.key !== null && (ENTERS.has(parsed.combo.key) || parsed.combo.key === " ");
}

function wordReasons(action: Action, facts: RiskFacts): readonly RiskReason[] {
  const keys = action.action === "type" || action.action === "key" || action.action === "hold_key";
  const title = (keys ? facts.window : (facts.target ?? facts.window))?.title ?? "";
  const places = [
    ...facts.controls.map(({ name }) => ({ where: "the control's name", text: name, control: true })),
    { where: "the window's title", text: title, control: false },
    { where: "Claude's words", text: facts.said, control: false },
  ];
  return places.flatMap(({ where, text, control }) =>
    riskWords(text, control).map(({ kind, word }) => ({
      rule: "word" as const,
      words: `“${showText(word)}” in ${where}: it may ${WORD_MEANINGS[kind]}.`,
    })),
  );
}
