/**
 * The hands on an X display: the mouse through nut-js, keys and text through XTEST. nut-js (libnut 4.2) is passed over
 * where it is wrong on X11: its keyboard types most shifted characters unshifted and drops non-ASCII ones; its horizontal
 * wheel is inverted; its animated moves block the process; it releases nothing on errors. It opens the display of this
 * process's environment, once: one process serves one display.
 */
import { Button, mouse, Point as NutPoint } from "@nut-tree/nut-js";
import type { Hands, MouseButton, WheelDirection } from "./hands.ts";
import { openX11 } from "./x11/connection.ts";
import type { Shared } from "./x11/focus.ts";
import { Input } from "./x11/input.ts";
import { recover } from "./x11/keyboard.ts";
import { holdKeys, holdModifiers, pressKeys, releaseModifiers } from "./x11/keys.ts";
import { scroll } from "./x11/pointer.ts";
import { typeText } from "./x11/text.ts";
import { focusWindow, windowAt } from "./x11/windows.ts";

const BUTTONS: Readonly<Record<MouseButton, Button>> = {
  left: Button.LEFT,
  middle: Button.MIDDLE,
  right: Button.RIGHT,
};

/**
 * Opens the hands on `display`, which must be the DISPLAY of this process, and puts right what a crashed predecessor left
 * there: keys and buttons down, borrowed keycodes. Rejects with an X11Error `no_display`.
 * @param shared given where the operator sits at this desktop, too
 */
export async function openNutHands(display: string, authority: string, shared: Shared | null): Promise<Hands> {
  const x11 = await openX11({ display, authority });
  const input = new Input(x11);
  await recover(x11, input);
  mouse.config.autoDelayMs = 0;
  return {
    focusWindow: () => focusWindow(x11),
    windowAt: ([x, y]) => windowAt(x11, x, y),
    moveTo: async ([x, y]) => {
      await mouse.setPosition(new NutPoint(x, y));
    },
    buttonDown: async (button) => {
      await mouse.pressButton(BUTTONS[button]);
    },
    buttonUp: async (button) => {
      await mouse.releaseButton(BUTTONS[button]);
    },
    wheel: async (direction) => {
      if (isHorizontal(direction)) await scroll(x11, input, direction, 1);
      else if (direction === "up") await mouse.scrollUp(1);
      else await mouse.scrollDown(1);
    },
    holdModifiers: async (modifiers) => {
      const keycodes = await holdModifiers(x11, input, modifiers);
      return () => releaseModifiers(x11, input, keycodes);
    },
    press: (combo, times, cut) => pressKeys(x11, input, combo, { repeat: times, shared, ...cut }),
    hold: (combo, ms, cut) => holdKeys(x11, input, combo, ms, { shared, ...cut }),
    type: (text, cut) => typeText(x11, input, text, { shared, ...cut }),
    // Asks the server what is down, so it covers what nut-js pressed.
    releaseAll: () => input.releaseAll(),
    close: async () => {
      await input.releaseAll();
      x11.close();
    },
  };
}

function isHorizontal(direction: WheelDirection): direction is "left" | "right" {
  return direction === "left" || direction === "right";
}
