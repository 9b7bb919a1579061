/** What phases, outcomes and reasons are called in the window. */
import { type Action, describe } from "../../shared/action.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import type { EndReason, Limits, PauseReason, ReturnReason } from "../../shared/session-event.ts";
import {
  isOver,
  type SessionPhase,
  type SessionView,
  type StepStatus,
  type StepView,
} from "../../shared/session-view.ts";
import { showText } from "../../shared/visible-text.ts";
import type { Live } from "../store/merge.ts";
import { counted, formatCost, formatSeconds } from "./format.ts";

/** The texts of the live region; tests and assistive technology read these exactly. */
export type StatusText =
  | "Ready"
  | "Thinking"
  | "Retrying"
  | "Waiting for you"
  | "Checking"
  | "Running"
  | "Paused"
  | "You have control"
  | "Claude answered"
  | "Finished"
  | "Stopped"
  | "Failed";

const ENDED: Readonly<Record<EndReason, StatusText>> = {
  finished: "Finished",
  stopped: "Stopped",
  limit: "Stopped",
  app_closed: "Stopped",
  interrupted: "Stopped",
  api_error: "Failed",
  refused: "Failed",
  error: "Failed",
};

/** The session's status; a desktop that is starting or being ended counts as running. */
export function statusOf(phase: SessionPhase | null, live: Live | null): StatusText {
  if (phase === null) return "Ready";
  switch (phase.kind) {
    case "thinking":
      return "Thinking";
    case "retrying":
      return "Retrying";
    case "deciding":
      return "Waiting for you";
    case "executing":
      return live?.checking === phase.proposal ? "Checking" : "Running";
    case "starting":
    case "stopping":
      return "Running";
    case "paused":
      return "Paused";
    case "takenOver":
      return "You have control";
    case "answered":
      return "Claude answered";
    case "ended":
      return ENDED[phase.reason];
  }
}

export type Tone = "waiting" | "good" | "bad" | "busy" | "quiet";

/** The colour family of a status; always shown with its word. */
export function toneOf(status: StatusText): Tone {
  switch (status) {
    case "Waiting for you":
    case "Claude answered":
    case "Paused":
    case "You have control":
      return "waiting";
    case "Finished":
      return "good";
    case "Failed":
      return "bad";
    case "Ready":
    case "Stopped":
      return "quiet";
    default:
      return "busy";
  }
}

/** A step's status as shown: `undecided` and `unrun` are what is left of a waiting step when its session is over. */
export type ShownStatus = StepStatus | "undecided" | "unrun";

/**
 * Where a step stands; nothing waits any more in a session that is being stopped, has ended or broke off.
 * @param over whether nothing more can happen to the step
 */
export function shownStatus(step: StepView, over: boolean): ShownStatus {
  if (!over || (step.status !== "deciding" && step.status !== "upcoming")) return step.status;
  return step.decision === null ? "undecided" : "unrun";
}

export const STEP_WORDS: Readonly<Record<ShownStatus, string>> = {
  undecided: "Not decided",
  unrun: "Not run",
  upcoming: "Upcoming",
  deciding: "Now",
  executing: "Running",
  done: "Done",
  failed: "Failed",
  rejected: "Rejected",
  denied: "Denied",
  nobody: "Nobody there",
  watch: "Not run",
  skipped: "Skipped",
  invalid: "Not valid",
  taken_over: "By hand",
  interrupted: "Interrupted",
};

export const END_WORDS: Readonly<Record<EndReason, string>> = {
  finished: "Finished",
  stopped: "Stopped by you",
  limit: "Stopped at a limit",
  api_error: "Failed: Claude could not be reached",
  refused: "Refused by Claude",
  error: "Failed",
  app_closed: "Ended with the app",
  interrupted: "Interrupted",
};

/** The colour family of an end: a stop that was asked for is no alarm. */
export function endTone(reason: EndReason): "good" | "quiet" | "waiting" | "bad" {
  switch (reason) {
    case "finished":
      return "good";
    case "stopped":
    case "limit":
    case "app_closed":
      return "quiet";
    case "interrupted":
      return "waiting";
    default:
      return "bad";
  }
}

/** What a session cost; `at least` when a turn was cut before its usage was known. */
export function costWords(view: SessionView): string {
  const cut = isOver(view.phase) && view.turns.some((turn) => turn.endedAt === null);
  const cost = formatCost(view.costUsd);
  return cut && view.costUsd !== null ? `at least ${cost}` : cost;
}

/** What a pause means and how it ends; the session's own words about it come with its detail. */
export const PAUSE_WORDS: Readonly<Record<PauseReason, { readonly title: string; readonly words: string }>> = {
  operator: {
    title: "Paused",
    words: "You paused the session. Nothing runs; Resume, at the top, goes on.",
  },
  limit: { title: "Limit reached", words: "The session waits for you to say whether it may go on." },
  person: {
    title: "Paused: someone is at the desktop",
    words:
      "The mouse or keyboard of that desktop was used, so everything stopped at once. When the hands are off, Resume, at the top, goes on.",
  },
  away: {
    title: "Paused: nobody can see the screen",
    words:
      "Input stopped at once, with every key released. When the screen is yours and awake again, Resume, at the top, goes on.",
  },
  desktop: {
    title: "Paused: the desktop had a fault",
    words: "Nothing runs. Resume, at the top, goes on; Stop session ends it.",
  },
  error: {
    title: "The turn failed",
    words: "Nothing of it ran. Resume, at the top, asks Claude again; Stop session ends it.",
  },
  capture: {
    title: "Paused: the screen can't be seen",
    words: "Claude gets no picture of it, and nothing runs. Once that is put right, Resume, at the top, looks again.",
  },
  display: {
    title: "Paused: the display changed",
    words: "Its size or place is not what Claude was shown. Put it back if you can; Resume, at the top, looks again.",
  },
};

/** What resuming after a limit grants, by the words it was announced with: the same amount once more. */
export function grantWords(limits: Limits, detail: string | null): string {
  const said = detail ?? "";
  const grants = [
    { unit: /\bsteps?\b/, amount: limits.steps === null ? null : counted(limits.steps, "more step") },
    { unit: /\bminutes?\b/, amount: limits.minutes === null ? null : counted(limits.minutes, "more minute") },
    { unit: /\$/, amount: limits.usd === null ? null : `${formatCost(limits.usd)} more` },
  ];
  const amount = grants.find((grant) => grant.unit.test(said))?.amount ?? "the same amount once more";
  return `Resume, at the top, grants ${amount}. Stop session ends it here, with the record complete.`;
}

/** How a turn without actions ended, where that is not simply an answer, and what to do about it. */
export type EndOfTurn = { readonly title: string; readonly words: string; readonly way: "reply" | "finish" };

/** Null for an ordinary answer. In no case has anything of the turn been run. */
export function endOfTurn(stopReason: string | null): EndOfTurn | null {
  switch (stopReason) {
    case "end_turn":
    case "pause_turn":
      return null;
    case "max_tokens":
      return {
        title: "Claude was cut off",
        words: "The turn reached its output limit. Nothing of it was run. Reply, and Claude goes on from here.",
        way: "reply",
      };
    case "model_context_window_exceeded":
      return {
        title: "The session is full",
        words:
          "The conversation has become too long for this model, and a reply would fail. Nothing of this turn was run. Finish, then start a new session for the rest.",
        way: "finish",
      };
    case "compaction":
      return {
        title: "The history was summarized",
        words:
          "The conversation neared what a request may hold, so the API summarized it. Nothing of it was run. Claude goes on from the summary and a fresh picture.",
        way: "reply",
      };
    case "refusal":
      return {
        title: "Claude declined",
        words:
          "Claude will not go on with this. Nothing of this turn was run. Finish, and do it by hand or put it differently.",
        way: "finish",
      };
    case null:
      return {
        title: "The turn just ended",
        words: "It did not say why. Nothing of it was run. Reply to let Claude go on, or finish.",
        way: "reply",
      };
    default:
      return {
        title: "The turn ended early",
        words: `It ended with “${showText(stopReason)}”, which this app does not know. Nothing of it was run. Reply to let Claude go on, or finish.`,
        way: "reply",
      };
  }
}

export const RETURN_WORDS: Readonly<Record<ReturnReason, string>> = {
  geometry: "The display changed",
  window: "Another window is in front",
  pixels: "The target looks different now",
  focus: "The keyboard focus moved",
  policy: "A rule asks for you",
  paused: "The session was paused before it began",
  late: "The screen was checked too long ago",
  capture: "The screen could not be captured",
  input_method: "An input method is on",
};

/** The sentence of a step: what ran, else what was proposed, else what could not be read. */
export function sentenceOf(step: StepView): string {
  const parsed = step.call.parsed;
  const action = step.executed ?? step.proposal?.action ?? ("action" in parsed ? parsed.action : null);
  return action === null ? `${showText(step.call.name)}: not a valid action` : describe(action);
}

/** Claude's own action, where the operator changed it; null where nothing was changed. */
export function editedFrom(step: StepView): Action | null {
  const { parsed } = step.call;
  const decided = step.decision?.decision;
  const edit = decided?.kind === "edit" ? decided.action : null;
  const final = step.executed ?? edit ?? step.proposal?.action ?? null;
  if (!("action" in parsed) || final === null) return null;
  return canonicalJson(parsed.action) === canonicalJson(final) ? null : parsed.action;
}

/** Who decided a step and how fast, e.g. `you, after 1.4 s`; null while nobody has. */
export function deciderOf(step: StepView): string | null {
  if (step.decision === null) return null;
  const { by, latencyMs, ahead } = step.decision;
  if (by.kind === "operator") return ahead ? "you, ahead" : `you, after ${formatSeconds(latencyMs)}`;
  return by.rule === null ? "the mode" : `rule ${by.rule}`;
}

/** The same on a step's line, where nothing else says which way it went, e.g. `passed by the mode`. */
export function decidedLine(step: StepView): string {
  const who = deciderOf(step);
  if (who === null) return "";
  if (step.decision?.by.kind === "operator") return who;
  return `${step.decision?.decision.kind === "reject" ? "denied" : "passed"} by ${who}`;
}
