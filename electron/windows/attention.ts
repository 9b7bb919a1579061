/**
 * Calls the operator when something waits and the window is not in front: a notification that decides nothing, a sound, a
 * badge, the window's title, an icon in the tray. On this desktop, where Claude looks at and clicks into the same screen, there is
 * neither a notification nor an icon.
 */
import type { BrowserWindow } from "electron";
import { type Call, callOf } from "../../shared/asked.ts";
import type { SessionView } from "../../shared/session-view.ts";

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
  /** Brings the window to the front: only ever by a click of the operator on what was shown. */
  readonly show: () => void;
  /** The badge, the tray's words and the title: whether something waits. */
  readonly mark: (waits: boolean) => void;
  /** Whether there is an icon in the tray. */
  readonly tray: (open: boolean) => void;
};

export class Attention {
  readonly #deps: AttentionDeps;
  #call: Call | null = null;
  /** Whether the operator may still be called for it: once at most. */
  #untold = false;
  /** On this desktop a notification would be in Claude's picture, and under Claude's pointer. */
  #quietly = false;
  #takeAway: (() => void) | null = null;

  constructor(deps: AttentionDeps) {
    this.#deps = deps;
  }

  /** The session changed. */
  follow(view: SessionView): void {
    this.#deps.tray(view.config?.where.kind === "own" && view.phase.kind !== "ended");
    const call = callOf(view);
    if (call?.key === this.#call?.key) return;
    this.#clear();
    this.#call = call;
    this.#untold = call !== null;
    this.#quietly = view.config?.where.kind === "this";
    this.#deps.mark(call?.waits === true);
    this.#tell();
    // An end waits for nobody: it is told at once or not at all.
    if (call?.waits === false) this.#untold = false;
  }

  /** The window came to the front: what was called for is seen. */
  seen(): void {
    this.#clear();
  }

  /** The window is hidden, or behind others: what waits may have come a moment before, and not have been seen. */
  left(): void {
    this.#tell();
  }

  #tell(): void {
    if (this.#call === null || !this.#untold || this.#deps.inFront()) return;
    this.#untold = false;
    const { notify, sound } = this.#deps.wants();
    if (sound && this.#call.waits) this.#deps.chime();
    if (notify && !this.#quietly)
      this.#takeAway = this.#deps.notify(this.#call.title, this.#call.body, this.#deps.show);
  }

  #clear(): void {
    this.#takeAway?.();
    this.#takeAway = null;
  }
}
