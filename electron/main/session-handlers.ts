/** Answers what the window asks of sessions: starting, deciding, steering. */

import type { WebContents } from "electron";
import type { JournalStore } from "../journal/store.ts";
import type { SessionManager } from "../session/manager.ts";
import { closeInterrupted } from "../session/resume.ts";
import { withReason } from "../settings/settings.ts";
import type { Handlers } from "../windows/ipc.ts";
import type { AppSettings } from "./app-settings.ts";
import type { Away } from "./away.ts";
import { showLive } from "./live.ts";
import type { OperatorEars } from "./operator-ears.ts";
import type { Starter } from "./starter.ts";

type Parts = {
  readonly manager: SessionManager;
  readonly starter: Starter;
  readonly store: JournalStore;
  readonly settings: AppSettings;
  readonly ears: OperatorEars;
  readonly away: Away;
  /** The ids of sessions that a crash interrupted; those gone on with or closed are taken out. */
  readonly interrupted: Set<string>;
  /** Whether the window is on the screen: a hidden one paints its page, too. */
  readonly inSight: () => boolean;
  readonly contents: () => WebContents | null;
  readonly changed: () => void;
};

export const GONE = { ok: false, error: "This session is not running." } as const;
const UNSEEN = { ok: false, error: "The window can't be seen." } as const;
const NOT_INTERRUPTED = { ok: false, error: "This session is not waiting to be gone on with." } as const;

type Answered =
  | "session.start"
  | "session.practice"
  | "session.events"
  | "session.decide"
  | "session.decideBatch"
  | "session.handBack"
  | "session.hand"
  | "session.live"
  | "session.reopen"
  | "session.close"
  | "session.shown"
  | "session.hidden"
  | "session.pressed"
  | "session.control"
  | "session.reply"
  | "session.note";

export function sessionHandlers(parts: Parts): Pick<Handlers, Answered> {
  const { manager, starter, store, settings, ears, away, interrupted, inSight, contents, changed } = parts;
  const runnerOf = (id: string) => manager.runner(id);
  return {
    "session.start": (request) => starter.start(request),
    "session.practice": () => starter.practice(),
    "session.events": ({ session, after }) => {
      const stored = store.events(session, after);
      return runnerOf(session)?.live(stored) ?? stored;
    },
    "session.decide": async ({ session, ...request }) => {
      await ears.sync();
      const outcome = runnerOf(session)?.decide(request) ?? GONE;
      const { decision } = request;
      if (outcome.ok && decision.kind === "reject" && decision.reason !== null)
        settings.change(withReason(settings.now, decision.reason));
      return outcome;
    },
    "session.decideBatch": async ({ session, rev, steps, given }) => {
      await ears.sync();
      return runnerOf(session)?.decideBatch(rev, steps, given) ?? GONE;
    },
    "session.handBack": ({ session, note }) => runnerOf(session)?.handBack(note) ?? GONE,
    "session.hand": async ({ session, action }) => (await runnerOf(session)?.hand(action)) ?? GONE,
    "session.live": (request) => {
      const watched = runnerOf(request.session);
      return watched === null ? GONE : showLive(request, watched, contents());
    },
    "session.reopen": async ({ session }) => {
      if (!interrupted.delete(session)) return NOT_INTERRUPTED;
      const started = await starter.reopen(session);
      if (!started.ok) interrupted.add(session);
      changed();
      return started;
    },
    "session.close": ({ session }) => {
      if (!interrupted.has(session)) return NOT_INTERRUPTED;
      closeInterrupted(store.reopenSession(session, Date.now));
      interrupted.delete(session);
      changed();
      return { ok: true };
    },
    "session.pressed": ({ session, proposal, rev, digest }) =>
      runnerOf(session)?.pressed(proposal, rev, digest) ?? GONE,
    "session.shown": ({ session, proposal, rev, digest }) =>
      inSight() ? (runnerOf(session)?.shown(proposal, rev, digest) ?? GONE) : UNSEEN,
    "session.hidden": ({ session }) => {
      const runner = runnerOf(session);
      if (runner === null) return GONE;
      runner.windowGone();
      return { ok: true };
    },
    "session.control": ({ session, verb }) => {
      const where = runnerOf(session)?.view.config?.where ?? null;
      const problem = verb === "resume" && where !== null ? away.problem(where) : null;
      return problem === null ? (runnerOf(session)?.[verb]() ?? GONE) : { ok: false, error: problem };
    },
    "session.reply": ({ session, text }) => runnerOf(session)?.reply(text) ?? GONE,
    "session.note": ({ session, text }) => runnerOf(session)?.note(text) ?? GONE,
  };
}
