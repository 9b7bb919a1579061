/** What phases, outcomes and reasons are called in the window. */
import { describe } from "../../shared/action.ts";
import type { EndReason, PauseReason, ReturnReason } from "../../shared/session-event.ts";
import type { SessionPhase, StepStatus, StepView } from "../../shared/session-view.ts";
import { showText } from "../../shared/visible-text.ts";
import type { Live } from "../store/merge.ts";
import { formatDuration } from "./format.ts";

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
      return "waiting";
    case "Finished":
      return "good";
    case "Failed":
    case "Stopped":
      return "bad";
    case "Ready":
      return "quiet";
    default:
      return "busy";
  }
}

export const STEP_WORDS: Readonly<Record<StepStatus, string>> = {
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

export const PAUSE_WORDS: Readonly<Record<PauseReason, string>> = {
  operator: "You paused the session.",
  limit: "A limit of this session is reached.",
  person: "The mouse or keyboard was used on the desktop.",
  error: "The turn failed; nothing ran.",
  display: "The display changed.",
};

export const RETURN_WORDS: Readonly<Record<ReturnReason, string>> = {
  geometry: "The display changed its size",
  window: "Another window is in front",
  pixels: "The target looks different now",
  focus: "The keyboard focus moved",
  policy: "A rule asks for you",
  paused: "The session was paused before it began",
  late: "The screen was checked too long ago",
  capture: "The screen could not be captured",
};

/** The sentence of a step: what ran, else what was proposed, else what could not be read. */
export function sentenceOf(step: StepView): string {
  const parsed = step.call.parsed;
  const action = step.executed ?? step.proposal?.action ?? ("action" in parsed ? parsed.action : null);
  return action === null ? `${showText(step.call.name)}: not a valid action` : describe(action);
}

/** Who decided a step and how fast, e.g. `you, 1.4 s`; null while nobody has. */
export function deciderOf(step: StepView): string | null {
  if (step.decision === null) return null;
  const { by, latencyMs } = step.decision;
  if (by.kind === "operator") return `you, ${formatDuration(latencyMs)}`;
  return by.rule === null ? "the mode" : `rule ${by.rule}`;
}
