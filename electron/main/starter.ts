/** Starts sessions: from the window, from the command line, and the practice session. */
import type { StartRequest } from "../../shared/ipc.ts";
import { DEFAULT_MODEL, modelById } from "../../shared/model.ts";
import { type PracticeRun, preparePractice } from "../practice/practice-session.ts";
import type { Api, SessionManager, Started, StartOptions } from "../session/manager.ts";
import { exitCodeOf } from "../session/unattended.ts";
import type { Flags } from "../settings/flags.ts";
import type { OwnDesktops } from "./own-desktops.ts";

export type StarterDeps = {
  readonly manager: SessionManager;
  readonly flags: Flags;
  readonly desktops: Pick<OwnDesktops, "fromFlags">;
  /** The key in use now, and where it goes. */
  readonly api: () => Api;
  /** The words that start this program again, for the practice desk. */
  readonly practiceProgram: readonly string[];
  readonly practiceSwitches: readonly string[];
  readonly onStarted: (session: string) => void;
  readonly print: (line: string) => void;
  /** Ends the app with a code. */
  readonly exit: (code: number) => void;
};

/** ms between two pieces of the scripted Claude's reply: as fast as a quick typist where somebody reads along. */
const READING_PACE = 12;

export class Starter {
  readonly #deps: StarterDeps;

  constructor(deps: StarterDeps) {
    this.#deps = deps;
  }

  /** Starts what the start view asks for. */
  async start(request: StartRequest): Promise<Started> {
    return this.#announce(await this.#deps.manager.start(request, this.#attended()));
  }

  /** Goes on with a session that a crash interrupted. */
  async reopen(session: string): Promise<Started> {
    return this.#announce(await this.#deps.manager.reopen(session, this.#attended()));
  }

  /** Starts the practice session, step by step. */
  async practice(): Promise<Started> {
    return await this.#practice(false, true);
  }

  /** Starts what the command line asks for; what can't be started ends an unattended run with its code. */
  async fromFlags(): Promise<void> {
    const { flags, print, exit } = this.#deps;
    if (!flags.practice && flags.task === null) return;
    const started = flags.practice
      ? await this.#practice(flags.exitWhenDone, flags.operator)
      : await this.#task(flags.task ?? "");
    if (started.ok) return;
    print(started.error);
    if (flags.exitWhenDone) exit(1);
  }

  async #task(task: string): Promise<Started> {
    const { manager, api, flags } = this.#deps;
    const started = await manager.start(await this.#request(task, null), {
      api: api(),
      operator: flags.operator,
      exitWhenDone: flags.exitWhenDone,
      practice: false,
      onEnded: (view) => this.#ended(exitCodeOf(view)),
    });
    return this.#announce(started);
  }

  async #practice(exitWhenDone: boolean, operator: boolean): Promise<Started> {
    const { manager, print, practiceProgram, practiceSwitches } = this.#deps;
    const run = await preparePractice(practiceProgram, practiceSwitches, exitWhenDone ? 0 : READING_PACE);
    const started = await manager.start(await this.#request(run.task, run), {
      api: { baseUrl: run.baseUrl, key: () => run.key },
      operator,
      exitWhenDone,
      practice: true,
      onEnded: (view) =>
        void run.finish().then(
          ({ ok, problems }) => {
            for (const problem of problems) print(`practice desk: ${problem}`);
            const good = ok && exitCodeOf(view) === 0;
            print(`session=${view.id} result=${good ? "ok" : "failed"}`);
            this.#ended(good ? 0 : exitCodeOf(view) || 1);
          },
          () => this.#ended(1),
        ),
    });
    if (!started.ok) await run.finish();
    return this.#announce(started);
  }

  async #request(task: string, practice: PracticeRun | null): Promise<StartRequest> {
    const { flags, desktops } = this.#deps;
    const model = flags.model ?? DEFAULT_MODEL;
    const ownWhere = async () => {
      const { programs, ...own } = await desktops.fromFlags(practice);
      return { ...own, programs: [...programs] };
    };
    return {
      task,
      model,
      toolVersion: null,
      effort: modelById(model)?.effort ?? null,
      onePerTurn: false,
      // The practice desk needs a desktop of its own, whatever was asked for.
      where: practice === null && flags.where?.kind === "this" ? flags.where : await ownWhere(),
      mode: flags.mode ?? { kind: "ask", askAll: false },
      limits: flags.limits,
    };
  }

  /** A session with the operator at the window. */
  #attended(): StartOptions {
    const { api } = this.#deps;
    return { api: api(), operator: true, exitWhenDone: false, practice: false, onEnded: () => undefined };
  }

  #announce(started: Started): Started {
    if (started.ok) this.#deps.onStarted(started.session);
    return started;
  }

  /** The command line's session is over. Those that the operator began beside it come to their own end first. */
  #ended(code: number): void {
    const { flags, manager, exit } = this.#deps;
    if (flags.exitWhenDone) void manager.idle().then(() => exit(code));
  }
}
