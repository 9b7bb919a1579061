import { beforeEach, describe, expect, test } from "vitest";
import type { Limits } from "../../shared/session-event.ts";
import { emptySession, type SessionView, type StepView } from "../../shared/session-view.ts";
import { LimitWatch } from "./limits.ts";

const MINUTE = 60_000;
const NONE: Limits = { steps: null, minutes: null, usd: null };
let now = 0;

beforeEach(() => {
  now = 1_800_000_000_000;
});

function watch(limits: Partial<Limits>): LimitWatch {
  return new LimitWatch({ ...NONE, ...limits }, () => now);
}

/** A session with so many steps executed, as many rejected, and a cost. */
function session(executed: number, costUsd: number | null = 0): SessionView {
  const step = (index: number, ran: boolean): StepView => ({
    turn: 1,
    index,
    call: { toolUseId: `t${index}`, name: "screenshot", input: {}, parsed: { action: { action: "screenshot" } } },
    status: ran ? "done" : "rejected",
    proposal: null,
    returned: [],
    verdict: null,
    decision: null,
    executed: ran ? { action: "screenshot" } : null,
    startedAt: null,
    endedAt: null,
    durationMs: 0,
    result: null,
    after: null,
    image: null,
    interrupted: null,
  });
  const steps = Array.from({ length: executed * 2 }, (_, i) => step(i, i % 2 === 0));
  return { ...emptySession("s-0000001"), steps, costUsd };
}

test("no limits are never reached", () => {
  const limits = watch({});
  now += 1e12;
  expect(limits.reached(session(1000, 1e6))).toBeNull();
  limits.extend();
});

describe("steps", () => {
  test("executed ones count, rejected ones do not", () => {
    const limits = watch({ steps: 3 });
    expect(limits.reached(session(2))).toBeNull();
    expect(limits.reached(session(3))).toEqual({ limit: "steps", value: 3, words: "The limit of 3 steps is reached." });
  });

  test("one step is said as one", () => {
    expect(watch({ steps: 1 }).reached(session(1))?.words).toBe("The limit of 1 step is reached.");
  });

  test("going on grants as many again, and again", () => {
    const limits = watch({ steps: 3 });
    limits.reached(session(3));
    limits.extend();
    expect(limits.reached(session(5))).toBeNull();
    expect(limits.reached(session(6))?.value).toBe(6);
    limits.extend();
    expect(limits.reached(session(8))).toBeNull();
  });

  test("a resume that has nothing to do with a limit grants nothing", () => {
    const limits = watch({ steps: 3 });
    limits.reached(session(2));
    limits.extend();
    limits.extend();
    expect(limits.reached(session(3))?.value).toBe(3);
  });
});

describe("minutes", () => {
  test("are counted without pauses", () => {
    const limits = watch({ minutes: 10 });
    now += 9 * MINUTE;
    expect(limits.reached(session(0))).toBeNull();
    limits.paused(true);
    now += 600 * MINUTE;
    expect(limits.reached(session(0))).toBeNull();
    limits.paused(false);
    now += MINUTE - 1;
    expect(limits.reached(session(0))).toBeNull();
    now += 1;
    expect(limits.reached(session(0))).toEqual({
      limit: "minutes",
      value: 10,
      words: "The limit of 10 minutes is reached.",
    });
  });

  test("a pause within a pause, and a resume without one, count nothing twice", () => {
    const limits = watch({ minutes: 2 });
    now += MINUTE;
    limits.paused(true);
    now += 5 * MINUTE;
    limits.paused(true);
    now += 5 * MINUTE;
    limits.paused(false);
    limits.paused(false);
    now += MINUTE - 1;
    expect(limits.reached(session(0))).toBeNull();
    now += 1;
    expect(limits.reached(session(0))?.limit).toBe("minutes");
  });

  test("a clock that is set back takes nothing away", () => {
    const limits = watch({ minutes: 2 });
    now += MINUTE;
    limits.paused(true);
    limits.paused(false);
    now -= 60 * MINUTE;
    limits.paused(true);
    limits.paused(false);
    now += MINUTE;
    expect(limits.reached(session(0))?.limit).toBe("minutes");
  });
});

describe("USD", () => {
  test("are said as money", () => {
    const limits = watch({ usd: 1.5 });
    expect(limits.reached(session(0, 1.49))).toBeNull();
    expect(limits.reached(session(0, 1.5))).toEqual({
      limit: "usd",
      value: 1.5,
      words: "The limit of $1.50 is reached.",
    });
    expect(watch({ usd: 0.004 }).reached(session(0, 1))?.words).toBe("The limit of $0.004 is reached.");
  });

  test("a turn that cost several times the limit asks once, not at once again", () => {
    const limits = watch({ usd: 1 });
    expect(limits.reached(session(0, 5.2))?.value).toBe(1);
    limits.extend();
    expect(limits.reached(session(0, 5.2))).toBeNull();
    expect(limits.reached(session(0, 6))?.value).toBe(6);
  });

  test("a fraction that does not add up exactly is said plainly", () => {
    const limits = watch({ minutes: 0.1 });
    now += 0.25 * MINUTE;
    limits.reached(session(0));
    limits.extend();
    now += 0.06 * MINUTE;
    expect(limits.reached(session(0))?.words).toBe("The limit of 0.3 minutes is reached.");
  });
});

test("the first of several limits is named, then the next", () => {
  const limits = watch({ steps: 1, usd: 1 });
  expect(limits.reached(session(1, 1))?.limit).toBe("steps");
  limits.extend();
  expect(limits.reached(session(1, 1))?.limit).toBe("usd");
});
