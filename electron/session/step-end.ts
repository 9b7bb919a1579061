/** How a call ends: its record, and the answer Claude gets. */
import { type Action, LOOK_ONLY } from "../../shared/action.ts";
import type { Point } from "../../shared/geometry.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import { bullets } from "../../shared/redact.ts";
import type { Outcome } from "../../shared/session-event.ts";
import type { CallResult, SentImage } from "../claude/claude.ts";
import { seenWindow } from "./moment.ts";
import type { Sight } from "./recorder.ts";
import { doneResult, interruptedResult } from "./result-text.ts";
import type { Place, StepDeps, StepState } from "./step-deps.ts";
import type { Performed } from "./step-run.ts";

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

/** What is put on record of it. */
export type Ending = {
  readonly outcome: Outcome;
  readonly text: string;
  readonly after?: Sight | null;
  readonly image?: SentImage | null;
  readonly cursor?: Point | null;
  readonly durationMs?: number;
};

/** Records how a call ended and makes its answer. */
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

/** Records what was done and makes the call's answer. */
export async function settle(
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
