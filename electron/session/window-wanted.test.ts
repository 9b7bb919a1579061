import { expect, test } from "vitest";
import { stage } from "./testkit.ts";
import { windowWanted } from "./window-wanted.ts";

const CLICK = ["left_click", { coordinate: [10, 10] }] as const;
const LOOK = ["screenshot", {}] as const;

test("the operator's decisions bring it back, a rule's keep it away; looks change nothing; what waits needs it", async () => {
  const show = stage([{ calls: [LOOK, CLICK, LOOK] }, { answer: "Done" }]);
  await show.until("deciding");
  expect(windowWanted(show.runner.view)).toBe(true);
  await show.approve();
  await show.until("answered");
  expect(windowWanted(show.runner.view)).toBe(true);
  const thinking = { ...show.runner.view, phase: { kind: "thinking", turn: 2 } } as const;
  expect(windowWanted(thinking)).toBe(true);
  const steps = thinking.steps.map((step) =>
    step.decision === null
      ? step
      : { ...step, decision: { ...step.decision, by: { kind: "policy", rule: "go" } as const } },
  );
  expect(windowWanted({ ...thinking, steps })).toBe(false);
  expect(windowWanted({ ...thinking, steps, phase: { kind: "answered", turn: 2 } })).toBe(true);
  const waiting = steps.at(-1);
  if (waiting === undefined) throw new Error("no step");
  const deciding = { kind: "deciding", proposal: `${waiting.turn}.${waiting.index}`, rev: 1, returned: null } as const;
  const verdict = (effect: "ask" | "allow") => ({ effect, rule: null, reason: "", explanation: "" });
  const judged = (effect: "ask" | "allow") =>
    steps.map((step) => (step === waiting ? { ...step, verdict: verdict(effect), decision: null } : step));
  expect(windowWanted({ ...thinking, steps: judged("ask"), phase: deciding })).toBe(true);
  expect(windowWanted({ ...thinking, steps: judged("allow"), phase: deciding })).toBe(false);
  expect(windowWanted({ ...thinking, steps: judged("allow"), phase: { ...deciding, rev: 2 } })).toBe(true);
  expect(windowWanted({ ...thinking, steps: [], config: null })).toBe(true);
  show.runner.finish();
  await show.done;
});
