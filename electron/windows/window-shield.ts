/** Our windows step aside while Claude looks or acts on the desktop they stand on, and come back without taking the focus. */
import type { BrowserWindow } from "electron";

/** What a window was before it stepped aside: the window manager forgets it with the window. */
type Stance = { readonly maximized: boolean; readonly onTop: boolean; readonly bounds: Electron.Rectangle };

export class WindowShield {
  readonly #windows: () => readonly BrowserWindow[];
  readonly #later: (run: () => void, ms: number) => void;
  readonly #aside = new Map<BrowserWindow, Stance>();
  /** Asked to show a moment ago: the display may not show them yet, and then who looks for windows in the way misses them. */
  readonly #coming = new Map<BrowserWindow, Stance>();
  readonly #waiting = new Set<() => void>();
  #lowered = false;
  #wanted = true;
  #question = new AbortController();

  /**
   * @param windows all windows that are open now
   * @param later runs something once, in so many ms
   */
  constructor(
    windows: () => readonly BrowserWindow[],
    later: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms),
  ) {
    this.#windows = windows;
    this.#later = later;
  }

  /** Whether windows of ours are aside now. */
  get down(): boolean {
    return this.#aside.size > 0;
  }

  /** Takes the windows with these X ids off the screen, and those that only just come back; an open question is taken back. */
  lower(ids: readonly number[]): void {
    this.#lowered = true;
    this.#question.abort();
    this.#question = new AbortController();
    for (const window of this.#windows()) {
      if (window.isDestroyed() || !window.isVisible()) continue;
      const coming = this.#coming.get(window) ?? null;
      const seen = ids.includes(idOf(window));
      if (coming === null && !seen) continue;
      this.#coming.delete(window);
      // What is not on the display yet does not say either where it will be.
      const { onTop, ...now } = stanceOf(window);
      this.#aside.set(window, { ...(seen ? now : (coming ?? now)), onTop });
      window.hide();
    }
  }

  /** The windows may come back, if they are wanted. */
  raise(): void {
    this.#lowered = false;
    this.#comeBack();
  }

  /** Whether the operator needs the windows now: in an automatic run they stay aside between two actions. */
  want(wanted: boolean): void {
    this.#wanted = wanted;
    this.#comeBack();
  }

  /** Resolves when no window of ours has to stay aside; its signal takes back a question when one has to again. */
  async clearToAsk(): Promise<AbortSignal> {
    while (this.#lowered) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
    return this.#question.signal;
  }

  #comeBack(): void {
    if (this.#lowered) return;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    if (!this.#wanted) return;
    for (const [window, stance] of this.#aside) {
      this.#aside.delete(window);
      if (window.isDestroyed()) continue;
      this.#coming.set(window, stance);
      this.#later(() => {
        if (this.#coming.get(window) === stance) this.#coming.delete(window);
      }, PLACING);
      show(window, stance);
    }
  }
}

function stanceOf(window: BrowserWindow): Stance {
  return { maximized: window.isMaximized(), onTop: window.isAlwaysOnTop(), bounds: window.getBounds() };
}

function show(window: BrowserWindow, { maximized, onTop, bounds }: Stance): void {
  window.showInactive();
  if (onTop) window.setAlwaysOnTop(true);
  if (maximized) window.maximize();
  keepAt(window, maximized ? null : bounds);
}

/** How long after it came back a window is put where it was whenever something else moves it, and how often to the front, ms. */
const PLACING = 500;
const RAISING = 100;

/**
 * A window manager may place a window that comes back anew, wholly on one display, when it maps it, and behind what has the
 * focus, where nobody sees that something waits. It says neither when it maps it nor when it is done: both are put right for a
 * while. Null: the place is the window manager's.
 */
function keepAt(window: BrowserWindow, bounds: Electron.Rectangle | null): void {
  const put = () => {
    if (bounds === null) return;
    const { x, y, width, height } = window.getBounds();
    if (x !== bounds.x || y !== bounds.y || width !== bounds.width || height !== bounds.height)
      window.setBounds(bounds);
  };
  const stop = () => {
    clearTimeout(timer);
    clearInterval(raising);
    window.off("move", put);
    window.off("resize", put);
    window.off("hide", stop);
    window.off("closed", stop);
  };
  const timer = setTimeout(stop, PLACING);
  const raising = setInterval(() => window.moveTop(), RAISING);
  window.moveTop();
  window.on("move", put);
  window.on("resize", put);
  window.once("hide", stop);
  window.once("closed", stop);
}

/** The X id of a window: the first four bytes of its handle, in the machine's order. */
function idOf(window: BrowserWindow): number {
  const handle = window.getNativeWindowHandle();
  return handle.length >= 4 ? handle.readUInt32LE(0) : 0;
}
