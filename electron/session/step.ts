/** The life of one action: proposed, judged, decided, prechecked, performed, recorded (architecture.md). */
import { type Action, usesCursor } from "../../shared/action.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import { claudesWords } from "../../shared/risk.ts";
import type { ReturnReason } from "../../shared/session-event.ts";
import type { DesktopFacts } from "../computer/computer.ts";
import { momentOf, seenWindow } from "./moment.ts";
import { firstRevision, nextRevision } from "./proposal.ts";
import { NO_CURSOR, TAKEN_OVER } from "./result-text.ts";
import { decide } from "./step-decision.ts";
import type { Place, StepDeps, StepState } from "./step-deps.ts";
import { finish, type StepEnd, settle } from "./step-end.ts";
import { type Back, cameBack, type Performed, perform } from "./step-run.ts";

const ANOTHER_PROGRAM = {
  kind: "back",
  reason: "window",
  detail: "Another program is in front than in the picture Claude saw.",
} as const;

/** Reasons for coming back that nobody planned: the desktop was not as expected. */
const SURPRISES: ReadonlySet<ReturnReason> = new Set(["geometry", "window", "pixels", "focus", "late", "capture"]);

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

/** In a batch, a program in front that Claude did not see there is a surprise. */
function anotherProgram(state: StepState): boolean {
  return state.latest.facts.focus?.class !== state.seen.facts.focus?.class;
}

/** The operator does this step by hand; it is answered with what the desktop looks like afterwards. */
async function takenOver(deps: StepDeps, state: StepState, place: Place): Promise<StepEnd> {
  deps.withdrawAhead("The operator took over.");
  const sight = await deps.handedBack();
  const ending = { outcome: "taken_over", text: TAKEN_OVER, after: sight, image: sight.image } as const;
  return { ...finish(deps, state, place, ending), screenshot: sight };
}
