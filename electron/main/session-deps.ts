/** What sessions are made of in the real app: desktops, executors, conversations and the record. */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { createConversation, restoreConversation } from "../claude/conversation.ts";
import { systemPrompt } from "../claude/system-prompt.ts";
import { openDesktopLink } from "../computer/desktop-link.ts";
import { ShieldedComputer } from "../computer/shielded-computer.ts";
import { claimThisDesktop } from "../desktop/this-desktop.ts";
import type { JournalStore } from "../journal/store.ts";
import type { ManagerDeps } from "../session/manager.ts";
import type { WindowShield } from "../windows/window-shield.ts";
import type { AppSettings } from "./app-settings.ts";
import { type Away, whileThere } from "./away.ts";
import { startExecutor } from "./executor.ts";
import type { OperatorEars } from "./operator-ears.ts";
import type { OwnDesktops } from "./own-desktops.ts";
import { watchAway } from "./watch-away.ts";
import { conversationDeps } from "./way-out.ts";

export type SessionParts = {
  readonly store: JournalStore;
  readonly settings: AppSettings;
  readonly ears: OperatorEars;
  readonly shield: WindowShield;
  readonly away: () => Away;
  readonly desktops: OwnDesktops;
  /** The folder `out/`. */
  readonly out: string;
  readonly log: { readonly info: (words: string) => void; readonly warn: (what: unknown) => void };
};

/** Everything of the manager's that does not concern the window. */
export function sessionDeps(
  parts: SessionParts,
): Omit<ManagerDeps, "publish" | "stream" | "onOpen" | "onBroken" | "app" | "startProblem"> {
  const { store, settings, ears, shield, away, desktops, out, log } = parts;
  return {
    createSession: (id) => store.createSession(id, Date.now),
    reopenSession: (id) => store.reopenSession(id, Date.now),
    eventsOf: (id) => store.events(id),
    systemPrompt,
    startDesktop: async (id, where) => {
      if (where.kind === "this")
        return await heardBy(ears, true, async () => {
          const claimed = await claimThisDesktop(where.monitor, process.env, openDesktopLink);
          return await whileThere(claimed, () => watchAway(claimed, process.env, away()), away());
        });
      return await heardBy(ears, false, () => desktops.start(id, where));
    },
    startComputer: async (desktop) => {
      const entry = join(out, "main", "executor-process.js");
      const computer = await startExecutor(entry, desktop, (words) => log.info(words), settings.now);
      return desktop.monitor === null ? computer : new ShieldedComputer(computer, shield);
    },
    openConversation: (setup, api) => createConversation(setup, conversationDeps(api)),
    restoreConversation: (setup, api, past) =>
      restoreConversation(setup, conversationDeps(api), past, (hash) => store.readImage(hash)),
    onTrouble: (error) => log.warn(error),
    isHandNear: () => ears.isHandNear,
    settings: () => settings.now,
    newId: () => `${new Date().toISOString().slice(0, 10).replaceAll("-", "")}-${randomBytes(4).toString("hex")}`,
    now: Date.now,
    ticks: () => performance.now(),
    sha256: (text) => createHash("sha256").update(text, "utf8").digest("hex"),
    platform: `${process.platform} ${process.arch}`,
  };
}

/** Hears the operator's chords for as long as this session has its desktop. */
async function heardBy<D extends { readonly stop: () => Promise<void> }>(
  ears: OperatorEars,
  shared: boolean,
  start: () => Promise<D>,
): Promise<D> {
  const close = await ears.open(shared);
  try {
    const desktop = await start();
    return { ...desktop, stop: () => desktop.stop().finally(close) };
  } catch (error) {
    close();
    throw error;
  }
}
