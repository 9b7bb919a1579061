/** Desktops of Claude's own as sessions get them: what is offered for them here, the default, the start and the end. */
import { rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { DesktopOffer } from "../../shared/ipc-desktop.ts";
import type { Confined, SharedFolder } from "../../shared/own-desktop.ts";
import type { Where } from "../../shared/session-event.ts";
import { confineProblem, networkProblem } from "../desktop/confine.ts";
import type { Environment } from "../desktop/environment.ts";
import { Homes } from "../desktop/homes.ts";
import { installedPrograms } from "../desktop/installed-programs.ts";
import { type OwnDesktop, startOwnDesktop } from "../desktop/own-desktop.ts";
import type { SessionDesktop } from "../session/manager.ts";
import type { Flags } from "../settings/flags.ts";

type OwnWhere = Extract<Where, { readonly kind: "own" }>;
type OwnFlags = Pick<Flags, "where" | "programs" | "home" | "confine" | "folders" | "network">;

const SIZE = { w: 1280, h: 800 } as const;

export class OwnDesktops {
  readonly #env: Environment;
  readonly #userData: string;
  readonly #flags: OwnFlags;
  readonly #homes: Homes;

  /** @param userData Countersign's own folder */
  constructor(env: Environment, userData: string, flags: OwnFlags) {
    this.#env = env;
    this.#userData = userData;
    this.#flags = flags;
    this.#homes = new Homes(join(userData, "homes"));
  }

  /** Where each session's desktop keeps its files, in a folder of the session's id. */
  get folder(): string {
    return join(this.#userData, "desktops");
  }

  /** What the start view offers, looked up now. */
  async offer(): Promise<DesktopOffer> {
    const [programs, confine, network] = await Promise.all([
      installedPrograms(this.#env),
      confineProblem(this.#env),
      networkProblem(this.#env),
    ]);
    return {
      programs,
      homes: this.#homes.names(),
      ownHome: homedir(),
      confine: this.#flags.confine !== false,
      confineProblem: confine,
      networkProblem: network,
    };
  }

  /**
   * The place that the command line asks for.
   * @param practice the practice desk's command line and the folders it needs; it needs no network
   */
  async fromFlags(
    practice: { readonly program: string; readonly folders: readonly SharedFolder[] } | null,
  ): Promise<Required<OwnWhere>> {
    const { where, programs, home, folders } = this.#flags;
    const size = where?.kind === "own" ? where.size : SIZE;
    const own = { kind: "own", size, home: home ?? { kind: "fresh" } } as const;
    if (practice === null) return { ...own, programs, confined: await this.#confined(folders, null) };
    return { ...own, programs: [practice.program], confined: await this.#confined(practice.folders, "off") };
  }

  async #confined(folders: readonly SharedFolder[], network: "off" | null): Promise<Confined | null> {
    const { confine, network: wanted } = this.#flags;
    // What was asked for is not left out where it can't be had: the start says so then.
    const asked = confine === true || wanted !== null || this.#flags.folders.length > 0;
    if (confine === false || (!asked && (await confineProblem(this.#env)) !== null)) return null;
    const usual = async () => ((await networkProblem(this.#env)) === null ? "own" : "off");
    return { folders: [...folders], network: network ?? wanted ?? (await usual()) };
  }

  /** Starts the desktop of a session; its folder and a fresh home go with it. Rejects with an Error in words. */
  async start(id: string, { size, programs, home, confined = null }: OwnWhere): Promise<SessionDesktop> {
    const dir = join(this.folder, id);
    const taken = this.#homes.take(home ?? { kind: "operator" }, dir);
    const over = () => {
      taken.release();
      rmSync(dir, { recursive: true, force: true });
    };
    const options = { size, programs, dir, env: this.#env, home: taken.path, confined, hidden: this.#userData };
    try {
      return renewed(await startOwnDesktop(options), () => startOwnDesktop(options), over);
    } catch (error) {
      over();
      throw error;
    }
  }
}

/** A desktop that can be started anew; its files stay until `stop`. */
function renewed(first: OwnDesktop, again: () => Promise<OwnDesktop>, over: () => void): SessionDesktop {
  const died: ((why: string) => void)[] = [];
  const mended: ((what: string) => void)[] = [];
  let now = first;
  let gone: string | null = null;
  let restarting: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const watch = (desktop: OwnDesktop) => {
    desktop.onDied((why) => {
      gone = why;
      for (const listener of died) listener(why);
    });
    desktop.onMended((what) => {
      for (const listener of mended) listener(what);
    });
  };
  const restart = async () => {
    await now.stop();
    if (stopped) throw new Error("The session has ended.");
    now = await again();
    gone = null;
    watch(now);
    return now;
  };
  watch(first);
  return {
    ...{ display: first.display, authority: first.authority, accessibility: first.accessibility, pids: first.pids },
    monitor: null,
    onDied: (listener) => {
      died.push(listener);
      if (gone !== null) listener(gone);
    },
    onMended: (listener) => void mended.push(listener),
    restart: () => {
      const begun = restart();
      restarting = begun.catch(() => undefined);
      return begun;
    },
    stop: async () => {
      stopped = true;
      await restarting;
      await now.stop().finally(over);
    },
  };
}
