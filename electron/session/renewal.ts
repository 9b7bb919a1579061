/** A desktop that is lost in the middle of a session, as the operator meets it: a pause that says so, and a way on. */

import { sentence } from "../../shared/sentence.ts";
import type { EventBodies } from "../../shared/session-event.ts";
import { isOver, type SessionView } from "../../shared/session-view.ts";
import { OK, type Reply } from "./reply.ts";

/** A desktop that can be lost and had anew (renewable-computer.ts). */
export type Renewable = {
  readonly isLost: boolean;
  /** Resolves with the new one; rejects with an Error in words. */
  renew(): Promise<EventBodies["session.started"]["desktop"]>;
  giveUp(): void;
};

export type RenewalDeps = {
  readonly renewable: Renewable;
  readonly view: () => SessionView;
  readonly pause: (body: EventBodies["session.paused"]) => void;
  /** Lifts the pause on the new desktop. */
  readonly resume: (body: EventBodies["session.resumed"]) => void;
};

export class Renewal {
  readonly #deps: RenewalDeps;
  #under = false;

  constructor(deps: RenewalDeps) {
    this.#deps = deps;
  }

  get isLost(): boolean {
    return this.#deps.renewable.isLost;
  }

  /** The session ends: nothing waits for a desktop any longer. */
  giveUp(): void {
    this.#deps.renewable.giveUp();
  }

  /** The desktop ended, or answers no more: held, with a way on, until `begin`. */
  lost(why: string): void {
    if (!isOver(this.#deps.view().phase))
      this.#deps.pause({ why: "desktop", detail: `${why} Resume starts the desktop and its programs anew.` });
  }

  /** Starts it again; the pause stands and says so until it is there. */
  begin(): Reply {
    if (this.#under) return { ok: false, error: "The desktop is being started again." };
    // A record that can't be written has ended the session by then.
    this.#renew().catch(() => undefined);
    return OK;
  }

  async #renew(): Promise<void> {
    const { renewable, view, pause, resume } = this.#deps;
    this.#under = true;
    try {
      pause({ why: "desktop", detail: "The desktop and its programs are being started again." });
      const desktop = await renewable.renew();
      if (view().phase.kind === "paused") resume({ desktop });
    } catch (error) {
      this.lost(`No desktop could be started: ${sentence(error instanceof Error ? error.message : String(error))}`);
    } finally {
      this.#under = false;
    }
  }
}
