/** Starts, holds and ends sessions, several at once; hands each what it needs. Nothing about a session is global. */
import { fitToTier } from "../../shared/geometry.ts";
import type { StartRequest } from "../../shared/ipc.ts";
import { chooseModel, type Model } from "../../shared/model.ts";
import type { PauseReason, SessionConfig, StoredEvent, StreamUpdate, Where } from "../../shared/session-event.ts";
import { foldSession, type SessionView } from "../../shared/session-view.ts";
import type { Conversation, ConversationSetup, PastTurn } from "../claude/claude.ts";
import type { Computer } from "../computer/computer.ts";
import { Gate, type GateDelays } from "../gate/gate.ts";
import type { SessionJournal } from "../journal/journal.ts";
import { Recorder } from "./recorder.ts";
import { openNotes, pastTurns, systemOf, whyNot } from "./resume.ts";
import { Runner } from "./runner.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

/** A desktop a session can work on, running. */
export type SessionDesktop = {
  readonly display: string;
  /** The Xauthority file for it. */
  readonly authority: string;
  /** The one display of it that the session may see and touch, by its output's name; null on an own desktop. */
  readonly monitor: string | null;
  /** The address of an own desktop's accessibility bus, where it has one. */
  readonly accessibility?: string | null;
  readonly pids: readonly number[];
  /** Called at most once, when the desktop is gone without having been stopped. */
  onDied(listener: (what: string) => void): void;
  /** Called each time a part of it ended and was started again: what Claude sees may have moved. */
  onMended?(listener: (what: string) => void): void;
  /**
   * Ends what is left of it and starts it anew, with the same programs and home. Rejects with an Error in words. Absent where
   * nobody can start it.
   */
  restart?(): Promise<DesktopPlace>;
  stop(): Promise<void>;
};

/** What of a desktop is another one after a restart. */
export type DesktopPlace = Pick<SessionDesktop, "display" | "authority" | "accessibility" | "pids">;

/** Whom a session talks to: the API's address and key. */
export type Api = { readonly baseUrl: string | null; readonly key: () => string | null };

export type ManagerDeps = {
  readonly createSession: (id: string) => SessionJournal;
  readonly reopenSession: (id: string) => SessionJournal;
  readonly eventsOf: (id: string) => readonly StoredEvent[];
  /** Rejects with an Error whose words begin with the field at fault (`where: ...`) when there is one. */
  readonly startDesktop: (id: string, where: Where) => Promise<SessionDesktop>;
  readonly startComputer: (desktop: SessionDesktop) => Promise<Computer>;
  readonly openConversation: (setup: ConversationSetup, api: Api) => Conversation;
  /** The same for a session with a past; pictures are read from the record. */
  readonly restoreConversation: (
    setup: ConversationSetup,
    api: Api,
    past: readonly PastTurn[],
  ) => Promise<Conversation>;
  /** The whole system prompt, with the operator's additions. */
  readonly systemPrompt: (instructions: string) => string;
  /** New events of a session, what it looks like with them, and how it was started. */
  readonly publish: (view: SessionView, events: readonly StoredEvent[], options: StartOptions) => void;
  readonly stream: (session: string, update: StreamUpdate) => void;
  /** Which sessions are open has changed: one more, or one less. */
  readonly onOpen: () => void;
  /** The record could not be written; the session, as it was last, is over. */
  readonly onBroken: (view: SessionView, error: unknown) => void;
  /** Something went wrong that stops nothing; for the log. */
  readonly onTrouble: (error: unknown) => void;
  /** Whether a person's own device was used at the operator's desktop just before now. */
  readonly isHandNear: () => boolean;
  readonly settings: () => GateDelays & { readonly settleMs: number; readonly instructions: string };
  readonly newId: () => string;
  /** ms since 1970. */
  readonly now: () => number;
  /** ms of a clock that nobody can set: arming delays must not depend on the wall's. */
  readonly ticks: () => number;
  readonly sha256: (text: string) => string;
  readonly app: string;
  readonly platform: string;
  /** Why this process may start no session at all, in words; null or absent when it may. */
  readonly startProblem?: string | null;
};

export type StartOptions = {
  readonly api: Api;
  readonly operator: boolean;
  readonly exitWhenDone: boolean;
  readonly practice: boolean;
  /** Called when the session has ended and its desktop is gone. */
  readonly onEnded: (view: SessionView) => void;
};

export type Started = { readonly ok: true; readonly session: string } | { readonly ok: false; readonly error: string };

/** What a session is run with; `past` is there for one that goes on after a crash. */
type Plan = {
  readonly id: string;
  readonly config: SessionConfig;
  readonly model: Model;
  readonly system: string;
  readonly past: readonly StoredEvent[] | null;
};

type Running = { readonly runner: Runner; readonly where: Where; readonly done: Promise<void> };

/** The start of a session that is under way; `stopped` in words once it is to end before it began. */
type Opening = { readonly where: Where; readonly done: Promise<unknown>; stopped: string | null };

/** Sessions open at once: each takes an X server, an executor and its programs. */
export const MOST_SESSIONS = 8;

const CLOSING = "The app is closing.";

export class SessionManager {
  readonly #deps: ManagerDeps;
  readonly #running = new Map<string, Running>();
  readonly #opening = new Map<string, Opening>();
  readonly #idle = new Set<() => void>();
  #closing = false;

  constructor(deps: ManagerDeps) {
    this.#deps = deps;
  }

  /** The session's runner while it runs, or null. */
  runner(session: string): Runner | null {
    return this.#running.get(session)?.runner ?? null;
  }

  /** The runners of all open sessions, in the order they began. */
  get runners(): readonly Runner[] {
    return [...this.#running.values()].map(({ runner }) => runner);
  }

  /** The ids of all open sessions, in the order they began. */
  get open(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** The one session that works on the operator's own desktop; null while none does. */
  get here(): Runner | null {
    return [...this.#running.values()].find(({ where }) => where.kind === "this")?.runner ?? null;
  }

  /** Whether a session runs or is being started. */
  get busy(): boolean {
    return this.#opening.size > 0 || this.#running.size > 0;
  }

  /** Resolves once no session runs or is being started. */
  async idle(): Promise<void> {
    if (this.busy) await new Promise<void>((resolve) => this.#idle.add(resolve));
  }

  /** Starts a session: its desktop, its hands, its record. What can't be started is said, and nothing is left behind. */
  async start(request: StartRequest, options: StartOptions): Promise<Started> {
    const choice = chooseModel(request.model, request.toolVersion);
    if (!choice.ok) return choice;
    const { model, toolVersion } = choice;
    if (request.limits.usd !== null && model.prices === null) {
      return {
        ok: false,
        error: `limits.usd: the price of ${model.name} is not known, so a USD limit can't be kept; leave it empty, or choose another model`,
      };
    }
    if (request.mode.kind === "policy" && request.mode.policy.lease?.costUsd !== undefined && model.prices === null) {
      return {
        ok: false,
        error: `lease.costUsd: the price of ${model.name} is not known, so the policy can't be kept; take costUsd out of its lease, or choose another model`,
      };
    }
    const config = configOf(request, toolVersion, options);
    const system = this.#deps.systemPrompt(this.#deps.settings().instructions);
    return await this.#open({ id: this.#deps.newId(), config, model, system, past: null }, options);
  }

  /** Goes on with a session that a crash interrupted: its record, its history, a fresh desktop. */
  async reopen(id: string, options: StartOptions): Promise<Started> {
    const past = this.#deps.eventsOf(id);
    const view = foldSession(id, past);
    const { config } = view;
    const why = whyNot(view);
    if (why !== null || config === null) return { ok: false, error: why ?? "There is no such session." };
    const choice = chooseModel(config.model, config.toolVersion);
    if (!choice.ok) return choice;
    return await this.#open({ id, config, model: choice.model, system: systemOf(past), past }, options);
  }

  /** Ends every session and waits until their desktops are gone. */
  async endAll(): Promise<void> {
    this.#closing = true;
    for (const opening of this.#opening.values()) opening.stopped ??= CLOSING;
    await Promise.all([...this.#opening.values()].map(({ done }) => done));
    for (const { runner } of this.#running.values()) runner.stop("app_closed");
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** The stop chord: stop means now, for whatever runs and whatever is about to. */
  stopAll(): void {
    for (const opening of this.#opening.values()) opening.stopped ??= "It was stopped before it began.";
    for (const { runner } of this.#running.values()) runner.stop();
  }

  /** Pauses every session whose place `concerns` accepts; those that wait already go on waiting. */
  pauseAll(why: PauseReason, detail: string, concerns: (where: Where) => boolean): void {
    for (const { runner } of this.#running.values()) {
      const where = runner.view.config?.where;
      if (where !== undefined && concerns(where)) runner.pauseFor(why, detail);
    }
  }

  /** The window was reloaded or closed. */
  windowGone(): void {
    for (const { runner } of this.#running.values()) runner.windowGone();
  }

  async #open(plan: Plan, options: StartOptions): Promise<Started> {
    const why = this.#whyNotNow(plan, options);
    if (why !== null) return { ok: false, error: why };
    const { id, config } = plan;
    const begun = Promise.withResolvers<void>();
    const opening: Opening = { where: config.where, done: begun.promise, stopped: null };
    this.#opening.set(id, opening);
    try {
      await this.#begin(plan, options, opening);
      return { ok: true, session: id };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#opening.delete(id);
      begun.resolve();
      this.#wakeIdle();
    }
  }

  /** Why this session can't be started now, in words; null when it can. Asks nothing that takes time, so two can't both pass. */
  #whyNotNow({ id, config }: Plan, { api }: StartOptions): string | null {
    const { startProblem = null } = this.#deps;
    if (this.#closing) return CLOSING;
    if (startProblem !== null) return startProblem;
    if (this.#opening.has(id) || this.#running.has(id)) return "This session is open already.";
    if (config.where.kind === "this" && this.#isHere)
      return "where: a session works on this desktop already; end it first, or give this one a desktop of its own.";
    if (this.#opening.size + this.#running.size >= MOST_SESSIONS)
      return `${MOST_SESSIONS} sessions are open, and no more can be; end one first.`;
    if (api.key() === null) return "There is no API key; enter one first, or try the practice session.";
    return null;
  }

  /** Whether a session works on the operator's own desktop, or is about to. */
  get #isHere(): boolean {
    return [...this.#opening.values(), ...this.#running.values()].some(({ where }) => where.kind === "this");
  }

  async #begin(plan: Plan, options: StartOptions, opening: Opening): Promise<void> {
    const { id } = plan;
    const deps = this.#deps;
    const desktop = await deps.startDesktop(id, plan.config.where);
    let computer: Computer | null = null;
    try {
      checkWanted(opening);
      const workplace = await openWorkplace(desktop, deps.startComputer, options.operator && !options.exitWhenDone);
      ({ computer } = workplace);
      checkWanted(opening);
      const runner = await this.#assemble(placed(plan, desktop), options, desktop, workplace);
      computer.onHeard((heard) => {
        runner.heard(heard);
        if (heard.kind === "stop") this.stopAll();
      });
      workplace.follow(runner);
      checkWanted(opening);
      const done = this.#see(id, runner, desktop, computer, options);
      this.#running.set(id, { runner, where: plan.config.where, done });
      deps.onOpen();
    } catch (error) {
      await this.#close(computer, desktop);
      throw error;
    }
  }

  #wakeIdle(): void {
    if (this.busy) return;
    for (const wake of this.#idle) wake();
    this.#idle.clear();
  }

  /** Ends hands and desktop; what can't be ended now is ended at the next start, by what was recorded. */
  async #close(computer: Computer | null, desktop: SessionDesktop): Promise<void> {
    await computer?.close().catch((error: unknown) => this.#deps.onTrouble(error));
    await desktop.stop().catch((error: unknown) => this.#deps.onTrouble(error));
  }

  async #assemble(
    plan: Plan,
    options: StartOptions,
    desktop: SessionDesktop,
    { computer, renewable }: Workplace,
  ): Promise<Runner> {
    const deps = this.#deps;
    const { id, config, model, system, past } = plan;
    const { toolVersion, effort, onePerTurn } = config;
    const display = await computer.display();
    const space = fitToTier(display, model.tier);
    const { settleMs } = deps.settings();
    const setup = { model, toolVersion, effort, onePerTurn, space, system };
    const conversation =
      past === null
        ? deps.openConversation(setup, options.api)
        : await deps.restoreConversation(setup, options.api, pastTurns(past));
    const journal = past === null ? deps.createSession(id) : deps.reopenSession(id);
    const recorder = new Recorder(journal, (view, events) => deps.publish(view, events, options), past ?? []);
    const gate = new Gate({
      now: deps.ticks,
      sha256: deps.sha256,
      delays: () => deps.settings(),
      // Beside a session on the operator's desktop a program there could click in our window, whichever session it shows.
      isHandNear: () => !this.#isHere || deps.isHandNear(),
      onRefused: (proposal, reason, count) =>
        recorder.emit({ type: "decision.refused", body: { proposal, reason, count } }),
    });
    return new Runner({
      config,
      recorder,
      computer,
      renewable,
      conversation,
      gate,
      stream: (update) => deps.stream(id, update),
      sha256: deps.sha256,
      now: deps.now,
      started: {
        system,
        app: deps.app,
        platform: deps.platform,
        display,
        space,
        desktop: { display: desktop.display, pids: desktop.pids },
      },
      exitWhenDone: options.exitWhenDone,
      settleMs,
      goesOn: past !== null,
      openNotes: openNotes(past ?? []),
    });
  }

  async #see(
    id: string,
    runner: Runner,
    desktop: SessionDesktop,
    computer: Computer,
    options: StartOptions,
  ): Promise<void> {
    try {
      await runner.run();
    } catch (error) {
      this.#deps.onBroken(runner.view, error);
    } finally {
      await this.#close(computer, desktop);
      this.#running.delete(id);
      this.#deps.onOpen();
      options.onEnded(runner.view);
      this.#wakeIdle();
    }
  }
}

/** Throws when a session that is being started is not wanted any more: what has been started so far is ended again. */
function checkWanted({ stopped }: Opening): void {
  if (stopped !== null) throw new Error(stopped);
}

/** The plan with the display that was found for it. */
function placed(plan: Plan, { monitor }: SessionDesktop): Plan {
  return monitor === null ? plan : { ...plan, config: { ...plan.config, where: { kind: "this", monitor } } };
}

function configOf(
  request: StartRequest,
  toolVersion: SessionConfig["toolVersion"],
  options: StartOptions,
): SessionConfig {
  const { task, model, effort, onePerTurn, where, mode, limits } = request;
  const { operator, practice, api } = options;
  const { baseUrl } = api;
  return { task, model, toolVersion, effort, onePerTurn, where, mode, limits, operator, practice, baseUrl };
}
