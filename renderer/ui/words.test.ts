import { describe, expect, it } from "vitest";
import type { EndReason } from "../../shared/session-event.ts";
import { foldSession, type SessionPhase, type StepView } from "../../shared/session-view.ts";
import { call, proposalOf, Script, SESSION } from "../fixtures/events.ts";
import type { Live } from "../store/merge.ts";
import {
  costWords,
  decidedLine,
  deciderOf,
  editedFrom,
  endOfTurn,
  endTone,
  grantWords,
  shownStatus,
  statusOf,
  toneOf,
} from "./words.ts";

const DECIDING: SessionPhase = { kind: "deciding", proposal: "1.0", rev: 1, returned: null };
const EXECUTING: SessionPhase = { kind: "executing", proposal: "1.0" };
const LIVE: Live = { turn: 1, whole: true, thinking: "", text: "", checking: null, running: null };

describe("the session status", () => {
  it.each<readonly [SessionPhase | null, string]>([
    [null, "Ready"],
    [{ kind: "thinking", turn: 1 }, "Thinking"],
    [{ kind: "retrying", turn: 1, attempt: 2, reason: "", until: "" }, "Retrying"],
    [DECIDING, "Waiting for you"],
    [EXECUTING, "Running"],
    [{ kind: "paused", before: DECIDING, why: "operator", detail: null }, "Paused"],
    [{ kind: "takenOver", before: DECIDING }, "You have control"],
    [{ kind: "answered", turn: 1 }, "Claude answered"],
  ])("of %j is %s", (phase, status) => expect(statusOf(phase, null)).toBe(status));

  it("tells the check before an action from the action", () => {
    expect(statusOf(EXECUTING, { ...LIVE, checking: "1.0" })).toBe("Checking");
    expect(statusOf(EXECUTING, { ...LIVE, checking: "0.4" })).toBe("Running");
    expect(statusOf(DECIDING, { ...LIVE, checking: "1.0" })).toBe("Waiting for you");
  });

  it.each<readonly [EndReason, string]>([
    ["finished", "Finished"],
    ["stopped", "Stopped"],
    ["limit", "Stopped"],
    ["refused", "Failed"],
    ["api_error", "Failed"],
    ["error", "Failed"],
  ])("after an end by %s is %s", (reason, status) => {
    expect(statusOf({ kind: "ended", reason, detail: null }, null)).toBe(status);
  });
});

it("waits for you whenever the next move is yours", () => {
  for (const status of ["Waiting for you", "Claude answered", "Paused", "You have control"] as const)
    expect(toneOf(status)).toBe("waiting");
  expect(toneOf("Thinking")).toBe("busy");
});

it("sounds no alarm for a stop that was asked for", () => {
  expect(toneOf("Stopped")).toBe("quiet");
  for (const reason of ["stopped", "limit", "app_closed"] as const) expect(endTone(reason)).toBe("quiet");
  for (const reason of ["api_error", "refused", "error"] as const) expect(endTone(reason)).toBe("bad");
});

it("says that a session cut in a turn cost at least what is known", () => {
  const cut = new Script(0).start().turn(1, "form").add("session.stopping", { why: "stopped" });
  expect(costWords(foldSession(SESSION, cut.events))).toBe("at least $0.00");
  const running = new Script(0).start().turn(1, "form");
  expect(costWords(foldSession(SESSION, running.events))).toBe("$0.00");
});

describe("how a turn without actions ended", () => {
  it.each<readonly [string | null, "reply" | "finish" | null]>([
    ["end_turn", null],
    ["pause_turn", null],
    ["max_tokens", "reply"],
    ["compaction", "reply"],
    ["model_context_window_exceeded", "finish"],
    ["refusal", "finish"],
    ["stop_sequence", "reply"],
    ["something_new", "reply"],
    [null, "reply"],
  ])("%s: the way on is %s", (reason, way) => {
    const end = endOfTurn(reason);
    expect(end?.way ?? null).toBe(way);
    if (end !== null) expect(end.words).toMatch(/Nothing of (it|this turn) was run/);
  });

  it("names a reason it does not know, safely", () => {
    expect(endOfTurn("some\u202ething")?.words).toContain("“some<U+202E>thing”");
  });
});

it.each([
  ["The limit of 100 steps is reached.", "100 more steps"],
  ["The limit of 7.5 minutes is reached.", "60 more minutes"],
  ["The limit of $5.00 is reached.", "$5.00 more"],
  [null, "the same amount once more"],
])("what resuming after “%s” grants", (detail, grant) => {
  expect(grantWords({ steps: 100, minutes: 60, usd: 5 }, detail)).toContain(`grants ${grant}.`);
});

describe("a decided step", () => {
  const click = { action: "left_click", coordinate: [1, 2] } as const;
  const proposal = proposalOf(click);
  const waiting = () =>
    new Script(0)
      .start()
      .turn(1, "form")
      .finish(1, [call(click)]);
  const stepOf = (script: Script): StepView => {
    const step = foldSession(SESSION, script.events).steps[0];
    if (step === undefined) throw new Error("the script has a step");
    return step;
  };

  it("says what was changed", () => {
    expect(editedFrom(stepOf(waiting()))).toBeNull();
    expect(editedFrom(stepOf(waiting().propose(proposal).approve(proposal)))).toBeNull();
    const edited = waiting()
      .propose(proposal)
      .edit(proposal, { action: "double_click", coordinate: [3, 4] });
    expect(editedFrom(stepOf(edited))).toEqual(click);
  });

  it("says who decided it, and whether ahead", () => {
    expect(deciderOf(stepOf(waiting()))).toBeNull();
    expect(deciderOf(stepOf(waiting().propose(proposal).approve(proposal)))).toBe("you, after 1.4 s");
    expect(deciderOf(stepOf(waiting().approveAhead("1.0")))).toBe("you, ahead");
  });

  it("by a rule or the mode was passed or denied", () => {
    const step = stepOf(waiting().propose(proposal).approve(proposal));
    expect(decidedLine(step)).toBe("you, after 1.4 s");
    if (step.decision === null) throw new Error("the step is decided");
    const mode = { ...step.decision, by: { kind: "policy", rule: null } } as const;
    expect(decidedLine({ ...step, decision: mode })).toBe("passed by the mode");
    const denied = { kind: "reject", reason: null } as const;
    expect(decidedLine({ ...step, decision: { ...mode, decision: denied } })).toBe("denied by the mode");
  });

  it("waits no more once its session is over", () => {
    const atGate = stepOf(waiting().propose(proposal));
    expect(shownStatus(atGate, false)).toBe("deciding");
    expect(shownStatus(atGate, true)).toBe("undecided");
    expect(shownStatus(stepOf(waiting().approveAhead("1.0")), true)).toBe("unrun");
    expect(shownStatus({ ...atGate, status: "done" }, true)).toBe("done");
  });
});
