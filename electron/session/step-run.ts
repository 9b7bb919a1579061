/** What was decided goes to the executor; the rules are asked once more right before its first input. */
import type { Action } from "../../shared/action.ts";
import { isStricter } from "../../shared/policy.ts";
import type { Proposal, ReturnReason } from "../../shared/session-event.ts";
import { ComputerError, type DesktopFacts, NOTHING_SENT, type PerformResult } from "../computer/computer.ts";
import type { Begun, Moment } from "../gate/auto-approval.ts";
import type { Sight } from "./recorder.ts";
import type { StepDeps, StepState } from "./step-deps.ts";

/** It cuts by itself when it does not hear of us for half a second (computer/protocol.ts, BEAT_LOST). */
export const HELD_UP = "Countersign was held up for a moment, and nothing was sent. Decide again.";

/** Performs what was decided; a desktop that is gone ends the session, with the call answered. */
export async function perform(
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
export type Rules = {
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

/** What became of an action that was sent. */
export type Performed = Exclude<PerformResult, { kind: "returned" }>;
/** Nothing was sent, and the proposal has to be decided again. */
export type Back = {
  readonly kind: "back";
  readonly reason: ReturnReason;
  readonly detail: string;
  readonly sight: Sight;
};

/** Why a proposal is back at the gate with nothing sent, and what the desktop looks like; or what was performed. */
export async function cameBack(deps: StepDeps, base: Sight, result: PerformResult): Promise<Back | Performed> {
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
