import { describe, expect, test } from "vitest";
import type { Mode, Policy, Rule } from "../../shared/policy/format.ts";
import { currentStep } from "../../shared/session-view.ts";
import { type ScriptedTurn, stage } from "./testkit.ts";

const LOOK: Rule = { id: "look", effect: "allow", actions: ["screenshot", "zoom", "cursor_position", "wait"] };
const POINT: Rule = {
  id: "point",
  effect: "allow",
  actions: ["left_click"],
  app: ["mousepad"],
  region: { space: "screenshot", of: [1280, 800], rect: [0, 0, 1280, 760] },
};
const NEVER: Rule = { id: "never", effect: "deny", keys: ["super+*"], reason: "Leaves the task" };

function policy(more: Partial<Policy> = {}): Mode {
  return { kind: "policy", policy: { version: 1, name: "Form", rules: [LOOK, POINT, NEVER], ...more } };
}

const click = (x: number, y = 10) => ["left_click", { coordinate: [x, y] }] as const;
const turn = (...calls: Extract<ScriptedTurn, { calls: unknown }>["calls"]): ScriptedTurn => ({ calls });

/** Waits until a proposal is at the gate; one that passes by itself is there for a moment too. */
async function asked(on: ReturnType<typeof stage>): Promise<void> {
  for (;;) {
    await on.until("deciding");
    if (on.runner.view.phase.kind === "deciding" && currentStep(on.runner.view)?.verdict?.effect === "ask") return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function approve(on: ReturnType<typeof stage>): Promise<void> {
  await asked(on);
  expect(on.decide({ kind: "approve" })).toEqual({ ok: true });
  await new Promise((resolve) => setImmediate(resolve));
}

/** Who decided each begun action, in order: a rule's id, or `operator`. */
function deciders(on: ReturnType<typeof stage>): readonly string[] {
  return on.journal.all("decision.made").map(({ by }) => (by.kind === "policy" ? (by.rule ?? "mode") : "operator"));
}

describe("a policy", () => {
  test("lets pass what its rules allow, asks for the rest, and says why at both moments", async () => {
    const on = stage([turn(click(5), click(7, 790)), { answer: "Done." }], { mode: policy() });
    await approve(on);
    await on.until("answered");
    expect(deciders(on)).toEqual(["point", "operator"]);
    const verdicts = on.journal
      .all("policy.evaluated")
      .map(({ at, verdict }) => [at, verdict.effect, verdict.explanation]);
    expect(verdicts).toEqual([
      ["proposed", "allow", 'Allowed by rule "point": left_click in mousepad, inside 0,0-1280,760.'],
      ["precheck", "allow", 'Allowed by rule "point": left_click in mousepad, inside 0,0-1280,760.'],
      ["proposed", "ask", "Asks: no rule of the policy covers this action."],
      ["precheck", "ask", "Asks: no rule of the policy covers this action."],
    ]);
    expect(on.journal.all("action.proposed")[0]?.proposal.windows).toMatchObject({
      focus: { class: "Mousepad", exe: null },
      points: [{ class: "Mousepad", bounds: { x: 0, y: 0, w: 1280, h: 800 } }],
    });
    on.runner.stop();
    await on.done;
  });

  test("denies without asking and halts the batch", async () => {
    const on = stage([turn(["key", { text: "super" }], click(5)), { answer: "Done." }], { mode: policy() });
    await on.until("answered");
    expect(on.claude.lastResults().map(({ text }) => text)).toEqual([
      "A rule denied this action; it was NOT executed. Reason: Leaves the task",
      "Not executed: an earlier computer action in this turn failed.",
    ]);
    expect(on.computer.performed).toEqual([]);
    on.runner.stop();
    await on.done;
  });

  test("is asked again right before the input, and the stricter verdict wins", async () => {
    const on = stage([turn(click(5)), { answer: "Done." }], { mode: policy() });
    on.computer.replies.push((_request, hooks) => {
      on.computer.front = "XTerm";
      expect(hooks.confirm(on.computer.factsNow())).toBe(false);
      return { kind: "returned", reason: "policy", detail: "another program", now: on.computer.sight() };
    });
    await asked(on);
    expect(on.computer.performed).toEqual([]);
    expect(on.journal.all("policy.evaluated")[1]).toMatchObject({ at: "precheck", verdict: { effect: "ask" } });
    on.runner.stop();
    await on.done;
  });

  test("what the operator approves may ask at the precheck, but not be denied there", async () => {
    const rules = [LOOK, { ...NEVER, keys: undefined, actions: ["left_click"], app: ["xterm"] }].map((rule) =>
      JSON.parse(JSON.stringify(rule)),
    );
    const on = stage([turn(click(5)), { answer: "Done." }], { mode: policy({ rules }) });
    on.computer.replies.push((_request, hooks) => {
      expect(hooks.confirm(on.computer.factsNow())).toBe(true);
      on.computer.front = "XTerm";
      expect(hooks.confirm(on.computer.factsNow())).toBe(false);
      return { kind: "returned", reason: "policy", detail: "denied now", now: on.computer.sight() };
    });
    await asked(on);
    on.decide({ kind: "approve" });
    await on.until("answered");
    expect(on.claude.lastResults()[0]?.text).toContain("A rule denied this action");
    on.runner.stop();
    await on.done;
  });
});

describe("a lease", () => {
  test("of two actions asks for the third, in the middle of a batch; one click extends it", async () => {
    const on = stage([turn(click(1), click(2), click(3), click(4)), { answer: "Done." }], {
      mode: policy({ lease: { actions: 2 } }),
    });
    await asked(on);
    expect(deciders(on)).toEqual(["point", "point"]);
    expect(on.journal.all("lease.changed")).toEqual([{ state: "ended", why: "Its 2 actions are used up." }]);
    expect(on.journal.all("policy.evaluated").at(-1)?.verdict).toMatchObject({
      effect: "ask",
      lease: { state: "ended", left: { actions: 0 } },
    });
    expect(on.runner.lease("extend")).toEqual({ ok: true });
    await approve(on);
    await on.until("answered");
    expect(deciders(on)).toEqual(["point", "point", "operator", "point"]);
    on.runner.stop();
    await on.done;
  });

  test("of minutes ends by the clock, and a pause does not count", async () => {
    const slow: ScriptedTurn = async () => {
      on.clock.now += 61_000;
      return await Promise.resolve({
        kind: "finished",
        message: {},
        usage: { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 },
        costUsd: 0,
        stopReason: "tool_use",
        thinking: "",
        text: "",
        calls: [
          {
            toolUseId: "toolu_s",
            name: "left_click",
            input: { coordinate: [1, 1] },
            parsed: { action: { action: "left_click", coordinate: [1, 1] } },
          },
        ],
      });
    };
    const on = stage([turn(click(1)), slow, { answer: "Done." }], { mode: policy({ lease: { minutes: 1 } }) });
    await asked(on);
    expect(deciders(on)).toEqual(["point"]);
    expect(on.journal.all("lease.changed")).toEqual([{ state: "ended", why: "Its 1 minute is over." }]);
    on.runner.stop();
    await on.done;
  });

  test("of automatic steps in a row starts again at a decision of the operator", async () => {
    const key = ["key", { text: "a" }] as const;
    const on = stage([turn(click(1), key, click(2), click(3), click(4)), { answer: "Done." }], {
      mode: policy({ lease: { consecutive: 2 } }),
    });
    await approve(on);
    await asked(on);
    expect(deciders(on)).toEqual(["point", "operator", "point", "point"]);
    expect(on.journal.all("lease.changed")).toEqual([
      { state: "ended", why: "2 automatic steps in a row, as many as it grants." },
    ]);
    on.runner.stop();
    await on.done;
  });

  test("of cost ends when it is spent", async () => {
    const on = stage([turn(click(1)), turn(click(2)), { answer: "Done." }], {
      mode: policy({ lease: { costUsd: 0.015 } }),
    });
    await asked(on);
    expect(deciders(on)).toEqual(["point"]);
    on.runner.stop();
    await on.done;
  });

  test("is narrowed by half, and suspended and resumed by a click", async () => {
    const on = stage([turn(["key", { text: "a" }], click(1)), { answer: "Done." }], {
      mode: policy({ lease: { actions: 9 } }),
    });
    await asked(on);
    expect(on.runner.lease("narrow")).toEqual({ ok: true });
    expect(on.runner.view.trust.lease?.granted.actions).toBe(5);
    expect(on.runner.lease("suspend")).toEqual({ ok: true });
    expect(on.runner.lease("suspend").ok).toBe(false);
    await approve(on);
    await asked(on);
    expect(on.runner.lease("extend")).toEqual({ ok: true });
    expect(on.runner.view.trust.lease).toMatchObject({ state: "active", actions: 1, granted: { actions: 5 } });
    on.runner.stop();
    await on.done;
  });

  test("there is none to change without rules", async () => {
    const on = stage([turn(click(1))]);
    await asked(on);
    expect(on.runner.lease("extend").ok).toBe(false);
    on.runner.stop();
    await on.done;
  });
});

describe("a surprise suspends", () => {
  /** Runs a batch of three clicks with one reply of the desktop first; resolves with why it was suspended. */
  async function suspendedBy(reply: Parameters<ReturnType<typeof stage>["computer"]["replies"]["push"]>[0]) {
    const on = stage([turn(click(1)), turn(click(2)), { answer: "Done." }], { mode: policy() });
    on.computer.replies.push(reply);
    await asked(on);
    const why = on.journal.all("lease.changed").map(({ state, why }) => `${state}: ${why}`);
    on.runner.stop();
    await on.done;
    return { why, deciders: deciders(on) };
  }

  test("a stale screen", async () => {
    const found = await suspendedBy(() => ({ kind: "returned", reason: "pixels", detail: "It changed.", now: null }));
    expect(found).toEqual({ why: ["suspended: It changed."], deciders: ["point"] });
  });

  test("a failed action", async () => {
    const found = await suspendedBy(() => ({
      kind: "failed",
      message: "No hands.",
      cursor: null,
      after: null,
      durationMs: 1,
    }));
    expect(found).toEqual({ why: ["suspended: An action failed: No hands."], deciders: ["point"] });
  });

  test("a program in front that no rule names, and not one that is named", async () => {
    const on = stage([turn(click(1)), turn(click(2)), turn(["screenshot", {}]), { answer: "Done." }], {
      mode: policy(),
    });
    on.computer.replies.push((request) => {
      on.computer.front = "XTerm";
      return on.computer.done(request);
    });
    await asked(on);
    expect(on.journal.all("lease.changed")).toEqual([
      { state: "suspended", why: "xterm came to the front, and no rule names it." },
    ]);
    on.runner.stop();
    await on.done;
  });

  test("Claude declining, on record before the end", async () => {
    const on = stage([{ answer: "No.", stopReason: "refusal" }], { mode: policy() });
    await on.done;
    expect(on.journal.all("lease.changed")).toEqual([{ state: "suspended", why: "Claude declined to go on." }]);
  });

  test("the person at the mouse", async () => {
    const on = stage([turn(click(1), ["key", { text: "a" }]), { answer: "Done." }], { mode: policy() });
    await asked(on);
    on.runner.pauseFor("person", null);
    on.runner.resume();
    expect(on.runner.view.trust.lease?.state).toBe("suspended");
    on.runner.stop();
    await on.done;
  });

  test("but a pause of the operator's own does not", async () => {
    const on = stage([turn(["key", { text: "a" }]), { answer: "Done." }], { mode: policy() });
    await asked(on);
    on.runner.pause();
    on.runner.resume();
    expect(on.runner.view.trust.lease?.state).toBe("active");
    on.runner.stop();
    await on.done;
  });
});

describe("a rule added to a session", () => {
  test("counts from the next turn, in ask mode too, and is on record", async () => {
    const on = stage([turn(click(1), click(2)), turn(click(3)), { answer: "Done." }]);
    await asked(on);
    expect(on.runner.addRule(POINT)).toEqual({ ok: true });
    expect(on.runner.addRule(POINT).ok).toBe(false);
    expect(on.journal.all("policy.changed")).toEqual([]);
    await approve(on);
    await approve(on);
    await on.until("answered");
    expect(deciders(on)).toEqual(["operator", "operator", "point"]);
    expect(on.journal.all("policy.changed").map(({ why }) => why)).toEqual(['Rule "point" was added to this session.']);
    expect(on.runner.addRule({ ...POINT, id: "more" })).toEqual({ ok: true });
    expect(on.runner.view.trust.uses).toEqual({ point: 1 });
    on.runner.stop();
    await on.done;
    expect(on.runner.addRule({ ...POINT, id: "late" }).ok).toBe(false);
  });

  test("maxUses counts what began", async () => {
    const rules = [LOOK, { ...POINT, maxUses: 2 }];
    const on = stage([turn(click(1), click(2), click(3)), { answer: "Done." }], { mode: policy({ rules }) });
    await asked(on);
    expect(
      on.journal
        .all("policy.evaluated")
        .filter(({ at }) => at === "precheck")
        .map(({ verdict }) => verdict.explanation),
    ).toEqual([
      'Allowed by rule "point": left_click in mousepad, inside 0,0-1280,760, use 1 of 2.',
      'Allowed by rule "point": left_click in mousepad, inside 0,0-1280,760, use 2 of 2.',
    ]);
    on.runner.stop();
    await on.done;
  });
});
