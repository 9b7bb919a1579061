import { describe, expect, it } from "vitest";
import type { EndReason } from "../../shared/session-event.ts";
import type { SessionPhase } from "../../shared/session-view.ts";
import type { Live } from "../store/merge.ts";
import { statusOf } from "./words.ts";

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
