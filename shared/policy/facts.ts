/** What a policy is asked about beside the action: the desktop at one moment, and how far trust has gone. */
import { type Action, isKeyboardAction, isPointerAction, pointsOf } from "../action.ts";
import type { WindowInfo } from "../digest.ts";
import type { Display, Point, Size } from "../geometry.ts";
import type { RiskLevel } from "../risk.ts";
import type { LeaseNow } from "./lease.ts";

/** A top-level window as a policy sees it. */
export type SeenWindow = WindowInfo & {
  /** Name of the program's executable, without its folder; null when the system does not tell. */
  readonly exe: string | null;
  /** Place and size, physical px of the desktop; null in old records, which lack it. */
  readonly bounds: Rect | null;
};

/** A control as the accessibility bus names it: a program's own words about itself, which nothing may rely on. */
export type SeenControl = {
  readonly name: string;
  /** AT-SPI's name of its kind, e.g. `push button`. */
  readonly role: string;
  readonly password: boolean;
  /** Physical px of the desktop; null when it does not tell. */
  readonly bounds: Rect | null;
};

/** The controls at an action's points and the one with the keyboard; null or absent where nobody said. */
type KnownControls = {
  readonly controls?: readonly (SeenControl | null)[] | undefined;
  readonly focusControl?: SeenControl | null | undefined;
};

export type Rect = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

/** The windows an action has to do with. Part of the proposal's event. */
export type SeenWindows = {
  /** The one with the keyboard focus. */
  readonly focus: SeenWindow | null;
  /** The one under each point the action acts at, in the order of `actionPoints`. */
  readonly points: readonly (SeenWindow | null)[];
};

export type PolicyFacts = {
  readonly windows: SeenWindows;
  /** Claude's cursor, px in screenshot space. */
  readonly cursor: Point | null;
  /** Screenshot space of the action's points. */
  readonly space: Size;
  readonly display: Display;
  readonly risk: RiskLevel | null;
  /** Whether a control the action goes to is a password field; false when the platform does not tell. */
  readonly password: boolean;
  /** How often each rule has allowed an action that began, by rule id. */
  readonly uses: Readonly<Record<string, number>>;
  /** Null when auto-approval has no lease to end. */
  readonly lease: LeaseNow | null;
};

/** Where a pointer action acts, px in screenshot space: the points it names, else Claude's cursor. */
export function actionPoints(action: Action, cursor: Point | null): readonly Point[] {
  const named = pointsOf(action).map(([, at]) => at);
  if (named.length > 0) return named;
  return isPointerAction(action) && cursor !== null ? [cursor] : [];
}

/** The windows that `app` and `window` are about; `[null]` when they are not known. */
export function windowsOf(action: Action, facts: PolicyFacts): readonly (SeenWindow | null)[] {
  if (isKeyboardAction(action)) return [facts.windows.focus];
  return facts.windows.points.length === 0 ? [null] : facts.windows.points;
}

/** The program's names a policy knows a window by, lower case; empty when none is known. */
export function programNames(window: SeenWindow | null): readonly string[] {
  if (window === null) return [];
  const names = [window.class, window.exe ?? ""].filter((name) => name !== "").map((name) => name.toLowerCase());
  return [...new Set(names)];
}

/** The controls an action goes to, as far as they are known. */
export function controlsOf(
  action: Action,
  { controls = [], focusControl = null }: KnownControls,
): readonly SeenControl[] {
  return (isKeyboardAction(action) ? [focusControl] : controls).filter((control) => control !== null);
}
