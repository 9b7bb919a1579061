/** The desktop ends in the middle of a session: what ran is answered, the session waits, and goes on with a new one. */
import { expect, it, test } from "vitest";
import { ComputerError } from "../computer/computer.ts";
import { FRESH_DESKTOP } from "./result-text.ts";
import { FakeComputer, type ScriptedTurn, type Stage, stage } from "./testkit.ts";

const click = ["left_click", { coordinate: [1, 1] }] as const;
const GONE = "The desktop's X server ended (signal SIGKILL).";
const DIED = new ComputerError("executor_died", "The process that works on :9 ended (signal SIGABRT).");
const SCRIPT: readonly ScriptedTurn[] = [{ calls: [click, click] }, { calls: [click] }, { answer: "Done." }];

/** @param fails how many renewals fail first */
function attended(script: readonly ScriptedTurn[] = SCRIPT, fails = 0) {
  const next: FakeComputer[] = [];
  let s: Stage;
  let failing = fails;
  const renew = async () => {
    if (failing > 0) {
      failing -= 1;
      throw new Error("no room for an X server");
    }
    const fresh = new FakeComputer(s.journal);
    // It looks unlike the one that is gone.
    for (let i = 0; i < 10; i += 1) fresh.change();
    next.push(fresh);
    return fresh;
  };
  s = stage(script, {}, false, null, renew);
  return { s, next };
}

/** Resume, and wait until the new desktop is there. */
async function resumed(s: Stage): Promise<void> {
  expect(s.runner.resume()).toEqual({ ok: true });
  expect(s.runner.view.phase).toMatchObject({ kind: "paused", detail: expect.stringContaining("being started again") });
  expect(s.runner.resume()).toEqual({ ok: false, error: "The desktop is being started again." });
  for (let i = 0; i < 100 && s.runner.view.phase.kind === "paused"; i += 1) await turn();
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it("answers the action that ran as failed, pauses, and goes on with a fresh desktop once the operator resumes", async () => {
  const { s, next } = attended();
  s.computer.replies.push(() => {
    s.lose(GONE);
    throw DIED;
  });
  await s.approve();
  await s.until("paused");
  expect(s.runner.view.phase).toMatchObject({ kind: "paused", why: "desktop", detail: expect.stringContaining(GONE) });
  expect(s.journal.all("action.finished")).toMatchObject([
    { outcome: "failed", isError: true, text: expect.stringContaining("how far this action got is not known") },
  ]);
  expect(s.runner.takeOver()).toMatchObject({ ok: false });
  expect(next).toHaveLength(0);

  await resumed(s);
  await s.until("deciding");
  expect(s.journal.all("session.resumed").at(-1)).toEqual({ desktop: { display: ":10", pids: [] } });
  const told = s.claude.said.at(-1);
  expect(told).toMatchObject({ kind: "results", context: { text: FRESH_DESKTOP } });
  expect(s.claude.lastResults()).toMatchObject([{ isError: true }, { isError: true }]);

  await s.approve();
  await s.until("answered");
  expect(next[0]?.performed).toHaveLength(1);
  expect(s.computer.performed).toHaveLength(0);
  expect(s.claude.said.at(-1)).toMatchObject({ kind: "results", context: null });
  s.runner.finish();
  await s.done;
  expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "finished" });
});

it("waits with a proposal at the gate, which is not run on a desktop it was not made for", async () => {
  const { s, next } = attended();
  await s.until("deciding");
  s.lose(GONE);
  await s.until("paused");
  await resumed(s);
  await s.until("deciding");
  // The new hands have never seen the picture that it was decided on.
  next[0]?.replies.push(() => {
    const now = next[0]?.sight() ?? null;
    return { kind: "returned", reason: "pixels", detail: "no longer at hand", now };
  });
  await s.approve();
  expect(s.journal.all("action.returned")).toMatchObject([{ reason: "pixels" }]);
  s.runner.stop();
  await s.done;
});

test("a look that is under way waits for the new desktop", async () => {
  const { s, next } = attended([{ calls: [click] }, { answer: "Done." }]);
  s.computer.onLook = () => {
    throw new ComputerError("capture_failed", "the display :9 is gone");
  };
  await s.until("paused");
  await resumed(s);
  await s.until("deciding");
  expect(next).toHaveLength(1);
  s.runner.stop();
  await s.done;
});

it("stays paused when there is no new desktop to be had, and can be tried again", async () => {
  const { s } = attended(SCRIPT, 1);
  await s.until("deciding");
  s.lose(GONE);
  s.runner.resume();
  const failed = { kind: "paused", detail: expect.stringContaining("started: no room for an X server. Resume") };
  for (let i = 0; i < 100; i += 1) await turn();
  expect(s.runner.view.phase).toMatchObject(failed);
  await resumed(s);
  await s.until("deciding");
  s.runner.stop();
  await s.done;
});

it("can be stopped meanwhile, also while a look waits", async () => {
  const { s } = attended();
  s.computer.onLook = () => {
    throw DIED;
  };
  await s.until("paused");
  s.runner.stop();
  await s.done;
  expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "stopped" });
});

it("reaches an operator who has control", async () => {
  const { s } = attended();
  await s.until("deciding");
  s.decide({ kind: "take_over" });
  await s.until("takenOver");
  s.lose(GONE);
  expect(s.runner.view.phase).toMatchObject({ kind: "paused", before: { kind: "takenOver" } });
  await resumed(s);
  expect(s.runner.handBack(null)).toEqual({ ok: true });
  await s.until("deciding");
  s.runner.stop();
  await s.done;
});

it("ends a session that nobody attends, with the call answered", async () => {
  const s = stage(SCRIPT, { mode: { kind: "ask", askAll: false } }, true);
  s.computer.replies.push(() => {
    throw DIED;
  });
  await s.approve();
  await s.done;
  expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "error" });
  expect(s.journal.all("action.finished")[0]).toMatchObject({ outcome: "failed" });
});
