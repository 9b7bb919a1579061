/**
 * The window with the keyboard on Windows and macOS, from `@miniben90/x-win`: a package for each system with what it needs
 * inside, nothing downloaded, nothing run when installed. It is loaded there alone. What is in front at a point it can't tell
 * (docs/ARCHITECTURE.md), so no rule about a point's window lets anything pass on these systems.
 */
import type { WindowFacts } from "../computer.ts";

/** What of the library's answer is used. `position` in the system's own px, as nut-js has them. */
export type ActiveWindow = {
  /** 0: none. */
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

/** Asks the library, which is loaded at the first question; rejects when it can't be. */
export async function askSystem(): Promise<ActiveWindow> {
  const { activeWindowAsync } = await import("@miniben90/x-win");
  return await activeWindowAsync();
}

/**
 * The window that keys go to; null when there is none, when it is ours (it will be gone when keys are pressed, and what
 * comes then is not known) or when the system does not answer.
 * @param owner the process of our own windows; null: none is there
 */
export async function frontWindow(ask: () => Promise<ActiveWindow>, owner: number | null): Promise<WindowFacts | null> {
  const active = await ask().catch(() => null);
  if (active === null || active.id === 0 || active.info.processId === owner) return null;
  const { x, y, width: w, height: h } = active.position;
  const { processId, name, execName, path } = active.info;
  const exe = baseName(path) ?? execName;
  return {
    id: active.id,
    pid: processId === 0 ? null : processId,
    // A window has no class of its own there: its program's name stands for it.
    class: name === "" ? execName : name,
    title: active.title,
    bounds: { x, y, w, h, scale: 1 },
    exe: exe === "" ? null : exe,
  };
}

/** Name of a program without folder, `.exe` and `.app`; null when its path is not told. */
function baseName(path: string): string | null {
  const name = path.split(/[\\/]/).at(-1) ?? "";
  return name === "" ? null : name.replace(/\.(exe|app)$/i, "");
}
