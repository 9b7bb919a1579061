/** Decisions, reloads and stops that come at the same moment, in every order: what counts is one decision, or none. */
import { describe, expect, it } from "vitest";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import type { Decision, Proposal } from "../../shared/session-event.ts";
import { currentStep } from "../../shared/session-view.ts";
import type { PerformHooks, PerformRequest, PerformResult } from "../computer/computer.ts";
import { type Stage, sha256, stage } from "./testkit.ts";

const CLICK = ["left_click", { coordinate: [10, 20] }] as const;

/** Every order of some things. */
function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A stage with a card that is shown and armed, and what a window would know of it. */
async function armed(s: Stage): Promise<Proposal> {
  await s.until("deciding");
  return show(s);
}

function show(s: Stage): Proposal {
  const proposal = currentStep(s.runner.view)?.proposal;
  if (!proposal) throw new Error("nothing waits");
  s.runner.shown(proposal.id, proposal.rev, digestOf(s, proposal));
  s.clock.now += 400;
  return proposal;
}

function digestOf(s: Stage, proposal: Proposal): string {
  return sha256(digestText(digestInputOf(s.runner.view.id, proposal)));
}

function decide(s: Stage, proposal: Proposal, decision: Decision): boolean {
  const { id, rev } = proposal;
  return s.runner.decide({ proposal: id, rev, digest: digestOf(s, proposal), decision }).ok;
}

async function end(s: Stage): Promise<void> {
  s.runner.stop();
  await s.done;
}

const APPROVE = { kind: "approve" } as const;
const EDIT = { kind: "edit", action: { action: "left_click", coordinate: [30, 40] } } as const;
const REJECT = { kind: "reject", reason: "no" } as const;
const TAKE_OVER = { kind: "take_over" } as const;

describe("decisions in one tick", () => {
  it.each(
    orders<Decision>([APPROVE, EDIT, REJECT, TAKE_OVER]).map((order) => [
      order.map(({ kind }) => kind).join(", "),
      order,
    ]),
  )("%s: the first counts, and only that", async (_, order) => {
    const s = stage([{ calls: [CLICK] }, { answer: "Done." }]);
    const proposal = await armed(s);
    expect(order.map((decision) => decide(s, proposal, decision))).toEqual([true, false, false, false]);
    await turn();
    await turn();
    expect(s.journal.all("decision.made").map(({ decision }) => decision)).toEqual([order[0]]);
    const ran = order[0]?.kind === "approve" ? [10, 20] : order[0]?.kind === "edit" ? [30, 40] : null;
    expect(s.computer.performed.map(({ action }) => action)).toEqual(
      ran === null ? [] : [{ action: "left_click", coordinate: ran }],
    );
    await end(s);
  });
});

describe("a decision and what takes the card away, in one tick", () => {
  const happenings = {
    approve: (s: Stage, proposal: Proposal) => void decide(s, proposal, APPROVE),
    reload: (s: Stage) => s.runner.windowGone(),
    pause: (s: Stage) => void s.runner.pause(),
    stop: (s: Stage) => void s.runner.stop(),
  } as const;
  type Name = keyof typeof happenings;
  const names = Object.keys(happenings) as Name[];

  it.each(orders(names).map((order) => [order.join(", "), order] as const))("%s", async (_, order) => {
    const s = stage([{ calls: [CLICK] }, { answer: "Done." }]);
    const proposal = await armed(s);
    for (const name of order) happenings[name](s, proposal);
    await s.done;
    const first = order.indexOf("approve") === 0;
    expect(s.journal.all("decision.made").length).toBeLessThanOrEqual(first ? 1 : 0);
    // All of it came before anything could be sent.
    expect(s.computer.performed).toEqual([]);
    expect(s.journal.all("session.ended")).toEqual([{ reason: "stopped", detail: null }]);
    expect(s.journal.all("action.finished")).toHaveLength(1);
  });

  it("an approval during a reload is not taken until the card was painted and armed again", async () => {
    const s = stage([{ calls: [CLICK] }, { answer: "Done." }]);
    const proposal = await armed(s);
    s.runner.windowGone();
    expect(decide(s, proposal, APPROVE)).toBe(false);
    s.runner.shown(proposal.id, proposal.rev, digestOf(s, proposal));
    expect(decide(s, proposal, APPROVE)).toBe(false);
    s.clock.now += 300;
    expect(decide(s, proposal, APPROVE)).toBe(true);
    await s.until("answered");
    expect(s.computer.performed).toHaveLength(1);
    await end(s);
  });
});

describe("a decision for the revision before", () => {
  it.each([APPROVE, EDIT, REJECT, TAKE_OVER])("$kind is refused, however late it comes", async (decision) => {
    const s = stage([{ calls: [CLICK] }, { answer: "Done." }]);
    s.computer.replies.push(() => ({
      kind: "returned",
      reason: "pixels",
      detail: "Changed.",
      now: s.computer.sight(),
    }));
    const first = await armed(s);
    expect(decide(s, first, APPROVE)).toBe(true);
    expect(decide(s, first, decision)).toBe(false);
    while (currentStep(s.runner.view)?.proposal?.rev !== 2) await turn();
    await s.until("deciding");
    expect(decide(s, first, decision)).toBe(false);
    show(s);
    expect(decide(s, first, decision)).toBe(false);
    await turn();
    expect(s.runner.view.phase).toMatchObject({ kind: "deciding", rev: 2 });
    expect(s.computer.performed).toEqual([]);
    await end(s);
  });

  it("what came back is risky: a press does not let it pass", async () => {
    const s = stage([{ calls: [CLICK] }, { answer: "Done." }]);
    s.computer.replies.push(() => ({
      kind: "returned",
      reason: "pixels",
      detail: "Changed.",
      now: s.computer.sight(),
    }));
    expect(decide(s, await armed(s), APPROVE)).toBe(true);
    while (currentStep(s.runner.view)?.proposal?.rev !== 2) await turn();
    await s.until("deciding");
    expect(decide(s, show(s), APPROVE)).toBe(false);
    expect(s.journal.all("action.started")).toHaveLength(1);
    await end(s);
  });
});

describe("stop, pause and a reload while the precheck runs", () => {
  type Verb = "stop" | "pause" | "windowGone";
  it.each(orders<Verb>(["stop", "pause", "windowGone"]).map((order) => [order.join(", "), order] as const))(
    "%s: nothing is sent",
    async (_, order) => {
      const s = stage([{ calls: [CLICK] }, { answer: "Done." }]);
      const confirmed: boolean[] = [];
      s.computer.replies.push(async (request: PerformRequest, hooks: PerformHooks): Promise<PerformResult> => {
        for (const verb of order) {
          s.runner[verb]();
          confirmed.push(hooks.confirm(s.computer.factsNow()));
          await turn();
        }
        expect(hooks.signal.aborted).toBe(true);
        return { kind: "interrupted", progress: "before anything was sent", cursor: request.cursor, durationMs: 1 };
      });
      expect(decide(s, await armed(s), APPROVE)).toBe(true);
      await s.done;
      // A reload alone takes nothing back that was decided before it.
      const cutAt = order.findIndex((verb) => verb !== "windowGone");
      expect(confirmed.slice(cutAt)).not.toContain(true);
      expect(s.journal.all("decision.made")).toHaveLength(1);
      expect(s.journal.all("session.ended")).toEqual([{ reason: "stopped", detail: null }]);
      expect(s.computer.released).toBeGreaterThan(0);
    },
  );
});
