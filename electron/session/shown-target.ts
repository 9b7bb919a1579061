/** Which window the picture showed under a target. */
import { type Point, type Size, toScreen } from "../../shared/geometry.ts";
import type { DesktopFacts, WindowFacts } from "../computer/computer.ts";

/**
 * The window under a target is looked up when the action is proposed, a moment after the picture. One that has come to the front
 * since and covers the target was not in the picture: there was the window that was in front then, if it reaches there. So the
 * precheck finds it even where the pixels happen to be the same (a white dialog over white paper).
 * @param front the window in front when the picture was taken
 * @param looked what was looked up for the proposal; null for an action without a target
 * @param point the target in the picture's `space`; undefined for none
 */
export function shownTarget(
  front: WindowFacts | null,
  looked: DesktopFacts | null,
  point: Point | undefined,
  space: Size,
): WindowFacts | null {
  const target = looked?.targets[0] ?? null;
  if (target === null || looked === null || point === undefined || front === null) return target;
  const cameSince = target.id === looked.focus?.id && target.id !== front.id;
  return cameSince && reaches(front, toScreen(point, space, looked.display)) ? front : target;
}

function reaches({ bounds: { x, y, w, h } }: WindowFacts, [px, py]: Point): boolean {
  return px >= x && py >= y && px < x + w && py < y + h;
}
