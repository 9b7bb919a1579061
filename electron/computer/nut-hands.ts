/**
 * The hands on an X display: the mouse moves through nut-js; presses, the wheel, keys and text go through our own XTEST
 * connection, which alone can hold the server between the last look and the press. nut-js (libnut 4.2) is wrong on X11
 * besides: its keyboard types most shifted characters unshifted and drops non-ASCII ones; its horizontal wheel is inverted;
 * its animated moves block the process; it releases nothing on errors. It opens the display of this process's environment,
 * once: one process serves one display.
 */
import { mouse, Point as NutPoint } from "@nut-tree/nut-js";
import type { Hands, MouseButton } from "./hands.ts";
import type { Down } from "./listener/guard.ts";
import type { SentEvent } from "./listener/sent-ledger.ts";
import { openX11 } from "./x11/connection.ts";
import { clickTimes } from "./x11/double-click.ts";
import { FocusWatch, type Shared } from "./x11/focus.ts";
import { Input } from "./x11/input.ts";
import { activeInputMethod, askMethod } from "./x11/input-method.ts";
import { recover } from "./x11/keyboard.ts";
import { holdKeys, holdModifiers, pressKeys, releaseModifiers } from "./x11/keys.ts";
import { buttonDown, buttonUp, turnWheel } from "./x11/pointer.ts";
import { typeText } from "./x11/text.ts";
import { focusWindow, windowAt } from "./x11/windows.ts";

/** X11's numbers. */
const BUTTONS: Readonly<Record<MouseButton, number>> = { left: 1, middle: 2, right: 3 };

/** The hands, and what tells them from a person's. */
export type NutHands = Hands & {
  /** Whether a raw event of an XTEST device is the echo of one of ours; each of ours has one. */
  readonly isEcho: (event: SentEvent) => boolean;
  /** What is down on the display, whoever holds it. */
  readonly down: () => Promise<Down>;
  /** What of it we hold. */
  readonly held: () => Down;
};

/**
 * Opens the hands on `display`, which must be the DISPLAY of this process, and puts right what a crashed predecessor left
 * there: keys and buttons down, borrowed keycodes. Rejects with an X11Error `no_display`.
 * @param shared given where the operator sits at this desktop, too
 */
export async function openNutHands(display: string, authority: string, shared: Shared | null): Promise<NutHands> {
  const x11 = await openX11({ display, authority });
  const input = new Input(x11);
  await recover(x11, input);
  mouse.config.autoDelayMs = 0;
  return {
    isEcho: (event) => x11.isEcho(event),
    down: async () => ({ keys: await x11.pressedKeys(), buttons: (await x11.pointer()).buttons }),
    held: () => input.held,
    focusWindow: () => focusWindow(x11),
    windowAt: ([x, y]) => windowAt(x11, x, y),
    inputMethod: () => activeInputMethod(x11, shared !== null ? askMethod : null),
    clickTimes: () => clickTimes(x11),
    moveTo: async ([x, y], check) => {
      check();
      await mouse.setPosition(new NutPoint(x, y));
    },
    buttonDown: (which, aim, check) => buttonDown(x11, input, BUTTONS[which], aim, check),
    buttonUp: (which) => buttonUp(x11, input, BUTTONS[which]),
    wheel: (direction, aim, check) => turnWheel(x11, input, direction, aim, check),
    holdModifiers: async (modifiers, keysFor, check) => {
      const keycodes = await holdModifiers(x11, input, modifiers, new FocusWatch(x11, keysFor, shared), check);
      return () => releaseModifiers(x11, input, keycodes);
    },
    press: (combo, times, cut) => pressKeys(x11, input, combo, { repeat: times, shared, ...cut }),
    hold: (combo, ms, cut) => holdKeys(x11, input, combo, ms, { shared, ...cut }),
    type: (text, cut) => typeText(x11, input, text, { shared, ...cut }),
    releaseAll: () => input.releaseAll(),
    close: async () => {
      await input.releaseAll();
      x11.close();
    },
  };
}
