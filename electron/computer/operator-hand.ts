/**
 * The operator's own hand on the desktop, while they have control: no precheck, no question to the rules, no settling.
 * Nothing of this is on the way of what Claude asked for, and nothing of that way leads here.
 */
import { type Action, boundsError, LOOK_ONLY, usesCursor } from "../../shared/action.ts";
import { type Display, type Point, type Size, toScreen } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import { type Clock, Doing, Interrupted } from "./doing.ts";
import type { Hands } from "./hands.ts";
import { performAction } from "./perform-action.ts";
import { barsError, targetPoints } from "./precheck.ts";

type HandDeps = { readonly hands: Hands; readonly clock: Clock; readonly leftHeld: boolean };

/** Where the hand pointed last, px of `space`. */
export type HandAt = { readonly point: Point; readonly space: Size };

/**
 * Performs one action at once. Resolves with where the hand points then: what the next action without a coordinate
 * means. Rejects with a ComputerError in words; whoever calls lets go of everything then.
 */
export async function performByHand(
  action: Action,
  space: Size,
  display: Display,
  at: HandAt | null,
  signal: AbortSignal,
  { hands, clock, leftHeld }: HandDeps,
): Promise<HandAt | null> {
  if (LOOK_ONLY.has(action.action)) throw unsupported(`action: ${action.action} is nothing to do by hand`);
  const cursor = at !== null && at.space.w === space.w && at.space.h === space.h ? at.point : null;
  if (usesCursor(action) && cursor === null)
    throw unsupported("coordinate: is missing; there is no cursor position yet");
  const wrong = boundsError(action, space) ?? barsError(action, space, display, cursor);
  if (wrong !== null) throw unsupported(wrong);
  const points = targetPoints(action, space, display, cursor).map(([x, y]) => [display.x + x, display.y + y] as const);
  const doing = new Doing(signal, clock, () => undefined);
  const target = {
    points,
    windows: null,
    cursor: cursor === null ? null : toScreen(cursor, space, display),
    keysFor: null,
    leftHeld,
    moved: () => undefined,
  };
  try {
    await performAction(action, target, hands, doing);
  } catch (error) {
    const message = error instanceof Interrupted ? `Stopped ${doing.progress}.` : messageOf(error);
    throw new ComputerError("input_failed", message);
  }
  if ("coordinate" in action && action.coordinate !== undefined) return { point: action.coordinate, space };
  return at;
}

function unsupported(message: string): ComputerError {
  return new ComputerError("unsupported", message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
