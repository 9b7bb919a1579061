/**
 * What counts as changed between the picture a decision was made on and the desktop now. Pure: frames and facts come in.
 * Every point and region here is in physical px of the display (its top left corner is 0, 0).
 */
import {
  type Action,
  isKeyboardAction,
  isPointerAction,
  LOOK_ONLY,
  pointsOf,
  usesCursor,
} from "../../shared/action.ts";
import type { WindowInfo } from "../../shared/digest.ts";
import {
  type Display,
  outsideContent,
  type Point,
  type Region,
  regionOutsideContent,
  type Size,
  toScreen,
} from "../../shared/geometry.ts";
import type { ReturnReason } from "../../shared/session-event.ts";
import type { DesktopFacts, WindowFacts } from "./computer.ts";
import { difference } from "./difference.ts";
import { cropFrame, type Frame } from "./frame.ts";

/** The part of the screen looked at around a target, px. */
const AROUND = { w: 96, h: 64 } as const;
/** More changed pixels than this share of the part: changed. */
const SHARE = 0.02;
/** One connected group of more changed pixels than this: changed. */
const BLOB = 64;
/**
 * On the target's own line less is enough, px: another word on a button is some 20 to 100 changed pixels in small groups,
 * and stands beside the point as often as under it.
 */
const CLOSE = { w: 96, h: 32, most: 12 } as const;

/** Why an action must not run now; null means that it may. */
export type Surprise = { readonly reason: ReturnReason; readonly detail: string } | null;

/** The 96x64 px around a target, cut at the display's edges. */
export function around(point: Point, display: Size): Region {
  return [
    Math.max(0, point[0] - AROUND.w / 2),
    Math.max(0, point[1] - AROUND.h / 2),
    Math.min(display.w, point[0] + AROUND.w / 2),
    Math.min(display.h, point[1] + AROUND.h / 2),
  ];
}

/** Where the action acts, px in screenshot space: the points it names, else Claude's cursor; none for look-only actions and keys. */
export function aimedAt(action: Action, cursor: Point | null): readonly Point[] {
  if (LOOK_ONLY.has(action.action) || !isPointerAction(action)) return [];
  const named = pointsOf(action).map(([, point]) => point);
  return named.length > 0 || cursor === null ? named : [cursor];
}

/** The points whose surroundings are compared: `aimedAt`, on the screen. */
export function targetPoints(action: Action, space: Size, display: Display, cursor: Point | null): Point[] {
  const atOrigin = { ...display, x: 0, y: 0 };
  return aimedAt(action, cursor).map((point) => toScreen(point, space, atOrigin));
}

/** Why an action can't be meant for this display: a point of it, or its whole region, is in the bars beside it. Null: it can. */
export function barsError(action: Action, space: Size, display: Size, cursor: Point | null): string | null {
  const outside = (field: string, at: readonly number[]) =>
    `${field}: [${at.join(", ")}] is outside the display's part of the screenshot`;
  if (action.action === "zoom") {
    return regionOutsideContent(action.region, space, display) ? outside("region", action.region) : null;
  }
  for (const [field, at] of pointsOf(action)) {
    if (outsideContent(at, space, display)) return outside(field, at);
  }
  const meant = usesCursor(action) && isPointerAction(action) ? cursor : null;
  return meant !== null && outsideContent(meant, space, display) ? outside("coordinate", meant) : null;
}

/** Compares the display's geometry. */
export function geometrySurprise(expected: Display, now: Display): Surprise {
  const same =
    expected.x === now.x &&
    expected.y === now.y &&
    expected.w === now.w &&
    expected.h === now.h &&
    expected.scale === now.scale;
  if (same) return null;
  return { reason: "geometry", detail: `The display was ${sizeText(expected)} and is now ${sizeText(now)}.` };
}

/**
 * Compares the windows: for keys the focus window and its program; for the pointer the program in front and the window
 * under the first target. A changed title is no surprise.
 */
export function windowSurprise(
  action: Action,
  expected: { readonly window: WindowInfo | null; readonly target: WindowInfo | null },
  facts: DesktopFacts,
): Surprise {
  if (isKeyboardAction(action)) {
    if (sameWindow(expected.window, facts.focus)) return null;
    return {
      reason: "focus",
      detail: `The keyboard focus was on ${windowText(expected.window)} and is now on ${windowText(facts.focus)}.`,
    };
  }
  if (LOOK_ONLY.has(action.action)) return null;
  if (!sameProgram(expected.window, facts.focus)) {
    return {
      reason: "window",
      detail: `In front was ${windowText(expected.window)} and is now ${windowText(facts.focus)}.`,
    };
  }
  const target = facts.targets[0] ?? null;
  if (expected.target !== null && !sameWindow(expected.target, target)) {
    return {
      reason: "window",
      detail: `Under the target was ${windowText(expected.target)} and is now ${windowText(target)}.`,
    };
  }
  return null;
}

/**
 * Compares the pixels around each point: changed in more than 2 % of them, in one group of more than 64, or in more than 12
 * on the point's own line. Carets are left out.
 * @param then what was around each of them when the decision was made, exactly its `around`
 * @param now the same a moment ago
 */
export function pixelSurprise(points: readonly Point[], then: readonly Frame[], now: readonly Frame[]): Surprise {
  for (const [index, point] of points.entries()) {
    const [old, fresh] = [then[index], now[index]];
    if (old === undefined || fresh === undefined) throw new RangeError(`frames: none for point ${index}`);
    const total = old.size.w * old.size.h;
    const { count, largest } = difference(old, fresh, total);
    if (count > total * SHARE || largest > BLOB) return changed("around", point, count, total);
    const part = closeTo(point, old.size);
    const close = difference(cropFrame(old, part), cropFrame(fresh, part), total);
    if (close.count > CLOSE.most) return changed("right at", point, close.count, CLOSE.w * CLOSE.h);
  }
  return null;
}

/** The middle of a target's `around`, px of that part: it is cut where the display ends on the left and above. */
function closeTo([x, y]: Point, part: Size): Region {
  const [at, down] = [Math.min(x, AROUND.w / 2), Math.min(y, AROUND.h / 2)];
  return [
    Math.max(0, at - CLOSE.w / 2),
    Math.max(0, down - CLOSE.h / 2),
    Math.min(part.w, at + CLOSE.w / 2),
    Math.min(part.h, down + CLOSE.h / 2),
  ];
}

function changed(where: string, [x, y]: Point, count: number, total: number): Surprise {
  const share = Math.max(1, Math.round((count / total) * 100));
  return {
    reason: "pixels",
    detail: `The screen ${where} ${x}, ${y} is not the one this was decided on: ${share} % of the pixels there changed.`,
  };
}

/** Whether two moments have the same windows in the same roles, so that one answer to `confirm` holds for both. */
export function sameFacts(a: DesktopFacts, b: DesktopFacts): boolean {
  return (
    geometrySurprise(a.display, b.display) === null &&
    samePlaced(a.focus, b.focus) &&
    a.targets.length === b.targets.length &&
    a.targets.every((window, index) => samePlaced(window, b.targets[index] ?? null))
  );
}

/** The same window with the same title at the same place: all that a rule can look at. */
function samePlaced(a: WindowFacts | null, b: WindowFacts | null): boolean {
  if (a === null || b === null) return a === b;
  const [p, q] = [a.bounds, b.bounds];
  const placed = p.x === q.x && p.y === q.y && p.w === q.w && p.h === q.h;
  return sameWindow(a, b) && a.title === b.title && placed && a.exe === b.exe;
}

function sameWindow(a: WindowInfo | null, b: WindowInfo | null): boolean {
  return a?.id === b?.id && sameProgram(a, b);
}

function sameProgram(a: WindowInfo | null, b: WindowInfo | null): boolean {
  if (a === null || b === null) return a === b;
  return a.pid === b.pid && a.class === b.class;
}

/** A window in words: its title, else its class, in quotes. */
export function windowText(window: WindowInfo | null): string {
  if (window === null) return "no window";
  return `"${window.title === "" ? window.class : window.title}"`;
}

function sizeText(display: Display): string {
  const at = display.x === 0 && display.y === 0 ? "" : ` at ${display.x}, ${display.y}`;
  return `${display.w}x${display.h}${at}${display.scale === 1 ? "" : ` at scale ${display.scale}`}`;
}
