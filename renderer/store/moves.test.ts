import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../shared/session-event.ts";
import { call, proposalOf, Script } from "../fixtures/events.ts";
import { fakeApi, INFO } from "../fixtures/fake-api.ts";
import { createApp } from "./app-store.ts";
import { STILL_MS } from "./mover.ts";
import { queueOf } from "./queue.ts";

const [A, B, C] = ["fixture-000a", "fixture-000b", "fixture-000c"];
const CLICK = { action: "left_click", coordinate: [10, 20] } as const;

/** A session whose first proposal waits since `ms` after 1970. */
const waiting = (id: string, ms: number) =>
  new Script(ms, id)
    .start()
    .turn(1, "form")
    .finish(1, [call(CLICK)])
    .propose(proposalOf(CLICK));
const thinking = (id: string, ms: number) => new Script(ms, id).start().turn(1, "form");

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The window with these sessions open, the first in the gate. */
async function open(...scripts: readonly Script[]) {
  const all = new Map(scripts.map((script) => [script.session, script]));
  const told = new Map(scripts.map((script) => [script.session, script.events.length]));
  const stored = (session: string): readonly StoredEvent[] => all.get(session)?.events ?? [];
  const ids = [...all.keys()];
  const info = { ...INFO, current: ids[0] ?? null, open: ids };
  const api = fakeApi({ info, stored });
  const app = createApp(api);
  app.connect();
  await vi.advanceTimersByTimeAsync(10);
  return {
    api,
    app,
    state: () => app.store.getState(),
    gate: () => app.store.getState().gate,
    /** Pushes what was added to a session's script since the last time. */
    push: (script: Script) => {
      const from = told.get(script.session) ?? 0;
      told.set(script.session, script.events.length);
      api.pushEvents({ session: script.session, events: script.events.slice(from) });
    },
    close: (session: string) => api.pushInfo({ ...info, open: ids.filter((id) => id !== session) }),
    still: () => vi.advanceTimersByTimeAsync(STILL_MS + 50),
  };
}

const CLICKED = { decision: { kind: "approve" }, session: A, proposal: "1.0", rev: 1, digest: "" } as const;
const decided = (script: Script) => script.approve(proposalOf(CLICK));

describe("the queue", () => {
  it("has the longest waiting first, with the picture its proposal is based on; the others stand apart", async () => {
    const { state } = await open(waiting(A, 5000), waiting(B, 1000), thinking(C, 0));
    const { waiting: wait, others } = queueOf(state().listed, state().mirrors);
    expect(wait.map(({ id }) => id)).toEqual([B, A]);
    expect(others.map(({ id }) => id)).toEqual([C]);
    expect(wait[0]?.picture).toBe(proposalOf(CLICK).screenshot.sha256);
  });
});

describe("where the gate moves", () => {
  it("at once to the longest waiting, after a decision", async () => {
    const a = waiting(A, 0);
    const { app, gate, push } = await open(a, waiting(B, 9000), waiting(C, 5000));
    app.verbs.touched();
    push(decided(a));
    expect(gate()).toBe(A);
    await app.verbs.decide(CLICKED);
    expect(gate()).toBe(C);
  });

  it("only when the decision's events are here: a reply that comes first moves nothing", async () => {
    const a = waiting(A, 0);
    const { app, gate, push } = await open(a, waiting(B, 9000));
    await app.verbs.decide(CLICKED);
    expect(gate()).toBe(A);
    push(decided(a));
    expect(gate()).toBe(B);
  });

  it("not after a decision that main refused", async () => {
    const a = waiting(A, 0);
    const { app, api, gate, push } = await open(a, waiting(B, 9000));
    Object.assign(api, { decide: async () => ({ ok: false, error: "no" }) });
    await app.verbs.decide(CLICKED);
    app.verbs.touched();
    // What ends its wait then is another's doing, so the hands have to be still first.
    push(decided(a));
    expect(gate()).toBe(A);
  });

  it("by itself only once the hands have been still", async () => {
    const b = thinking(B, 0);
    const { app, gate, push, still } = await open(thinking(A, 0), b);
    app.verbs.touched();
    push(b.finish(1, [call(CLICK)]).propose(proposalOf(CLICK)));
    expect(gate()).toBe(A);
    await vi.advanceTimersByTimeAsync(STILL_MS - 100);
    app.verbs.touched();
    await vi.advanceTimersByTimeAsync(200);
    expect(gate()).toBe(A);
    await still();
    expect(gate()).toBe(B);
  });

  it("never a session that begins to wait long after the decision, with hands on the keys", async () => {
    const [a, b] = [waiting(A, 0), thinking(B, 0)];
    const { app, gate, push } = await open(a, b);
    push(decided(a));
    await app.verbs.decide(CLICKED);
    app.verbs.touched();
    push(b.finish(1, [call(CLICK)]).propose(proposalOf(CLICK)));
    expect(gate()).toBe(A);
  });

  it("not while the operator is in the middle of something, and then at once", async () => {
    const a = waiting(A, 0);
    const { app, gate, push, still } = await open(a, waiting(B, 9000));
    const letGo = [app.verbs.hold(), app.verbs.hold()];
    push(decided(a));
    await app.verbs.decide(CLICKED);
    await still();
    letGo[0]?.();
    letGo[0]?.();
    expect(gate()).toBe(A);
    app.verbs.nextWaiting(1);
    expect(gate()).toBe(A);
    letGo[1]?.();
    expect(gate()).toBe(B);
  });

  it("not from a session that waits, is pinned, was chosen by hand, paused or taken over, nor from the start view", async () => {
    const { app, gate, still } = await open(waiting(A, 9000), waiting(B, 0), thinking(C, 0));
    await still();
    expect(gate()).toBe(A);
    app.verbs.choose(C);
    await still();
    expect(gate()).toBe(C);
    app.verbs.newSession();
    await still();
    expect(gate()).toBeNull();

    const a = waiting(A, 0);
    const pinned = await open(a, waiting(B, 9000));
    pinned.app.verbs.pin(true);
    pinned.push(decided(a));
    await pinned.app.verbs.decide(CLICKED);
    await pinned.still();
    expect(pinned.gate()).toBe(A);
    pinned.app.verbs.pin(false);
    await pinned.still();
    expect(pinned.gate()).toBe(B);

    const [thinker, other] = [thinking(A, 0), thinking(B, 0)];
    const paused = await open(thinker, other);
    await paused.app.verbs.control(A, "pause");
    paused.push(thinker.add("session.paused", { why: "operator", detail: null }));
    paused.push(other.finish(1, [call(CLICK)]).propose(proposalOf(CLICK)));
    await paused.still();
    expect(paused.gate()).toBe(A);
    await paused.app.verbs.control(A, "resume");
    paused.push(thinker.add("session.resumed", {}));
    expect(paused.gate()).toBe(B);
  });

  it("not under another view, and when the gate is opened again", async () => {
    const b = thinking(B, 0);
    const { app, gate, push, still } = await open(thinking(A, 0), b);
    app.verbs.go("policy");
    push(b.finish(1, [call(CLICK)]).propose(proposalOf(CLICK)));
    await still();
    expect(gate()).toBe(A);
    app.verbs.go("gate");
    expect(gate()).toBe(B);
  });

  it("round and round by key, and to the one whose notification was clicked", async () => {
    const { app, api, gate } = await open(waiting(A, 0), waiting(B, 1000), waiting(C, 2000));
    const seen = [1, 1, 1, -1].map((step) => {
      app.verbs.nextWaiting(step as 1 | -1);
      return gate();
    });
    expect(seen).toEqual([B, C, A, C]);
    api.pushChosen(B);
    expect(gate()).toBe(B);
  });
});

describe("sessions that begin and end", () => {
  it("stays with one that the operator has just begun", async () => {
    const b = new Script(0, B).start();
    const { app, api, gate, still } = await open(waiting(A, 0), b);
    Object.assign(api, { practice: async () => ({ ok: true, session: B }) });
    app.verbs.newSession();
    await app.verbs.practice();
    expect(gate()).toBe(B);
    api.pushEvents({ session: B, events: b.turn(1, "form").events.slice(1) });
    await still();
    expect(gate()).toBe(B);
  });

  it("lists one that ended elsewhere until it has been looked at", async () => {
    const b = thinking(B, 0);
    const { app, state, push, close } = await open(waiting(A, 0), b);
    push(b.add("session.ended", { reason: "finished", detail: null }));
    close(B);
    expect(state().listed).toEqual([A, B]);
    app.verbs.choose(B);
    expect(state().listed).toEqual([A, B]);
    app.verbs.choose(A);
    expect(state().listed).toEqual([A]);
  });

  it("does not take the operator out of an edit when a session they asked for has begun", async () => {
    const { app, api, gate, state } = await open(waiting(A, 0));
    app.verbs.newSession();
    const begun = Promise.withResolvers<{ ok: true; session: string }>();
    Object.assign(api, { practice: () => begun.promise });
    const asked = app.verbs.practice();
    app.verbs.choose(A);
    app.verbs.hold();
    begun.resolve({ ok: true, session: B });
    await asked;
    expect(gate()).toBe(A);
    expect(state().listed).toEqual([A, B]);
  });
});
