/** The pointer through XTEST; px of the root window. */
import type { Aim, LastCheck } from "../hands.ts";
import { aimed } from "./aim.ts";
import type { X11 } from "./connection.ts";
import type { Input } from "./input.ts";

/** X11's wheel: buttons 4 to 7. */
const WHEEL = { up: 4, down: 5, left: 6, right: 7 } as const;
export type ScrollDirection = keyof typeof WHEEL;

/** Moves the pointer and waits until it is there. */
export async function movePointer(x11: X11, x: number, y: number): Promise<void> {
  x11.fakeMotion(x, y);
  await x11.sync();
}

/** Presses a button: 1 left, 2 middle, 3 right. Rejects with an AimMovedError; see `aimed`. */
export async function buttonDown(
  x11: X11,
  input: Input,
  button: number,
  aim: Aim | null,
  check: LastCheck,
): Promise<void> {
  await aimed(x11, aim, check, () => input.buttonDown(button));
}

/** Lets a button go. */
export async function buttonUp(x11: X11, input: Input, button: number): Promise<void> {
  input.buttonUp(button);
  await x11.sync();
}

/** Turns the wheel by one click where the pointer is. Rejects with an AimMovedError; see `aimed`. */
export async function turnWheel(
  x11: X11,
  input: Input,
  direction: ScrollDirection,
  aim: Aim | null,
  check: LastCheck,
): Promise<void> {
  const button = WHEEL[direction];
  await aimed(x11, aim, check, () => {
    input.buttonDown(button);
    input.buttonUp(button);
  });
}
