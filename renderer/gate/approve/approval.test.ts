import { beforeEach, describe, expect, it } from "vitest";
import { Approval, type ApprovalState } from "./approval.ts";

let now = 0;
let timers: { at: number; run: () => void }[] = [];
let given: string[] = [];
let states: ApprovalState[] = [];
let answer: (ok: boolean) => void = () => undefined;
let approval: Approval;

beforeEach(() => {
  now = 0;
  timers = [];
  given = [];
  states = [];
  approval = new Approval({
    holdMs: 800,
    armingMs: 300,
    confirmMs: 3000,
    press: () => new Promise((resolve) => (answer = resolve)),
    approve: (how) => given.push(how),
    changed: (state) => states.push(state),
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
  });
});

function pass(ms: number): void {
  now += ms;
  for (const timer of timers.filter(({ at }) => at <= now)) {
    timers = timers.filter((each) => each !== timer);
    timer.run();
  }
}

/** Down, with main's answer. */
async function down(ok = true): Promise<void> {
  approval.down();
  answer(ok);
  await Promise.resolve();
}

describe("held", () => {
  it("counts when it is let go after its time, not before and not by itself", async () => {
    await down();
    pass(5000);
    expect(given).toEqual([]);
    expect(states.at(-1)).toBe("full");
    approval.up();
    expect(given).toEqual(["held"]);
  });

  it("counts its time from main's answer", async () => {
    approval.down();
    pass(1000);
    answer(true);
    await Promise.resolve();
    pass(799);
    approval.up();
    expect(given).toEqual([]);
  });

  it("is nothing when the pointer leaves, or main says no", async () => {
    await down();
    pass(900);
    approval.cancel();
    approval.up();
    await down(false);
    expect(states.at(-1)).toBe("idle");
    approval.up();
    expect(given).toEqual([]);
  });
});

describe("a short press", () => {
  it("asks, and the next one confirms", async () => {
    await down();
    pass(100);
    approval.up();
    expect(states.at(-1)).toBe("confirm");
    pass(300);
    expect(states.at(-1)).toBe("confirmArmed");
    approval.down();
    expect(given).toEqual(["confirmed"]);
    approval.up();
    expect(given).toEqual(["confirmed"]);
  });

  it("also when it is over before main answers", async () => {
    approval.down();
    approval.up();
    answer(true);
    await Promise.resolve();
    expect(states.at(-1)).toBe("confirm");
  });

  it("is not confirmed by a double click, nor after its time", async () => {
    await down();
    approval.up();
    pass(100);
    approval.down();
    approval.up();
    expect(given).toEqual([]);
    pass(300);
    expect(states.at(-1)).toBe("confirmArmed");
    pass(3000);
    expect(states.at(-1)).toBe("idle");
    expect(given).toEqual([]);
  });

  it("an answer to an earlier press changes nothing", async () => {
    approval.down();
    const late = answer;
    approval.cancel();
    await down();
    late(true);
    await Promise.resolve();
    expect(states.at(-1)).toBe("holding");
  });
});
