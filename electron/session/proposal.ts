/** Proposals of one call: the first, and those that come back with nothing sent. */
import { type Action, isKeyboardAction } from "../../shared/action.ts";
import type { WindowInfo } from "../../shared/digest.ts";
import { canonicalJson } from "../../shared/jcs.ts";
import { actionPoints } from "../../shared/policy/facts.ts";
import type { Proposal } from "../../shared/session-event.ts";
import type { DesktopFacts, WindowFacts } from "../computer/computer.ts";
import { passwordNote, seenWindows } from "./moment.ts";
import type { Sight } from "./recorder.ts";
import { shownTarget } from "./shown-target.ts";
import type { Place, StepDeps, StepState } from "./step-deps.ts";

/** The proposal and the facts it was made on: those of the newest look, with the windows under its own points. */
export async function firstRevision(
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

/** The proposal as it comes back: on the facts of now, with the action as it was edited. */
export function nextRevision(proposal: Proposal, action: Action, claudes: Action, sight: Sight): Proposal {
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

function windowInfo(facts: WindowFacts | null): WindowInfo | null {
  return facts === null ? null : { id: facts.id, pid: facts.pid, class: facts.class, title: facts.title };
}
