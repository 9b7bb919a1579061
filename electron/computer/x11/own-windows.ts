/** Our windows on the operator's X display: found by their process, waited for, looked past. */
import type { Geometry } from "x11";
import type { Display, Point, Region } from "../../../shared/geometry.ts";
import { ComputerError, type WindowFacts } from "../computer.ts";
import type { OwnWindow, OwnWindows } from "../own-windows.ts";
import { openX11, type X11 } from "./connection.ts";
import { pause } from "./wait.ts";
import { windowManagerReady } from "./window-manager.ts";
import { clientOf, factsOf, focusId, focusWindow, orNull, windowAt } from "./windows.ts";

const VIEWABLE = 2;
const INPUT_OUTPUT = 1;
const EVENT_PROPERTY_CHANGE = 0x400000;
const EVENT_SUBSTRUCTURE_NOTIFY = 0x80000;
/** EWMH: the request comes from something like a pager, on the person's behalf. */
const SOURCE_PAGER = 2;
const REVERT_TO_PARENT = 2;
const LOOK = 5;
/** How long our windows may take to go, the window manager to take that in, the focus to move, ms. */
const GONE = 1500;
const TAKEN_IN = 500;
const FOCUSED = 500;

type Shown = { readonly client: number; readonly frame: number; readonly region: Region };

/**
 * Opens a connection of its own. `owner` is the process whose windows are ours (`_NET_WM_PID`: Chromium and GTK set it on
 * every top-level window, menus and dialogs too).
 */
export async function openOwnWindows(display: string, authority: string, owner: number): Promise<OwnWindows> {
  const x11 = await openX11({ display, authority });
  const own = new Windows(x11, owner);
  await own.watchFocus();
  return {
    inTheWay: (on) => own.inTheWay(on),
    gone: (on, signal) => own.gone(on, signal),
    focusBack: (signal) => own.focusBack(signal),
    wipe: (regions, colour) => own.wipe(regions, colour),
    isOn: async (on) => (await own.here(on)).length > 0,
    isUnder: (point) => own.isUnder(point),
    focusWindow: () => own.focusWindow(),
    windowAt: (point) => own.windowAt(point),
    close: () => x11.close(),
  };
}

class Windows {
  readonly #x11: X11;
  readonly #owner: number;
  /** The last window that had the focus and is not ours. */
  #foreign: number | null = null;
  /** Of the last `inTheWay`: our windows, and to whom the focus goes back (null: we did not have it). */
  #met: readonly Shown[] = [];
  #back: number | null = null;

  constructor(x11: X11, owner: number) {
    this.#x11 = x11;
    this.#owner = owner;
  }

  /** Keeps in mind who has the focus, from now on. */
  async watchFocus(): Promise<void> {
    const active = await this.#x11.atom("_NET_ACTIVE_WINDOW");
    const note = async () => {
      const id = await focusId(this.#x11);
      if (id !== null && !(await this.#isOurs(id))) this.#foreign = id;
    };
    this.#x11.onEvent((event) => {
      // The connection may end in between: whoever asks next hears of it.
      if (event.name === "PropertyNotify" && event.atom === active) note().catch(() => undefined);
    });
    this.#x11.tell((client) =>
      client.ChangeWindowAttributes(this.#x11.root, { eventMask: EVENT_SUBSTRUCTURE_NOTIFY | EVENT_PROPERTY_CHANGE }),
    );
    await note();
  }

  async inTheWay(display: Display): Promise<readonly OwnWindow[]> {
    // A window that was asked to come back a moment ago is not there before the window manager has put it there.
    await windowManagerReady(this.#x11, TAKEN_IN);
    this.#met = (await this.#shown()).filter(({ region }) => cut(region, display) !== null);
    const focus = await focusId(this.#x11);
    const ours = focus !== null && (await this.#isOurs(focus));
    this.#back = ours ? (this.#foreign ?? (await this.#topmost())) : null;
    return this.#met.flatMap(({ client, region }) => {
      const part = cut(region, display);
      return part === null ? [] : [{ id: client, region: part }];
    });
  }

  async gone(display: Display, signal: AbortSignal): Promise<readonly Region[]> {
    const met = this.#met;
    const end = performance.now() + GONE;
    for (;;) {
      const there = await Promise.all(met.map(({ frame }) => this.#isViewable(frame)));
      if (!there.includes(true) && (await this.here(display)).length === 0) break;
      if (signal.aborted) return [];
      if (performance.now() > end)
        throw new ComputerError("capture_failed", "A window of Countersign stays on the display that Claude works on.");
      await pause(LOOK, signal);
    }
    this.#met = [];
    if (met.length > 0) await windowManagerReady(this.#x11, TAKEN_IN);
    return met.map(({ region }) => cut(region, display)).filter((region) => region !== null);
  }

  async focusBack(signal: AbortSignal): Promise<void> {
    const back = this.#back;
    this.#back = null;
    if (back === null || (await this.#focusIs(back, signal, 0)) || !(await this.#isViewable(back))) return;
    const kind = await this.#x11.atom("_NET_ACTIVE_WINDOW");
    await orNull(() => this.#x11.messageToRoot(back, kind, [SOURCE_PAGER, 0, 0, 0, 0]));
    if (await this.#focusIs(back, signal, FOCUSED)) return;
    // No window manager, or one that does not listen.
    this.#x11.tell((client) => client.SetInputFocus(back, REVERT_TO_PARENT));
    await orNull(() => this.#x11.sync());
  }

  async wipe(regions: readonly Region[], colour: number): Promise<void> {
    // A compositor keeps each window's picture for itself: nothing of ours stays behind there, and this would be a flash.
    if (regions.length === 0 || (await this.#isComposited())) return;
    this.#x11.tell((client) => {
      for (const [x0, y0, x1, y1] of regions) {
        const window = client.AllocID();
        const looks = { backgroundPixel: colour, overrideRedirect: 1 };
        client.CreateWindow(window, this.#x11.root, x0, y0, x1 - x0, y1 - y0, 0, 0, INPUT_OUTPUT, 0, looks);
        client.MapWindow(window);
        client.DestroyWindow(window);
      }
    });
    await this.#x11.sync();
  }

  async isUnder(point: Point | null): Promise<boolean> {
    const { root } = this.#x11;
    const child =
      point === null ? (await this.#x11.pointer()).child : await this.#x11.childAt(root, point[0], point[1]);
    return child !== 0 && (await this.#isOurs(child));
  }

  async focusWindow(): Promise<WindowFacts | null> {
    const facts = await focusWindow(this.#x11);
    if (facts === null || facts.pid !== this.#owner) return facts;
    const before = this.#foreign ?? (await this.#topmost());
    return before === null ? null : await orNull(() => factsOf(this.#x11, before));
  }

  async windowAt([x, y]: Point): Promise<WindowFacts | null> {
    const front = await windowAt(this.#x11, x, y);
    // A window that is just coming back may be framed between two questions: the answer itself says whose it is.
    if (front?.pid !== this.#owner && !(await this.isUnder([x, y]))) return front;
    for (const { child, region } of (await this.#children()).reverse()) {
      const [x0, y0, x1, y1] = region;
      if (x < x0 || y < y0 || x >= x1 || y >= y1 || (await this.#isOurs(child))) continue;
      return await orNull(async () => factsOf(this.#x11, await clientOf(this.#x11, child)));
    }
    return null;
  }

  async here(display: Display): Promise<readonly Shown[]> {
    return (await this.#shown()).filter(({ region }) => cut(region, display) !== null);
  }

  /** Our windows that are on the screen. */
  async #shown(): Promise<readonly Shown[]> {
    const children = await this.#children();
    const ours = await Promise.all(children.map(({ child }) => this.#isOurs(child)));
    const mine = children.filter((_, i) => ours[i]);
    return await Promise.all(
      mine.map(async ({ child, region }) => ({ client: await clientOf(this.#x11, child), frame: child, region })),
    );
  }

  /** What is on the screen, from the back to the front. */
  async #children(): Promise<{ readonly child: number; readonly region: Region }[]> {
    const { children } = await this.#x11.tree(this.#x11.root);
    const found = await Promise.all(
      children.map(async (child) => {
        if (!(await this.#isViewable(child))) return null;
        const at = await orNull(() => this.#x11.ask<Geometry>((client, reply) => client.GetGeometry(child, reply)));
        if (at === null) return null;
        const [w, h] = [at.width + 2 * at.borderWidth, at.height + 2 * at.borderWidth];
        return { child, region: [at.xPos, at.yPos, at.xPos + w, at.yPos + h] as const };
      }),
    );
    return found.filter((each) => each !== null);
  }

  async #isViewable(window: number): Promise<boolean> {
    const got = await orNull(() =>
      this.#x11.ask<{ readonly mapState: number }>((client, reply) => client.GetWindowAttributes(window, reply)),
    );
    return got?.mapState === VIEWABLE;
  }

  /** Whether a child of the root window, or the client in it, belongs to our process. */
  async #isOurs(child: number): Promise<boolean> {
    const client = await orNull(() => clientOf(this.#x11, child));
    for (const window of client === null || client === child ? [child] : [client, child]) {
      const pid = await orNull(() => this.#x11.property(window, "_NET_WM_PID"));
      if (pid !== null && pid.data.length >= 4) return pid.data.readUInt32LE(0) === this.#owner;
    }
    return false;
  }

  /** The frontmost window of another program: who has the focus next when nobody is known to have had it. */
  async #topmost(): Promise<number | null> {
    const list = await this.#x11.property(this.#x11.root, "_NET_CLIENT_LIST_STACKING");
    if (list === null) return null;
    const ids = Array.from({ length: Math.floor(list.data.length / 4) }, (_, i) => list.data.readUInt32LE(i * 4));
    for (const id of ids.reverse()) {
      if ((await this.#isViewable(id)) && !(await this.#isOurs(id)) && !(await this.#isPanel(id))) return id;
    }
    return null;
  }

  /** Panels and the desktop itself take no keys. */
  async #isPanel(id: number): Promise<boolean> {
    const [type, dock, desktop] = await Promise.all([
      orNull(() => this.#x11.property(id, "_NET_WM_WINDOW_TYPE")),
      this.#x11.atom("_NET_WM_WINDOW_TYPE_DOCK"),
      this.#x11.atom("_NET_WM_WINDOW_TYPE_DESKTOP"),
    ]);
    const first = type !== null && type.data.length >= 4 ? type.data.readUInt32LE(0) : 0;
    return first === dock || first === desktop;
  }

  /** Whether `id` gets the focus within `limitMs`. */
  async #focusIs(id: number, signal: AbortSignal, limitMs: number): Promise<boolean> {
    for (const end = performance.now() + limitMs; ; await pause(LOOK, signal)) {
      if ((await focusId(this.#x11)) === id) return true;
      if (signal.aborted || performance.now() >= end) return false;
    }
  }

  async #isComposited(): Promise<boolean> {
    const manager = await this.#x11.atom("_NET_WM_CM_S0");
    return (await this.#x11.ask<number>((client, reply) => client.GetSelectionOwner(manager, reply))) !== 0;
  }
}

/** The part of a region that is on the display; null when there is none. */
function cut([x0, y0, x1, y1]: Region, { x, y, w, h }: Display): Region | null {
  const part = [Math.max(x0, x), Math.max(y0, y), Math.min(x1, x + w), Math.min(y1, y + h)] as const;
  return part[0] < part[2] && part[1] < part[3] ? part : null;
}
