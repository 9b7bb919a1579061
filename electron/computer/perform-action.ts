/** Actions as sequences of primitives. Nothing is checked here but the signal; the hands look at the focus and what is under the pointer. */
import type { Action } from "../../shared/action.ts";
import { assertNever } from "../../shared/assert-never.ts";
import type { Point } from "../../shared/geometry.ts";
import { type KeyCombo, type Modifier, parseKeys } from "../../shared/keys.ts";
import { type Doing, Interrupted } from "./doing.ts";
import type { Aim, Cut, Ending, Hands, KeysFor, MouseButton } from "./hands.ts";

/** Milliseconds a program gets to see the pointer arrive, a button go down, the next click come. */
const ARRIVE = 15;
const PRESS = 20;
const BETWEEN_CLICKS = 40;
/** A drag: toolkits start one only once the pointer has moved some px with the button down, and follow moves, not jumps. */
const DRAG = { steps: 15, step: 10, rest: 40 } as const;
const BETWEEN_WHEEL = 8;

/** Which actions press the mouse, at which of their points: the next press there too soon would make a double click. */
export function pressesAt(action: Action, points: readonly Point[]): Point | null {
  switch (action.action) {
    case "left_click":
    case "right_click":
    case "middle_click":
    case "double_click":
    case "triple_click":
    case "left_click_drag":
    case "left_mouse_down":
      return points[0] ?? null;
    default:
      return null;
  }
}

/** The parts that progress counts: characters, presses, wheel clicks; 1 for the others. */
export function partsOf(action: Action): number {
  switch (action.action) {
    case "type":
      return [...action.text.replaceAll("\r\n", "\n")].length;
    case "key":
      return action.repeat ?? 1;
    case "scroll":
      return action.scroll_amount;
    case "double_click":
      return 2;
    case "triple_click":
      return 3;
    default:
      return 1;
  }
}

export type Target = {
  /** Where the action points, physical px: its own points, else Claude's cursor. */
  readonly points: readonly Point[];
  /** The top-level window under each of `points`, by its id (null: the bare desktop); null: whatever is there. */
  readonly windows: readonly (number | null)[] | null;
  /** Claude's cursor before the action, physical px. */
  readonly cursor: Point | null;
  /** The window that keys, and modifiers held for a click, go to; null: whatever has the focus. */
  readonly keysFor: KeysFor | null;
  /** Whether `left_mouse_down` holds the button. */
  readonly leftHeld: boolean;
  /** Called after each place the pointer was moved to that Claude named: the index into `points`. */
  readonly moved: (index: number) => void;
};

/**
 * Sends an action that is more than a look. Throws Interrupted when cut; `doing.progress` then says how far it came. Throws a
 * FocusMovedError when keys would reach another window than the one they are for, an AimMovedError when a press would.
 * Held modifiers and keys are let go on every way out; a mouse button is not: whoever calls releases after a throw.
 */
export async function performAction(action: Action, target: Target, hands: Hands, doing: Doing): Promise<void> {
  switch (action.action) {
    case "left_click":
      return await clicks("left", 1, action.text, target, hands, doing);
    case "right_click":
      return await clicks("right", 1, action.text, target, hands, doing);
    case "middle_click":
      return await clicks("middle", 1, action.text, target, hands, doing);
    case "double_click":
      return await clicks("left", 2, action.text, target, hands, doing);
    case "triple_click":
      return await clicks("left", 3, action.text, target, hands, doing);
    case "left_click_drag":
      return await drag(action.text, target, hands, doing);
    case "mouse_move":
      if (target.leftHeld && target.cursor !== null) await glide(target.cursor, pointOf(target, 0), hands, doing);
      return await move(target, 0, hands, doing);
    case "left_mouse_down":
      await move(target, 0, hands, doing);
      await doing.pause(ARRIVE);
      return await doing.send(() => hands.buttonDown("left", aimOf(target, 0), doing.check), "after the mouse press");
    case "left_mouse_up":
      await move(target, 0, hands, doing);
      await doing.pause(ARRIVE);
      return await doing.send(() => hands.buttonUp("left"), "after the mouse release");
    case "scroll":
      await move(target, 0, hands, doing);
      await doing.pause(ARRIVE);
      return await holding(action.text, target, hands, doing, async () => {
        for (let done = 1; done <= action.scroll_amount; done += 1) {
          if (done > 1) await doing.pause(BETWEEN_WHEEL);
          doing.check();
          await hands.wheel(action.scroll_direction, aimOf(target, done - 1), doing.check);
          doing.count(done, action.scroll_amount, "wheel clicks");
        }
      });
    case "type":
      return finished(await hands.type(action.text, cutOf(doing, target, "characters")));
    case "key": {
      const times = action.repeat ?? 1;
      return finished(
        await hands.press(comboOf(action.text), times, cutOf(doing, target, times === 1 ? "key press" : "key presses")),
      );
    }
    case "hold_key":
      return await doing.timed(action.duration, (ms) =>
        hands.hold(comboOf(action.text), ms, { signal: doing.signal, keysFor: target.keysFor }),
      );
    case "wait":
      return await doing.timed(action.duration, (ms) => doing.rest(ms));
    case "screenshot":
    case "zoom":
    case "cursor_position":
      return;
    default:
      return assertNever(action);
  }
}

async function clicks(
  button: MouseButton,
  times: number,
  modifiers: string | undefined,
  target: Target,
  hands: Hands,
  doing: Doing,
): Promise<void> {
  await move(target, 0, hands, doing);
  await doing.pause(ARRIVE);
  // Several clicks fit the time of a double click four times, and wait less where that is short.
  const { shortest } = times > 1 ? await hands.clickTimes() : { shortest: Number.POSITIVE_INFINITY };
  const quick = Math.min(1, shortest / 4 / (PRESS + BETWEEN_CLICKS));
  await holding(modifiers, target, hands, doing, async () => {
    for (let done = 1; done <= times; done += 1) {
      if (done > 1) await doing.pause(BETWEEN_CLICKS * quick);
      await doing.send(() => hands.buttonDown(button, aimOf(target, done - 1), doing.check), "after the mouse press");
      await doing.pause(PRESS * quick);
      await hands.buttonUp(button);
      if (times > 1) doing.count(done, times, "clicks");
    }
  });
}

async function drag(modifiers: string | undefined, target: Target, hands: Hands, doing: Doing): Promise<void> {
  await move(target, 0, hands, doing);
  await doing.pause(DRAG.rest);
  await holding(modifiers, target, hands, doing, async () => {
    await doing.send(() => hands.buttonDown("left", aimOf(target, 0), doing.check), "after the mouse press");
    await doing.pause(DRAG.rest);
    await glide(pointOf(target, 0), pointOf(target, 1), hands, doing);
    await move(target, 1, hands, doing, "after the mouse press and move");
    await doing.pause(DRAG.rest);
    await hands.buttonUp("left");
  });
}

/** Moves in steps from one point towards another, the last step left to the caller. */
async function glide(from: Point, to: Point, hands: Hands, doing: Doing): Promise<void> {
  for (let step = 1; step < DRAG.steps; step += 1) {
    const at = (axis: 0 | 1) => Math.round(from[axis] + ((to[axis] - from[axis]) * step) / DRAG.steps);
    doing.check();
    await hands.moveTo([at(0), at(1)], doing.check);
    await doing.pause(DRAG.step);
  }
}

async function move(
  target: Target,
  index: number,
  hands: Hands,
  doing: Doing,
  after = "after the mouse move",
): Promise<void> {
  await doing.send(() => hands.moveTo(pointOf(target, index), doing.check), after);
  target.moved(index);
}

function cutOf(doing: Doing, { keysFor }: Target, what: string): Cut {
  doing.check();
  return { signal: doing.signal, onProgress: (done, total) => doing.count(done, total, what), keysFor };
}

/** A stop after the last part came too late to cut anything. */
function finished(ending: Ending): void {
  if (ending.stopped) throw new Interrupted();
}

async function holding(
  written: string | undefined,
  { keysFor }: Target,
  hands: Hands,
  doing: Doing,
  inside: () => Promise<void>,
): Promise<void> {
  const modifiers: readonly Modifier[] = written === undefined ? [] : comboOf(written).modifiers;
  if (modifiers.length === 0) return await inside();
  doing.check();
  const release = await hands.holdModifiers(modifiers, keysFor, doing.check);
  try {
    await doing.pause(PRESS);
    await inside();
    await doing.pause(PRESS);
  } finally {
    await release();
  }
}

/** Every press is at the first point. @param done presses before */
function aimOf(target: Target, done: number): Aim | null {
  if (target.windows === null) return null;
  return { at: pointOf(target, 0), window: target.windows[0] ?? null, done };
}

function pointOf(target: Target, index: number): Point {
  const point = target.points[index];
  if (point === undefined) throw new RangeError(`points: none at ${index}`);
  return point;
}

/** Actions arrive validated; an unknown key here is a defect of the caller. */
function comboOf(written: string): KeyCombo {
  const parsed = parseKeys(written);
  if (!parsed.ok) throw new RangeError(parsed.error);
  return parsed.combo;
}
