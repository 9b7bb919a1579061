/** The life of one action: proposed, judged, decided, prechecked, performed, recorded (architecture.md). */
import { type Action, isPointerAction, LOOK_ONLY, pointsOf, usesCursor } from "../../shared/action.ts";
import { assertNever } from "../../shared/assert-never.ts";
import { digestInputOf, digestText, type WindowInfo } from "../../shared/digest.ts";
import type { Point, Size } from "../../shared/geometry.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import { evaluate, type Mode, stricter, type Verdict } from "../../shared/policy.ts";
import type { Outcome, ParsedCall, Proposal, ReturnReason, StreamUpdate } from "../../shared/session-event.ts";
import type { CallResult, SentImage } from "../claude/claude.ts";
import { type Computer, ComputerError, type PerformResult, type WindowFacts } from "../computer/computer.ts";
import type { Gate } from "../gate/gate.ts";
import type { Control } from "./control.ts";
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

/** What a step needs of its session. */
export type StepDeps = {
  readonly session: string;
  readonly recorder: Recorder;
  readonly computer: Computer;
  readonly gate: Gate;
  readonly control: Control;
  readonly mode: Mode;
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

/** What the executor says when a signal came before the first input. */
const NOTHING_SENT = "before anything was sent";

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
  let proposal = await firstRevision(deps, state, place, claudes);
  let base = state.latest;
  let ahead = deps.takeAhead(proposal.id);
  deps.recorder.emit({ type: "action.proposed", body: { proposal } });
  for (;;) {
    const verdict = evaluate(deps.mode, proposal.action);
    deps.recorder.emit({
      type: "policy.evaluated",
      body: { proposal: proposal.id, rev: proposal.rev, at: "proposed", verdict },
    });
    await deps.control.pass();
    const elsewhere: Back | null = ahead && anotherProgram(state) ? { ...ANOTHER_PROGRAM, sight: base } : null;
    let action = proposal.action;
    let back: Back | Performed;
    if (elsewhere !== null) back = elsewhere;
    else {
      const decided = await decide(deps, proposal, verdict, ahead);
      if (decided.kind === "ended") return finish(deps, state, place, decided.ending);
      if (decided.kind === "taken_over") return await takenOver(deps, state, place);
      action = decided.action;
      const target = canonicalJson(action) === canonicalJson(proposal.action) ? proposal.target : null;
      const result = await perform(deps, state, { ...proposal, action, target }, base, evaluate(deps.mode, action));
      back = await cameBack(deps, base, result);
    }
    if (back.kind !== "back") return await settle(deps, state, place, { claudes, executed: action }, back);
    // What was approved ahead of a surprise was approved for a desktop that is no longer there.
    deps.withdrawAhead(back.detail);
    ahead = false;
    base = back.sight;
    proposal = nextRevision(proposal, action, claudes, back.sight);
    if (back.reason === "geometry") {
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

async function firstRevision(deps: StepDeps, state: StepState, place: Place, action: Action): Promise<Proposal> {
  const points = targetPoints(action, state.cursor);
  const target =
    points.length === 0 ? null : ((await deps.computer.look(state.space, points)).facts.targets[0] ?? null);
  const now = state.latest.image.ref;
  return {
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
    window: windowInfo(state.latest.facts.focus),
    target: windowInfo(target),
    cursor: state.cursor,
  };
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
  };
}

/** In a batch, a program in front that Claude did not see there is a surprise. */
function anotherProgram(state: StepState): boolean {
  return state.latest.facts.focus?.class !== state.seen.facts.focus?.class;
}

type Decided =
  | { readonly kind: "go"; readonly action: Action }
  | { readonly kind: "taken_over" }
  | { readonly kind: "ended"; readonly ending: Ending };

/**
 * Gets one decision for a revision. For `go`, `decision.made` and `action.started` are on disk when it returns.
 * @param ahead the operator approved this step on the storyboard: that decision is on disk already
 */
async function decide(deps: StepDeps, proposal: Proposal, verdict: Verdict, ahead: boolean): Promise<Decided> {
  if (verdict.effect === "deny") {
    const ending: Ending =
      deps.mode.kind === "watch"
        ? { outcome: "watch", text: WATCH_ONLY }
        : { outcome: "denied", text: deniedResult(verdict.reason) };
    return { kind: "ended", ending };
  }
  const input = digestInputOf(deps.session, proposal);
  const { id, rev, action } = proposal;
  const started = (what: Action) => ({ type: "action.started", body: { proposal: id, rev, action: what } }) as const;
  if (ahead) {
    deps.recorder.emit(started(action));
    return { kind: "go", action };
  }
  // What came back once is a surprise: only a person may let it pass.
  if (verdict.effect === "allow" && rev === 1) {
    const digest = deps.sha256(digestText(input));
    const by = { kind: "policy", rule: verdict.rule } as const;
    const body = { proposal: id, rev, digest, decision: { kind: "approve" }, by, latencyMs: 0 } as const;
    deps.recorder.emit({ type: "decision.made", body }, started(action));
    return { kind: "go", action };
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
      return { kind: "go", action };
    case "edit":
      deps.recorder.emit(made, started(decision.action));
      return { kind: "go", action: decision.action };
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
  verdict: Verdict,
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
          confirm: () => {
            const fresh = stricter(verdict, evaluate(deps.mode, action));
            return deps.control.stopped === null && !deps.control.paused && fresh.effect === verdict.effect;
          },
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

type Performed = Exclude<PerformResult, { kind: "returned" }>;
type Back = { readonly kind: "back"; readonly reason: ReturnReason; readonly detail: string; readonly sight: Sight };

/** Why a proposal is back at the gate with nothing sent, and what the desktop looks like; or what was performed. */
async function cameBack(deps: StepDeps, base: Sight, result: PerformResult): Promise<Back | Performed> {
  if (result.kind === "returned") {
    const sight = result.now === null ? base : await deps.recorder.keepLook(result.now);
    return { kind: "back", reason: result.reason, detail: result.detail, sight };
  }
  if (result.kind === "interrupted" && result.progress === NOTHING_SENT && deps.control.stopped === null) {
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
  const text = doneResult(action, result.cursor ?? state.cursor, edited);
  const end = finish(deps, state, place, { outcome: "done", text, after, image, cursor: result.cursor, durationMs });
  if (action.action === "screenshot" && image !== null) {
    const sight = { image, facts: result.facts };
    return { ...end, latest: sight, screenshot: sight };
  }
  // A look leaves the desktop as it was, but waiting lets time pass.
  return LOOK_ONLY.has(action.action) && action.action !== "wait" ? { ...end, latest: state.latest } : end;
}

/** The points whose windows are looked up: the action's own, or Claude's cursor. */
function targetPoints(action: Action, cursor: Point | null): readonly Point[] {
  const points = pointsOf(action).map(([, at]) => at);
  if (points.length > 0) return points;
  return isPointerAction(action) && cursor !== null ? [cursor] : [];
}

function windowInfo(facts: WindowFacts | null): WindowInfo | null {
  return facts === null ? null : { id: facts.id, pid: facts.pid, class: facts.class, title: facts.title };
}
