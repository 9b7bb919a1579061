import { expect, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { call, proposalOf, Script, SESSION } from "../fixtures/events.ts";
import { brokenStep, toldBefore } from "./told.ts";

const CLICK = { action: "left_click", coordinate: [1, 2] } as const;
const RESULT = {
  type: "tool_result",
  tool_use_id: "toolu_left_click_0",
  content: [{ type: "text", text: "Clicked." }],
};

function told(script: Script): readonly (readonly [kind: string, text: string])[] {
  const { turns } = foldSession(SESSION, script.events);
  return turns.flatMap((turn, i) =>
    toldBefore(turn, turns[i - 1] ?? null).map(({ kind, text }) => [kind, text] as const),
  );
}

it("finds the operator's notes and replies, and what the app said, but no results and not the task", () => {
  const script = new Script(0)
    .start()
    .turn(1, "form", ["The task"])
    .finish(1, [call(CLICK)])
    .add("turn.started", {
      turn: 2,
      screenshot: null,
      appended: [
        {
          role: "user",
          content: [
            RESULT,
            { type: "text", text: "Note from the operator: Save is\non the left" },
            { type: "text", text: "The session goes on." },
            { type: "image", source: { type: "blob", sha256: "a".repeat(64) } },
          ],
        },
      ],
    })
    .finish(2, [], { text: "Which one?" })
    .turn(3, "form", ["The second"])
    .finish(3, []);
  expect(told(script)).toEqual([
    ["note", "Save is\non the left"],
    ["context", "The session goes on."],
    ["reply", "The second"],
  ]);
});

it.each(["pause_turn", "compaction"])(
  "does not take a %s, which goes on by itself, for an answer replied to",
  (stopReason) => {
    const script = new Script(0)
      .start()
      .turn(1, "form")
      .finish(1, [], { stopReason })
      .turn(2, "form", ["Things changed."]);
    expect(told(script)).toEqual([["context", "Things changed."]]);
  },
);

it("survives content it does not know", () => {
  const appended = [{ role: "user", content: [null, 7, "x", { type: "text", text: 5 }] } as const];
  const script = new Script(0)
    .start()
    .turn(1, "form")
    .finish(1, [])
    .add("turn.started", { turn: 2, screenshot: null, appended });
  expect(told(script)).toEqual([]);
});

it("names the action that was running when a session broke off", () => {
  const click = proposalOf(CLICK);
  const running = new Script(0)
    .start()
    .turn(1, "form")
    .finish(1, [call(CLICK)])
    .propose(click);
  expect(brokenStep(foldSession(SESSION, running.events))).toBeNull();
  running.approve(click);
  expect(brokenStep(foldSession(SESSION, running.events))?.executed).toEqual(CLICK);
  running.add("action.interrupted", { proposal: "1.0", detail: "nobody knows" });
  expect(brokenStep(foldSession(SESSION, running.events))?.interrupted).toBe("nobody knows");
});
