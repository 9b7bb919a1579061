import { describe, expect, it } from "vitest";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import type { StartRequest } from "../../shared/ipc.ts";
import { currentStep, type SessionView } from "../../shared/session-view.ts";
import type { HeardByExecutor } from "../computer/computer.ts";
import { REFUSAL_WORDS } from "../gate/gate.ts";
import { MOST_SESSIONS, SessionManager, type Started, type StartOptions } from "./manager.ts";
import { settleInterrupted } from "./resume.ts";
import type { Runner } from "./runner.ts";
import { ASK, FakeComputer, MemoryJournal, ScriptedConversation, type ScriptedTurn, SPACE, sha256 } from "./testkit.ts";

type Where = StartRequest["where"];

const OWN: Where = { kind: "own", size: SPACE, programs: [], home: { kind: "fresh" }, confined: null };
const HERE: Where = { kind: "this", monitor: null };
const CLICK: ScriptedTurn = { calls: [["left_click", { coordinate: [300, 200] }]] };

/** Both sessions get the very same script, so that ids, revisions and actions of their proposals are the same. */
const SAME: readonly ScriptedTurn[] = [CLICK, CLICK, { answer: "Done." }];

type Desktop = { readonly journal: MemoryJournal; readonly computer: FakeComputer };

function house(script: readonly ScriptedTurn[] = SAME) {
  const desktops = new Map<string, Desktop>();
  const stopped: string[] = [];
  const opened: (readonly string[])[] = [];
  const published: SessionView[] = [];
  const clock = { now: 1_700_000_000_000 };
  /** Starts wait for it where a test holds them. */
  const doors = new Map<string, Promise<void>>();
  let isHandNear = true;
  let ids = 0;
  const manager: SessionManager = new SessionManager({
    createSession: (id) => desktopOf(id).journal,
    reopenSession: (id) => desktopOf(id).journal,
    eventsOf: (id) => desktopOf(id).journal.events,
    systemPrompt: () => "",
    startDesktop: async (id, where) => {
      await doors.get(id);
      return {
        display: `:${id}`,
        authority: "",
        monitor: where.kind === "this" ? "DP-1" : null,
        pids: [],
        onDied: () => undefined,
        stop: async () => void stopped.push(id),
      };
    },
    startComputer: async ({ display }) => desktopOf(display.slice(1)).computer,
    openConversation: () => new ScriptedConversation(script),
    restoreConversation: async () => new ScriptedConversation(script),
    publish: (view) => void published.push(view),
    stream: () => undefined,
    onOpen: () => void opened.push(manager.open),
    onBroken: (_view, error) => {
      throw error;
    },
    onTrouble: (error) => {
      throw error;
    },
    isHandNear: () => isHandNear,
    settings: () => ({ armingMs: 300, holdMs: 800, confirmMs: 3000, settleMs: 0, instructions: "" }),
    newId: () => {
      ids += 1;
      return `20261129-0000000${ids}`;
    },
    now: () => clock.now,
    ticks: () => clock.now,
    sha256,
    app: "test",
    platform: "test",
  });
  function desktopOf(id: string): Desktop {
    const known = desktops.get(id);
    if (known !== undefined) return known;
    const journal = new MemoryJournal(id);
    const made = { journal, computer: new FakeComputer(journal) };
    desktops.set(id, made);
    return made;
  }
  const request = (where: Where): StartRequest => {
    const { task, model, toolVersion, effort, onePerTurn, mode, limits } = ASK;
    return { task, model, toolVersion, effort, onePerTurn, where, mode, limits };
  };
  const options: StartOptions = {
    api: { baseUrl: null, key: () => "a key" },
    operator: true,
    exitWhenDone: false,
    practice: false,
    onEnded: () => undefined,
  };
  const start = (where: Where = OWN) => manager.start(request(where), options);
  const runnerOf = (started: Started): Runner => {
    const runner = started.ok ? manager.runner(started.session) : null;
    if (runner === null) throw new Error(started.ok ? "it is not open" : started.error);
    return runner;
  };
  const waiting = async (...started: readonly Started[]): Promise<readonly Runner[]> => {
    const runners = started.map(runnerOf);
    await passed(() => runners.every(({ view }) => view.phase.kind === "deciding"));
    return runners;
  };
  return {
    manager,
    desktopOf,
    stopped,
    opened,
    published,
    clock,
    doors,
    start,
    waiting,
    options,
    nobodyNear: () => {
      isHandNear = false;
    },
  };
}

async function passed(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i += 1) {
    if (i > 5000) throw new Error("it never came to that");
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setImmediate(resolve));
}

/** What the window would send for the card of a runner. */
function cardOf({ view }: Runner) {
  const proposal = currentStep(view)?.proposal;
  if (proposal === undefined || proposal === null) throw new Error("nothing waits");
  return { proposal: proposal.id, rev: proposal.rev, digest: sha256(digestText(digestInputOf(view.id, proposal))) };
}

const APPROVE = { decision: { kind: "approve" } } as const;

describe("several at once", () => {
  it("starts one while another starts, each on its own desktop, and says which are open", async () => {
    const { manager, start, waiting, opened, doors, desktopOf } = house();
    const first = Promise.withResolvers<void>();
    doors.set("20261129-00000001", first.promise);
    const slow = start();
    const quick = await start();
    expect(manager.open).toEqual(["20261129-00000002"]);
    first.resolve();
    const [a, b] = await waiting(await slow, quick);
    expect(manager.open).toEqual(["20261129-00000002", "20261129-00000001"]);
    expect(opened).toEqual([["20261129-00000002"], ["20261129-00000002", "20261129-00000001"]]);
    expect([a?.view.id, b?.view.id]).toEqual(["20261129-00000001", "20261129-00000002"]);
    expect(desktopOf("20261129-00000001").journal.all("session.started")[0]?.desktop.display).toBe(
      ":20261129-00000001",
    );
  });

  it("ends one, and the other goes on", async () => {
    const { manager, start, waiting, stopped } = house();
    const [a, b] = await waiting(await start(), await start());
    a?.stop();
    await passed(() => manager.open.length === 1);
    expect(stopped).toEqual([a?.view.id]);
    expect(b?.view.phase.kind).toBe("deciding");
    let idle = false;
    void manager.idle().then(() => {
      idle = true;
    });
    await passed(() => true);
    expect(idle).toBe(false);
    b?.stop();
    await passed(() => idle);
    expect(manager.busy).toBe(false);
  });

  it("takes one on this desktop, even when two ask in the same moment, and names the field", async () => {
    const { manager, start } = house();
    const both = await Promise.all([start(HERE), start(HERE)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect(both[1]).toMatchObject({ error: expect.stringMatching(/^where: a session works on this desktop already/) });
    expect((await start()).ok).toBe(true);
    expect(manager.here?.view.config?.where.kind).toBe("this");
  });

  it(`takes ${MOST_SESSIONS}, and says why no more`, async () => {
    const { manager, start } = house();
    const all = await Promise.all(Array.from({ length: MOST_SESSIONS + 1 }, () => start()));
    expect(all.filter(({ ok }) => ok)).toHaveLength(MOST_SESSIONS);
    expect(all.at(-1)).toEqual({ ok: false, error: "8 sessions are open, and no more can be; end one first." });
    await manager.endAll();
    expect(manager.busy).toBe(false);
  });

  it("goes on with each of several that a crash interrupted, and with none of them twice", async () => {
    const crashed = house();
    const before = await crashed.waiting(await crashed.start(), await crashed.start());
    const ids = before.map(({ view }) => view.id);
    const { manager, desktopOf, options, waiting } = house();
    for (const id of ids) {
      const { journal } = desktopOf(id);
      journal.events.push(...crashed.desktopOf(id).journal.events);
      settleInterrupted(journal, journal.events);
    }
    const [first = "", second = ""] = ids;
    const [once, twice, other] = await Promise.all([first, first, second].map((id) => manager.reopen(id, options)));
    expect(twice).toEqual({ ok: false, error: "This session is open already." });
    expect(await manager.reopen(second, options)).toEqual({ ok: false, error: "This session is open already." });
    if (once === undefined || other === undefined) throw new Error("two were asked for");
    await waiting(once, other);
    expect(manager.open).toEqual(ids);
    for (const id of ids) {
      const { journal } = desktopOf(id);
      expect(new Set(journal.events.map(({ session }) => session))).toEqual(new Set([id]));
      expect(journal.all("session.resumed")).toHaveLength(1);
    }
  });

  it("stops all by the stop chord of one, and what is only being started, too", async () => {
    const { manager, start, waiting, doors, desktopOf, stopped } = house();
    const [a, b] = await waiting(await start(HERE), await start());
    const door = Promise.withResolvers<void>();
    doors.set("20261129-00000003", door.promise);
    const third = start();
    desktopOf(a?.view.id ?? "").computer.hear({ kind: "stop" } satisfies HeardByExecutor);
    door.resolve();
    expect(await third).toEqual({ ok: false, error: "It was stopped before it began." });
    await manager.idle();
    expect(stopped).toHaveLength(3);
    for (const runner of [a, b]) expect(runner?.view.phase).toMatchObject({ kind: "ended", reason: "stopped" });
    expect(desktopOf("20261129-00000003").journal.events).toEqual([]);
  });

  it("ends what is being started, when the app closes", async () => {
    const { manager, start, doors, stopped } = house();
    const door = Promise.withResolvers<void>();
    doors.set("20261129-00000001", door.promise);
    const started = start();
    const closed = manager.endAll();
    door.resolve();
    await closed;
    expect(await started).toEqual({ ok: false, error: "The app is closing." });
    expect(stopped).toEqual(["20261129-00000001"]);
    expect(await start()).toEqual({ ok: false, error: "The app is closing." });
  });
});

describe("a decision can't reach another session's proposal", () => {
  it("though id, revision and action are the same: the digest covers the session", async () => {
    const { start, waiting, desktopOf, clock } = house();
    const [a, b] = await waiting(await start(), await start());
    if (a === undefined || b === undefined) throw new Error("two were started");
    const [mine, others] = [cardOf(a), cardOf(b)];
    expect([mine.proposal, mine.rev]).toEqual([others.proposal, others.rev]);
    expect(currentStep(a.view)?.proposal?.action).toEqual(currentStep(b.view)?.proposal?.action);
    expect(currentStep(a.view)?.proposal?.screenshot.sha256).toBe(currentStep(b.view)?.proposal?.screenshot.sha256);
    expect(mine.digest).not.toBe(others.digest);

    // Painted, armed and pressed for the other session: none of it counts here.
    expect(b.shown(mine.proposal, mine.rev, mine.digest).ok).toBe(false);
    expect(b.shown(others.proposal, others.rev, others.digest).ok).toBe(true);
    clock.now += 400;
    expect(b.pressed(mine.proposal, mine.rev, mine.digest).ok).toBe(false);
    expect(b.decide({ ...mine, ...APPROVE }).ok).toBe(false);
    expect(b.decide({ ...mine, decision: { kind: "take_over" } }).ok).toBe(false);
    const steps = [mine, mine].map(({ proposal, digest }) => ({ proposal, digest }));
    expect(b.decideBatch(1, steps, "pressed").ok).toBe(false);
    expect(desktopOf(b.view.id).computer.performed).toEqual([]);
    expect(b.view.phase.kind).toBe("deciding");

    // A's own card was never painted, whatever B's was.
    expect(a.decide({ ...mine, ...APPROVE })).toMatchObject({ error: REFUSAL_WORDS.not_shown });
    expect(b.decide({ ...others, ...APPROVE }).ok).toBe(true);
    await passed(() => desktopOf(b.view.id).computer.performed.length === 1);
    expect(desktopOf(a.view.id).computer.performed).toEqual([]);
    expect(a.view.phase.kind).toBe("deciding");
  });

  it("nor in a flood of swapped ids: each session counts its own refusals, and nothing runs", async () => {
    const { start, waiting, desktopOf, clock, manager } = house();
    const runners = await waiting(await start(), await start(), await start());
    const cards = runners.map(cardOf);
    for (const runner of runners) {
      const { proposal, rev, digest } = cardOf(runner);
      runner.shown(proposal, rev, digest);
    }
    clock.now += 5000;
    for (let i = 0; i < 5000; i += 1) {
      const runner = runners[i % 3];
      const foreign = cards[(i + 1 + (i % 2)) % 3];
      if (runner === undefined || foreign === undefined) throw new Error("three were started");
      const answer = runner.decide({ ...foreign, ...APPROVE, given: "confirmed" });
      expect(answer).toMatchObject({ ok: false });
    }
    for (const [i, runner] of runners.entries()) {
      const { journal, computer } = desktopOf(runner.view.id);
      expect(computer.performed).toEqual([]);
      expect(runner.decide({ ...(cards[i] as (typeof cards)[number]), ...APPROVE }).ok).toBe(true);
      await passed(() => computer.performed.length === 1);
      const refused = journal.all("decision.refused");
      expect(refused.map(({ reason }) => reason)).toEqual(["digest_mismatch"]);
      expect(refused[0]?.count).toBeGreaterThan(1600);
    }
    await manager.endAll();
    for (const runner of runners) {
      const { journal } = desktopOf(runner.view.id);
      expect(new Set(journal.events.map(({ session }) => session))).toEqual(new Set([runner.view.id]));
    }
  });

  it("nor without a hand, as long as a session on this desktop could click in our window", async () => {
    const { start, waiting, clock, nobodyNear, manager } = house();
    nobodyNear();
    const [own] = await waiting(await start());
    const [here] = await waiting(await start(HERE));
    if (own === undefined || here === undefined) throw new Error("two were started");
    const card = cardOf(own);
    own.shown(card.proposal, card.rev, card.digest);
    clock.now += 400;
    expect(own.decide({ ...card, ...APPROVE })).toMatchObject({ error: expect.stringMatching(/No mouse or keyboard/) });
    here.stop();
    await passed(() => manager.here === null);
    expect(own.decide({ ...card, ...APPROVE }).ok).toBe(true);
  });
});
