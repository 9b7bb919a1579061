/** Hands on a desktop that the operator sits at, too: they see past our own windows and never touch one. */
import type { Point } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import type { Hands } from "./hands.ts";
import type { OwnWindows } from "./own-windows.ts";

export const OURS_IN_THE_WAY = "A window of Countersign is in the way: nothing may be clicked or turned in it.";

/** The same hands, with a look before every move, press and turn of the wheel; letting go is never refused. */
export function sharedHands(hands: Hands, own: OwnWindows): Hands {
  const clear = async (point: Point | null) => {
    if (await own.isUnder(point)) throw new ComputerError("input_failed", OURS_IN_THE_WAY);
  };
  return {
    ...hands,
    focusWindow: own.focusWindow,
    windowAt: own.windowAt,
    moveTo: async (point, check) => {
      await clear(point);
      await hands.moveTo(point, check);
    },
    buttonDown: async (button, aim, check) => {
      await clear(null);
      await hands.buttonDown(button, aim, check);
    },
    wheel: async (direction, aim, check) => {
      await clear(null);
      await hands.wheel(direction, aim, check);
    },
    close: async () => {
      await hands.close();
      own.close();
    },
  };
}
