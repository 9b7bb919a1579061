import { expect, test } from "vitest";
import { callOf } from "./asked.ts";
import { emptySession, type SessionPhase, type SessionView } from "./session-view.ts";

type Verdict = NonNullable<SessionView["steps"][number]["verdict"]>;

function deciding(effect: Verdict["effect"], rev = 1): SessionView {
  const phase: SessionPhase = { kind: "deciding", proposal: "1.0", rev, returned: null };
  const verdict: Verdict = { effect, rule: null, reason: "", explanation: "" };
  const step = { turn: 1, index: 0, verdict, decision: null } as unknown as SessionView["steps"][number];
  return { ...emptySession("s"), phase, steps: [step] };
}

test("what a rule lets through or denies calls nobody, though it is at the gate for a moment", () => {
  expect(callOf(deciding("allow"))).toBeNull();
  expect(callOf(deciding("deny"))).toBeNull();
  expect(callOf(deciding("ask"))).toMatchObject({ key: "1.0 1", waits: true });
});

test("what came back from a rule is a new call", () => {
  expect(callOf(deciding("allow", 2))?.key).toBe("1.0 2");
});

test("an end is told, and waits for nobody; what the operator did themselves is not told", () => {
  const at = (phase: SessionPhase) => callOf({ ...emptySession("s"), phase });
  expect(at({ kind: "ended", reason: "error", detail: null })).toMatchObject({ waits: false });
  expect(at({ kind: "ended", reason: "stopped", detail: null })).toBeNull();
  expect(at({ kind: "paused", before: { kind: "starting" }, why: "operator", detail: null })).toBeNull();
});
