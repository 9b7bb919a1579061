/** What the executor hears at the operator's own desktop, and the operator's chords, as the session's state. */
import { describe, expect, it } from "vitest";
import { currentStep } from "../../shared/session-view.ts";
import { ComputerError, type HeardByExecutor } from "../computer/computer.ts";
import { REFUSAL_WORDS } from "../gate/gate.ts";
import { interruptedResult } from "./result-text.ts";
import { HELD_UP } from "./step-run.ts";
import { type Stage, stage } from "./testkit.ts";

/** A session whose typing is cut after `ab`, as the executor cuts it once it has heard something. */
async function heardWhileTyping(heard: HeardByExecutor): Promise<Stage> {
  const s = stage([{ calls: [["type", { text: "abcd" }]] }, { answer: "Done." }]);
  await s.until("deciding");
  s.computer.replies.push((request) => {
    // The executor says what it heard before it answers.
    s.runner.heard(heard);
    return { kind: "interrupted", progress: "after 2 of 4 characters", cursor: request.cursor, durationMs: 5 };
  });
  s.decide({ kind: "approve" });
  return s;
}

describe("heard while an action runs", () => {
  it.each([
    ["key", "You pressed a key while the action ran."],
    ["button", "You pressed a mouse button while the action ran."],
    ["pointer", "You moved the mouse while the action ran."],
  ] as const)("a person's %s pauses and says so; Claude reads how far it got once it goes on", async (touch, words) => {
    const s = await heardWhileTyping({ kind: "person", touch });
    await s.until("paused");
    expect(s.runner.view.phase).toMatchObject({ kind: "paused", why: "person", detail: words });
    expect(s.runner.resume()).toEqual({ ok: true });
    await s.until("answered");
    expect(s.claude.lastResults()[0]?.text).toBe(interruptedResult("after 2 of 4 characters"));
  });

  it("the stop chord ends the session as the operator's stop", async () => {
    const s = await heardWhileTyping({ kind: "stop" });
    await s.done;
    expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "stopped" });
  });

  it("that nothing can be heard any more ends it in words", async () => {
    const s = await heardWhileTyping({ kind: "deaf", why: "the display :0 is gone" });
    await s.done;
    expect(s.runner.view.phase).toMatchObject({
      kind: "ended",
      reason: "error",
      detail: "Stop can no longer be heard on this desktop: the display :0 is gone",
    });
  });
});

it("an executor that cut an action because main was held up brings the proposal back as late, not as paused", async () => {
  const s = stage([{ calls: [["type", { text: "abcd" }]] }, { answer: "Done." }]);
  await s.until("deciding");
  s.computer.replies.push(({ cursor }) => {
    return { kind: "interrupted", progress: "before anything was sent", cursor, durationMs: 5 };
  });
  s.decide({ kind: "approve" });
  await s.until("executing");
  await s.until("deciding");
  expect(currentStep(s.runner.view)?.returned[0]).toMatchObject({ reason: "late", detail: HELD_UP });
  expect(s.journal.all("session.paused")).toEqual([]);
  s.runner.stop();
  await s.done;
});

describe("a desktop that can't be looked at", () => {
  it.each([
    ["no_monitor", "display"],
    ["black_capture", "capture"],
    ["no_permission", "capture"],
    ["capture_failed", "capture"],
  ] as const)(
    "%s pauses the session of the operator's own desktop as %s, and resuming looks again",
    async (code, why) => {
      const s = stage([{ answer: "Done." }, { answer: "And more." }], { where: { kind: "this", monitor: null } });
      await s.until("answered");
      s.computer.onLook = () => {
        throw new ComputerError(code, "Words of what is missing.");
      };
      s.runner.reply("And now?");
      await s.until("paused");
      expect(s.runner.view.phase).toMatchObject({ why, detail: "Words of what is missing." });
      expect(s.runner.resume()).toEqual({ ok: true });
      await s.until("answered");
    },
  );
});

describe("a chord", () => {
  it("decides on what is displayed, and says why it does not count", async () => {
    const s = stage([{ calls: [["type", { text: "abcd" }]] }, { answer: "Done." }]);
    expect(s.runner.decideByChord("approve")).toEqual({ ok: false, error: REFUSAL_WORDS.nothing_waits });
    await s.until("deciding");
    expect(s.runner.decideByChord("reject")).toEqual({ ok: false, error: REFUSAL_WORDS.not_shown });
    s.runner.stop();
    await s.done;
  });
});
