/** Presses of the mouse are for one window: whether it is still in front at the point, asked while nothing can change. */
import { type Aim, AimMovedError, type LastCheck } from "../hands.ts";
import { alone } from "./alone.ts";
import type { X11 } from "./connection.ts";
import { clientOf, orNull } from "./windows.ts";

/**
 * Looks at what is under the pointer, then calls `press`, with no other program's request in between. Without an `aim`
 * whatever is there gets it. Throws an AimMovedError when another window is in front, and what `check` throws; nothing was
 * pressed then.
 */
export async function aimed(x11: X11, aim: Aim | null, check: LastCheck, press: () => void): Promise<void> {
  if (aim === null) {
    check();
    press();
    await x11.sync();
    return;
  }
  await alone(x11, async () => {
    if (!(await isInFront(x11, aim, check))) throw new AimMovedError(aim.done);
    check();
    press();
  });
}

async function isInFront(x11: X11, { at: [x, y], window }: Aim, check: LastCheck): Promise<boolean> {
  let pointer = await x11.pointer();
  if (pointer.x !== x || pointer.y !== y) {
    // A hand that drifts, or a program that moves the pointer.
    check();
    x11.fakeMotion(x, y);
    pointer = await x11.pointer();
    if (pointer.x !== x || pointer.y !== y) return false;
  }
  const { child } = pointer;
  return (child === 0 ? null : await orNull(() => clientOf(x11, child))) === window;
}
