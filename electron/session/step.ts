/** The life of one action: proposed, judged, decided, prechecked, performed, recorded (architecture.md). */
import { type Action, isKeyboardAction, LOOK_ONLY, usesCursor } from "../../shared/action.ts";
import { assertNever } from "../../shared/assert-never.ts";
import { digestInputOf, digestText, type WindowInfo } from "../../shared/digest.ts";
import type { Point, Size } from "../../shared/geometry.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import { actionPoints } from "../../shared/policy/facts.ts";
import { isStricter, type Verdict } from "../../shared/policy.ts";
import { bullets } from "../../shared/redact.ts";
import { claudesWords } from "../../shared/risk.ts";
import type { Outcome, ParsedCall, Proposal, ReturnReason, StreamUpdate } from "../../shared/session-event.ts";
import type { CallResult, SentImage } from "../claude/claude.ts";
import {
  type Computer,
  ComputerError,
  type DesktopFacts,
  type PerformResult,
  type WindowFacts,
} from "../computer/computer.ts";
import type { AutoApproval, Begun, Moment } from "../gate/auto-approval.ts";
import type { Gate } from "../gate/gate.ts";
import type { Control } from "./control.ts";
import { momentOf, passwordNote, seenWindow, seenWindows } from "./moment.ts";
import type { Recorder, Sight } from "./recorder.ts";
import {
  deniedResult,
  doneResult,
  interruptedResult,
  NO_CURSOR,
  NOBODY,
  rejectedResult,
  TAKEN_OVER,
  WATCH_ONLY,
} from "./result-text.ts";
import { shownTarget } from "./shown-target.ts";

/** What a step needs of its session. */
export type StepDeps = {
  readonly session: string;
  readonly recorder: Recorder;
  readonly computer: Computer;
  readonly gate: Gate;
  readonly control: Control;
  readonly trust: AutoApproval;
  /** False with `--no-operator`. */
  readonly operator: boolean;
  readonly settleMs: number;
  readonly sha256: (text: string) => string;
  readonly now: () => number;
  readonly stream: (update: StreamUpdate) => void;
  /** Whether the operator approved this step ahead, on the storyboard; asked once. */
  readonly takeAhead: (proposal: string) => boolean;
  /** Withdraws what was approved ahead of the steps still to come. */
  readonly withdrawAhead: (reason: string) => void;
  /** Waits until the operator hands back; resolves with a fresh look. */
  readonly handedBack: () => Promise<Sight>;
};

/** Where the session stands when a step begins. */
export type StepState = {
  readonly space: Size;
  /** Claude's cursor. */
  readonly cursor: Point | null;
  /** What Claude saw. */
  readonly seen: Sight;
  /** The newest look at the desktop: after the step before, or the same as `seen`. */
  readonly latest: Sight;
};

/** How a call ended, and what is known afterwards. */
export type StepEnd = {
  readonly result: CallResult;
  readonly ok: boolean;
  readonly outcome: Outcome;
  readonly cursor: Point | null;
  /** The newest look, or null when something may have changed unseen. */
  readonly latest: Sight | null;
  /** The screenshot Claude asked for, when that was the action. */
  readonly screenshot: Sight | null;
};

const ANOTHER_PROGRAM = {
  kind: "back",
  reason: "window",
  detail: "Another program is in front than in the picture Claude saw.",
} as const;

/** Reasons for coming back that nobody planned: the desktop was not as expected. */
const SURPRISES: ReadonlySet<ReturnReason> = new Set(["geometry", "window", "pixels", "focus", "late", "capture"]);

/** What the executor says when it was cut before the first input. */
const NOTHING_SENT = "before anything was sent";
/** It cuts by itself when it does not hear of us for half a second (computer/protocol.ts, BEAT_LOST). */
export const HELD_UP = "Countersign was held up for a moment, and nothing was sent. Decide again.";

type Place = { readonly turn: number; readonly index: number; readonly call: ParsedCall };

type Ending = {
  readonly outcome: Outcome;
  readonly text: string;
  readonly after?: Sight | null;
  readonly image?: SentImage | null;
  readonly cursor?: Point | null;
  readonly durationMs?: number;
};

/** Takes one call of a turn through its life. Throws Stopped when the session has to end meanwhile. */
export async function runStep(deps: StepDeps, state: StepState, place: Place): Promise<StepEnd> {
  const { parsed } = place.call;
  if ("error" in parsed) return finish(deps, state, place, { outcome: "invalid", text: parsed.error });
  if (usesCursor(parsed.action) && state.cursor === null) {
    return finish(deps, state, place, { outcome: "invalid", text: NO_CURSOR });
  }
  const claudes = parsed.action;
  let { proposal, facts } = await firstRevision(deps, state, place, claudes);
  let base = state.latest;
  let surprised = false;
  deps.trust.sawFront(seenWindow(facts.focus));
  let ahead = deps.takeAhead(proposal.id);
  deps.recorder.emit({ type: "action.proposed", body: { proposal } });
  for (;;) {
    const moment = (what: Action, at: DesktopFacts) => {
      const turn = deps.recorder.view.turns.at(-1);
      const said = turn === undefined ? "" : claudesWords(turn);
      return momentOf(what, at, { space: state.space, cursor: state.cursor, said, returned: surprised });
    };
    const verdict = deps.trust.judge(proposal.action, moment(proposal.action, facts));
    deps.recorder.emit({
      type: "policy.evaluated",
      body: { proposal: proposal.id, rev: proposal.rev, at: "proposed", verdict },
    });
    await deps.control.pass();
    const elsewhere: Back | null =
      ahead && anotherProgram(state) ? { ...ANOTHER_PROGRAM, sight: { image: base.image, facts } } : null;
    let action = proposal.action;
    let back: Back | Performed;
    if (elsewhere !== null) back = elsewhere;
    else {
      const decided = await decide(deps, proposal, verdict, ahead);
      if (decided.kind === "ended") return finish(deps, state, place, decided.ending);
      if (decided.kind === "taken_over") return await takenOver(deps, state, place);
      action = decided.action;
      const edited = canonicalJson(action) !== canonicalJson(proposal.action);
      const target = edited ? null : proposal.target;
      const rules = { moment, begun: decided.begun };
      const result = await perform(deps, state, { ...proposal, action, target }, base, rules);
      // What is under the points of an edited action was not looked up.
      const known = edited ? { ...facts, targets: [], controls: [] } : facts;
      back = await cameBack(deps, { image: base.image, facts: known }, result);
    }
    if (back.kind !== "back") return await settle(deps, state, place, { claudes, executed: action }, back);
    // What was approved ahead of a surprise was approved for a desktop that is no longer there.
    deps.withdrawAhead(back.detail);
    ahead = false;
    if (SURPRISES.has(back.reason)) {
      surprised = true;
      deps.trust.surprise(back.detail);
    }
    // A display that is switched off has no new geometry.
    const changed = back.reason === "geometry" && back.sight.image !== base.image;
    base = back.sight;
    facts = back.sight.facts;
    proposal = nextRevision(proposal, action, claudes, back.sight);
    if (changed) {
      deps.recorder.emit({
        type: "display.changed",
        body: { display: back.sight.facts.display, space: state.space },
      });
    }
    deps.recorder.emit({ type: "action.returned", body: { proposal, reason: back.reason, detail: back.detail } });
  }
}

/** Answers a call that was never looked at because something before it failed. */
export function finish(deps: Pick<StepDeps, "recorder">, state: StepState, place: Place, ending: Ending): StepEnd {
  const ok = ending.outcome === "done" || ending.outcome === "taken_over";
  const cursor = ending.cursor ?? state.cursor;
  const image = ending.image ?? null;
  deps.recorder.emit({
    type: "action.finished",
    body: {
      proposal: `${place.turn}.${place.index}`,
      turn: place.turn,
      index: place.index,
      toolUseId: place.call.toolUseId,
      outcome: ending.outcome,
      text: ending.text,
      isError: !ok,
      after: ending.after?.image.ref ?? null,
      image: image?.ref ?? null,
      cursor,
      durationMs: ending.durationMs ?? 0,
    },
  });
  return {
    result: { call: place.call, text: ending.text, isError: !ok, images: ok && image !== null ? [image] : [] },
    ok,
    outcome: ending.outcome,
    cursor,
    latest: ending.after === undefined ? state.latest : ending.after,
    screenshot: null,
  };
}

/** The proposal and the facts it was made on: those of the newest look, with the windows under its own points. */
async function firstRevision(
  deps: StepDeps,
  state: StepState,
  place: Place,
  action: Action,
): Promise<{ proposal: Proposal; facts: DesktopFacts }> {
  const points = actionPoints(action, state.cursor);
  const looked = points.length > 0 || isKeyboardAction(action) ? await deps.computer.facts(state.space, points) : null;
  const { targets = [], controls, focusControl } = looked ?? {};
  const facts = { ...state.latest.facts, targets, controls, focusControl };
  const now = state.latest.image.ref;
  const proposal = {
    id: `${place.turn}.${place.index}`,
    rev: 1,
    turn: place.turn,
    index: place.index,
    toolUseId: place.call.toolUseId,
    action,
    original: null,
    screenshot: state.seen.image.ref,
    now: now.sha256 === state.seen.image.ref.sha256 ? null : now,
    display: state.latest.facts.display,
    window: windowInfo(facts.focus),
    target: windowInfo(shownTarget(facts.focus, looked, points[0], state.space)),
    windows: seenWindows(facts),
    ...passwordNote(action, facts),
    ...knownControls(action, facts),
    cursor: state.cursor,
  };
  return { proposal, facts };
}

/** What the accessibility bus said in time of the controls the action goes to. */
function knownControls(
  action: Action,
  { controls = [], focusControl = null }: DesktopFacts,
): Pick<Proposal, "controls" | "focusControl"> {
  return isKeyboardAction(action) ? { focusControl } : { controls };
}

function nextRevision(proposal: Proposal, action: Action, claudes: Action, sight: Sight): Proposal {
  const edited = canonicalJson(action) !== canonicalJson(claudes);
  return {
    ...proposal,
    rev: proposal.rev + 1,
    action,
    original: edited ? claudes : null,
    now: sight.image.ref,
    display: sight.facts.display,
    window: windowInfo(sight.facts.focus),
    target: windowInfo(sight.facts.targets[0] ?? null),
    windows: seenWindows(sight.facts),
    ...passwordNote(action, sight.facts),
    ...knownControls(action, sight.facts),
  };
}

/** In a batch, a program in front that Claude did not see there is a surprise. */
function anotherProgram(state: StepState): boolean {
  return state.latest.facts.focus?.class !== state.seen.facts.focus?.class;
}

type Decided =
  | { readonly kind: "go"; readonly action: Action; readonly begun: Begun }
  | { readonly kind: "taken_over" }
  | { readonly kind: "ended"; readonly ending: Ending };

/**
 * Gets one decision for a revision. For `go`, `decision.made` and `action.started` are on disk when it returns.
 * @param ahead the operator approved this step on the storyboard: that decision is on disk already
 */
async function decide(deps: StepDeps, proposal: Proposal, verdict: Verdict, ahead: boolean): Promise<Decided> {
  if (verdict.effect === "deny") {
    const ending: Ending =
      deps.trust.mode.kind === "watch"
        ? { outcome: "watch", text: WATCH_ONLY }
        : { outcome: "denied", text: deniedResult(verdict.reason) };
    return { kind: "ended", ending };
  }
  const input = digestInputOf(deps.session, proposal);
  const { id, rev, action } = proposal;
  const started = (what: Action) => ({ type: "action.started", body: { proposal: id, rev, action: what } }) as const;
  if (ahead) {
    deps.recorder.emit(started(action));
    return { kind: "go", action, begun: { by: "operator" } };
  }
  // What came back once is a surprise: only a person may let it pass.
  if (verdict.effect === "allow" && rev === 1) {
    const digest = deps.sha256(digestText(input));
    const by = { kind: "policy", rule: verdict.rule } as const;
    const body = { proposal: id, rev, digest, decision: { kind: "approve" }, by, latencyMs: 0 } as const;
    deps.recorder.emit({ type: "decision.made", body }, started(action));
    return { kind: "go", action, begun: { by: "policy", rule: verdict.rule } };
  }
  if (!deps.operator) return { kind: "ended", ending: { outcome: "nobody", text: NOBODY } };
  const settled = await deps.gate.present(input);
  deps.control.check();
  if (settled === null) throw new Error(`proposal ${id} was withdrawn while the session went on`);
  const { decision, digest, latencyMs } = settled;
  const made = {
    type: "decision.made",
    body: { proposal: id, rev, digest, decision, by: { kind: "operator" }, latencyMs },
  } as const;
  switch (decision.kind) {
    case "approve":
      deps.recorder.emit(made, started(action));
      return { kind: "go", action, begun: { by: "operator" } };
    case "edit":
      deps.recorder.emit(made, started(decision.action));
      return { kind: "go", action: decision.action, begun: { by: "operator" } };
    case "reject":
      deps.recorder.emit(made);
      return { kind: "ended", ending: { outcome: "rejected", text: rejectedResult(decision.reason) } };
    case "take_over":
      deps.recorder.emit(made, { type: "takeover.started", body: { proposal: id } });
      return { kind: "taken_over" };
    default:
      return assertNever(decision);
  }
}

/** The operator does this step by hand; it is answered with what the desktop looks like afterwards. */
async function takenOver(deps: StepDeps, state: StepState, place: Place): Promise<StepEnd> {
  deps.withdrawAhead("The operator took over.");
  const sight = await deps.handedBack();
  const ending = { outcome: "taken_over", text: TAKEN_OVER, after: sight, image: sight.image } as const;
  return { ...finish(deps, state, place, ending), screenshot: sight };
}

/** Performs what was decided; a desktop that is gone ends the session, with the call answered. */
async function perform(
  deps: StepDeps,
  state: StepState,
  proposal: Proposal,
  base: Sight,
  rules: Rules,
): Promise<PerformResult> {
  const { id, action, display, window, target } = proposal;
  const begun = deps.now();
  deps.stream({ kind: "checking", proposal: id });
  try {
    return await deps.control.cuttable("pause", (signal) =>
      deps.computer.perform(
        {
          proposal: id,
          action,
          space: state.space,
          cursor: state.cursor,
          expected: { display, window, target, picture: base.image.ref.sha256 },
          settleMs: deps.settleMs,
        },
        {
          signal,
          confirm: (facts) =>
            deps.control.stopped === null && !deps.control.paused && stillMay(deps, proposal, rules, facts),
          onProgress: (done, total) => deps.stream({ kind: "running", proposal: id, done, total }),
        },
      ),
    );
  } catch (error) {
    if (!(error instanceof ComputerError)) throw error;
    deps.control.stop("error", error.message);
    return { kind: "failed", message: error.message, cursor: null, after: null, durationMs: deps.now() - begun };
  }
}

/** What the rules are asked again with, right before the first input. */
type Rules = {
  readonly moment: (action: Action, facts: DesktopFacts) => Moment;
  readonly begun: Begun;
};

/** Whether the rules still let it pass on the facts of now; the stricter verdict wins. */
function stillMay(deps: StepDeps, proposal: Proposal, rules: Rules, facts: DesktopFacts): boolean {
  const { id, rev, action } = proposal;
  try {
    const verdict = deps.trust.judge(action, rules.moment(action, facts), rules.begun);
    if (deps.trust.hasRules)
      deps.recorder.emit({ type: "policy.evaluated", body: { proposal: id, rev, at: "precheck", verdict } });
    // A person has decided already: what asks may pass, what is denied may not.
    return !isStricter(verdict.effect, rules.begun.by === "operator" ? "ask" : "allow");
  } catch (error) {
    // A record that can't be written: nothing may run any more.
    deps.control.stop("error", error instanceof Error ? error.message : String(error));
    return false;
  }
}

type Performed = Exclude<PerformResult, { kind: "returned" }>;
type Back = { readonly kind: "back"; readonly reason: ReturnReason; readonly detail: string; readonly sight: Sight };

/** Why a proposal is back at the gate with nothing sent, and what the desktop looks like; or what was performed. */
async function cameBack(deps: StepDeps, base: Sight, result: PerformResult): Promise<Back | Performed> {
  if (result.kind === "returned") {
    const sight = result.now === null ? base : await deps.recorder.keepLook(result.now);
    return { kind: "back", reason: result.reason, detail: result.detail, sight };
  }
  if (result.kind === "interrupted" && result.progress === NOTHING_SENT && deps.control.stopped === null) {
    if (!deps.control.paused) return { kind: "back", reason: "late", detail: HELD_UP, sight: base };
    return { kind: "back", reason: "paused", detail: "Paused before anything was sent.", sight: base };
  }
  return result;
}

/** Records what was done and makes the call's answer. */
async function settle(
  deps: StepDeps,
  state: StepState,
  place: Place,
  what: { readonly claudes: Action; readonly executed: Action },
  result: Performed,
): Promise<StepEnd> {
  const action = what.executed;
  const { durationMs } = result;
  const front = result.kind === "done" ? (result.after?.facts ?? result.facts) : null;
  if (front !== null) deps.trust.sawFront(seenWindow(front.focus));
  if (result.kind === "failed") deps.trust.surprise(`An action failed: ${result.message}`);
  if (result.kind === "interrupted") {
    const text = interruptedResult(result.progress);
    return finish(deps, state, place, { outcome: "interrupted", text, after: null, cursor: result.cursor, durationMs });
  }
  const after = result.after === null ? null : await deps.recorder.keepLook(result.after);
  if (result.kind === "failed") {
    return finish(deps, state, place, {
      outcome: "failed",
      text: result.message,
      after,
      cursor: result.cursor,
      durationMs,
    });
  }
  const image = result.image === null ? null : await deps.recorder.keep(result.image);
  const edited = canonicalJson(action) === canonicalJson(what.claudes) ? null : what.claudes;
  // What the operator typed in secret is not Claude's to know either.
  const told = deps.recorder.secret && edited !== null ? concealed(action) : action;
  const text = doneResult(told, result.cursor ?? state.cursor, edited);
  const end = finish(deps, state, place, { outcome: "done", text, after, image, cursor: result.cursor, durationMs });
  if (action.action === "screenshot" && image !== null) {
    const sight = { image, facts: result.facts };
    return { ...end, latest: sight, screenshot: sight };
  }
  // A look leaves the desktop as it was, but waiting lets time pass.
  return LOOK_ONLY.has(action.action) && action.action !== "wait" ? { ...end, latest: state.latest } : end;
}

function concealed(action: Action): Action {
  return action.action === "type" ? { ...action, text: bullets(action.text) } : action;
}

function windowInfo(facts: WindowFacts | null): WindowInfo | null {
  return facts === null ? null : { id: facts.id, pid: facts.pid, class: facts.class, title: facts.title };
}
