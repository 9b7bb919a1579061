import { createHash } from "node:crypto";
import { expect, describe as group, it } from "vitest";
import { type Action, describe } from "../../shared/action.ts";
import { plannedProposal, stepsAhead } from "../../shared/batch.ts";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import { decideBatchSchema } from "../../shared/ipc.ts";
import type { ParsedCall, Proposal } from "../../shared/session-event.ts";
import { foldSession, type SessionView, type StepView, stepId } from "../../shared/session-view.ts";
import { ACTIONS } from "../fixtures/actions.ts";
import { call, image, proposalOf, Script, SESSION } from "../fixtures/events.ts";
import { lookedAt, lookMarks, NO_LOOK } from "./look.ts";
import { batchRequest, chipStatus, cursorBefore, splitSentence } from "./storyboard.ts";

const TURN: readonly Action[] = [
  { action: "left_click", coordinate: [640, 404] },
  { action: "type", text: "129.50" },
  { action: "left_click", coordinate: [552, 538] },
  { action: "triple_click" },
  { action: "key", text: "ctrl+s" },
];
const at = (index: number, change: Partial<Proposal> = {}): Proposal => {
  const action = TURN[index] ?? { action: "screenshot" };
  return proposalOf(action, { id: `1.${index}`, index, ...change });
};
const begun = (calls: readonly ParsedCall[] = TURN.map(call)) => new Script(0).start().turn(1, "form").finish(1, calls);
const fold = (script: Script): SessionView => foldSession(SESSION, script.events);
const step = (view: SessionView, index: number): StepView => {
  const found = view.steps[index];
  if (found === undefined) throw new Error(`no step ${index}`);
  return found;
};
const sha = (proposal: Proposal) =>
  createHash("sha256")
    .update(digestText(digestInputOf(SESSION, proposal)), "utf8")
    .digest("hex");

group("where an action of the turn stands", () => {
  const statuses = (script: Script) => fold(script).steps.map(chipStatus);

  it("from upcoming over now to its end", () => {
    expect(statuses(begun())).toEqual(["upcoming", "upcoming", "upcoming", "upcoming", "upcoming"]);
    const first = begun().propose(at(0)).approve(at(0)).end(at(0), "done", "Clicked.", "form");
    expect(statuses(first.propose(at(1)))).toEqual(["done", "deciding", "upcoming", "upcoming", "upcoming"]);
    const ended = first.reject(at(1), "No").end(at(2), "skipped", "").end(at(3), "failed", "");
    expect(statuses(ended)).toEqual(["done", "rejected", "skipped", "failed", "upcoming"]);
  });

  it("approved ahead until it is at the gate, and again upcoming when that is withdrawn", () => {
    const ahead = begun().propose(at(0)).approveAhead("1.1").approveAhead("1.2").approve(at(0));
    expect(statuses(ahead)).toEqual(["executing", "approved", "approved", "upcoming", "upcoming"]);
    expect(fold(ahead).steps.map((each) => each.decision?.ahead)).toEqual([false, true, true, undefined, undefined]);
    const back = ahead
      .add("decision.withdrawn", { proposal: "1.1", rev: 1, reason: "" })
      .add("decision.withdrawn", { proposal: "1.2", rev: 1, reason: "" })
      .add("action.returned", { proposal: at(0, { rev: 2 }), reason: "pixels", detail: "" });
    expect(statuses(back)).toEqual(["returned", "upcoming", "upcoming", "upcoming", "upcoming"]);
  });
});

group("approving ahead", () => {
  it("sends the card's own digest, then shared's digest of each planned step", async () => {
    const waiting = at(0, { rev: 3, now: image("form-moved") });
    const view = fold(begun().propose(waiting));
    const ahead = stepsAhead(view, waiting);
    const card = "c".repeat(64);
    const request = await batchRequest(SESSION, waiting, card, ahead);
    expect(decideBatchSchema.parse(request)).toEqual(request);
    expect(request).toMatchObject({ session: SESSION, rev: 3 });
    const planned = ahead.map((each) => plannedProposal(waiting, each)).filter((each) => each !== null);
    expect(request.steps).toEqual([
      { proposal: "1.0", digest: card },
      ...planned.map((each) => ({ proposal: each.id, digest: sha(each) })),
    ]);
    expect(request.steps).toHaveLength(5);
  });

  it("goes no further than it is asked to, than what can be read, and than one request may", async () => {
    const waiting = at(0);
    const all = stepsAhead(fold(begun().propose(waiting)), waiting);
    const upTo = await batchRequest(SESSION, waiting, "c".repeat(64), all.slice(0, 2));
    expect(upTo.steps.map(({ proposal }) => proposal)).toEqual(["1.0", "1.1", "1.2"]);
    const broken: ParsedCall = { toolUseId: "x", name: "fly", input: {}, parsed: { error: "unknown" } };
    const view = fold(begun([...TURN.slice(0, 2).map(call), broken, ...TURN.slice(3).map(call)]).propose(waiting));
    expect(stepsAhead(view, waiting).map(stepId)).toEqual(["1.1"]);
    const many = fold(
      begun(Array.from({ length: 230 }, (_, i) => call({ action: "wait", duration: 1 }, i))).propose(waiting),
    );
    const request = await batchRequest(SESSION, waiting, "c".repeat(64), stepsAhead(many, waiting));
    expect(decideBatchSchema.parse(request).steps).toHaveLength(200);
  });
});

group("looking at an action of the turn", () => {
  const view = fold(begun().propose(at(0)));

  it("draws it where the cursor will be by then, under its number", () => {
    expect(cursorBefore(view.steps, step(view, 3), [1, 1])).toEqual([552, 538]);
    expect(cursorBefore(view.steps, step(view, 2), [1, 1])).toEqual([640, 404]);
    expect(lookMarks(step(view, 3), view.steps, [1, 1])).toEqual([
      { kind: "target", at: [552, 538], label: "action 4: 3×" },
    ]);
    expect(lookMarks(null, view.steps, [1, 1])).toEqual([]);
  });

  it("shows what is under the pointer before what was chosen, and never the waiting one twice", () => {
    const [now, second, third] = [step(view, 0), step(view, 1), step(view, 2)];
    expect(lookedAt({ selected: "1.1", hovered: "1.2" }, view.steps, now)).toBe(third);
    expect(lookedAt({ selected: "1.1", hovered: null }, view.steps, now)).toBe(second);
    expect(lookedAt({ selected: "1.0", hovered: null }, view.steps, now)).toBeNull();
    expect(lookedAt({ selected: "9.9", hovered: null }, view.steps, now)).toBeNull();
    expect(lookedAt(NO_LOOK, view.steps, now)).toBeNull();
  });
});

it.each(ACTIONS.map((action) => [action.action, action] as const))(
  "splits the sentence of %s and loses nothing",
  (_, action) => {
    const [what, place] = splitSentence(action);
    expect(what + place).toBe(describe(action));
    expect(what).not.toBe("");
    if ("coordinate" in action && action.coordinate !== undefined) expect(what).not.toMatch(/\d, \d/);
  },
);
