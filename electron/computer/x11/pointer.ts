/** The pointer through XTEST; px of the root window. */
import type { X11 } from "./connection.ts";
import type { Input } from "./input.ts";
import { pause } from "./wait.ts";

/** X11's wheel: buttons 4 to 7. */
const WHEEL = { up: 4, down: 5, left: 6, right: 7 } as const;
export type ScrollDirection = keyof typeof WHEEL;

/** Between two clicks of the wheel, ms: a program that coalesces them still sees each. */
const WHEEL_PACE = 5;

/** Moves the pointer and waits until it is there. */
export async function movePointer(x11: X11, x: number, y: number): Promise<void> {
  x11.fakeMotion(x, y);
  await x11.sync();
}

/** Presses a button: 1 left, 2 middle, 3 right. */
export async function buttonDown(x11: X11, input: Input, button: number): Promise<void> {
  input.buttonDown(button);
  await x11.sync();
}

/** Lets a button go. */
export async function buttonUp(x11: X11, input: Input, button: number): Promise<void> {
  input.buttonUp(button);
  await x11.sync();
}

/** Turns the wheel by `amount` clicks where the pointer is; resolves with the clicks made, fewer when aborted. */
export async function scroll(
  x11: X11,
  input: Input,
  direction: ScrollDirection,
  amount: number,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<number> {
  const button = WHEEL[direction];
  for (let done = 0; done < amount; done += 1) {
    if (options.signal?.aborted) return done;
    input.buttonDown(button);
    input.buttonUp(button);
    await x11.sync();
    options.onProgress?.(done + 1, amount);
    if (done + 1 < amount) await pause(WHEEL_PACE, options.signal);
  }
  return amount;
}
