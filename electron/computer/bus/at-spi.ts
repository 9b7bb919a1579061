/**
 * Reads controls off an accessibility bus by AT-SPI's own interfaces (org.a11y.atspi.Accessible, .Component and
 * .Collection, in at-spi2-core's xml/). Every answer is a program's own words about itself: bounded here, believed only
 * where the X server agrees about the window, and null whenever a program is late, absent or says something else.
 */
import { Variant } from "@jellybrick/dbus-next";
import type { Point } from "../../../shared/geometry.ts";
import type { Rect, SeenControl } from "../../../shared/policy/facts.ts";
import { CONTAINERS, CONTROL_ROLES, isShowing, matchRule, PASSWORD_TEXT } from "./at-spi-words.ts";
import type { Bus } from "./bus.ts";

/** A window as the X server knows it: whose it is, what it is called, where it is (px of the desktop). */
export type TopWindow = { readonly pid: number | null; readonly title: string; readonly bounds: Rect };

export type AtSpi = {
  /** The control at a point (px of the desktop) of a window, by `until` (ms of `now`); null when nobody said. */
  readonly at: (window: TopWindow, point: Point, until: number) => Promise<SeenControl | null>;
  /** The control of a window that has the keyboard focus. */
  readonly focused: (window: TopWindow, until: number) => Promise<SeenControl | null>;
};

type Ref = { readonly name: string; readonly path: string };

const ACCESSIBLE = "org.a11y.atspi.Accessible";
const COMPONENT = "org.a11y.atspi.Component";
const COLLECTION = "org.a11y.atspi.Collection";
const PROPERTIES = "org.freedesktop.DBus.Properties";
const NOBODY = "/org/a11y/atspi/null";
const DESKTOP: Ref = { name: "org.a11y.atspi.Registry", path: "/org/a11y/atspi/accessible/root" };
const DAEMON = { to: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", face: "org.freedesktop.DBus" } as const;
/** Coordinates of the whole screen (ATSPI_COORD_TYPE_SCREEN). */
const SCREEN = 0;

/** How far a window may be, by its own words, from where the X server has it: frames and shadows, px. */
const AWAY = 64;
/** How far above the deepest thing under a point its control may be, as levels. */
const ABOVE = 6;
/** How many children of one thing are asked where they are. */
const WIDE = 64;
/** How many programs, windows and things are looked at, and how many characters of a name are kept. */
const MOST = 200;
const NAME = 1000;
/** A program that leaves one question open for so long hangs, and is left alone for a while, ms. */
const HUNG = 25;
const REST = 1000;

/** @param now ms of a clock that never goes back */
export function openAtSpi(bus: Bus, now: () => number): AtSpi {
  /** Whose process a name on the bus is; names are never given twice. */
  const pids = new Map<string, number>();
  const slow = new Map<string, number>();

  const call = async (
    to: Ref,
    face: string,
    member: string,
    until: number,
    signature = "",
    body: readonly unknown[] = [],
  ): Promise<unknown> => {
    const limit = until - now();
    if (limit <= 0 || (slow.get(to.name) ?? 0) > now()) throw new Error("no time left");
    try {
      const [answer] = await bus.call({ to: to.name, path: to.path, face, member, signature, body }, limit);
      return answer;
    } catch (error) {
      // A timer may fire a moment early. What was asked last was late itself only if it had some time.
      if (now() >= until - 1 && limit > HUNG) slow.set(to.name, now() + REST);
      throw error;
    }
  };
  const children = async (of: Ref, until: number) => refs(await call(of, ACCESSIBLE, "GetChildren", until));
  const extents = async (of: Ref, until: number) => rect(await call(of, COMPONENT, "GetExtents", until, "u", [SCREEN]));
  const property = async (of: Ref, name: string, until: number) => {
    const value = await call(of, PROPERTIES, "Get", until, "ss", [ACCESSIBLE, name]);
    return value instanceof Variant ? (value.value as unknown) : null;
  };
  const nameOf = async (of: Ref, until: number) => bounded(await property(of, "Name", until));

  const pidOf = async (name: string, until: number): Promise<number | null> => {
    const known = pids.get(name);
    if (known !== undefined) return known;
    const member = "GetConnectionUnixProcessID";
    const limit = until - now();
    if (limit <= 0) return null;
    const [pid] = await bus.call({ ...DAEMON, member, signature: "s", body: [name] }, limit);
    if (typeof pid !== "number") return null;
    if (pids.size > MOST * 5) pids.clear();
    pids.set(name, pid);
    return pid;
  };

  /** The windows of a process, by its own words. */
  const windowsOf = async (pid: number, until: number): Promise<readonly Ref[]> => {
    const programs = await children(DESKTOP, until);
    const own = await all(programs, async (each) => ((await pidOf(each.name, until)) === pid ? each : null));
    return (await all(own, (each) => children(each, until))).flat().slice(0, MOST);
  };

  /** What a program calls the window that the X server has: one at its place, and with its title where several are. */
  const topOf = async (windows: readonly Ref[], window: TopWindow, until: number): Promise<Ref | null> => {
    const placed = await all(windows, async (each) =>
      isNear(await extents(each, until), window.bounds) ? each : null,
    );
    if (placed.length < 2) return placed[0] ?? null;
    const named = await all(placed, async (each) => ((await nameOf(each, until)) === window.title ? each : null));
    return named.length === 1 ? (named[0] ?? null) : null;
  };

  const matches = async (within: Ref, what: Parameters<typeof matchRule>[0], most: number, until: number) =>
    refs(
      await call(within, COLLECTION, "GetMatches", until, "(aiia{ss}iaiiasib)uib", [matchRule(what), 1, most, true]),
    );

  /** What a thing itself says is at a point inside of it: as far down as it knows, which may be nowhere. */
  const hitBy = async (within: Ref, [x, y]: Point, until: number): Promise<Ref | null> => {
    const hit = refOf(await call(within, COMPONENT, "GetAccessibleAtPoint", until, "iiu", [x, y, SCREEN]));
    return hit === null || hit.path === within.path || hit.name !== within.name ? null : hit;
  };

  /** Those of a thing's children that show and are at a point, the last drawn first; then those that do not say where. */
  const childrenAt = async (list: readonly Ref[], point: Point, until: number): Promise<readonly Ref[]> => {
    if (list.length < 2) return list;
    const there = await all(list.slice(0, WIDE), async (each) => {
      const [place, states] = await Promise.all([extents(each, until), call(each, ACCESSIBLE, "GetState", until)]);
      return isShowing(states) && (place === null || isIn(point, place)) ? { each, known: place !== null } : null;
    });
    const [known, unknown] = [true, false].map((wanted) => there.filter((found) => found.known === wanted));
    return [...(known ?? []).toReversed(), ...(unknown ?? [])].map(({ each }) => each);
  };

  const roleOf = async (of: Ref, until: number): Promise<number> => {
    const role = await call(of, ACCESSIBLE, "GetRole", until);
    return typeof role === "number" ? role : 0;
  };

  /** A thing of this role as a control; null when an operator would not call it one. */
  const asControl = async (of: Ref, role: number, until: number): Promise<SeenControl | null> => {
    const words = CONTROL_ROLES.get(role);
    if (words === undefined) return null;
    const [name, bounds] = await Promise.all([nameOf(of, until), extents(of, until).catch(() => null)]);
    return { name, role: words, password: role === PASSWORD_TEXT, bounds };
  };

  /** The thing itself, or the nearest one around it and inside of `within`, as a control. */
  const controlAround = async (of: Ref, within: Ref, until: number): Promise<SeenControl | null> => {
    let at: Ref | null = of;
    for (let level = 0; level <= ABOVE && at !== null && at.path !== within.path && at.name === of.name; level += 1) {
      const role = await roleOf(at, until);
      if (CONTAINERS.has(role)) return null;
      const control = await asControl(at, role, until);
      if (control !== null) return control;
      at = refOf(await property(at, "Parent", until));
    }
    return null;
  };

  /**
   * The innermost control at a point. What a container says is there comes first, then what its children say: neither
   * is complete. A notebook of GTK knows only its tabs, and Chromium's frame stops at its own glass before the page.
   */
  const under = async (within: Ref, point: Point, until: number, seen: Set<string>): Promise<SeenControl | null> => {
    if (seen.has(within.path) || seen.size > MOST) return null;
    seen.add(within.path);
    const believed = (control: SeenControl | null) =>
      control?.bounds != null && isIn(point, control.bounds) ? control : null;
    const [hit, role, list] = await Promise.all([
      hitBy(within, point, until),
      roleOf(within, until),
      children(within, until),
    ]);
    if (hit !== null && !seen.has(hit.path)) {
      const found = (await under(hit, point, until, seen)) ?? believed(await controlAround(hit, within, until));
      if (found !== null) return found;
    }
    const own = list.filter(({ name, path }) => name === within.name && !seen.has(path));
    for (const child of await childrenAt(own, point, until)) {
      const found = await under(child, point, until, seen);
      if (found !== null) return found;
    }
    return believed(await asControl(within, role, until));
  };

  /** An open menu is a window to the X server; to GTK its items are inside of the window that it was opened from. */
  const inMenu = async (windows: readonly Ref[], window: TopWindow, point: Point, until: number) => {
    const menus = (await all(windows, (each) => matches(each, "openMenus", MOST, until))).flat();
    const items = (await all(menus, (each) => children(each, until))).flat();
    const there = await all(items, async (each) => {
      const place = await extents(each, until);
      return place !== null && isIn(point, place) && isWithin(place, window.bounds) ? each : null;
    });
    const [item] = there;
    return item === undefined ? null : await under(item, point, until, new Set());
  };

  return {
    at: async (window, point, until) => {
      const windows = window.pid === null ? [] : await windowsOf(window.pid, until);
      const top = await topOf(windows, window, until);
      return top === null ? await inMenu(windows, window, point, until) : await under(top, point, until, new Set());
    },
    focused: async (window, until) => {
      const windows = window.pid === null ? [] : await windowsOf(window.pid, until);
      const top = await topOf(windows, window, until);
      if (top === null) return null;
      const [found] = await matches(top, "focused", 1, until);
      return found === undefined || found.name !== top.name ? null : await controlAround(found, top, until);
    },
  };
}

/** What `ask` says of each, at the same time; what is refused, late or null is left out. */
async function all<T, R>(list: readonly T[], ask: (each: T) => Promise<R | null>): Promise<readonly R[]> {
  const answers = await Promise.allSettled(list.slice(0, MOST).map(ask));
  return answers.flatMap((answer) => (answer.status === "fulfilled" && answer.value !== null ? [answer.value] : []));
}

function refs(value: unknown): readonly Ref[] {
  return Array.isArray(value) ? value.slice(0, MOST).flatMap((each) => refOf(each) ?? []) : [];
}

function refOf(value: unknown): Ref | null {
  if (!Array.isArray(value)) return null;
  const [name, path] = value as readonly unknown[];
  if (typeof name !== "string" || typeof path !== "string" || name === "" || path === NOBODY) return null;
  return { name, path };
}

function rect(value: unknown): Rect | null {
  if (!Array.isArray(value)) return null;
  const [x, y, w, h] = value.map((each: unknown) => (typeof each === "number" ? each : Number.NaN));
  if (x === undefined || y === undefined || w === undefined || h === undefined) return null;
  return [x, y, w, h].every((each) => Number.isSafeInteger(each)) && w > 0 && h > 0 ? { x, y, w, h } : null;
}

/** Where a name is cut a sign says so. */
function bounded(value: unknown): string {
  if (typeof value !== "string") return "";
  return value.length <= NAME ? value.trim() : `${value.slice(0, NAME).toWellFormed()}…`;
}

function isNear(a: Rect | null, b: Rect): boolean {
  if (a === null) return false;
  const sides = [a.x - b.x, a.y - b.y, a.x + a.w - b.x - b.w, a.y + a.h - b.y - b.h];
  return sides.every((off) => Math.abs(off) <= AWAY);
}

function isWithin(a: Rect, b: Rect): boolean {
  return a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w && a.y + a.h <= b.y + b.h;
}

function isIn([x, y]: Point, { x: left, y: top, w, h }: Rect): boolean {
  return x >= left && y >= top && x < left + w && y < top + h;
}
