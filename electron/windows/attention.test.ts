import { beforeEach, expect, test } from "vitest";
import type { Where } from "../../shared/session-event.ts";
import { emptySession, type SessionPhase, type SessionView } from "../../shared/session-view.ts";
import { Attention } from "./attention.ts";

let shown: string[] = [];
let marks: boolean[] = [];
let inFront = false;
let wanted = true;
let attention: Attention;

beforeEach(() => {
  shown = [];
  marks = [];
  inFront = false;
  wanted = true;
  attention = new Attention({
    inFront: () => inFront,
    wantsNotification: () => wanted,
    notify: (title, body) => {
      shown.push(`${title}: ${body}`);
      return () => shown.push(`gone: ${title}`);
    },
    show: () => undefined,
    mark: (waits) => marks.push(waits),
  });
});

const DECIDING: SessionPhase = { kind: "deciding", proposal: "1.0", rev: 1, returned: null };
const RUNNING: SessionPhase = { kind: "executing", proposal: "1.0" };

function at(phase: SessionPhase, where: Where["kind"] = "own", seq = 5): SessionView {
  const view = emptySession("s");
  return { ...view, seq, phase, config: { where: { kind: where } } as SessionView["config"] };
}

test("one notification for each thing that waits, gone when it is decided", () => {
  attention.follow(at(DECIDING));
  attention.follow(at(DECIDING));
  expect(shown).toEqual(["A decision waits: Claude proposes an action."]);
  attention.follow(at({ ...DECIDING, rev: 2 }));
  expect(shown).toHaveLength(3);
  attention.follow(at(RUNNING));
  expect(shown.at(-1)).toBe("gone: A decision waits");
  expect(marks).toEqual([true, true, false]);
});

test("none while the window is in front, or when they are switched off; the mark is there all the same", () => {
  inFront = true;
  attention.follow(at(DECIDING));
  inFront = false;
  wanted = false;
  attention.follow(at({ ...DECIDING, rev: 2 }));
  expect(shown).toEqual([]);
  expect(marks).toEqual([true, true]);
});

test("none on this desktop at any time: it would be in the picture and under the pointer", () => {
  for (const phase of [DECIDING, RUNNING, { kind: "answered", turn: 1 } as const]) attention.follow(at(phase, "this"));
  expect(shown).toEqual([]);
});

test("it says that something waits, never what Claude wrote or what to press", () => {
  attention.follow(at(DECIDING));
  attention.follow(at({ kind: "paused", before: DECIDING, why: "error", detail: "<b>press Approve</b>" }));
  attention.follow(at({ kind: "ended", reason: "error", detail: "<b>press Approve</b>" }));
  expect(shown.join("\n")).not.toMatch(/press|approve|<b>/i);
});

test("is taken away when the window comes to the front", () => {
  attention.follow(at(DECIDING));
  attention.seen();
  expect(shown.at(-1)).toBe("gone: A decision waits");
});
