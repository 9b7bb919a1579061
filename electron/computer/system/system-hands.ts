/**
 * The hands where nut-js is the only way in: Windows and macOS. Thin on purpose: none of it can be run where this is built
 * (docs/PLATFORMS.md); what it decides is in typed-parts.ts, type-text.ts and nut-keys.ts. A button, a key, a combination goes
 * through `#down`/`#up`, so that what is down is known and let go.
 */
import { Button, type Key, keyboard, mouse, Point as NutPoint } from "@nut-tree/nut-js";
import { FocusMovedError, type MouseButton, type WheelDirection } from "../hands.ts";
import type { NutHands } from "../nut-hands.ts";
import { askSystem, frontWindow } from "./front-window.ts";
import { nutKeys } from "./nut-keys.ts";
import { type Clipboard, typeParts } from "./type-text.ts";
import { type TypingSystem, typedParts } from "./typed-parts.ts";

const BUTTONS: Readonly<Record<MouseButton, Button>> = {
  left: Button.LEFT,
  middle: Button.MIDDLE,
  right: Button.RIGHT,
};

/** One turn of the wheel in what nut-js is told: pixels on macOS, parts of a notch (120) on Windows. */
const NOTCH: Readonly<Record<TypingSystem, number>> = { darwin: 10, win32: 120 };
/** How long a key is down, ms, and the shortest and longest double click that these systems can be set to. */
const PRESS = 20;
const CLICKS = { shortest: 200, longest: 900 } as const;

export type SystemOptions = {
  readonly system: TypingSystem;
  /** Null: nothing is ever pasted. */
  readonly clipboard: Clipboard | null;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The process of our own windows; null: none is there. */
  readonly owner: number | null;
};

const NEVER = new AbortController().signal;

/** Opens the hands of this desktop. Nothing tells their events from a person's here: `isEcho` knows none. */
export function openSystemHands({ system, clipboard, sleep, owner }: SystemOptions): NutHands {
  mouse.config.autoDelayMs = 0;
  keyboard.config.autoDelayMs = 0;
  const buttons = new Set<MouseButton>();
  const keys = new Set<Key>();
  const keyUp = async (key: Key) => {
    await keyboard.releaseKey(key);
    keys.delete(key);
  };
  const letGo = async () => {
    for (const key of [...keys].reverse()) await keyUp(key);
  };
  const keyDown = async (key: Key) => {
    keys.add(key);
    await keyboard.pressKey(key);
  };
  const pressed = async (wanted: readonly Key[], ms: number, signal: AbortSignal) => {
    try {
      for (const key of wanted) await keyDown(key);
      await sleep(ms, signal);
    } finally {
      for (const key of [...wanted].reverse()) if (keys.has(key)) await keyUp(key);
    }
  };
  const releaseAll = async () => {
    await letGo();
    for (const button of buttons) await mouse.releaseButton(BUTTONS[button]);
    buttons.clear();
  };
  const focusWindow = () => frontWindow(askSystem, owner);
  const held = () => ({ keys: [...keys], buttons: [...buttons].map((button) => BUTTONS[button]) });
  const focusMoved = async (window: number | null, done: number) => {
    if (((await focusWindow())?.id ?? null) !== window) throw new FocusMovedError(done);
  };
  return {
    isEcho: () => false,
    down: async () => held(),
    held,
    focusWindow,
    // Neither library tells what is in front at a point: see front-window.ts.
    windowAt: async () => null,
    // Both systems take text past input methods.
    inputMethod: async () => null,
    clickTimes: async () => CLICKS,
    moveTo: async ([x, y]) => void (await mouse.setPosition(new NutPoint(x, y))),
    buttonDown: async (button) => {
      buttons.add(button);
      await mouse.pressButton(BUTTONS[button]);
    },
    buttonUp: async (button) => {
      await mouse.releaseButton(BUTTONS[button]);
      buttons.delete(button);
    },
    wheel: (direction) => turn(direction, NOTCH[system]),
    holdModifiers: async (modifiers) => {
      const wanted = nutKeys({ modifiers, key: null }, system);
      for (const key of wanted) await keyDown(key);
      return async () => {
        for (const key of [...wanted].reverse()) await keyUp(key);
      };
    },
    press: async (combo, times, { signal, onProgress, keysFor }) => {
      const wanted = nutKeys(combo, system);
      if (keysFor !== null) await focusMoved(keysFor.window, 0);
      for (let done = 1; done <= times; done += 1) {
        if (signal.aborted) return { stopped: true };
        await pressed(wanted, PRESS, NEVER);
        onProgress(done, times);
      }
      return { stopped: false };
    },
    hold: async (combo, ms, { signal, keysFor }) => {
      const wanted = nutKeys(combo, system);
      if (keysFor !== null) await focusMoved(keysFor.window, 0);
      if (!signal.aborted) await pressed(wanted, ms, signal);
      return { stopped: signal.aborted };
    },
    type: async (text, cut) => {
      const parts = typedParts(text, system, clipboard !== null);
      const tapped = (key: "Return" | "Tab" | "v", modifier: "ctrl" | "super" | null) =>
        pressed(nutKeys({ modifiers: modifier === null ? [] : [modifier], key }, system), PRESS, NEVER);
      const hand = {
        focusedWindow: async () => (await focusWindow())?.id ?? null,
        type: async (chunk: string) => void (await keyboard.type(chunk)),
        tap: (key: "Return" | "Tab") => tapped(key, null),
        pressPaste: () => tapped("v", system === "darwin" ? "super" : "ctrl"),
        letGo,
        sleep,
      };
      return await typeParts(parts, hand, clipboard ?? NO_CLIPBOARD, cut);
    },
    releaseAll,
    close: releaseAll,
  };
}

async function turn(direction: WheelDirection, amount: number): Promise<void> {
  switch (direction) {
    case "up":
      return void (await mouse.scrollUp(amount));
    case "down":
      return void (await mouse.scrollDown(amount));
    case "left":
      return void (await mouse.scrollLeft(amount));
    case "right":
      return void (await mouse.scrollRight(amount));
  }
}

/** Without the setting no part is ever pasted (typed-parts.ts). */
const refuse = () => Promise.reject(new Error("text: nothing may be pasted"));
const NO_CLIPBOARD: Clipboard = { keep: refuse, put: refuse, putBack: refuse };
