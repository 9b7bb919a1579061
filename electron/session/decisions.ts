/** What the operator decides: on the proposal at the gate, and ahead of it on the storyboard. */
import { type Action, boundsError, usesCursor } from "../../shared/action.ts";
import { plannedProposal, stepsAhead } from "../../shared/batch.ts";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import type { Point, Size } from "../../shared/geometry.ts";
import type { Given } from "../../shared/ipc.ts";
import { type RiskLevel, riskOfProposal } from "../../shared/risk.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { currentStep, type SessionView, stepOf } from "../../shared/session-view.ts";
import type { DesktopFacts } from "../computer/computer.ts";
import type { AutoApproval } from "../gate/auto-approval.ts";
import { type DecisionRequest, type Gate, REFUSAL_WORDS } from "../gate/gate.ts";
import { momentOf } from "./moment.ts";
import type { Recorder } from "./recorder.ts";
import { gateReply, OK, type Reply } from "./reply.ts";
import { NO_CURSOR } from "./result-text.ts";

export type DecisionsDeps = {
  readonly recorder: Recorder;
  readonly gate: Gate;
  readonly trust: AutoApproval;
  readonly sha256: (text: string) => string;
  readonly space: Size;
  /** Claude's cursor, px in screenshot space; null before it has one. */
  readonly cursor: () => Point | null;
  /** What is known of the desktop Claude saw; null before the first look. */
  readonly facts: () => DesktopFacts | null;
};

export class Decisions {
  readonly #deps: DecisionsDeps;
  /** Steps approved on the storyboard whose turn has not come. */
  readonly #ahead = new Set<string>();

  constructor(deps: DecisionsDeps) {
    this.#deps = deps;
  }

  /** One decision on the proposal at the gate; an edit is validated and judged anew first. */
  decide(request: DecisionRequest): Reply {
    const { decision } = request;
    const problem = decision.kind === "edit" ? this.#editProblem(decision.action) : null;
    if (problem !== null) return { ok: false, error: problem };
    return gateReply(this.#deps.gate.decide(request, this.#isRisky(decision.kind === "edit" ? decision.action : null)));
  }

  /** A chord of the operator's, on what is displayed. */
  decideByChord(kind: "approve" | "reject" | "take_over"): Reply {
    const decision = kind === "reject" ? { kind, reason: null } : { kind };
    const refusal = this.#deps.gate.decideByChord(decision, this.#isRisky(null));
    if (refusal === "not_held")
      return { ok: false, error: "This is risky: press the same keys once more to approve it." };
    return gateReply(refusal);
  }

  /** Approves the waiting proposal and the steps after it that `steps` names, each by the digest of what is displayed. */
  decideBatch(
    rev: number,
    steps: readonly { readonly proposal: string; readonly digest: string }[],
    given: Given = "pressed",
  ): Reply {
    const { gate, sha256, recorder } = this.#deps;
    const { view } = recorder;
    const waiting = currentStep(view)?.proposal ?? null;
    const [first, ...later] = steps;
    if (first === undefined || waiting === null || view.phase.kind !== "deciding")
      return { ok: false, error: REFUSAL_WORDS.nothing_waits };
    const ahead = stepsAhead(view, waiting);
    let risky = this.#isRisky(null);
    for (const [i, { proposal, digest }] of later.entries()) {
      const step = ahead[i];
      const planned = step === undefined ? null : plannedProposal(waiting, step);
      if (planned === null || planned.id !== proposal) return { ok: false, error: REFUSAL_WORDS.other_proposal };
      if (sha256(digestText(digestInputOf(view.id, planned))) !== digest)
        return { ok: false, error: REFUSAL_WORDS.digest_mismatch };
      risky ||= riskOf(view, planned, null) === "risky";
    }
    const approve = { kind: "approve" } as const;
    const refusal = gate.decide({ ...first, rev, decision: approve, given }, risky);
    if (refusal !== null) return gateReply(refusal);
    const made = later.map(({ proposal, digest }) => {
      const body = { proposal, rev: 1, digest, decision: approve, by: { kind: "operator" }, latencyMs: 0 } as const;
      return { type: "decision.made", body } as const;
    });
    recorder.emit(...made);
    for (const { proposal } of later) this.#ahead.add(proposal);
    return OK;
  }

  /** Whether the operator approved this step ahead; asked once. */
  takeAhead(proposal: string): boolean {
    return this.#ahead.delete(proposal);
  }

  /** Withdraws what was approved ahead of the steps still to come. */
  withdrawAhead(reason: string): void {
    const withdrawn = [...this.#ahead].map((proposal) => {
      return { type: "decision.withdrawn", body: { proposal, rev: 1, reason } } as const;
    });
    this.#ahead.clear();
    if (withdrawn.length > 0) this.#deps.recorder.emit(...withdrawn);
  }

  shown(proposal: string, rev: number, digest: string): Reply {
    return gateReply(this.#deps.gate.shown(proposal, rev, digest));
  }

  /** Approve is being held, or waits for Confirm. */
  pressed(proposal: string, rev: number, digest: string): Reply {
    return gateReply(this.#deps.gate.pressed(proposal, rev, digest));
  }

  /** Why an edited action can't run, in words that name the field; null when it can. */
  #editProblem(action: Action): string | null {
    const { space, trust } = this.#deps;
    const outside = boundsError(action, space);
    if (outside !== null) return outside;
    const cursor = this.#deps.cursor();
    if (usesCursor(action) && cursor === null) return NO_CURSOR;
    // The windows under other points are looked up at precheck: what is denied for want of knowing is not refused here.
    const facts = this.#deps.facts();
    if (facts === null) return null;
    const around = { space, cursor, said: "", returned: false };
    const verdict = trust.judge(action, momentOf(action, { ...facts, targets: [], controls: [] }, around));
    const known = verdict.looks?.some((look) => look.effect === "deny" && look.matched && !look.unknown) ?? true;
    return verdict.effect === "deny" && known ? verdict.explanation : null;
  }

  /** Whether approving what waits, or `edited` in its place, takes more than a press. */
  #isRisky(edited: Action | null): boolean {
    const { view } = this.#deps.recorder;
    const waiting = currentStep(view)?.proposal ?? null;
    return waiting !== null && riskOf(view, waiting, edited) === "risky";
  }
}

function riskOf(view: SessionView, proposal: Proposal, edited: Action | null): RiskLevel {
  const step = stepOf(view, proposal.id);
  const turn = view.turns.find((each) => each.turn === proposal.turn) ?? null;
  return riskOfProposal(proposal, step, turn, edited ?? proposal.action).level;
}
