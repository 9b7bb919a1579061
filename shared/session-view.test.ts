import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Action } from "./action.ts";
import type { Json } from "./jcs.ts";
import { NO_USAGE } from "./model.ts";
import type { EventBodies, EventType, ParsedCall, Proposal, SessionConfig, SessionEvent } from "./session-event.ts";
import {
  currentStep,
  emptySession,
  foldSession,
  innerPhase,
  phaseStep,
  reduceSession,
  type SessionPhase,
  type SessionView,
  sessionRow,
  stepOf,
} from "./session-view.ts";

const ID = "s-0000001";
const CLICK: Action = { action: "left_click", coordinate: [1, 2] };
const image = (name: string) => ({ sha256: name.padEnd(64, "0"), w: 1280, h: 800 });
const DISPLAY = { x: 0, y: 0, w: 1280, h: 800, scale: 1 };

const CONFIG: SessionConfig = {
  task: "Write a note",
  model: "claude-opus-5-5",
  toolVersion: "computer_toolset_20260801",
  effort: "high",
  onePerTurn: false,
  where: { kind: "own", size: { w: 1280, h: 800 }, programs: ["mousepad"] },
  mode: { kind: "ask", askAll: false },
  limits: { steps: 100, minutes: null, usd: null },
  operator: true,
  practice: false,
  baseUrl: null,
};

/** Numbers and times events as the recorder does. */
class Stream {
  readonly events: SessionEvent[] = [];

  add<T extends EventType>(type: T, body: EventBodies[T]): this {
    const seq = this.events.length + 1;
    const ts = new Date(Date.UTC(2026, 10, 21) + seq * 1000).toISOString();
    this.events.push({ v: 1, session: ID, seq, ts, type, body } as SessionEvent);
    return this;
  }

  get view(): SessionView {
    return foldSession(ID, this.events);
  }

  start(): this {
    return this.add("session.started", {
      config: CONFIG,
      system: "",
      app: "0.1.0",
      platform: "linux",
      display: DISPLAY,
      space: { w: 1280, h: 800 },
      desktop: { display: ":99", pids: [1] },
    });
  }

  turn(turn: number, calls: number, extra: Partial<EventBodies["turn.finished"]> = {}): this {
    this.add("turn.started", { turn, appended: [], screenshot: image(`seen${turn}`) });
    return this.add("turn.finished", {
      turn,
      message: { turn },
      stopReason: calls === 0 ? "end_turn" : "tool_use",
      calls: Array.from({ length: calls }, (_, index) => call(turn, index)),
      thinking: `thinking ${turn}`,
      text: "",
      usage: { input: 10, output: 5, cacheWrite: 2, cacheRead: 1 },
      costUsd: 0.01,
      durationMs: 900,
      ...extra,
    });
  }

  propose(turn: number, index: number): this {
    return this.add("action.proposed", { proposal: proposal(turn, index) });
  }

  decide(id: string, decision: EventBodies["decision.made"]["decision"]): this {
    return this.add("decision.made", {
      proposal: id,
      rev: 1,
      digest: "d".repeat(64),
      decision,
      by: { kind: "operator" },
      latencyMs: 700,
    });
  }

  execute(id: string, action: Action = CLICK): this {
    return this.add("action.started", { proposal: id, rev: 1, action });
  }

  finish(turn: number, index: number, outcome: EventBodies["action.finished"]["outcome"] = "done"): this {
    return this.add("action.finished", {
      proposal: `${turn}.${index}`,
      turn,
      index,
      toolUseId: `toolu_${turn}_${index}`,
      outcome,
      text: outcome === "done" ? "Clicked." : "No.",
      isError: outcome !== "done",
      after: outcome === "done" ? image(`after${turn}${index}`) : null,
      image: null,
      cursor: [1, 2],
      durationMs: 120,
    });
  }
}

function call(turn: number, index: number): ParsedCall {
  const input: Json = { coordinate: [1, 2] };
  return { toolUseId: `toolu_${turn}_${index}`, name: "left_click", input, parsed: { action: CLICK } };
}

function proposal(turn: number, index: number, rev = 1): Proposal {
  return {
    id: `${turn}.${index}`,
    rev,
    turn,
    index,
    toolUseId: `toolu_${turn}_${index}`,
    action: CLICK,
    original: null,
    screenshot: image(`seen${turn}`),
    now: rev === 1 ? null : image(`now${rev}`),
    display: DISPLAY,
    window: null,
    target: null,
    cursor: [7, 8],
  };
}

let stream = new Stream();
beforeEach(() => {
  stream = new Stream();
});

/** A session as they really are: a batch, a returned proposal, an edit, a rejection, a retry, a note, an answer. */
function realistic(): Stream {
  return new Stream()
    .start()
    .turn(1, 2)
    .propose(1, 0)
    .add("policy.evaluated", {
      proposal: "1.0",
      rev: 1,
      at: "proposed",
      verdict: { effect: "ask", rule: null, reason: "", explanation: "Asks." },
    })
    .decide("1.0", { kind: "approve" })
    .execute("1.0")
    .add("action.returned", { proposal: proposal(1, 0, 2), reason: "pixels", detail: "The target changed." })
    .decide("1.0", { kind: "edit", action: { action: "right_click" } })
    .execute("1.0", { action: "right_click" })
    .finish(1, 0)
    .propose(1, 1)
    .add("decision.refused", { proposal: "1.1", reason: "not_armed", count: 3 })
    .decide("1.1", { kind: "reject", reason: "Wrong place" })
    .finish(1, 1, "rejected")
    .add("note.added", { text: "Use the other window" })
    .add("turn.started", { turn: 2, appended: [], screenshot: image("seen2") })
    .add("api.retrying", { turn: 2, attempt: 2, reason: "529", until: "2026-11-21T00:01:00.000Z" })
    .add("api.retrying", { turn: 2, attempt: 2, reason: "529", until: null })
    .add("turn.finished", {
      turn: 2,
      message: { turn: 2 },
      stopReason: "end_turn",
      calls: [],
      thinking: "",
      text: "Done.",
      usage: { input: 1, output: 1, cacheWrite: 0, cacheRead: 0 },
      costUsd: 0.02,
      durationMs: 10,
    })
    .add("session.ended", { reason: "finished", detail: null });
}

test("a whole session", () => {
  const view = realistic().view;
  expect(view.phase).toEqual({ kind: "ended", reason: "finished", detail: null });
  expect(view.turns.map((turn) => [turn.turn, turn.calls, turn.stopReason, turn.text])).toEqual([
    [1, 2, "tool_use", ""],
    [2, 0, "end_turn", "Done."],
  ]);
  const [first, second] = view.steps;
  expect(first).toMatchObject({
    status: "done",
    proposal: { rev: 2 },
    returned: [{ reason: "pixels", detail: "The target changed." }],
    verdict: { effect: "ask" },
    decision: { decision: { kind: "edit" }, latencyMs: 700 },
    executed: { action: "right_click" },
    result: { text: "Clicked.", isError: false },
    durationMs: 120,
  });
  expect(second).toMatchObject({ status: "rejected", executed: null, after: null, result: { isError: true } });
  expect(view).toMatchObject({
    usage: { input: 11, output: 6, cacheWrite: 2, cacheRead: 1 },
    refused: 3,
    notes: ["Use the other window"],
    cursor: [1, 2],
  });
  expect(view.costUsd).toBeCloseTo(0.03, 12);
  expect(view.picture).toEqual(image("seen2"));
  expect(view.seq).toBe(realistic().events.length);
});

test("the row of the list", () => {
  const full = realistic();
  expect(sessionRow(full.view)).toEqual({
    id: ID,
    task: "Write a note",
    model: "claude-opus-5-5",
    where: "own:1280x800",
    startedAt: full.events[0]?.ts,
    endedAt: full.events.at(-1)?.ts,
    outcome: "finished",
    steps: 1,
    edits: 1,
    rejections: 1,
    costUsd: full.view.costUsd,
  });
  expect(sessionRow(emptySession(ID))).toBeNull();
  expect(sessionRow(stream.start().view)).toMatchObject({ outcome: "open", endedAt: null, steps: 0, costUsd: 0 });
  const here: SessionConfig = { ...CONFIG, where: { kind: "this", monitor: "DP-1" } };
  expect(sessionRow({ ...stream.view, config: here })?.where).toBe("this");
});

test("a turn without a price makes the cost unknown for good", () => {
  expect(stream.start().turn(1, 0, { costUsd: null }).turn(2, 0).view.costUsd).toBeNull();
});

describe("delivery", () => {
  test("overlapping and repeated deliveries change nothing", () => {
    const { events, view: expected } = realistic();
    fc.assert(
      fc.property(fc.array(fc.nat(events.length)), (starts) => {
        let view = emptySession(ID);
        for (const start of [...starts, 0]) {
          for (const event of events.slice(Math.min(start, view.seq))) view = reduceSession(view, event);
        }
        expect(view).toEqual(expected);
      }),
    );
  });

  test("an event seen before gives the very same view back", () => {
    const { events, view } = realistic();
    for (const event of events) expect(reduceSession(view, event)).toBe(view);
  });

  test("a gap throws and leaves the view as it was", () => {
    const { events } = realistic();
    const view = foldSession(ID, events.slice(0, 5));
    const late = events[6];
    if (late === undefined) throw new Error("too few events");
    expect(() => reduceSession(view, late)).toThrow(new RangeError(`event 7 of session ${ID} came after 5`));
    expect(view.seq).toBe(5);
  });

  test("folding changes neither view nor events", () => {
    const { events } = realistic();
    const frozen = events.map((event) => deepFreeze(structuredClone(event)));
    frozen.reduce((view, event) => deepFreeze(reduceSession(view, event)), deepFreeze(emptySession(ID)));
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

/** How to come to each phase, and what it is. */
const PHASES: readonly (readonly [kind: string, reach: (s: Stream) => Stream, phase: SessionPhase])[] = [
  ["starting", (s) => s.start(), { kind: "starting" }],
  [
    "thinking",
    (s) => s.start().add("turn.started", { turn: 1, appended: [], screenshot: null }),
    { kind: "thinking", turn: 1 },
  ],
  [
    "retrying",
    (s) =>
      s
        .start()
        .add("turn.started", { turn: 1, appended: [], screenshot: null })
        .add("api.retrying", { turn: 1, attempt: 3, reason: "529", until: "later" }),
    { kind: "retrying", turn: 1, attempt: 3, reason: "529", until: "later" },
  ],
  [
    "deciding",
    (s) => s.start().turn(1, 1).propose(1, 0),
    { kind: "deciding", proposal: "1.0", rev: 1, returned: null },
  ],
  ["executing", (s) => s.start().turn(1, 1).propose(1, 0).execute("1.0"), { kind: "executing", proposal: "1.0" }],
  ["answered", (s) => s.start().turn(1, 0), { kind: "answered", turn: 1 }],
];

describe("phases", () => {
  test.each(PHASES)("%s", (_, reach, phase) => {
    expect(reach(stream).view.phase).toEqual(phase);
  });

  test.each(PHASES)("%s is paused and resumed", (_, reach, phase) => {
    const paused = reach(stream).add("session.paused", { why: "operator", detail: null }).view;
    expect(paused.phase).toEqual({ kind: "paused", before: phase, why: "operator", detail: null });
    expect(innerPhase(paused.phase)).toEqual(phase);
    expect(stream.add("session.resumed", {}).view.phase).toEqual(phase);
  });

  test.each(PHASES)("%s is paused twice, and resumed once", (_, reach, phase) => {
    reach(stream)
      .add("session.paused", { why: "operator", detail: null })
      .add("session.paused", { why: "limit", detail: "x" });
    expect(stream.view.phase).toEqual({ kind: "paused", before: phase, why: "limit", detail: "x" });
    expect(stream.add("session.resumed", {}).view.phase).toEqual(phase);
  });

  test.each(PHASES)("%s is taken over, paused meanwhile, and handed back", (_, reach, phase) => {
    reach(stream).add("takeover.started", { proposal: null });
    expect(stream.view.phase).toEqual({ kind: "takenOver", before: phase });
    stream.add("session.paused", { why: "limit", detail: null });
    expect(innerPhase(stream.view.phase)).toEqual(phase);
    stream.add("takeover.ended", { note: null, after: image("hand") });
    expect(stream.view.phase).toEqual({ kind: "paused", before: phase, why: "limit", detail: null });
    expect(stream.add("session.resumed", {}).view.phase).toEqual(phase);
    expect(stream.view.picture).toEqual(image("hand"));
  });

  test.each(PHASES)("%s is stopped, and nothing but the end comes after", (_, reach) => {
    reach(stream).add("session.stopping", { why: "stopped" });
    stream.add("session.paused", { why: "operator", detail: null }).add("session.resumed", {});
    stream
      .add("takeover.started", { proposal: null })
      .add("api.retrying", { turn: 1, attempt: 2, reason: "", until: "later" });
    expect(stream.view.phase).toEqual({ kind: "stopping", why: "stopped" });
    stream
      .add("session.ended", { reason: "stopped", detail: null })
      .add("session.paused", { why: "operator", detail: null });
    expect(stream.view.phase).toEqual({ kind: "ended", reason: "stopped", detail: null });
  });

  test("what goes on under a pause is seen when it is lifted", () => {
    stream
      .start()
      .turn(1, 1)
      .add("takeover.started", { proposal: null })
      .add("session.paused", { why: "person", detail: null })
      .propose(1, 0);
    expect(stream.view.phase.kind).toBe("paused");
    expect(currentStep(stream.view)?.proposal?.id).toBe("1.0");
    expect(stream.add("session.resumed", {}).view.phase).toMatchObject({
      kind: "takenOver",
      before: { kind: "deciding", proposal: "1.0" },
    });
  });

  test("a take-over decided just before a pause stays beneath it", () => {
    const deciding = { kind: "deciding", proposal: "1.0", rev: 1, returned: null } as const;
    const takenOver = { kind: "takenOver", before: deciding } as const;
    const pause = { kind: "paused", why: "operator", detail: null } as const;
    stream
      .start()
      .turn(1, 1)
      .propose(1, 0)
      .add("session.paused", { why: "operator", detail: null })
      .decide("1.0", { kind: "take_over" })
      .add("takeover.started", { proposal: "1.0" });
    const paused = stream.view;
    expect(paused.phase).toEqual({ ...pause, before: takenOver });
    expect(stream.add("session.resumed", {}).view.phase).toEqual(takenOver);
    expect(stream.add("takeover.ended", { note: null, after: null }).view.phase).toEqual(deciding);
    const back = { v: 1, session: ID, seq: paused.seq + 1, ts: "", type: "takeover.ended" } as const;
    const still = reduceSession(paused, { ...back, body: { note: null, after: null } });
    expect(still.phase).toEqual({ ...pause, before: deciding });
  });

  test("a turn the API paused is not an answer", () => {
    expect(stream.start().turn(1, 0, { stopReason: "pause_turn" }).view.phase).toEqual({ kind: "thinking", turn: 1 });
  });

  test("a failed turn that is sent again is one turn", () => {
    const error = { kind: "overloaded", status: 529, message: "Overloaded", advice: "Try later." } as const;
    stream
      .start()
      .add("turn.started", { turn: 1, appended: [], screenshot: null })
      .add("turn.failed", { turn: 1, error, attempts: 5 });
    expect(stream.view.turns[0]?.error).toEqual(error);
    stream.turn(1, 1);
    expect(stream.view.turns).toHaveLength(1);
    expect(stream.view.turns[0]?.error).toBeNull();
  });
});

describe("the current step", () => {
  const limit = { why: "limit", detail: null } as const;
  const atGate = () => stream.start().turn(1, 2).propose(1, 0);

  test("is the one at the gate or running, under a pause too", () => {
    expect(currentStep(stream.start().turn(1, 2).view)).toBeNull();
    expect(currentStep(stream.propose(1, 0).view)?.index).toBe(0);
    expect(currentStep(stream.decide("1.0", { kind: "approve" }).execute("1.0").view)?.status).toBe("executing");
    expect(currentStep(stream.add("session.paused", limit).view)?.status).toBe("executing");
  });

  test("is none at a limit pause after a step that is done", () => {
    atGate().decide("1.0", { kind: "approve" }).execute("1.0").finish(1, 0).add("session.paused", limit);
    expect(currentStep(stream.view)).toBeNull();
    expect(phaseStep(stream.view)).toMatchObject({ index: 0, status: "done" });
    expect(currentStep(stream.add("session.resumed", {}).propose(1, 1).view)?.index).toBe(1);
  });

  test("is none after a rejection, paused or not", () => {
    atGate().decide("1.0", { kind: "reject", reason: null }).finish(1, 0, "rejected");
    expect([stream.view.phase.kind, currentStep(stream.view)]).toEqual(["deciding", null]);
    expect(currentStep(stream.add("session.paused", limit).view)).toBeNull();
  });

  test("is none after a take-over was handed back", () => {
    atGate().decide("1.0", { kind: "take_over" }).add("takeover.started", { proposal: "1.0" });
    expect(currentStep(stream.view)?.index).toBe(0);
    stream.add("takeover.ended", { note: null, after: null }).finish(1, 0, "taken_over");
    expect([stream.view.phase.kind, currentStep(stream.view)]).toEqual(["deciding", null]);
    expect(phaseStep(stream.view)?.status).toBe("taken_over");
  });

  test("is none after a cut, which the phase still names", () => {
    atGate().execute("1.0").add("session.paused", limit).finish(1, 0, "interrupted");
    expect(currentStep(stream.view)).toBeNull();
    expect(phaseStep(stream.view)).toMatchObject({ status: "interrupted", executed: CLICK });
  });
});

describe("steps", () => {
  test("a withdrawn decision and an interrupted step", () => {
    stream
      .start()
      .turn(1, 1)
      .propose(1, 0)
      .decide("1.0", { kind: "approve" })
      .add("decision.withdrawn", { proposal: "1.0", rev: 1, reason: "x" });
    expect(stepOf(stream.view, "1.0")?.decision).toBeNull();
    stream.execute("1.0").add("action.interrupted", { proposal: "1.0", detail: "The app ended." });
    expect(stepOf(stream.view, "1.0")).toMatchObject({
      status: "interrupted",
      interrupted: "The app ended.",
      executed: CLICK,
    });
  });

  test("are found by their id, and only by it", () => {
    const { view } = stream.start().turn(1, 2).turn(12, 1);
    expect(stepOf(view, "1.1")?.call.toolUseId).toBe("toolu_1_1");
    expect(stepOf(view, "12.0")?.call.toolUseId).toBe("toolu_12_0");
    for (const id of ["", "1", "1.2", "2.0", "1.1.1x", "x.y", "__proto__"])
      expect([id, stepOf(view, id)]).toEqual([id, null]);
  });

  test("events about unknown steps and turns change nothing but the number", () => {
    const before = stream.start().turn(1, 1).view;
    stream.add("decision.withdrawn", { proposal: "9.9", rev: 1, reason: "x" });
    expect(stream.view).toEqual({ ...before, seq: before.seq + 1 });
  });

  test("the display may change", () => {
    const display = { ...DISPLAY, w: 1920, h: 1080 };
    expect(stream.start().add("display.changed", { display, space: { w: 1920, h: 1080 } }).view).toMatchObject({
      display,
      space: { w: 1920, h: 1080 },
    });
  });
});

describe("long sessions", () => {
  function long(steps: number): Stream {
    const s = new Stream().start();
    for (let turn = 1; turn <= steps; turn += 1)
      s.turn(turn, 1).propose(turn, 0).decide(`${turn}.0`, { kind: "approve" }).execute(`${turn}.0`).finish(turn, 0);
    return s;
  }

  test("an event touches only what it is about", () => {
    const s = long(50);
    const before = s.view;
    s.add("decision.withdrawn", { proposal: "49.0", rev: 1, reason: "x" });
    const after = s.view;
    const last = s.events.at(-1);
    if (last === undefined) throw new Error("no events");
    const next = reduceSession(before, last);
    expect(next).toEqual(after);
    expect(next.turns).toBe(before.turns);
    expect(next.steps.map((step, i) => step === before.steps[i])).toEqual(before.steps.map((_, i) => i !== 48));
  });

  test("5,000 steps fold in good time", () => {
    const { events } = long(5000);
    const begun = performance.now();
    const view = foldSession(ID, events);
    expect(performance.now() - begun).toBeLessThan(3000);
    expect(view.steps).toHaveLength(5000);
    expect(view.usage).not.toEqual(NO_USAGE);
  });
});
