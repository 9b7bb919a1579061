/**
 * The windows of Windows and macOS as rules and the precheck see them: which one has the keyboard, which one is in front at
 * a point. What is there comes from `@miniben90/x-win`; what follows from it is decided here.
 */
import type { Point } from "../../../shared/geometry.ts";
import type { WindowFacts } from "../computer.ts";
import type { Hands } from "../hands.ts";

/** A window as the library tells it; `position` in the system's own px (Windows: physical, macOS: points). */
export type ListedWindow = {
  readonly id: number;
  readonly title: string;
  readonly position: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly info: {
    readonly processId: number;
    readonly name: string;
    readonly execName: string;
    readonly path: string;
  };
};

/** What the system shows: both answers are of this moment. */
export type WindowList = {
  /** The window with the keyboard; an id of 0 when there is none. */
  readonly active: () => Promise<ListedWindow>;
  /** Those on the screen, from the front to the back. */
  readonly open: () => Promise<readonly ListedWindow[]>;
};

export type SystemWindows = Pick<Hands, "focusWindow" | "windowAt">;

/**
 * @param owner the process whose windows are ours: looked past, as our windows are down when anything is done
 * @param scale physical px of the display for each of the system's px: 1 on Windows
 */
export function systemWindows(list: WindowList, owner: number, scale: number): SystemWindows {
  const facts = (window: ListedWindow): WindowFacts => {
    const { x, y, width, height } = window.position;
    const at = (system: number) => Math.round(system * scale);
    const { processId, name, execName, path } = window.info;
    return {
      id: window.id,
      pid: processId,
      // There is no class of a window as X11 has it: its program's name stands for it.
      class: name === "" ? execName : name,
      title: window.title,
      bounds: { x: at(x), y: at(y), w: at(width), h: at(height), scale: 1 },
      exe: baseName(path) ?? (execName === "" ? null : execName),
    };
  };
  const foreign = (window: ListedWindow) => window.id !== 0 && window.info.processId !== owner;
  return {
    focusWindow: async () => {
      const active = await list.active();
      if (foreign(active)) return facts(active);
      if (active.id === 0) return null;
      const below = (await list.open()).find(foreign);
      return below === undefined ? null : facts(below);
    },
    windowAt: async (point) => {
      const found = (await list.open())
        .filter(foreign)
        .map(facts)
        .find((window) => covers(window, point));
      return found ?? null;
    },
  };
}

function covers({ bounds }: WindowFacts, [x, y]: Point): boolean {
  return x >= bounds.x && y >= bounds.y && x < bounds.x + bounds.w && y < bounds.y + bounds.h;
}

/** Name of a program's file without folder and `.exe`; null when the path is not told. */
function baseName(path: string): string | null {
  const name = path.split(/[\\/]/).at(-1) ?? "";
  return name === "" ? null : name.replace(/\.exe$/i, "");
}
