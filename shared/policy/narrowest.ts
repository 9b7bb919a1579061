/** The narrowest rule that would have let one proposal pass: its program, its kind, the place of its control. Pure. */
import { type Action, isPointerAction, LOOK_ONLY } from "../action.ts";
import { isInside, type Point, type Size, toScreen } from "../geometry.ts";
import { formatKeys, parseKeys } from "../keys.ts";
import type { Proposal } from "../session-event.ts";
import { unpaste } from "../visible-text.ts";
import { actionPoints, type PolicyFacts, programNames, type Rect, type SeenControl, windowsOf } from "./facts.ts";
import type { PolicyRegion, Rule } from "./format.ts";
import { heldBy } from "./match.ts";
import { factsOf } from "./recorded.ts";

/** Half of the part of a window around a point that stands for a control that is not known: what the precheck compares, px. */
const AROUND = { w: 48, h: 32 } as const;

/** A rule, and what its region is: the control that the program tells of, a fixed area around the point, or there is none. */
export type Narrowest = { readonly rule: Rule; readonly place: "control" | "area" | null };

/**
 * Proposes a rule; it matches the proposal itself as long as its program is known.
 * @param space screenshot space of the session
 * @param taken ids that are used already
 */
export function narrowestRule(proposal: Proposal, space: Size, taken: readonly string[]): Narrowest {
  const { action } = proposal;
  const facts = { ...factsOf(proposal, space, ""), uses: {}, lease: null };
  const id = freeId(`${action.action.replaceAll("_", "-")}${programSuffix(action, facts)}`, taken);
  const rule: Rule = { id, effect: "allow", actions: [action.action] };
  if (LOOK_ONLY.has(action.action)) return { rule, place: null };
  const programs = [...new Set(windowsOf(action, facts).flatMap((window) => programNames(window).slice(-1)))];
  if (programs.length > 0) rule.app = programs;
  const found = isPointerAction(action) ? regionAround(action, facts, proposal.controls ?? []) : null;
  if (found !== null) rule.region = found.region;
  if (action.action === "type") rule.text = textLike(action.text);
  const keys = action.action === "key" || action.action === "hold_key" ? action.text : heldBy(action);
  if (keys !== null) rule.keys = [canonical(keys)];
  if (facts.risk === "ordinary") rule.risk = "ordinary";
  return { rule, place: found?.place ?? null };
}

function programSuffix(action: Action, facts: PolicyFacts): string {
  const name = LOOK_ONLY.has(action.action) ? undefined : programNames(windowsOf(action, facts)[0] ?? null).at(-1);
  return name === undefined ? "" : `-in-${name.replace(/[^a-z0-9]+/g, "-").slice(0, 30)}`;
}

type Found = { readonly region: PolicyRegion; readonly place: "control" | "area" };

/** In the window where its place is known (it may be moved), else in the picture. */
function regionAround(action: Action, facts: PolicyFacts, controls: readonly (SeenControl | null)[]): Found | null {
  const points = actionPoints(action, facts.cursor);
  const [first] = points;
  if (first === undefined) return null;
  const [window] = facts.windows.points;
  const oneWindow = facts.windows.points.every((each) => each !== null && each.id === window?.id);
  if (window?.bounds != null && oneWindow) {
    const { x, y, w, h } = window.bounds;
    const inside = points.map((point): Point => {
      const [sx, sy] = toScreen(point, facts.space, facts.display);
      return [sx - x, sy - y];
    });
    // A title bar belongs to the window, but lies outside of it.
    if (inside.every((point) => isInside(point, { w, h }))) {
      const rect = controlRect(inside, window.bounds, controls);
      if (rect !== null) return { region: { space: "window", rect }, place: "control" };
      return { region: { space: "window", rect: rectAround(inside, { w, h }) }, place: "area" };
    }
  }
  const of: [number, number] = [facts.space.w, facts.space.h];
  return { region: { space: "screenshot", of, rect: rectAround(points, facts.space) }, place: "area" };
}

/**
 * The part of a window that the one control under all points takes, px of the window; null when it is not told, or when what
 * is told does not hold: the point has to be in it.
 */
function controlRect(
  points: readonly Point[],
  window: Rect,
  controls: readonly (SeenControl | null)[],
): PolicyRegion["rect"] | null {
  const bounds = controls[0]?.bounds ?? null;
  const same = points.every((_, i) => isSamePlace(controls[i]?.bounds ?? null, bounds));
  if (bounds === null || !same) return null;
  const [left, top] = [bounds.x - window.x, bounds.y - window.y];
  const rect: PolicyRegion["rect"] = [
    Math.max(0, Math.ceil(left)),
    Math.max(0, Math.ceil(top)),
    Math.min(window.w, Math.floor(left + bounds.w)),
    Math.min(window.h, Math.floor(top + bounds.h)),
  ];
  return points.every(([x, y]) => x >= rect[0] && y >= rect[1] && x < rect[2] && y < rect[3]) ? rect : null;
}

function isSamePlace(a: Rect | null, b: Rect | null): boolean {
  return a !== null && b !== null && a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
}

function rectAround(points: readonly Point[], size: Size): [number, number, number, number] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [
    Math.max(0, Math.min(...xs) - AROUND.w),
    Math.max(0, Math.min(...ys) - AROUND.h),
    Math.max(1, Math.min(size.w, Math.max(...xs) + AROUND.w)),
    Math.max(1, Math.min(size.h, Math.max(...ys) + AROUND.h)),
  ];
}

/** Text of its kind: without line ends up to a round length; with them only exactly itself, as long as that can be written. */
function textLike(text: string): string {
  const plain = unpaste(text);
  if (!plain.includes("\n")) {
    const length = Math.max(20, Math.ceil(plain.length / 20) * 20);
    return length <= 1000 ? `[^\\n]{1,${length}}` : "[^\\n]+";
  }
  const exact = plain.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replaceAll("\n", "\\n");
  return exact.length <= 1000 ? exact : "(?s).+";
}

function canonical(written: string): string {
  const parsed = parseKeys(written);
  return parsed.ok ? formatKeys(parsed.combo) : written;
}

function freeId(wanted: string, taken: readonly string[]): string {
  const base = wanted.slice(0, 50);
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(id)) return id;
  }
}
