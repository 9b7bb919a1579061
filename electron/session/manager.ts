/** Starts, holds and ends sessions; hands each what it needs. Nothing about a session is global. */
import { fitToTier, type ImageTier, type Size } from "../../shared/geometry.ts";
import type { StartRequest } from "../../shared/ipc.ts";
import { modelById } from "../../shared/model.ts";
import type { SessionConfig, StoredEvent, StreamUpdate } from "../../shared/session-event.ts";
import type { SessionView } from "../../shared/session-view.ts";
import type { Conversation, ConversationSetup } from "../claude/claude.ts";
import type { Computer } from "../computer/computer.ts";
import { Gate } from "../gate/gate.ts";
import type { SessionJournal } from "../journal/journal.ts";
import { Recorder } from "./recorder.ts";
import { Runner } from "./runner.ts";

/** A desktop a session can work on, running. */
export type SessionDesktop = {
  readonly display: string;
  /** The Xauthority file for it. */
  readonly authority: string;
  readonly pids: readonly number[];
  /** Called at most once, when the desktop is gone without having been stopped. */
  onDied(listener: (what: string) => void): void;
  stop(): Promise<void>;
};

/** Whom a session talks to: the API's address and key. */
export type Api = { readonly baseUrl: string | null; readonly key: () => string | null };

export type ManagerDeps = {
  readonly createSession: (id: string) => SessionJournal;
  readonly startDesktop: (id: string, size: Size, programs: readonly string[]) => Promise<SessionDesktop>;
  readonly startComputer: (desktop: SessionDesktop) => Promise<Computer>;
  readonly openConversation: (setup: ConversationSetup, api: Api) => Conversation;
  /** New events of a session, and what it looks like with them. */
  readonly publish: (view: SessionView, events: readonly StoredEvent[]) => void;
  readonly stream: (session: string, update: StreamUpdate) => void;
  /** The record could not be written; the session is over. */
  readonly onBroken: (session: string, error: unknown) => void;
  readonly settings: () => { readonly armingMs: number; readonly settleMs: number; readonly instructions: string };
  readonly newId: () => string;
  readonly now: () => number;
  readonly sha256: (text: string) => string;
  readonly app: string;
  readonly platform: string;
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

type Running = { readonly runner: Runner; readonly done: Promise<void> };

export class SessionManager {
  readonly #deps: ManagerDeps;
  readonly #running = new Map<string, Running>();
  #starting = false;

  constructor(deps: ManagerDeps) {
    this.#deps = deps;
  }

  /** The session's runner while it runs, or null. */
  runner(session: string): Runner | null {
    return this.#running.get(session)?.runner ?? null;
  }

  /** Whether a session runs or is being started. */
  get busy(): boolean {
    return this.#starting || this.#running.size > 0;
  }

  /** Starts a session: its desktop, its hands, its record. What can't be started is said, and nothing is left behind. */
  async start(request: StartRequest, options: StartOptions): Promise<Started> {
    if (this.busy) return { ok: false, error: "A session is open; end it first." };
    const model = modelById(request.model);
    if (model === null) return { ok: false, error: `model: "${request.model}" is not known` };
    if (request.limits.usd !== null && model.prices === null) {
      return { ok: false, error: `limits.usd: the price of ${model.name} is not known, so a USD limit can't be kept` };
    }
    if (options.api.key() === null)
      return { ok: false, error: "There is no API key; enter one first, or try the practice session." };
    this.#starting = true;
    try {
      const config = configOf(request, model.toolVersions[0], options);
      return { ok: true, session: await this.#begin(config, model.tier, options) };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#starting = false;
    }
  }

  /** Ends every session and waits until their desktops are gone. */
  async endAll(): Promise<void> {
    for (const { runner } of this.#running.values()) runner.stop("app_closed");
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** The window was reloaded or closed. */
  windowGone(): void {
    for (const { runner } of this.#running.values()) runner.windowGone();
  }

  async #begin(config: SessionConfig, tier: ImageTier, options: StartOptions): Promise<string> {
    if (config.where.kind !== "own") throw new Error("where: only a desktop of its own can be used");
    const deps = this.#deps;
    const id = deps.newId();
    const desktop = await deps.startDesktop(id, config.where.size, config.where.programs);
    let computer: Computer;
    try {
      computer = await deps.startComputer(desktop);
    } catch (error) {
      await desktop.stop();
      throw error;
    }
    try {
      const runner = await this.#assemble(id, config, tier, options, desktop, computer);
      desktop.onDied((what) => runner.stop("error", `${what} has ended, so the session's desktop is gone.`));
      const done = this.#see(id, runner, desktop, computer, options);
      this.#running.set(id, { runner, done });
      return id;
    } catch (error) {
      await computer.close().catch(() => undefined);
      await desktop.stop();
      throw error;
    }
  }

  async #assemble(
    id: string,
    config: SessionConfig,
    tier: ImageTier,
    options: StartOptions,
    desktop: SessionDesktop,
    computer: Computer,
  ): Promise<Runner> {
    const deps = this.#deps;
    const model = modelById(config.model);
    if (model === null) throw new Error(`model: "${config.model}" is not known`);
    const display = await computer.display();
    const space = fitToTier(display, tier);
    const { armingMs, settleMs, instructions } = deps.settings();
    const conversation = deps.openConversation(
      { model, toolVersion: config.toolVersion, effort: config.effort, space, instructions },
      options.api,
    );
    const recorder = new Recorder(deps.createSession(id), deps.publish);
    const gate = new Gate({
      now: deps.now,
      sha256: deps.sha256,
      armingMs,
      onRefused: (proposal, reason, count) =>
        recorder.emit({ type: "decision.refused", body: { proposal, reason, count } }),
    });
    return new Runner({
      config,
      recorder,
      computer,
      conversation,
      gate,
      stream: (update) => deps.stream(id, update),
      sha256: deps.sha256,
      now: deps.now,
      started: {
        app: deps.app,
        platform: deps.platform,
        display,
        space,
        desktop: { display: desktop.display, pids: desktop.pids },
      },
      exitWhenDone: options.exitWhenDone,
      settleMs,
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
      this.#deps.onBroken(id, error);
    } finally {
      await computer.close().catch(() => undefined);
      await desktop.stop();
      this.#running.delete(id);
      options.onEnded(runner.view);
    }
  }
}

function configOf(
  request: StartRequest,
  toolVersion: SessionConfig["toolVersion"],
  options: StartOptions,
): SessionConfig {
  const { task, model, effort, where, mode, limits } = request;
  const { operator, practice, api } = options;
  return { task, model, toolVersion, effort, where, mode, limits, operator, practice, baseUrl: api.baseUrl };
}
