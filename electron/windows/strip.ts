/** The compact strip: the same window, small and in a corner. */
import { type BrowserWindow, type Rectangle, screen } from "electron";

const STRIP = { width: 420, height: 180 } as const;
const SMALLEST = { width: 900, height: 600 } as const;
/** px between the strip and the edges of the screen's work area. */
const EDGE = 16;

export class Strip {
  #before: { readonly bounds: Rectangle; readonly maximized: boolean } | null = null;

  get on(): boolean {
    return this.#before !== null;
  }

  /** Makes the window a strip, or what it was before; it neither takes nor gives the focus. */
  set(window: BrowserWindow, on: boolean): void {
    if (on === this.on) return;
    if (on) {
      this.#before = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
      if (window.isMaximized()) window.unmaximize();
      const { workArea } = screen.getDisplayMatching(window.getBounds());
      window.setMinimumSize(STRIP.width, STRIP.height);
      window.setContentBounds({
        ...STRIP,
        x: workArea.x + workArea.width - STRIP.width - EDGE,
        y: workArea.y + workArea.height - STRIP.height - EDGE,
      });
      window.setAlwaysOnTop(true);
      return;
    }
    const before = this.#before;
    this.#before = null;
    window.setAlwaysOnTop(false);
    window.setMinimumSize(SMALLEST.width, SMALLEST.height);
    if (before !== null) window.setBounds(before.bounds);
    if (before?.maximized) window.maximize();
  }
}
