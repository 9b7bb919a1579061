/** The desktop at one moment as rules see it. */
import type { Action } from "../../shared/action.ts";
import type { Point, Size } from "../../shared/geometry.ts";
import { controlsOf, type SeenWindow, type SeenWindows } from "../../shared/policy/facts.ts";
import { riskOf } from "../../shared/risk.ts";
import type { DesktopFacts, WindowFacts } from "../computer/computer.ts";
import type { Moment } from "../gate/auto-approval.ts";

export type Around = {
  readonly space: Size;
  /** Claude's cursor. */
  readonly cursor: Point | null;
  /** Claude's own words about this turn. */
  readonly said: string;
  /** Whether a precheck has brought the action back. */
  readonly returned: boolean;
};

/** What rules are asked about, from the facts of a look at the action's points. */
export function momentOf(action: Action, facts: DesktopFacts, around: Around): Moment {
  const { space, cursor, said, returned } = around;
  const windows = seenWindows(facts);
  const risk = riskOf(action, {
    window: windows.focus,
    target: windows.points[0] ?? null,
    controls: controlsOf(action, facts),
    said,
    returned,
  });
  const { password = false } = passwordNote(action, facts);
  return { windows, cursor, space, display: facts.display, risk: risk.level, password };
}

/** Whether the action goes to a password field; nothing where the platform does not tell. */
export function passwordNote(action: Action, facts: DesktopFacts): { readonly password?: boolean } {
  const known = controlsOf(action, facts);
  return known.length === 0 ? {} : { password: known.some((control) => control.password) };
}

export function seenWindows(facts: DesktopFacts): SeenWindows {
  return { focus: seenWindow(facts.focus), points: facts.targets.map(seenWindow) };
}

export function seenWindow(window: WindowFacts | null): SeenWindow | null {
  if (window === null) return null;
  const { id, pid, title, exe = null } = window;
  const { x, y, w, h } = window.bounds;
  return { id, pid, class: window.class, title, exe, bounds: { x, y, w, h } };
}
