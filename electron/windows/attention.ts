/**
 * Calls the operator when something waits and the window is not in front: a notification that decides nothing, a sound, a
 * badge, the window's title, an icon in the tray. While a session works on this desktop, where Claude looks at and clicks into
 * the same screen, there is neither a notification nor an icon, of no session.
 */
import type { BrowserWindow } from "electron";
import { type Call, callOf } from "../../shared/asked.ts";
import type { SessionView } from "../../shared/session-view.ts";
import { showText } from "../../shared/visible-text.ts";

/**
 * Whether the operator can be looking at the window. Its focus alone does not say so: a window that is hidden while the
 * focus is on its way to it (X11) is called focused from then on.
 */
export function isInFront(window: Pick<BrowserWindow, "isVisible" | "isMinimized" | "isFocused"> | null): boolean {
  return isInSight(window) && window?.isFocused() === true;
}

/** Whether the window is on the screen, as far as a program can know: it is neither hidden nor minimised. */
export function isInSight(window: Pick<BrowserWindow, "isVisible" | "isMinimized"> | null): boolean {
  return window?.isVisible() === true && !window.isMinimized();
}

export type AttentionDeps = {
  /** Whether the window is in front. */
  readonly inFront: () => boolean;
  readonly wants: () => { readonly notify: boolean; readonly sound: boolean };
  /** Shows a notification without buttons; `onClick` when it was clicked. Returns how to take it away. */
  readonly notify: (title: string, body: string, onClick: () => void) => () => void;
  /** Two soft tones. */
  readonly chime: () => void;
  /** Brings the window, and this session in it, to the front: only ever by a click of the operator on what was shown. */
  readonly show: (session: string) => void;
  /** The badge, the tray's words and the title: how many sessions wait. */
  readonly mark: (waiting: number) => void;
  /** Whether there is an icon in the tray. */
  readonly tray: (open: boolean) => void;
};

type Called = {
  readonly call: Call;
  readonly view: SessionView;
  /** Whether the operator may still be called for it: once at most. */
  untold: boolean;
  takeAway: (() => void) | null;
};

export class Attention {
  readonly #deps: AttentionDeps;
  readonly #open = new Map<string, SessionView>();
  readonly #calls = new Map<string, Called>();
  #marked = 0;

  constructor(deps: AttentionDeps) {
    this.#deps = deps;
  }

  /** A session changed. */
  follow(view: SessionView): void {
    if (view.phase.kind === "ended") this.#open.delete(view.id);
    else this.#open.set(view.id, view);
    this.#tray();
    const call = callOf(view);
    const before = this.#calls.get(view.id);
    if (call?.key === before?.call.key) return;
    if (before !== undefined) clear(before);
    this.#calls.delete(view.id);
    if (call !== null) {
      const called = { call, view, untold: true, takeAway: null };
      this.#calls.set(view.id, called);
      this.#tell(called);
      // An end waits for nobody: it is told at once or not at all.
      if (!call.waits) called.untold = false;
    }
    this.#mark();
  }

  /** A session is open no longer, though its record may not say so. What its end said stays until it is seen. */
  closed(session: string): void {
    this.#open.delete(session);
    this.#tray();
    const called = this.#calls.get(session);
    if (called?.call.waits !== true) return;
    clear(called);
    this.#calls.delete(session);
    this.#mark();
  }

  /** The window came to the front: what was called for is seen. */
  seen(): void {
    for (const [session, called] of this.#calls) {
      clear(called);
      if (!called.call.waits) this.#calls.delete(session);
    }
  }

  /** The window is hidden, or behind others: what waits may have come a moment before, and not have been seen. */
  left(): void {
    for (const called of this.#calls.values()) this.#tell(called);
  }

  #tell(called: Called): void {
    const { call, view } = called;
    if (!called.untold || this.#deps.inFront()) return;
    called.untold = false;
    const { notify, sound } = this.#deps.wants();
    if (sound && call.waits) this.#deps.chime();
    // On this desktop a notification would be in Claude's picture, and under Claude's pointer.
    if (!notify || isHere(view) || this.#anyHere) return;
    const others = [...this.#open.keys()].some((id) => id !== view.id);
    const body = others ? `${nameOf(view)}: ${call.body}` : call.body;
    called.takeAway = this.#deps.notify(call.title, body, () => this.#deps.show(view.id));
  }

  #mark(): void {
    const waiting = [...this.#calls.values()].filter(({ call }) => call.waits).length;
    if (waiting === this.#marked) return;
    this.#marked = waiting;
    this.#deps.mark(waiting);
  }

  #tray(): void {
    this.#deps.tray(this.#open.size > 0 && !this.#anyHere);
  }

  get #anyHere(): boolean {
    return [...this.#open.values()].some(isHere);
  }
}

function clear(called: Called): void {
  called.takeAway?.();
  called.takeAway = null;
}

function isHere(view: SessionView): boolean {
  return view.config?.where.kind === "this";
}

/** Longest part of a task that names its session, in UTF-16 units. */
const LONGEST_NAME = 60;

/** The beginning of the task: the operator's words, not Claude's. */
function nameOf({ id, config }: SessionView): string {
  const task = showText(config?.task ?? id);
  return task.length <= LONGEST_NAME ? task : `${task.slice(0, LONGEST_NAME - 1)}…`;
}
