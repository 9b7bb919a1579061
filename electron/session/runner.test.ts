import { expect, describe as group, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { ComputerError } from "../computer/computer.ts";
import { HALTED, NOBODY, WATCH_ONLY } from "./result-text.ts";
import { type ScriptedTurn, stage } from "./testkit.ts";

const click = (x: number, y: number): readonly [string, { coordinate: number[] }] => [
  "left_click",
  { coordinate: [x, y] },
];
const types = (text: string): readonly [string, { text: string }] => ["type", { text }];

group("the loop", () => {
  it("asks, runs what was approved, answers Claude and ends when the operator finishes", async () => {
    const s = stage([{ calls: [click(10, 20)] }, { answer: "Done." }]);
    await s.approve();
    await s.until("answered");
    expect(s.computer.performed.map((r) => r.action)).toEqual([{ action: "left_click", coordinate: [10, 20] }]);
    expect(s.claude.lastResults()).toEqual([{ text: "Clicked.", isError: false, images: 1 }]);
    expect(s.runner.finish()).toEqual({ ok: true });
    await s.done;
    expect(s.runner.view.phase).toEqual({ kind: "ended", reason: "finished", detail: null });
  });

  it("sends the task first, then a first screenshot", async () => {
    const s = stage([{ answer: "Hello." }]);
    await s.until("answered");
    expect(s.claude.said[0]).toMatchObject({
      kind: "task",
      text: "Fill in the form",
      image: { ref: { w: 1280, h: 800 } },
    });
    s.runner.stop();
    await s.done;
  });

  it("goes on after a reply, with a fresh picture", async () => {
    const s = stage([{ answer: "Which colour?" }, { answer: "Blue it is." }]);
    await s.until("answered");
    s.computer.change();
    expect(s.runner.reply("Blue")).toEqual({ ok: true });
    await s.until("thinking");
    await s.until("answered");
    const reply = s.claude.said[1];
    expect(reply).toMatchObject({ kind: "reply", text: "Blue" });
    expect(reply?.kind === "reply" && reply.image?.ref.sha256).toBe(s.computer.sight().picture.sha256);
    s.runner.finish();
    await s.done;
  });

  it("goes on by itself after the history was summarized, with a fresh picture and nobody asked", async () => {
    const s = stage([
      { calls: [["screenshot", {}]] },
      { answer: "", stopReason: "compaction" },
      { answer: "Where were we?" },
    ]);
    await s.until("answered");
    expect(s.claude.said.map(({ kind }) => kind)).toEqual(["task", "results", "context"]);
    const last = s.claude.said[2];
    expect(last?.kind === "context" && last.text).toContain("summarized");
    expect(last?.kind === "context" && last.image.ref.sha256).toBe(s.computer.sight().picture.sha256);
    expect(s.journal.all("turn.finished").map(({ stopReason }) => stopReason)).toEqual([
      "tool_use",
      "compaction",
      "end_turn",
    ]);
    s.runner.finish();
    await s.done;
  });

  it("lets look-only actions pass in ask mode, named as such in the record", async () => {
    const s = stage(
      [
        {
          calls: [
            ["screenshot", {}],
            ["zoom", { region: [0, 0, 10, 10] }],
          ],
        },
        { answer: "Seen." },
      ],
      {},
      true,
    );
    await s.done;
    expect(s.journal.all("decision.made").map((d) => d.by)).toEqual([
      { kind: "policy", rule: null },
      { kind: "policy", rule: null },
    ]);
    expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "finished" });
  });

  it("puts the newest picture on the batch's last success, and not twice", async () => {
    const s = stage(
      [
        {
          calls: [
            ["wait", { duration: 1 }],
            ["screenshot", {}],
          ],
        },
        { calls: [["wait", { duration: 1 }]] },
        { answer: "" },
      ],
      {},
      true,
    );
    await s.done;
    const [, first, second] = s.claude.said;
    expect(first?.kind === "results" && first.results.map((r) => r.images.length)).toEqual([0, 1]);
    expect(second?.kind === "results" && second.results.map((r) => r.images.length)).toEqual([1]);
  });
});

group("decisions", () => {
  it("a rejection reaches Claude with its reason and halts the rest of the batch", async () => {
    const s = stage([{ calls: [click(1, 1), click(2, 2), types("x"), types("y")] }, { answer: "Sorry." }]);
    await s.approve();
    await s.approve();
    await s.until("deciding");
    expect(s.decide({ kind: "reject", reason: "Wrong field" })).toEqual({ ok: true });
    await s.until("answered");
    expect(s.claude.lastResults()).toEqual([
      { text: "Clicked.", isError: false, images: 0 },
      { text: "Clicked.", isError: false, images: 1 },
      { text: "The operator rejected this action; it was NOT executed. Reason: Wrong field", isError: true, images: 0 },
      { text: HALTED, isError: true, images: 0 },
    ]);
    expect(s.computer.performed).toHaveLength(2);
    s.runner.finish();
    await s.done;
  });

  it("says so when no reason was given", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    await s.until("deciding");
    s.decide({ kind: "reject", reason: null });
    await s.until("answered");
    expect(s.claude.lastResults()[0]?.text).toBe(
      "The operator rejected this action; it was NOT executed. Reason: none given",
    );
    s.runner.finish();
    await s.done;
  });

  it("a second decision on the same proposal is refused, counted, and runs nothing", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    await s.until("deciding");
    expect(s.decide({ kind: "approve" })).toEqual({ ok: true });
    const again = s.runner.decide({ proposal: "1.0", rev: 1, digest: "0".repeat(64), decision: { kind: "approve" } });
    expect(again.ok).toBe(false);
    await s.until("answered");
    expect(s.computer.performed).toHaveLength(1);
    expect(s.journal.all("decision.refused")).toEqual([{ proposal: "1.0", reason: "nothing_waits", count: 1 }]);
    s.runner.finish();
    await s.done;
  });

  it("a reload while deciding approves nothing, and the card can be decided once it is shown again", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    await s.until("deciding");
    s.runner.windowGone();
    expect(s.computer.performed).toHaveLength(0);
    await s.approve();
    await s.until("answered");
    expect(s.computer.performed).toHaveLength(1);
    s.runner.finish();
    await s.done;
  });

  it("decision.made and action.started share one commit before the desktop is touched", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }], {}, true);
    await s.until("deciding");
    s.computer.replies.push((request) => {
      expect(s.journal.events.slice(-2).map((e) => e.type)).toEqual(["decision.made", "action.started"]);
      return s.computer.done(request);
    });
    await s.approve();
    await s.done;
    expect(s.runner.view.phase).toMatchObject({ reason: "finished" });
  });

  it("runs nothing when the decision can't be written", async () => {
    const s = stage([{ calls: [click(1, 1)] }]);
    await s.until("deciding");
    s.journal.fail = "the disk is full";
    const ended = expect(s.done).rejects.toThrow("the disk is full");
    s.decide({ kind: "approve" });
    await ended;
    expect(s.computer.performed).toHaveLength(0);
    expect(s.computer.released).toBe(1);
  });
});

group("precheck", () => {
  it("brings a proposal back with a new revision and the fresh picture; the old digest no longer counts", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    await s.until("deciding");
    const before = s.runner.view.steps[0]?.proposal;
    s.computer.replies.push(() => {
      s.computer.change();
      return { kind: "returned", reason: "pixels", detail: "The target changed.", now: s.computer.sight() };
    });
    await s.approve();
    await s.until("deciding");
    const after = s.runner.view.steps[0]?.proposal;
    expect(after).toMatchObject({ id: "1.0", rev: 2, now: { sha256: s.computer.sight().picture.sha256 } });
    expect(after?.screenshot).toEqual(before?.screenshot);
    expect(s.runner.view.phase).toMatchObject({ kind: "deciding", rev: 2, returned: { reason: "pixels" } });
    expect(s.computer.performed).toHaveLength(0);
    await s.approve();
    await s.until("answered");
    expect(s.computer.performed).toHaveLength(1);
    expect(s.computer.performed[0]?.expected.picture).toBe(after?.now?.sha256);
    s.runner.finish();
    await s.done;
  });

  it("never lets a rule approve what came back once", async () => {
    const s = stage([{ calls: [["screenshot", {}]] }, { answer: "" }]);
    await Promise.resolve();
    s.computer.replies.push(() => ({
      kind: "returned",
      reason: "geometry",
      detail: "The display changed.",
      now: s.computer.sight(),
    }));
    await s.approve();
    await s.until("answered");
    expect(s.journal.all("decision.made").map((d) => d.by.kind)).toEqual(["policy", "operator"]);
    s.runner.finish();
    await s.done;
  });
});

group("invalid calls", () => {
  it("are answered without the gate, with the field's name, and halt the batch", async () => {
    const s = stage([{ calls: [["left_click", { coordinate: [1400, 3] }], click(1, 1)] }, { answer: "" }], {}, true);
    await s.done;
    const results = s.claude.said[1];
    expect(results?.kind === "results" && results.results.map((r) => r.text)).toEqual([
      "coordinate[0]: 1400 is outside the 1280x800 screenshot",
      HALTED,
    ]);
    expect(s.journal.all("action.proposed")).toHaveLength(0);
  });

  it("an action at the cursor needs one first", async () => {
    const s = stage([
      { calls: [["left_click", {}]] },
      {
        calls: [
          ["mouse_move", { coordinate: [5, 6] }],
          ["left_click", {}],
        ],
      },
      { answer: "" },
    ]);
    await s.approve();
    expect(s.journal.all("action.finished")[0]?.text).toMatch(/^coordinate: is missing/);
    await s.approve();
    await s.until("answered");
    expect(s.computer.performed.map((r) => r.cursor)).toEqual([null, [5, 6]]);
    s.runner.finish();
    await s.done;
  });
});

group("modes", () => {
  it("watch runs nothing and says so", async () => {
    const s = stage([{ calls: [["screenshot", {}]] }, { answer: "" }], { mode: { kind: "watch" } }, true);
    await s.done;
    expect(s.computer.performed).toHaveLength(0);
    expect(s.journal.all("action.finished")[0]).toMatchObject({ outcome: "watch", text: WATCH_ONLY, isError: true });
  });

  it("look lets nothing but looking run", async () => {
    const s = stage([{ calls: [["screenshot", {}], click(1, 1)] }, { answer: "" }], { mode: { kind: "look" } }, true);
    await s.done;
    expect(s.computer.performed.map((r) => r.action.action)).toEqual(["screenshot"]);
    expect(s.journal.all("action.finished").map((f) => f.outcome)).toEqual(["done", "denied"]);
  });

  it("with nobody there, what would ask is answered so", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }], { operator: false }, true);
    await s.done;
    expect(s.journal.all("action.finished")[0]).toMatchObject({ outcome: "nobody", text: NOBODY, isError: true });
  });
});

group("pause, stop, notes", () => {
  it("no decision counts while paused; after resuming the card has to be shown anew", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    await s.until("deciding");
    expect(s.runner.pause()).toEqual({ ok: true });
    expect(s.decide({ kind: "approve" }).ok).toBe(false);
    expect(s.runner.resume()).toEqual({ ok: true });
    await s.approve();
    await s.until("answered");
    expect(s.journal.all("decision.refused")).toEqual([{ proposal: "1.0", reason: "paused", count: 1 }]);
    s.runner.finish();
    await s.done;
  });

  it("a pause in mid-action cuts it, answers it as interrupted, and never continues it", async () => {
    const s = stage([{ calls: [types("a long text"), click(1, 1)] }, { answer: "" }]);
    s.computer.replies.push(async (_request, hooks) => {
      await new Promise<void>((resolve) => hooks.signal.addEventListener("abort", () => resolve()));
      return { kind: "interrupted", progress: "after 4 of 11 characters", cursor: null, durationMs: 3 };
    });
    await s.approve();
    s.runner.pause();
    await new Promise((resolve) => setImmediate(resolve));
    expect(s.claude.said).toHaveLength(1);
    s.runner.resume();
    await s.until("answered");
    expect(s.claude.lastResults().map((r) => r.text)).toEqual([
      "Interrupted by the operator after 4 of 11 characters; keys released.",
      HALTED,
    ]);
    expect(s.computer.performed).toHaveLength(0);
    s.runner.finish();
    await s.done;
  });

  it("a pause before anything was sent brings the proposal back", async () => {
    const s = stage([{ calls: [types("text")] }, { answer: "" }]);
    s.computer.replies.push(async (_request, hooks) => {
      await new Promise<void>((resolve) => hooks.signal.addEventListener("abort", () => resolve()));
      return { kind: "interrupted", progress: "before anything was sent", cursor: null, durationMs: 3 };
    });
    await s.approve();
    s.runner.pause();
    await s.until("deciding");
    s.runner.resume();
    await s.approve();
    await s.until("answered");
    expect(s.computer.performed).toHaveLength(1);
    s.runner.finish();
    await s.done;
  });

  it("a pause between decision and first input is seen by the last check before it", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    s.computer.replies.push((_request, hooks) => {
      s.runner.pause();
      expect(hooks.confirm(s.computer.factsNow())).toBe(false);
      return { kind: "interrupted", progress: "before anything was sent", cursor: null, durationMs: 1 };
    });
    await s.approve();
    await s.until("paused");
    s.runner.stop();
    await s.done;
  });

  it("a pause while a request is tried again ends the wait; resuming sends it anew", async () => {
    const s = stage([
      async (hooks) => {
        s.runner.pause();
        hooks.onRetry(1, "overloaded", s.clock.now + 60_000);
        return hooks.signal.aborted ? { kind: "stopped" } : new Promise(() => undefined);
      },
      { answer: "Here." },
    ]);
    await s.until("paused");
    s.runner.resume();
    await s.until("answered");
    expect(s.claude.said).toHaveLength(1);
    s.runner.finish();
    await s.done;
  });

  const script: readonly ScriptedTurn[] = [{ calls: [click(1, 1), click(2, 2), click(3, 3)] }];

  it("stop while deciding ends at once, with every open call answered on record", async () => {
    const s = stage(script);
    await s.approve();
    await s.until("deciding");
    s.runner.stop();
    await s.done;
    expect(s.journal.all("action.finished").map((f) => [f.index, f.outcome])).toEqual([
      [0, "done"],
      [1, "interrupted"],
      [2, "skipped"],
    ]);
    expect(s.runner.view.phase).toEqual({ kind: "ended", reason: "stopped", detail: null });
    expect(s.computer.released).toBe(1);
  });

  it("stop in mid-action records how far it got", async () => {
    const s = stage(script);
    s.computer.replies.push(async (_request, hooks) => {
      await new Promise<void>((resolve) => hooks.signal.addEventListener("abort", () => resolve()));
      return { kind: "interrupted", progress: "after the mouse press", cursor: null, durationMs: 3 };
    });
    await s.approve();
    s.runner.stop();
    await s.done;
    expect(s.journal.all("action.finished").map((f) => f.text)).toEqual([
      "Interrupted by the operator after the mouse press; keys released.",
      HALTED,
      HALTED,
    ]);
  });

  it("stop while Claude thinks cuts the request", async () => {
    const s = stage([
      async (hooks) => {
        await new Promise<void>((resolve) => hooks.signal.addEventListener("abort", () => resolve()));
        return { kind: "stopped" };
      },
    ]);
    await s.until("thinking");
    s.runner.stop();
    await s.done;
    expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "stopped" });
  });

  it("notes go with the next results", async () => {
    const s = stage([{ calls: [click(1, 1)] }, { answer: "" }]);
    await s.until("deciding");
    s.runner.note("The form is on the left.");
    await s.approve();
    await s.until("answered");
    expect(s.claude.said[1]).toMatchObject({ kind: "results", notes: ["The form is on the left."] });
    s.runner.finish();
    await s.done;
  });
});

group("when things go wrong", () => {
  const failed: ScriptedTurn = async () => ({
    kind: "failed",
    attempts: 1,
    error: { kind: "auth", status: 401, message: "The API key was not accepted.", advice: "Enter another one." },
  });

  it("a failed turn pauses, says why, and is tried again with the same history", async () => {
    const s = stage([failed, { answer: "Hello." }]);
    await s.until("paused");
    expect(s.runner.view.phase).toMatchObject({
      kind: "paused",
      why: "error",
      detail: "The API key was not accepted. Enter another one.",
    });
    s.runner.tryNow();
    await s.until("answered");
    expect(s.claude.said).toHaveLength(1);
    expect(s.runner.view.turns).toHaveLength(1);
    s.runner.finish();
    await s.done;
  });

  it("unattended, it ends as an API error", async () => {
    const s = stage([failed], {}, true);
    await s.done;
    expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "api_error" });
  });

  it("a desktop that is gone ends the session with the call answered", async () => {
    const s = stage([{ calls: [click(1, 1)] }]);
    s.computer.replies.push(() => {
      throw new ComputerError("executor_died", "The executor has ended.");
    });
    await s.approve();
    await s.done;
    expect(s.runner.view.phase).toEqual({ kind: "ended", reason: "error", detail: "The executor has ended." });
    expect(s.journal.all("action.finished")[0]).toMatchObject({ outcome: "failed", isError: true });
  });

  it("a refusal by Claude ends the session and says so", async () => {
    const s = stage([{ answer: "I can't help with that.", stopReason: "refusal" }]);
    await s.done;
    expect(s.runner.view.phase).toEqual({ kind: "ended", reason: "refused", detail: "I can't help with that." });
  });

  it("a limit pauses and asks; going on grants as much again", async () => {
    const s = stage([{ calls: [click(1, 1), click(2, 2)] }, { answer: "" }], {
      limits: { steps: 1, minutes: null, usd: null },
    });
    await s.approve();
    await s.until("paused");
    expect(s.journal.all("limit.reached")).toEqual([{ limit: "steps", value: 1 }]);
    s.runner.resume();
    await s.approve();
    await s.until("paused");
    s.runner.resume();
    await s.until("answered");
    s.runner.finish();
    await s.done;
  });

  it("unattended, a limit ends the session", async () => {
    const s = stage(
      [
        {
          calls: [
            ["screenshot", {}],
            ["screenshot", {}],
          ],
        },
      ],
      { limits: { steps: 1, minutes: null, usd: null } },
      true,
    );
    await s.done;
    expect(s.runner.view.phase).toMatchObject({ kind: "ended", reason: "limit" });
  });
});

it("what is live equals the fold of what is stored, and every hash links", async () => {
  const s = stage([{ calls: [click(1, 1), types("ä")] }, { answer: "Done." }]);
  await s.approve();
  await s.approve();
  await s.until("answered");
  s.runner.finish();
  await s.done;
  expect(foldSession(s.journal.session, s.journal.events)).toEqual(s.runner.view);
  for (const [i, event] of s.journal.events.entries()) {
    expect(event.prevHash).toBe(i === 0 ? "0".repeat(64) : s.journal.events[i - 1]?.hash);
  }
});
