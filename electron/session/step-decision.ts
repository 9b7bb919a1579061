/** One decision for one revision of a proposal: by the rules, ahead, or at the gate. */
import type { Action } from "../../shared/action.ts";
import { assertNever } from "../../shared/assert-never.ts";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import type { Verdict } from "../../shared/policy.ts";
import type { Proposal } from "../../shared/session-event.ts";
import type { Begun } from "../gate/auto-approval.ts";
import { deniedResult, NOBODY, rejectedResult, WATCH_ONLY } from "./result-text.ts";
import type { StepDeps } from "./step-deps.ts";
import type { Ending } from "./step-end.ts";

export type Decided =
  | { readonly kind: "go"; readonly action: Action; readonly begun: Begun }
  | { readonly kind: "taken_over" }
  | { readonly kind: "ended"; readonly ending: Ending };

/**
 * Gets one decision for a revision. For `go`, `decision.made` and `action.started` are on disk when it returns.
 * @param ahead the operator approved this step on the storyboard: that decision is on disk already
 */
export async function decide(deps: StepDeps, proposal: Proposal, verdict: Verdict, ahead: boolean): Promise<Decided> {
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
