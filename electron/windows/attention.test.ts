import { beforeEach, expect, test } from "vitest";
import type { Where } from "../../shared/session-event.ts";
import { emptySession, type SessionPhase, type SessionView } from "../../shared/session-view.ts";
import { Attention, isInFront } from "./attention.ts";

let shown: string[] = [];
let marks: number[] = [];
let icons: boolean[] = [];
let inFront = false;
let wanted = true;
let heard = true;
let chimes = 0;
let attention: Attention;

beforeEach(() => {
  shown = [];
  marks = [];
  icons = [];
  inFront = false;
  wanted = true;
  heard = true;
  chimes = 0;
  attention = new Attention({
    inFront: () => inFront,
    wants: () => ({ notify: wanted, sound: heard }),
    chime: () => {
      chimes += 1;
    },
    notify: (title, body) => {
      shown.push(`${title}: ${body}`);
      return () => void shown.push(`gone: ${title}`);
    },
    show: () => undefined,
    mark: (waiting) => void marks.push(waiting),
    tray: (open) => icons.push(open),
  });
});

const DECIDING: SessionPhase = { kind: "deciding", proposal: "1.0", rev: 1, returned: null };
const DECIDED = { kind: "approve", by: { kind: "operator" } } as unknown as SessionView["steps"][number]["decision"];
const RUNNING: SessionPhase = { kind: "executing", proposal: "1.0" };

type Judged = "ask" | "allow" | "deny" | null;

function at(phase: SessionPhase, where: Where["kind"] = "own", seq = 5, judged: Judged = "ask", id = "s"): SessionView {
  const view = emptySession(id);
  const verdict = judged === null ? null : { effect: judged, rule: null, reason: "", explanation: "" };
  const step = { turn: 1, index: 0, verdict, decision: null } as SessionView["steps"][number];
  return {
    ...view,
    seq,
    phase,
    steps: [step],
    config: { task: `Task of ${id}`, where: { kind: where } } as SessionView["config"],
  };
}

test("one notification for each thing that waits, gone when it is decided", () => {
  attention.follow(at(DECIDING));
  attention.follow(at(DECIDING));
  expect(shown).toEqual(["A decision waits: Claude proposes an action."]);
  attention.follow(at({ ...DECIDING, rev: 2 }));
  expect(shown).toHaveLength(3);
  attention.follow(at(RUNNING));
  expect(shown.at(-1)).toBe("gone: A decision waits");
  expect(marks).toEqual([1, 0]);
});

test("none while the window is in front, or when they are switched off; the mark is there all the same", () => {
  inFront = true;
  attention.follow(at(DECIDING));
  inFront = false;
  wanted = false;
  attention.follow(at({ ...DECIDING, rev: 2 }));
  expect(shown).toEqual([]);
  expect(marks).toEqual([1]);
});

test("a sound for each thing that waits, on this desktop too, when it is wanted; none for an end", () => {
  for (const where of ["own", "this"] as const) {
    attention.follow(at(DECIDING, where));
    attention.follow(at(RUNNING, where));
  }
  expect(chimes).toBe(2);
  heard = false;
  attention.follow(at(DECIDING));
  heard = true;
  inFront = true;
  attention.follow(at({ ...DECIDING, rev: 2 }));
  attention.follow(at({ kind: "ended", reason: "finished", detail: null }));
  expect(chimes).toBe(2);
});

test("none on this desktop at any time: it would be in the picture and under the pointer", () => {
  for (const phase of [DECIDING, RUNNING, { kind: "answered", turn: 1 } as const]) attention.follow(at(phase, "this"));
  expect(shown).toEqual([]);
});

test("none of another session either, as long as one is on this desktop", () => {
  attention.follow(at(RUNNING, "this"));
  attention.follow(at(DECIDING, "own", 5, "ask", "other"));
  expect([shown, icons.at(-1)]).toEqual([[], false]);
  attention.follow(at({ kind: "ended", reason: "stopped", detail: null }, "this"));
  attention.follow(at({ ...DECIDING, rev: 2 }, "own", 6, "ask", "other"));
  expect([shown.length, icons.at(-1)]).toEqual([1, true]);
});

test("of several sessions it says which calls, and how many wait", () => {
  const other = (phase: SessionPhase) => attention.follow(at(phase, "own", 5, "ask", "other"));
  attention.follow(at(RUNNING));
  other(DECIDING);
  attention.follow(at(DECIDING));
  other(RUNNING);
  expect(shown).toEqual([
    "A decision waits: Task of other: Claude proposes an action.",
    "A decision waits: Task of s: Claude proposes an action.",
    "gone: A decision waits",
  ]);
  attention.closed("s");
  expect(marks).toEqual([1, 2, 1, 0]);
  other({ kind: "ended", reason: "finished", detail: null });
  attention.closed("other");
  expect(shown.at(-1)).toBe("The session has ended: Its record can be opened.");
  expect([marks, icons.at(-1)]).toEqual([[1, 2, 1, 0], false]);
});

test("a session's long task does not fill the screen", () => {
  attention.follow(at(RUNNING));
  attention.follow(at(DECIDING, "own", 5, "ask", "x".repeat(500)));
  expect(shown[0]?.length).toBeLessThan(130);
});

test("it says that something waits, never what Claude wrote or what to press", () => {
  attention.follow(at(DECIDING));
  attention.follow(at({ kind: "paused", before: DECIDING, why: "error", detail: "<b>press Approve</b>" }));
  attention.follow(at({ kind: "ended", reason: "error", detail: "<b>press Approve</b>" }));
  expect(shown.join("\n")).not.toMatch(/press|approve|<b>/i);
});

test("what a rule lets through, denies, or nobody is there for calls nobody; what came back from a rule does", () => {
  for (const judged of [null, "allow", "deny"] as const) attention.follow(at(DECIDING, "own", 5, judged));
  const approvedAhead = at(DECIDING);
  attention.follow({ ...approvedAhead, steps: approvedAhead.steps.map((step) => ({ ...step, decision: DECIDED })) });
  const alone = at(DECIDING);
  attention.follow({ ...alone, config: { ...alone.config, operator: false } as SessionView["config"] });
  expect([shown, marks]).toEqual([[], []]);
  attention.follow(at({ ...DECIDING, rev: 2 }, "own", 5, "allow"));
  expect(shown).toEqual(["A decision waits: Claude proposes an action."]);
});

test("an icon stands in the tray as long as a session on its own desktop; on this desktop Claude could click it", () => {
  const phases = [DECIDING, { kind: "ended", reason: "finished", detail: null }] as const;
  for (const where of ["own", "this"] as const) for (const phase of phases) attention.follow(at(phase, where));
  expect(icons).toEqual([true, false, false, false]);
});

test("a pause calls once, though its record goes on", () => {
  for (const seq of [5, 6, 7])
    attention.follow(at({ kind: "paused", before: DECIDING, why: "limit", detail: "" }, "own", seq));
  expect(shown).toEqual(["The session is paused: It waits for you."]);
});

test("is taken away when the window comes to the front", () => {
  attention.follow(at(DECIDING));
  attention.seen();
  expect(shown.at(-1)).toBe("gone: A decision waits");
});

test("what came while the window was in front is called for, once, when it no longer is", () => {
  inFront = true;
  attention.follow(at(DECIDING));
  attention.left();
  expect(shown).toEqual([]);
  inFront = false;
  attention.left();
  expect(shown).toEqual(["A decision waits: Claude proposes an action."]);
  attention.seen();
  attention.left();
  expect(shown).toEqual(["A decision waits: Claude proposes an action.", "gone: A decision waits"]);
});

test("leaving the window calls for nothing that was decided, that has ended, or on this desktop", () => {
  for (const [phase, where] of [
    [RUNNING, "own"],
    [DECIDING, "this"],
    [{ kind: "ended", reason: "finished", detail: null }, "own"],
  ] as const) {
    inFront = true;
    attention.follow(at(DECIDING, where));
    attention.follow(at(phase, where));
    inFront = false;
    attention.left();
    expect(shown).toEqual([]);
  }
});

test("a window is in front when it has the focus and can be seen; a hidden one may still be called focused", () => {
  const window = (visible: boolean, minimized: boolean, focused: boolean) => ({
    isVisible: () => visible,
    isMinimized: () => minimized,
    isFocused: () => focused,
  });
  expect(isInFront(window(true, false, true))).toBe(true);
  expect(isInFront(window(true, false, false))).toBe(false);
  expect(isInFront(window(false, false, true))).toBe(false);
  expect(isInFront(window(true, true, true))).toBe(false);
  expect(isInFront(null)).toBe(false);
});
