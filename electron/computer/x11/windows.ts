/** The windows of a display as a policy and an operator see them: top-level ones, with class, title and process. */
import { readlink } from "node:fs/promises";
import { basename } from "node:path";
import type { Size } from "../../../shared/geometry.ts";
import type { WindowFacts } from "../computer.ts";
import { type X11, X11Error } from "./connection.ts";

/** How deep below a frame a client window may lie: window managers use one level, some two. */
const FRAME_DEPTH = 4;

/** Size of the whole root window now, physical px (it follows RandR changes). */
export async function displaySize(x11: X11): Promise<Size> {
  const { w, h } = await x11.place(x11.root);
  return { w, h };
}

/**
 * The top-level window with the keyboard focus: the client window that holds the X focus, which is where keys go; while
 * that is no client's, what the window manager calls active (EWMH `_NET_ACTIVE_WINDOW`; it lags behind a manager that
 * is busy). Null when there is none or it just went away.
 */
export async function focusWindow(x11: X11): Promise<WindowFacts | null> {
  return await orNull(async () => {
    const window = await focusedTopLevel(x11, await x11.inputFocus());
    return window === null ? null : await factsOf(x11, window);
  });
}

/**
 * The top-level window at a point, px of the root window: the client window inside the frame that is in front there, or
 * a window that no window manager handles (a menu) itself. Null over the bare desktop, or when it just went away.
 */
export async function windowAt(x11: X11, x: number, y: number): Promise<WindowFacts | null> {
  return await orNull(async () => {
    const frame = await x11.childAt(x11.root, x, y);
    if (frame === 0) return null;
    return await factsOf(x11, await clientOf(x11, frame));
  });
}

/** The id of the focused top-level window; null when there is none or it just went away. */
export async function focusId(x11: X11): Promise<number | null> {
  return await topLevelOf(x11, await x11.inputFocus());
}

/** The id of the top-level window that keys go to while `focus` has the X focus; null like `focusId`. */
export async function topLevelOf(x11: X11, focus: number): Promise<number | null> {
  return await orNull(() => focusedTopLevel(x11, focus));
}

async function focusedTopLevel(x11: X11, focus: number): Promise<number | null> {
  const active = await x11.property(x11.root, "_NET_ACTIVE_WINDOW");
  const client = focus <= 1 || focus === x11.root ? null : await clientAround(x11, focus);
  if (client !== null) return client;
  const id = active !== null && active.data.length >= 4 ? active.data.readUInt32LE(0) : 0;
  return id === 0 ? null : id;
}

/** The client window that `window` is or is inside of; null when there is none (a window manager's own window). */
async function clientAround(x11: X11, window: number): Promise<number | null> {
  for (let at = window; at !== 0 && at !== x11.root; at = (await x11.tree(at)).parent) {
    if ((await x11.property(at, "WM_STATE")) !== null) return at;
  }
  return null;
}

/** The client window of a child of the root window: the one inside its frame, or itself. */
export async function clientOf(x11: X11, child: number): Promise<number> {
  return (await clientWithin(x11, [child])) ?? child;
}

/** The first window with WM_STATE (ICCCM: set on client windows alone) among `windows` and what is inside them. */
async function clientWithin(x11: X11, windows: readonly number[], depth = 0): Promise<number | null> {
  if (windows.length === 0 || depth > FRAME_DEPTH) return null;
  const states = await Promise.all(windows.map((window) => orNull(() => x11.property(window, "WM_STATE"))));
  const found = windows.find((_, i) => states[i] !== null);
  if (found !== undefined) return found;
  const trees = await Promise.all(windows.map((window) => orNull(() => x11.tree(window))));
  return await clientWithin(
    x11,
    trees.flatMap((tree) => tree?.children ?? []),
    depth + 1,
  );
}

/** What is known of one window; rejects when it has gone. */
export async function factsOf(x11: X11, window: number): Promise<WindowFacts> {
  const [place, process, wmClass, title] = await Promise.all([
    x11.place(window),
    x11.programPid(window),
    x11.property(window, "WM_CLASS"),
    titleOf(x11, window),
  ]);
  return {
    id: window,
    pid: process,
    // Two texts, each ended by NUL: the instance's name, then the class.
    class: wmClass?.data.toString("latin1").split("\0")[1] ?? "",
    title,
    bounds: { ...place, scale: 1 },
    exe: process === null ? null : await executableOf(process),
  };
}

/** Name of a process's executable, without its folder; null when the process is gone or another user's. */
async function executableOf(pid: number): Promise<string | null> {
  try {
    // A program that was updated while it runs has this behind its name.
    return basename(await readlink(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, "");
  } catch {
    return null;
  }
}

async function titleOf(x11: X11, window: number): Promise<string> {
  const [modern, plain, utf8] = await Promise.all([
    x11.property(window, "_NET_WM_NAME"),
    x11.property(window, "WM_NAME"),
    x11.atom("UTF8_STRING"),
  ]);
  if (modern !== null) return modern.data.toString("utf8");
  return plain?.data.toString(plain.type === utf8 ? "utf8" : "latin1") ?? "";
}

/** Windows go away between two questions: the server's refusal is then an answer. */
export async function orNull<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof X11Error && error.code === "request") return null;
    throw error;
  }
}
