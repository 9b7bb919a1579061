/** The operator's side while sessions run: what calls them, what they are heard by, and where our window stands meanwhile. */
import { BrowserWindow, globalShortcut, type WebContents } from "electron";
import { callOf } from "../../shared/asked.ts";
import type { StoredEvent } from "../../shared/session-event.ts";
import type { SessionView } from "../../shared/session-view.ts";
import { hasTrayHost } from "../computer/bus/tray-host.ts";
import { displayOf } from "../desktop/this-desktop.ts";
import type { SessionManager } from "../session/manager.ts";
import { windowWanted } from "../session/window-wanted.ts";
import { Attention, isInFront } from "../windows/attention.ts";
import { DesktopMarks, notify } from "../windows/desktop-marks.ts";
import { PictureMemory } from "../windows/picture-memory.ts";
import { Strip } from "../windows/strip.ts";
import { WindowShield } from "../windows/window-shield.ts";
import type { AppSettings } from "./app-settings.ts";
import { OperatorEars } from "./operator-ears.ts";

export type OperatorParts = {
  /** The icon's file. */
  readonly icon: string;
  readonly env: NodeJS.ProcessEnv;
  readonly settings: AppSettings;
  readonly window: () => BrowserWindow | null;
  readonly manager: () => SessionManager;
  /** The operator chose a session outside the window. */
  readonly chosen: (session: string) => void;
  /** Two soft tones, by the window. */
  readonly chime: () => void;
  /** Something the window shows of this has changed. */
  readonly changed: () => void;
  /** For the log. */
  readonly warn: (what: unknown) => void;
};

export class OperatorSide {
  readonly strip = new Strip();
  readonly shield = new WindowShield(() => BrowserWindow.getAllWindows());
  readonly ears: OperatorEars;
  readonly attention: Attention;
  readonly #parts: OperatorParts;
  readonly #marks: DesktopMarks;
  readonly #pictureMemory = new PictureMemory();
  /** The open sessions as they are now. */
  readonly #views = new Map<string, SessionView>();
  #chordRefused: string | null = null;

  constructor(parts: OperatorParts) {
    const { icon, env, settings, window, manager, chosen, chime, changed, warn } = parts;
    this.#parts = parts;
    // Beside a session on this desktop Claude could click an icon that an earlier one left in the tray: it does nothing.
    const verbs = {
      show: () => this.#here === null && this.showWindow(),
      pause: () => this.#here === null && manager().runners.forEach((runner) => runner.pause()),
    };
    this.#marks = new DesktopMarks(window, verbs, this.#hasTray, icon);
    this.attention = new Attention({
      inFront: () => isInFront(window()),
      wants: () => settings.now,
      notify,
      chime,
      show: (session) => {
        this.showWindow();
        chosen(session);
      },
      mark: (waiting) => this.#marks.mark(waiting),
      tray: (open) => (open ? void this.#marks.openTray() : this.#marks.closeTray()),
    });
    this.ears = new OperatorEars({
      env,
      shortcuts: globalShortcut,
      anyInput: () => settings.now.anyInput,
      chords: () => settings.now.chords,
      onStop: () => manager().stopAll(),
      onDecision: (kind) => {
        const reply = manager().here?.decideByChord(kind) ?? null;
        this.#chordRefused = reply === null || reply.ok ? null : reply.error;
        changed();
      },
      // A card waits when the chord counts; should an action have begun meanwhile, the window stays down.
      onFocusCard: () => {
        if (!this.shield.down) this.showWindow();
      },
      onObstacle: changed,
      onDeaf: (why) => manager().here?.heard({ kind: "deaf", why }),
      onTrouble: warn,
    });
  }

  /** Why the operator's last chord did not count; null when it did. */
  get chordRefused(): string | null {
    return this.#chordRefused;
  }

  /** Brings the window up. It may not come over what Claude looks at: there it is a pause that brings it. */
  readonly showWindow = (): void => {
    const { window, manager } = this.#parts;
    if (this.shield.down) {
      manager().here?.pause();
      return;
    }
    if (window()?.isMinimized()) window()?.restore();
    window()?.show();
    window()?.focus();
  };

  /** Whether a window that is hidden can be found again in the tray. */
  readonly isInTray = (): Promise<boolean> => this.#marks.isInTray();

  readonly #hasTray = async (): Promise<boolean> => {
    const { env } = this.#parts;
    const { DBUS_SESSION_BUS_ADDRESS: bus = null } = env;
    return process.platform !== "linux" || (await hasTrayHost(bus, displayOf(env)));
  };

  /** Before the window gets a session's events: on a shared desktop it comes up when it is needed. */
  place(view: SessionView): void {
    this.#views.set(view.id, view);
    const here = this.#here;
    if (here === null) return;
    const others = [...this.#views.values()].filter(({ id }) => id !== here.id);
    this.shield.want(windowWanted(here) || others.some((other) => callOf(other)?.waits === true));
  }

  /** A session changed; called once the window has its events. */
  follow(view: SessionView, events: readonly StoredEvent[], contents: WebContents | null): void {
    const { changed, warn } = this.#parts;
    if (events.some(({ type }) => type === "turn.started")) this.#pictureMemory.turn(contents, warn);
    if (isHere(view)) {
      const card = cardOf(view);
      this.ears.deciding(card);
      if (this.#chordRefused !== null && card === null) {
        this.#chordRefused = null;
        changed();
      }
    }
    this.attention.follow(view);
    if (view.phase.kind === "ended") this.closed(view);
  }

  /** A session is over: by its end, or because its record can't be written. */
  closed(view: SessionView): void {
    this.#views.delete(view.id);
    this.attention.closed(view.id);
    if (isHere(view)) this.shield.want(true);
  }

  get #here(): SessionView | null {
    return [...this.#views.values()].find(isHere) ?? null;
  }
}

function isHere(view: SessionView): boolean {
  return view.config?.where.kind === "this";
}

/** What names the card that waits for the operator; null when none does. */
function cardOf({ id, phase }: SessionView): string | null {
  return phase.kind === "deciding" ? `${id} ${phase.proposal} ${phase.rev}` : null;
}
