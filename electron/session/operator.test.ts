import { expect, describe as group, it } from "vitest";
import { plannedProposal, stepsAhead } from "../../shared/batch.ts";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import { currentStep, foldSession } from "../../shared/session-view.ts";
import { AFTER_TAKE_OVER, GOES_ON, HALTED, TAKEN_OVER } from "./result-text.ts";
import { closeInterrupted, pastTurns, settleInterrupted } from "./resume.ts";
import { type Stage, sha256, stage } from "./testkit.ts";

const click = (x: number, y: number): readonly [string, { coordinate: number[] }] => [
  "left_click",
  { coordinate: [x, y] },
];
const types = (text: string): readonly [string, { text: string }] => ["type", { text }];

/** What the storyboard sends for the waiting step and the `more` after it. */
function batchOf(s: Stage, more: number): { proposal: string; digest: string }[] {
  const waiting = currentStep(s.runner.view)?.proposal;
  if (waiting === undefined || waiting === null) throw new Error("nothing waits");
  const digest = (proposal: typeof waiting) => sha256(digestText(digestInputOf(s.runner.view.id, proposal)));
  const ahead = stepsAhead(s.runner.view, waiting)
    .slice(0, more)
    .flatMap((step) => plannedProposal(waiting, step) ?? []);
  s.runner.shown(waiting.id, waiting.rev, digest(waiting));
  s.clock.now += 400;
  return [waiting, ...ahead].map((proposal) => ({ proposal: proposal.id, digest: digest(proposal) }));
}

group("editing", () => {
  it("runs the edited action, keeps the proposed one, and tells Claude both", async () => {
    const s = stage([{ calls: [click(10, 20)] }, { answer: "" }]);
    await s.until("deciding");
    const edited = { action: "double_click", coordinate: [30, 40] } as const;
    expect(s.decide({ kind: "edit", action: edited })).toEqual({ ok: true });
    await s.until("answered");
    expect(s.computer.performed.map((r) => r.action)).toEqual([edited]);
    expect(s.computer.performed[0]?.expected.target).toBeNull();
    expect(s.claude.lastResults()[0]).toEqual({
      text: "The operator changed this action before it ran. Proposed: Left click at 10, 20. Executed: Double click at 30, 40.",
      isError: false,
      images: 1,
    });
    const step = s.runner.view.steps[0];
    expect(step?.call.parsed).toEqual({ action: { action: "left_click", coordinate: [10, 20] } });
    expect(step?.decision?.decision).toEqual({ kind: "edit", action: edited });
    expect(step?.executed).toEqual(edited);
    s.runner.finish();
    await s.done;
  });

  it("an edit that changes nothing is an approval to Claude", async () => {
    const s = stage([{ calls: [click(10, 20)] }, { answer: "" }]);
    await s.until("deciding");
    s.decide({ kind: "edit", action: { coordinate: [10, 20], action: "left_click" } });
    await s.until("answered");
    expect(s.claude.lastResults()[0]?.text).toBe("Clicked.");
    s.runner.finish();
    await s.done;
  });

  it("an edit that can't run is refused by field, and the proposal goes on waiting", async () => {
    const s = stage([{ calls: [click(10, 20)] }, { answer: "" }]);
    await s.until("deciding");
    expect(s.decide({ kind: "edit", action: { action: "left_click", coordinate: [2000, 5] } })).toEqual({
      ok: false,
      error: "coordinate[0]: 2000 is outside the 1280x800 screenshot",
    });
    expect(s.decide({ kind: "edit", action: { action: "left_click" } }).ok).toBe(false);
    expect(s.computer.performed).toHaveLength(0);
    await s.approve();
    await s.until("answered");
    expect(s.computer.performed).toHaveLength(1);
    s.runner.finish();
    await s.done;
  });

  it("an edited action that comes back shows the edit, and what Claude proposed beside it", async () => {
    const s = stage([{ calls: [click(10, 20)] }, { answer: "" }]);
    await s.until("deciding");
    s.computer.replies.push(() => ({
      kind: "returned",
      reason: "pixels",
      detail: "Changed.",
      now: s.computer.sight(),
    }));
    s.decide({ kind: "edit", action: { action: "left_click", coordinate: [30, 40] } });
    await s.until("executing");
    await s.until("deciding");
    expect(s.runner.view.steps[0]?.proposal).toMatchObject({
      rev: 2,
      action: { coordinate: [30, 40] },
      original: { coordinate: [10, 20] },
    });
    await s.approve();
    await s.until("answered");
    expect(s.claude.lastResults()[0]?.text).toMatch(/^The operator changed this action/);
    s.runner.finish();
    await s.done;
  });
});

group("a batch approved ahead", () => {
  const batch = [click(1, 1), click(2, 2), types("x"), types("y")];

  it("runs without asking again, each step with a durable decision before it", async () => {
    const s = stage([{ calls: batch }, { answer: "" }]);
    await s.until("deciding");
    expect(s.runner.decideBatch(1, batchOf(s, 3))).toEqual({ ok: true });
    await s.until("answered");
    expect(s.computer.performed).toHaveLength(4);
    expect(s.claude.lastResults().map((r) => r.isError)).toEqual([false, false, false, false]);
    const order = s.journal.events.map((e) => e.type).filter((t) => t === "decision.made" || t === "action.started");
    expect(order.slice(0, 2).sort()).toEqual(["decision.made", "decision.made"]);
    expect(s.journal.all("decision.made")).toHaveLength(4);
    s.runner.finish();
    await s.done;
  });

  it("up to a step asks at the next one", async () => {
    const s = stage([{ calls: batch }, { answer: "" }]);
    await s.until("deciding");
    s.runner.decideBatch(1, batchOf(s, 1));
    await s.until("executing");
    while (currentStep(s.runner.view)?.index !== 2) await new Promise((resolve) => setImmediate(resolve));
    await s.until("deciding");
    expect(s.computer.performed).toHaveLength(2);
    s.runner.stop();
    await s.done;
  });

  it("approves nothing at all when one digest, one order or one name is wrong", async () => {
    const s = stage([{ calls: batch }, { answer: "" }]);
    await s.until("deciding");
    const good = batchOf(s, 3);
    const [a, b, c, d] = good;
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error("too few");
    expect(s.runner.decideBatch(1, [a, { ...b, digest: "0".repeat(64) }]).ok).toBe(false);
    expect(s.runner.decideBatch(1, [a, c]).ok).toBe(false);
    expect(s.runner.decideBatch(1, [b, c]).ok).toBe(false);
    expect(s.runner.decideBatch(2, good).ok).toBe(false);
    expect(s.journal.all("decision.made")).toHaveLength(0);
    expect(s.computer.performed).toHaveLength(0);
    s.runner.stop();
    await s.done;
  });

  it("the first surprise brings its step back and withdraws the rest", async () => {
    const s = stage([{ calls: batch }, { answer: "" }]);
    await s.until("deciding");
    s.computer.replies.push(
      (request) => s.computer.done(request),
      () => ({ kind: "returned", reason: "pixels", detail: "The target changed.", now: s.computer.sight() }),
    );
    s.runner.decideBatch(1, batchOf(s, 3));
    await s.until("executing");
    while (s.journal.all("action.returned").length === 0) await new Promise((resolve) => setImmediate(resolve));
    await s.until("deciding");
    expect(s.journal.all("decision.withdrawn").map((w) => w.proposal)).toEqual(["1.2", "1.3"]);
    expect(s.runner.view.phase).toMatchObject({ kind: "deciding", proposal: "1.1", rev: 2 });
    s.decide({ kind: "reject", reason: "no" });
    await s.until("answered");
    expect(
      s.claude
        .lastResults()
        .map((r) => r.text)
        .slice(2),
    ).toEqual([HALTED, HALTED]);
    s.runner.finish();
    await s.done;
  });

  it("another program in front than Claude saw is a surprise", async () => {
    const s = stage([{ calls: batch }, { answer: "" }]);
    await s.until("deciding");
    s.computer.replies.push((request) => {
      s.computer.front = "Xterm";
      return s.computer.done(request);
    });
    s.runner.decideBatch(1, batchOf(s, 3));
    while (s.journal.all("action.returned").length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(s.journal.all("action.returned")[0]).toMatchObject({ reason: "window", proposal: { id: "1.1", rev: 2 } });
    expect(s.journal.all("action.started")).toHaveLength(1);
    s.runner.stop();
    await s.done;
  });

  it("a pause in the middle withdraws what was approved ahead", async () => {
    const s = stage([{ calls: batch }, { answer: "" }]);
    await s.until("deciding");
    s.computer.replies.push(async (_request, hooks) => {
      await new Promise<void>((resolve) => hooks.signal.addEventListener("abort", () => resolve()));
      return { kind: "interrupted", progress: "after the mouse press", cursor: null, durationMs: 1 };
    });
    s.runner.decideBatch(1, batchOf(s, 3));
    await s.until("executing");
    s.runner.pause();
    s.runner.resume();
    await s.until("answered");
    expect(s.computer.performed).toHaveLength(0);
    expect(s.claude.lastResults().map((r) => r.text)).toEqual([
      "Interrupted by the operator after the mouse press; keys released.",
      HALTED,
      HALTED,
      HALTED,
    ]);
    s.runner.finish();
    await s.done;
  });
});

it("a pause between two steps of a batch withdraws what was approved ahead, too", async () => {
  const s = stage([{ calls: [click(1, 1), click(2, 2)] }, { answer: "" }]);
  await s.until("deciding");
  s.computer.replies.push((request) => {
    s.computer.onLook = () => s.runner.pause();
    return s.computer.done(request);
  });
  s.runner.decideBatch(1, batchOf(s, 1));
  await s.until("paused");
  expect(s.journal.all("decision.withdrawn").map((w) => w.proposal)).toEqual(["1.1"]);
  s.runner.resume();
  await s.until("deciding");
  expect(s.runner.view.phase).toMatchObject({ kind: "deciding", proposal: "1.1", rev: 1 });
  expect(s.computer.performed).toHaveLength(0);
  s.runner.stop();
  await s.done;
});

group("take-over", () => {
  it("answers the step as done by hand with a new screenshot, and the rest as not executed", async () => {
    const s = stage([{ calls: [click(1, 1), click(2, 2)] }, { answer: "" }]);
    await s.until("deciding");
    expect(s.decide({ kind: "take_over" })).toEqual({ ok: true });
    await s.until("takenOver");
    expect(await s.runner.hand({ action: "type", text: "by hand" })).toEqual({ ok: true });
    expect(await s.runner.hand({ action: "left_click", coordinate: [5000, 1] })).toMatchObject({ ok: false });
    expect(s.runner.handBack("I filled it in.")).toEqual({ ok: true });
    await s.until("answered");
    expect(s.claude.lastResults()).toEqual([
      { text: TAKEN_OVER, isError: false, images: 1 },
      { text: AFTER_TAKE_OVER, isError: true, images: 0 },
    ]);
    expect(s.claude.said[1]).toMatchObject({ notes: ["I filled it in."] });
    expect(s.computer.performed).toHaveLength(0);
    expect(s.computer.byHand).toEqual([{ action: "type", text: "by hand" }]);
    s.runner.finish();
    await s.done;
  });

  it("the operator's hand works only while they have control", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    await s.until("deciding");
    expect(await s.runner.hand({ action: "type", text: "x" })).toMatchObject({ ok: false });
    expect(s.runner.handBack(null)).toMatchObject({ ok: false });
    expect(s.computer.byHand).toEqual([]);
    s.runner.stop();
    await s.done;
  });

  it("in an answered session holds it, and the reply carries what the desktop looks like afterwards", async () => {
    const s = stage([{ answer: "Your turn." }, { answer: "Thanks." }]);
    await s.until("answered");
    expect(s.runner.takeOver()).toEqual({ ok: true });
    await s.runner.hand({ action: "left_click", coordinate: [3, 3] });
    s.runner.handBack(null);
    await new Promise((resolve) => setImmediate(resolve));
    await s.until("answered");
    expect(s.runner.reply("Go on")).toEqual({ ok: true });
    while (s.claude.said.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(s.claude.said[1]).toMatchObject({
      kind: "reply",
      image: { ref: { sha256: s.computer.sight().picture.sha256 } },
    });
    await s.until("answered");
    s.runner.finish();
    await s.done;
  });

  it("while Claude thinks: the proposal that comes then is shown on the desktop as the operator left it", async () => {
    let answer: () => void = () => undefined;
    const thinking = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const s = stage([
      async () => {
        await thinking;
        return {
          kind: "finished",
          message: {},
          stopReason: "tool_use",
          calls: [{ toolUseId: "t", name: "type", input: {}, parsed: { action: { action: "type", text: "x" } } }],
          thinking: "",
          text: "",
          usage: { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 },
          costUsd: 0,
        };
      },
      { answer: "" },
    ]);
    await s.until("thinking");
    expect(s.runner.takeOver()).toEqual({ ok: true });
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    await s.runner.hand({ action: "left_click", coordinate: [9, 9] });
    s.computer.front = "Firefox";
    s.runner.handBack(null);
    await s.until("deciding");
    const proposal = s.runner.view.steps[0]?.proposal;
    expect(proposal?.now?.sha256).toBe(s.computer.sight().picture.sha256);
    expect(proposal?.window?.class).toBe("Firefox");
    s.runner.stop();
    await s.done;
  });

  it("a refused take-over changes nothing: a pause stays, a limit is not granted", async () => {
    const s = stage([{ calls: [click(1, 1), click(2, 2)] }], { limits: { steps: 1, minutes: null, usd: null } });
    await s.approve();
    await s.until("paused");
    const seq = s.runner.view.seq;
    expect(s.runner.takeOver().ok).toBe(false);
    expect(s.runner.view.seq).toBe(seq);
    s.runner.stop();
    await s.done;
  });

  it("after Hand back the operator's hand no longer counts", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    await s.until("deciding");
    s.decide({ kind: "take_over" });
    await s.until("takenOver");
    s.runner.handBack(null);
    expect(await s.runner.hand({ action: "left_mouse_down" })).toMatchObject({ ok: false });
    expect(s.runner.handBack("twice")).toMatchObject({ ok: false });
    await s.until("answered");
    s.runner.finish();
    await s.done;
  });

  it("stop ends it at once", async () => {
    const s = stage([{ calls: [click(1, 1)] }]);
    await s.until("deciding");
    s.decide({ kind: "take_over" });
    await s.until("takenOver");
    s.runner.stop();
    await s.done;
    expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "stopped" });
  });
});

group("going on after a crash", () => {
  /** Stops the clock of a session as a crash would: its record simply ends. */
  async function crashed(s: Stage): Promise<Stage["journal"]> {
    const journal = s.journal.copy();
    s.runner.stop();
    await s.done;
    settleInterrupted(journal, journal.events);
    return journal;
  }

  it("while an action ran: it is marked, answered, never run again, and the next request is valid", async () => {
    const s = stage([{ calls: [click(1, 1), click(2, 2)] }]);
    await s.until("deciding");
    s.computer.replies.push(async (_request, hooks) => {
      await new Promise<void>((resolve) => hooks.signal.addEventListener("abort", () => resolve()));
      return { kind: "interrupted", progress: "after the mouse press", cursor: null, durationMs: 1 };
    });
    await s.approve();
    await s.until("executing");
    const journal = await crashed(s);
    const before = foldSession(journal.session, journal.events);
    expect(before.phase).toMatchObject({ kind: "paused", why: "error" });
    expect(before.steps[0]).toMatchObject({
      status: "interrupted",
      interrupted: expect.stringMatching(/not be run again/),
    });

    const again = stage([{ answer: "Back." }], {}, false, journal);
    await again.until("answered");
    const said = again.claude.said[0];
    expect(said).toMatchObject({ kind: "results", context: { text: GOES_ON } });
    expect(said?.kind === "results" && said.results.map((r) => r.text)).toEqual([
      "Interrupted by the operator at an unknown point; keys released.",
      HALTED,
    ]);
    expect(again.computer.performed).toHaveLength(0);
    again.runner.finish();
    await again.done;
  });

  it("while Claude thought: the same turn is asked again, with the desktop as it is now", async () => {
    const s = stage([async () => await new Promise(() => undefined)]);
    await s.until("thinking");
    const journal = s.journal.copy();
    settleInterrupted(journal, journal.events);
    const again = stage([{ answer: "Back." }], {}, false, journal);
    await again.until("answered");
    expect(again.claude.said).toMatchObject([{ kind: "context", text: GOES_ON }]);
    expect(again.runner.view.turns).toHaveLength(1);
    expect(again.runner.view.turns[0]?.appended).toHaveLength(2);
    expect(pastTurns(journal.events)).toHaveLength(1);
    again.runner.finish();
    await again.done;
  });

  it("while it was answered: it waits for the reply; notes not yet sent go with it", async () => {
    const s = stage([{ answer: "Well?" }]);
    await s.until("answered");
    s.runner.note("Mind the gap");
    const journal = await crashed(s);
    const again = stage([{ answer: "Back." }], {}, false, journal);
    await again.until("answered");
    again.runner.reply("Go on");
    while (again.claude.said.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(again.claude.said[0]).toMatchObject({
      kind: "reply",
      text: "Go on\n\nNote from the operator: Mind the gap",
    });
    await again.until("answered");
    again.runner.finish();
    await again.done;
  });

  it("closing one ends it on record; a practice session is closed at once", async () => {
    const s = stage([{ answer: "Well?" }], { practice: true });
    await s.until("answered");
    const practice = await crashed(s);
    expect(foldSession(practice.session, practice.events).phase).toMatchObject({
      kind: "ended",
      reason: "interrupted",
    });
    const t = stage([{ answer: "Well?" }]);
    await t.until("answered");
    const journal = await crashed(t);
    closeInterrupted(journal);
    expect(foldSession(journal.session, journal.events).phase).toMatchObject({ kind: "ended", reason: "interrupted" });
  });
});

it("an answer is replied to once: what comes while the reply is on its way is refused", async () => {
  const s = stage([{ answer: "Which one?" }, { answer: "Done." }]);
  await s.until("answered");
  expect(s.runner.reply("first")).toEqual({ ok: true });
  expect(s.runner.reply("second").ok).toBe(false);
  expect(s.runner.finish().ok).toBe(false);
  while (s.claude.said.length < 2) await new Promise((resolve) => setImmediate(resolve));
  await s.until("answered");
  expect(s.claude.said).toHaveLength(2);
  s.runner.finish();
  await s.done;
});

it("a note given while a limit holds the session goes with the very next results", async () => {
  const s = stage([{ calls: [click(1, 1)] }, { answer: "" }], { limits: { steps: 1, minutes: null, usd: null } });
  await s.approve();
  await s.until("paused");
  s.runner.note("Mind the gap");
  s.runner.resume();
  await s.until("answered");
  expect(s.claude.said[1]).toMatchObject({ notes: ["Mind the gap"] });
  s.runner.finish();
  await s.done;
});
