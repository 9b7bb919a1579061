import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { type DigestInput, digestText } from "../../shared/digest.ts";
import { type DecisionRequest, Gate, type GateDelays, REFUSAL_WORDS, type Refusal, type Settled } from "./gate.ts";

const ARMING = 300;
const DELAYS: GateDelays = { armingMs: ARMING, holdMs: 800, confirmMs: 3000 };
const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

const INPUT: DigestInput = {
  session: "s-0000001",
  proposal: "1.0",
  rev: 1,
  action: { action: "left_click", coordinate: [412, 96] },
  screenshot: { sha256: "a".repeat(64), w: 1280, h: 800 },
  now: null,
  display: { x: 0, y: 0, w: 1280, h: 800, scale: 1 },
  window: null,
  cursor: null,
};
const DIGEST = sha256(digestText(INPUT));
const APPROVE: DecisionRequest = { proposal: "1.0", rev: 1, digest: DIGEST, decision: { kind: "approve" } };

let now = 0;
let handNear = true;
let refused: [proposal: string, reason: Refusal, count: number][] = [];
let gate: Gate;

beforeEach(() => {
  now = 1_000_000;
  handNear = true;
  refused = [];
  gate = new Gate({
    now: () => now,
    sha256,
    delays: () => DELAYS,
    isHandNear: () => handNear,
    onRefused: (...row) => refused.push(row),
  });
});

/** Presents a proposal and keeps how often and with what it was settled. */
function present(input: DigestInput = INPUT): (Settled | null)[] {
  const settled: (Settled | null)[] = [];
  void gate.present(input).then((result) => settled.push(result));
  return settled;
}

/** The same, with the card shown and armed. */
function ready(input: DigestInput = INPUT): (Settled | null)[] {
  const settled = present(input);
  expect(gate.shown(input.proposal, input.rev, sha256(digestText(input)))).toBeNull();
  now += ARMING;
  return settled;
}

/** Lets every promise that is settled say so. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe("a decision that counts", () => {
  test("names proposal, revision and digest of a card that was shown for its arming delay", async () => {
    const settled = ready();
    now += 700;
    expect(gate.decide(APPROVE)).toBeNull();
    await turn();
    expect(settled).toEqual([{ decision: { kind: "approve" }, digest: DIGEST, latencyMs: ARMING + 700 }]);
  });

  test("a rejection too, with its reason", async () => {
    const settled = ready();
    expect(gate.decide({ ...APPROVE, decision: { kind: "reject", reason: "No" } })).toBeNull();
    await turn();
    expect(settled).toEqual([{ decision: { kind: "reject", reason: "No" }, digest: DIGEST, latencyMs: ARMING }]);
  });

  test("with no arming delay counts at once", () => {
    gate = new Gate({
      now: () => now,
      sha256,
      delays: () => ({ ...DELAYS, armingMs: 0 }),
      isHandNear: () => true,
      onRefused: () => undefined,
    });
    void gate.present(INPUT);
    gate.shown("1.0", 1, DIGEST);
    expect(gate.decide(APPROVE)).toBeNull();
  });
});

describe("a person's hand", () => {
  test.each(["approve", "take_over"] as const)("a decision to %s without one does not count", async (kind) => {
    const settled = ready();
    handNear = false;
    expect(gate.decide({ ...APPROVE, decision: { kind } })).toBe("no_hand");
    await turn();
    expect(settled).toEqual([]);
    handNear = true;
    expect(gate.decide({ ...APPROVE, decision: { kind } })).toBeNull();
    gate.flush();
    expect(refused).toEqual([["1.0", "no_hand", 1]]);
  });

  test("a chord is one itself, and decides on what is displayed", async () => {
    const settled = ready();
    handNear = false;
    expect(gate.decideByChord({ kind: "reject", reason: null }, false)).toBeNull();
    await turn();
    expect(settled).toMatchObject([{ decision: { kind: "reject", reason: null }, digest: DIGEST }]);
  });

  test("a chord waits for the card like any decision", () => {
    expect(gate.decideByChord({ kind: "approve" }, false)).toBe("nothing_waits");
    present();
    expect(gate.decideByChord({ kind: "approve" }, false)).toBe("not_shown");
    gate.shown("1.0", 1, DIGEST);
    expect(gate.decideByChord({ kind: "approve" }, false)).toBe("not_armed");
    now += ARMING;
    gate.suspend(true);
    expect(gate.decideByChord({ kind: "approve" }, false)).toBe("paused");
  });

  test("something risky takes the chord twice, not too fast and not too late", () => {
    ready();
    const approve = () => gate.decideByChord({ kind: "approve" }, true);
    expect(approve()).toBe("not_held");
    now += 100;
    expect(approve()).toBe("not_held");
    now += 3001;
    expect(approve()).toBe("not_held");
    now += ARMING;
    expect(approve()).toBeNull();
  });
});

describe("something risky", () => {
  const press = () => gate.pressed("1.0", 1, DIGEST);

  test("is not approved by a press, nor by saying that it was held", () => {
    ready();
    expect(gate.decide(APPROVE, true)).toBe("not_held");
    expect(gate.decide({ ...APPROVE, given: "held" }, true)).toBe("not_held");
    expect(gate.decide({ ...APPROVE, given: "confirmed" }, true)).toBe("not_held");
    press();
    now += 799;
    expect(gate.decide({ ...APPROVE, given: "held" }, true)).toBe("not_held");
    now += 1;
    expect(gate.decide(APPROVE, true)).toBe("not_held");
    expect(gate.decide({ ...APPROVE, given: "held" }, true)).toBeNull();
  });

  test("is confirmed within its time, not by a double click and not later", () => {
    ready();
    press();
    now += ARMING - 1;
    expect(gate.decide({ ...APPROVE, given: "confirmed" }, true)).toBe("not_held");
    now += 3000;
    expect(gate.decide({ ...APPROVE, given: "confirmed" }, true)).toBe("not_held");
    press();
    now += 3000;
    expect(gate.decide({ ...APPROVE, given: "confirmed" }, true)).toBeNull();
  });

  test("can't be held before the card is armed, on another card, or through a reload", () => {
    present();
    expect(press()).toBe("not_shown");
    gate.shown("1.0", 1, DIGEST);
    expect(press()).toBe("not_armed");
    now += ARMING;
    expect(gate.pressed("1.0", 2, DIGEST)).toBe("old_revision");
    expect(gate.pressed("1.0", 1, "0".repeat(64))).toBe("digest_mismatch");
    expect(press()).toBeNull();
    gate.unshow();
    gate.shown("1.0", 1, DIGEST);
    now += 2000;
    expect(gate.decide({ ...APPROVE, given: "held" }, true)).toBe("not_held");
  });

  test("is rejected and taken over by a press", () => {
    ready();
    expect(gate.decide({ ...APPROVE, decision: { kind: "reject", reason: null } }, true)).toBeNull();
    ready();
    expect(gate.decide({ ...APPROVE, decision: { kind: "take_over" } }, true)).toBeNull();
  });
});

describe("silence is no", () => {
  test("nothing settles by itself, however long it takes", async () => {
    const settled = ready();
    now += 86_400_000;
    await turn();
    expect(settled).toEqual([]);
  });

  test("a proposal that is withdrawn settles with nothing, once", async () => {
    const settled = ready();
    gate.withdraw();
    gate.withdraw();
    expect(gate.decide(APPROVE)).toBe("nothing_waits");
    await turn();
    expect(settled).toEqual([null]);
  });

  test("a second proposal can't push the first one aside", async () => {
    const settled = ready();
    await expect(gate.present({ ...INPUT, proposal: "1.1" })).rejects.toThrow("proposal 1.0 still waits");
    expect(gate.decide(APPROVE)).toBeNull();
    await turn();
    expect(settled).toHaveLength(1);
  });
});

const WRONG: readonly [string, Partial<DecisionRequest>, Refusal][] = [
  ["for a foreign proposal", { proposal: "1.1" }, "other_proposal"],
  ["for a proposal that looks alike", { proposal: "1.0 " }, "other_proposal"],
  ["for no proposal", { proposal: "" }, "other_proposal"],
  ["for an old revision", { rev: 0 }, "old_revision"],
  ["for a revision to come", { rev: 2 }, "old_revision"],
  ["for a revision that is no number", { rev: Number.NaN }, "old_revision"],
  ["with another digest", { digest: "0".repeat(64) }, "digest_mismatch"],
  ["with the digest in capitals", { digest: DIGEST.toUpperCase() }, "digest_mismatch"],
  ["with half the digest", { digest: DIGEST.slice(0, 32) }, "digest_mismatch"],
  ["with no digest", { digest: "" }, "digest_mismatch"],
];

describe("a decision that does not count", () => {
  test.each(WRONG)("%s", async (_, change, reason) => {
    const settled = ready();
    expect(gate.decide({ ...APPROVE, ...change })).toBe(reason);
    await turn();
    expect(settled).toEqual([]);
    // The right one still counts, and only once.
    expect(gate.decide(APPROVE)).toBeNull();
    gate.flush();
    expect(refused).toEqual([[change.proposal ?? "1.0", reason, 1]]);
  });

  test("before anything waits", () => {
    expect(gate.decide(APPROVE)).toBe("nothing_waits");
    expect(gate.shown("1.0", 1, DIGEST)).toBe("nothing_waits");
  });

  test("made early is not kept for later", async () => {
    gate.decide(APPROVE);
    const settled = ready();
    await turn();
    expect(settled).toEqual([]);
  });

  test("before the card was shown", () => {
    present();
    now += 60_000;
    expect(gate.decide(APPROVE)).toBe("not_shown");
  });

  test("within the arming delay", () => {
    present();
    gate.shown("1.0", 1, DIGEST);
    expect(gate.decide(APPROVE)).toBe("not_armed");
    now += ARMING - 1;
    expect(gate.decide(APPROVE)).toBe("not_armed");
    now += 1;
    expect(gate.decide(APPROVE)).toBeNull();
  });

  test("twice in one tick: the second", async () => {
    const settled = ready();
    expect([gate.decide(APPROVE), gate.decide({ ...APPROVE, decision: { kind: "reject", reason: null } })]).toEqual([
      null,
      "nothing_waits",
    ]);
    await turn();
    expect(settled).toHaveLength(1);
    expect(settled[0]?.decision.kind).toBe("approve");
  });

  test("late, when the next proposal waits already", async () => {
    ready();
    gate.decide(APPROVE);
    const next = ready({ ...INPUT, proposal: "1.1" });
    expect(gate.decide(APPROVE)).toBe("other_proposal");
    await turn();
    expect(next).toEqual([]);
  });

  test("for the revision before, whose card was shown", async () => {
    ready();
    gate.withdraw();
    const second = present({ ...INPUT, rev: 2, now: "b".repeat(64) });
    expect(gate.decide(APPROVE)).toBe("old_revision");
    // The old digest does not fit the new revision either.
    expect(gate.decide({ ...APPROVE, rev: 2 })).toBe("digest_mismatch");
    await turn();
    expect(second).toEqual([]);
  });
});

describe("what the window says it has shown", () => {
  test.each<[string, string, number, string, Refusal]>([
    ["another proposal", "1.1", 1, DIGEST, "other_proposal"],
    ["another revision", "1.0", 2, DIGEST, "old_revision"],
    ["something else", "1.0", 1, "f".repeat(64), "digest_mismatch"],
  ])("when it is %s, the card is not armed", (_, proposal, rev, digest, reason) => {
    present();
    expect(gate.shown(proposal, rev, digest)).toBe(reason);
    now += 60_000;
    expect(gate.decide(APPROVE)).toBe("not_shown");
  });

  test("said again does not start the delay anew", () => {
    present();
    gate.shown("1.0", 1, DIGEST);
    now += ARMING;
    gate.shown("1.0", 1, DIGEST);
    expect(gate.decide(APPROVE)).toBeNull();
  });

  test("is void after a reload: the card has to be painted and armed again", () => {
    ready();
    gate.unshow();
    now += 60_000;
    expect(gate.decide(APPROVE)).toBe("not_shown");
    gate.shown("1.0", 1, DIGEST);
    expect(gate.decide(APPROVE)).toBe("not_armed");
    now += ARMING;
    expect(gate.decide(APPROVE)).toBeNull();
  });

  test("counts for one proposal only", () => {
    ready();
    gate.withdraw();
    present();
    now += 60_000;
    expect(gate.decide(APPROVE)).toBe("not_shown");
  });

  test("does nothing to a gate at which nobody waits", () => {
    gate.unshow();
    gate.suspend(false);
    expect(gate.decide(APPROVE)).toBe("nothing_waits");
  });
});

describe("suspended", () => {
  test("nothing counts, even a card shown meanwhile; afterwards it has to be shown anew", () => {
    ready();
    gate.suspend(true);
    expect(gate.decide(APPROVE)).toBe("paused");
    gate.shown("1.0", 1, DIGEST);
    now += 60_000;
    expect(gate.decide(APPROVE)).toBe("paused");
    gate.suspend(false);
    expect(gate.decide(APPROVE)).toBe("not_shown");
    gate.shown("1.0", 1, DIGEST);
    now += ARMING;
    expect(gate.decide(APPROVE)).toBeNull();
  });

  test("from before the proposal came", () => {
    gate.suspend(true);
    ready();
    expect(gate.decide(APPROVE)).toBe("paused");
  });
});

describe("the clock", () => {
  test("set back does not hold the card: the delay begins again", () => {
    ready();
    now -= 3_600_000;
    expect(gate.decide(APPROVE)).toBe("not_armed");
    now += ARMING;
    expect(gate.decide(APPROVE)).toBeNull();
  });
});

describe("the count of refusals", () => {
  test("is told once for each proposal and reason", () => {
    present();
    for (let i = 0; i < 5; i += 1) gate.decide(APPROVE);
    gate.decide({ ...APPROVE, proposal: "9.9" });
    gate.flush();
    expect(refused).toEqual([
      ["1.0", "not_shown", 5],
      ["9.9", "other_proposal", 1],
    ]);
    gate.flush();
    expect(refused).toHaveLength(2);
  });

  test("of a flood stays small and complete, and the flood opens nothing", async () => {
    const settled = ready();
    for (let i = 0; i < 10_000; i += 1) {
      gate.decide({ ...APPROVE, proposal: `${i}.7`, rev: i, digest: sha256(String(i)) });
    }
    gate.flush();
    expect(refused.length).toBeLessThanOrEqual(9);
    expect(refused.reduce((sum, [, , count]) => sum + count, 0)).toBe(10_000);
    await turn();
    expect(settled).toEqual([]);
    expect(gate.decide(APPROVE)).toBeNull();
  });

  test("is not told twice when the record fails", () => {
    let fail = true;
    gate = new Gate({
      now: () => now,
      sha256,
      delays: () => DELAYS,
      isHandNear: () => true,
      onRefused: (...row) => {
        if (fail) throw new Error("disk full");
        refused.push(row);
      },
    });
    gate.decide(APPROVE);
    expect(() => gate.flush()).toThrow("disk full");
    fail = false;
    gate.flush();
    expect(refused).toEqual([]);
  });
});

test("every refusal has words for the operator", () => {
  for (const words of Object.values(REFUSAL_WORDS)) expect(words).toMatch(/^[A-Z].+\.$/);
});
