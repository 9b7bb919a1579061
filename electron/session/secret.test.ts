import { expect, test } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { settleInterrupted, whyNot } from "./resume.ts";
import { stage } from "./testkit.ts";

const PASSWORD = "correct horse battery";

/** Two turns: Claude clicks the field, then types a placeholder, which the operator makes into the password. */
const script = [
  { calls: [["left_click", { coordinate: [10, 20] }]] },
  { calls: [["type", { text: "the password goes here" }]], thinking: "Now the password." },
  { answer: "Done." },
] as const;

test("from the mark on the record has no typed text, no raw words and no digest; who decides still reads it", async () => {
  const on = stage(script);
  await on.approve();
  await on.until("deciding");
  const before = on.journal.events.length;
  expect(on.runner.markSecret()).toEqual({ ok: true });
  expect(on.decide({ kind: "edit", action: { action: "type", text: PASSWORD } })).toEqual({ ok: true });
  await on.until("answered");
  // What ran is what was decided, byte for byte.
  expect(on.computer.performed.at(-1)?.action).toEqual({ action: "type", text: PASSWORD });
  expect(on.runner.view.steps.at(-1)?.executed).toEqual({ action: "type", text: PASSWORD });
  const written = JSON.stringify(on.journal.events.slice(before));
  expect(written).not.toContain(PASSWORD);
  expect(written).toContain('"redacted":true,"length":21');
  expect(on.journal.all("decision.made").at(-1)?.digest).toBe("");
  expect(on.journal.all("turn.finished").at(-1)?.message).toEqual({ redacted: true });
  // Claude is told that it was changed, not into what.
  expect(JSON.stringify(on.claude.said)).not.toContain(PASSWORD);
  expect(JSON.stringify(on.claude.said)).toContain("The operator changed this action");
  // The window is given what it needs after a reload.
  const live = on.runner.live(on.journal.events);
  expect(JSON.stringify(live)).toContain(PASSWORD);
  expect(foldSession(on.journal.session, live)).toEqual(on.runner.view);
  on.runner.finish();
  await on.done;
  // Whoever reads the record folds bullets.
  const view = foldSession(on.journal.session, on.journal.events);
  expect(view.steps.at(-1)?.executed).toEqual({ action: "type", text: "•".repeat(PASSWORD.length) });
  expect(view.secret).toBe(true);
});

test("a crash of such a session: it is closed, not offered to go on", async () => {
  const on = stage(script);
  await on.until("deciding");
  on.runner.markSecret();
  const crashed = on.journal.copy();
  expect(whyNot(foldSession(crashed.session, crashed.events))).toMatch(/marked secret/);
  settleInterrupted(crashed, crashed.events);
  expect(crashed.events.at(-1)).toMatchObject({ type: "session.ended", body: { reason: "interrupted" } });
  on.runner.stop();
  await on.done;
});

test("marking twice marks once; an ended session can't be marked", async () => {
  const on = stage([{ answer: "Nothing to do." }]);
  await on.until("answered");
  on.runner.markSecret();
  on.runner.markSecret();
  expect(on.journal.all("secret.marked")).toHaveLength(1);
  on.runner.finish();
  await on.done;
  expect(on.runner.markSecret()).toMatchObject({ ok: false });
});
