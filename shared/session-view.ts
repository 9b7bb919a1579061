/** The one fold from events to what is seen of a session; used live, in replay, in lists and in reports. */
import type { Action } from "./action.ts";
import { assertNever } from "./assert-never.ts";
import type { ImageRef } from "./digest.ts";
import type { Display, Point, Size } from "./geometry.ts";
import { addUsage, NO_USAGE, type Usage } from "./model.ts";
import { NO_TRUST, reduceTrust, type TrustView } from "./policy/trust.ts";
import type { Verdict } from "./policy.ts";
import { legible } from "./redact.ts";
import type {
  DecidedBy,
  Decision,
  EndReason,
  EventBodies,
  Outcome,
  ParsedCall,
  PauseReason,
  Proposal,
  ReturnReason,
  SessionConfig,
  SessionEvent,
  TurnError,
} from "./session-event.ts";

/** What a session is doing; each state has exactly its own data. Main owns it, by its events. */
export type SessionPhase =
  | { readonly kind: "starting" }
  | { readonly kind: "thinking"; readonly turn: number }
  | {
      readonly kind: "retrying";
      readonly turn: number;
      readonly attempt: number;
      readonly reason: string;
      readonly until: string;
    }
  | { readonly kind: "deciding"; readonly proposal: string; readonly rev: number; readonly returned: Returned | null }
  | { readonly kind: "executing"; readonly proposal: string }
  | { readonly kind: "answered"; readonly turn: number }
  | {
      readonly kind: "paused";
      readonly before: SessionPhase;
      readonly why: PauseReason;
      readonly detail: string | null;
    }
  | { readonly kind: "takenOver"; readonly before: SessionPhase }
  | { readonly kind: "stopping"; readonly why: EndReason }
  | { readonly kind: "ended"; readonly reason: EndReason; readonly detail: string | null };

export type Returned = { readonly reason: ReturnReason; readonly detail: string };

export type StepStatus = "upcoming" | "deciding" | "executing" | Outcome;

/** One tool_use call of a turn, from proposal to result. */
export type StepView = {
  readonly turn: number;
  readonly index: number;
  readonly call: ParsedCall;
  readonly status: StepStatus;
  /** The newest revision; null until it has been at the gate. */
  readonly proposal: Proposal | null;
  readonly returned: readonly Returned[];
  readonly verdict: Verdict | null;
  readonly decision: {
    readonly decision: Decision;
    readonly by: DecidedBy;
    readonly latencyMs: number;
    /** Given on the storyboard, before the step itself was at the gate. */
    readonly ahead: boolean;
  } | null;
  /** What ran; null when nothing did. */
  readonly executed: Action | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number;
  readonly result: { readonly text: string; readonly isError: boolean } | null;
  readonly after: ImageRef | null;
  readonly image: ImageRef | null;
  /** Set after a crash: it began and nobody knows how far it got. */
  readonly interrupted: string | null;
};

export type TurnView = {
  readonly turn: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly screenshot: ImageRef | null;
  readonly appended: EventBodies["turn.started"]["appended"];
  readonly thinking: string;
  readonly text: string;
  readonly stopReason: string | null;
  readonly usage: Usage;
  readonly costUsd: number | null;
  readonly error: TurnError | null;
  readonly calls: number;
};

/** Everything known of a session after some number of its events. */
export type SessionView = {
  readonly id: string;
  /** seq of the newest event folded; 0 before the first. */
  readonly seq: number;
  readonly config: SessionConfig | null;
  readonly display: Display | null;
  readonly space: Size | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly phase: SessionPhase;
  readonly turns: readonly TurnView[];
  readonly steps: readonly StepView[];
  /** The newest picture of the desktop. */
  readonly picture: ImageRef | null;
  readonly cursor: Point | null;
  readonly usage: Usage;
  /** Null as soon as one turn has no price. */
  readonly costUsd: number | null;
  readonly notes: readonly string[];
  readonly refused: number;
  /** Typed text is kept out of the record since it was marked secret; the session can't be gone on with after a crash. */
  readonly secret: boolean;
  /** The operator has control and wants no picture of the desktop taken. */
  readonly captureOff: boolean;
  /** What passes by itself, and how far. */
  readonly trust: TrustView;
};

/** A session before its first event. */
export function emptySession(id: string): SessionView {
  return {
    id,
    seq: 0,
    config: null,
    display: null,
    space: null,
    startedAt: null,
    endedAt: null,
    phase: { kind: "starting" },
    turns: [],
    steps: [],
    picture: null,
    cursor: null,
    usage: NO_USAGE,
    costUsd: 0,
    notes: [],
    refused: 0,
    secret: false,
    captureOff: false,
    trust: NO_TRUST,
  };
}

/**
 * Folds one event into the view. Events already folded (seq not above the view's) change nothing, so overlapping
 * deliveries are harmless; an event that leaves a gap throws a RangeError, and the caller asks for the missing ones.
 */
export function reduceSession(view: SessionView, event: SessionEvent): SessionView {
  if (event.seq <= view.seq) return view;
  if (event.seq !== view.seq + 1) {
    throw new RangeError(`event ${event.seq} of session ${event.session} came after ${view.seq}`);
  }
  const read = view.secret ? legible(event) : event;
  return { ...fold(view, read), trust: reduceTrust(view.trust, read), seq: event.seq };
}

/** Folds a whole stream. */
export function foldSession(id: string, events: readonly SessionEvent[]): SessionView {
  return events.reduce(reduceSession, emptySession(id));
}

/** The step at the gate or running, if any; one that has its result is neither, though the phase still names it. */
export function currentStep(view: SessionView): StepView | null {
  const step = phaseStep(view);
  return step?.result === null ? step : null;
}

/** The step the phase names: the current one or, until the next proposal or turn, the one that has just got its result. */
export function phaseStep(view: SessionView): StepView | null {
  const phase = innerPhase(view.phase);
  if (phase.kind !== "deciding" && phase.kind !== "executing") return null;
  return stepOf(view, phase.proposal);
}

/** The step with a proposal's id (`<turn>.<index>`). */
export function stepOf(view: SessionView, proposal: string): StepView | null {
  return view.steps[stepIndex(view.steps, proposal)] ?? null;
}

/** The id a step's proposal has. */
export function stepId(step: { readonly turn: number; readonly index: number }): string {
  return `${step.turn}.${step.index}`;
}

/** The phase under a pause or a take-over. */
export function innerPhase(phase: SessionPhase): SessionPhase {
  return phase.kind === "paused" || phase.kind === "takenOver" ? innerPhase(phase.before) : phase;
}

/** One line of the sessions list; also what `journal list --json` prints. */
export type SessionRow = {
  readonly id: string;
  readonly task: string;
  readonly model: string;
  readonly where: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly outcome: EndReason | "open";
  readonly steps: number;
  readonly edits: number;
  readonly rejections: number;
  readonly costUsd: number | null;
};

/** The list row of a session that has started; null before `session.started`. */
export function sessionRow(view: SessionView): SessionRow | null {
  const { config, startedAt } = view;
  if (config === null || startedAt === null) return null;
  return {
    id: view.id,
    task: config.task,
    model: config.model,
    where: config.where.kind === "own" ? `own:${config.where.size.w}x${config.where.size.h}` : "this",
    startedAt,
    endedAt: view.endedAt,
    outcome: view.phase.kind === "ended" ? view.phase.reason : "open",
    steps: view.steps.filter((step) => step.executed !== null).length,
    edits: view.steps.filter((step) => step.decision?.decision.kind === "edit").length,
    rejections: view.steps.filter((step) => step.decision?.decision.kind === "reject").length,
    costUsd: view.costUsd,
  };
}

function fold(view: SessionView, event: SessionEvent): SessionView {
  switch (event.type) {
    case "session.started":
      return {
        ...view,
        config: event.body.config,
        display: event.body.display,
        space: event.body.space,
        startedAt: event.ts,
      };
    case "session.paused":
      if (isOver(view.phase)) return view;
      return {
        ...view,
        phase: { kind: "paused", before: unpaused(view.phase), why: event.body.why, detail: event.body.detail },
      };
    case "session.resumed":
      return { ...view, phase: unpaused(view.phase) };
    case "session.stopping":
      return { ...view, phase: { kind: "stopping", why: event.body.why } };
    case "session.ended":
      return {
        ...view,
        endedAt: event.ts,
        phase: { kind: "ended", reason: event.body.reason, detail: event.body.detail },
      };
    case "turn.started":
      return startTurn(view, event.ts, event.body);
    case "turn.finished":
      return finishTurn(view, event.ts, event.body);
    case "turn.failed":
      return withTurn(view, event.body.turn, (turn) => ({ ...turn, endedAt: event.ts, error: event.body.error }));
    case "api.retrying": {
      const { turn, attempt, reason, until } = event.body;
      return inPhase(
        view,
        until === null ? { kind: "thinking", turn } : { kind: "retrying", turn, attempt, reason, until },
      );
    }
    case "action.proposed":
      return propose(view, event.body.proposal, null);
    case "action.returned":
      return propose(view, event.body.proposal, { reason: event.body.reason, detail: event.body.detail });
    case "policy.evaluated":
      return withStep(view, event.body.proposal, (step) => ({ ...step, verdict: event.body.verdict }));
    case "decision.made": {
      const { decision, by, latencyMs } = event.body;
      return withStep(view, event.body.proposal, (step) => ({
        ...step,
        decision: { decision, by, latencyMs, ahead: step.proposal === null },
      }));
    }
    case "decision.refused":
      return { ...view, refused: view.refused + event.body.count };
    case "decision.withdrawn":
      return withStep(view, event.body.proposal, (step) => ({ ...step, decision: null }));
    case "action.started": {
      const { proposal, action } = event.body;
      const started = withStep(view, proposal, (step) => ({
        ...step,
        status: "executing",
        executed: action,
        startedAt: event.ts,
      }));
      return inPhase(started, { kind: "executing", proposal });
    }
    case "action.finished":
      return finishAction(view, event.ts, event.body);
    case "action.interrupted":
      return withStep(view, event.body.proposal, (step) => ({
        ...step,
        status: "interrupted",
        interrupted: event.body.detail,
      }));
    case "takeover.started":
      if (isOver(view.phase)) return view;
      return { ...view, phase: takenOver(view.phase) };
    case "takeover.ended":
      return { ...view, phase: handedBack(view.phase), picture: event.body.after ?? view.picture };
    case "capture.paused":
      return { ...view, captureOff: true };
    case "capture.resumed":
      return { ...view, captureOff: false };
    case "secret.marked":
      return { ...view, secret: true };
    case "note.added":
      return { ...view, notes: [...view.notes, event.body.text] };
    case "display.changed":
      return { ...view, display: event.body.display, space: event.body.space };
    case "limit.reached":
    case "lease.changed":
    case "policy.changed":
      return view;
    default:
      return assertNever(event);
  }
}

function startTurn(view: SessionView, ts: string, body: EventBodies["turn.started"]): SessionView {
  const turn: TurnView = {
    turn: body.turn,
    startedAt: ts,
    endedAt: null,
    screenshot: body.screenshot,
    appended: body.appended,
    thinking: "",
    text: "",
    stopReason: null,
    usage: NO_USAGE,
    costUsd: null,
    error: null,
    calls: 0,
  };
  // A failed turn that is sent again is the newest one, and takes its own place.
  const again = view.turns.at(-1)?.turn === body.turn;
  const turns = again ? view.turns.with(-1, turn) : [...view.turns, turn];
  return inPhase({ ...view, turns, picture: body.screenshot ?? view.picture }, { kind: "thinking", turn: body.turn });
}

function finishTurn(view: SessionView, ts: string, body: EventBodies["turn.finished"]): SessionView {
  const steps = body.calls.map(
    (call, index): StepView => ({
      turn: body.turn,
      index,
      call,
      status: "upcoming",
      proposal: null,
      returned: [],
      verdict: null,
      decision: null,
      executed: null,
      startedAt: null,
      endedAt: null,
      durationMs: 0,
      result: null,
      after: null,
      image: null,
      interrupted: null,
    }),
  );
  const finished = withTurn(view, body.turn, (turn) => ({
    ...turn,
    endedAt: ts,
    thinking: body.thinking,
    text: body.text,
    stopReason: body.stopReason,
    usage: body.usage,
    costUsd: body.costUsd,
    calls: body.calls.length,
  }));
  const next: SessionView = {
    ...finished,
    steps: [...view.steps, ...steps],
    usage: addUsage(view.usage, body.usage),
    costUsd: view.costUsd === null || body.costUsd === null ? null : view.costUsd + body.costUsd,
  };
  // After pause_turn the same turn goes on with the next request: nothing is answered yet.
  const answered = body.calls.length === 0 && body.stopReason !== "pause_turn";
  return answered ? inPhase(next, { kind: "answered", turn: body.turn }) : next;
}

function propose(view: SessionView, proposal: Proposal, returned: Returned | null): SessionView {
  const next = withStep(view, proposal.id, (step) => ({
    ...step,
    status: "deciding",
    proposal,
    returned: returned === null ? step.returned : [...step.returned, returned],
    // A decision given ahead, on the storyboard, stays; one that was prechecked in vain does not.
    decision: returned === null ? step.decision : null,
    executed: null,
    startedAt: null,
  }));
  const shown = { ...next, cursor: proposal.cursor, picture: proposal.now ?? proposal.screenshot };
  return inPhase(shown, { kind: "deciding", proposal: proposal.id, rev: proposal.rev, returned });
}

function finishAction(view: SessionView, ts: string, body: EventBodies["action.finished"]): SessionView {
  const next = withStep(view, body.proposal, (step) => ({
    ...step,
    status: body.outcome,
    endedAt: ts,
    durationMs: body.durationMs,
    result: { text: body.text, isError: body.isError },
    after: body.after,
    image: body.image,
  }));
  return { ...next, picture: body.after ?? view.picture, cursor: body.cursor ?? view.cursor };
}

/** Moves on under a pause or a take-over (or both) without lifting it. */
function inPhase(view: SessionView, phase: SessionPhase): SessionView {
  return isOver(view.phase) ? view : { ...view, phase: beneath(view.phase, phase) };
}

function beneath(now: SessionPhase, phase: SessionPhase): SessionPhase {
  return now.kind === "paused" || now.kind === "takenOver" ? { ...now, before: beneath(now.before, phase) } : phase;
}

/** The phase once the operator has control; only `session.resumed` lifts a pause, so one that is there stays on top. */
function takenOver(phase: SessionPhase): SessionPhase {
  return phase.kind === "paused" ? { ...phase, before: takenOver(phase.before) } : { kind: "takenOver", before: phase };
}

/** The phase once the operator has handed back; a pause that came on top stays. */
function handedBack(phase: SessionPhase): SessionPhase {
  if (phase.kind === "paused") return { ...phase, before: handedBack(phase.before) };
  return phase.kind === "takenOver" ? phase.before : phase;
}

/** Whether the session can do nothing more by itself or at a decision. */
export function isOver(phase: SessionPhase): boolean {
  return phase.kind === "ended" || phase.kind === "stopping";
}

/** The phase that goes on once a pause is lifted. */
export function unpaused(phase: SessionPhase): SessionPhase {
  return phase.kind === "paused" ? phase.before : phase;
}

function withTurn(view: SessionView, turn: number, change: (turn: TurnView) => TurnView): SessionView {
  return {
    ...view,
    turns: changed(
      view.turns,
      view.turns.findLastIndex((each) => each.turn === turn),
      change,
    ),
  };
}

function withStep(view: SessionView, proposal: string, change: (step: StepView) => StepView): SessionView {
  return { ...view, steps: changed(view.steps, stepIndex(view.steps, proposal), change) };
}

/** Where a step is, or -1. Searched from the end: events are about the newest steps, and sessions have thousands. */
function stepIndex(steps: readonly StepView[], proposal: string): number {
  return steps.findLastIndex((step) => stepId(step) === proposal);
}

function changed<T>(list: readonly T[], at: number, change: (item: T) => T): readonly T[] {
  const item = list[at];
  return item === undefined ? list : list.with(at, change(item));
}
