/** For tests: frames drawn by hand, hands that only remember, a clock that is turned by hand. */
import type { Point, Region, Size } from "../../shared/geometry.ts";
import type { WindowFacts } from "./computer.ts";
import type { Clock } from "./doing.ts";
import { cropFrame, type Frame } from "./frame.ts";
import type { Grabber } from "./grabber.ts";
import {
  type Aim,
  AimMovedError,
  type ClickTimes,
  type Cut,
  FocusMovedError,
  type Hands,
  type LastCheck,
} from "./hands.ts";
import { wholeShot } from "./shot.ts";

export const GREY = 0x808080;

/** A frame of one colour (0xRRGGBB) with rectangles of others. */
export function frameOf(size: Size, colour: number, ...rects: readonly (readonly [Region, number])[]): Frame {
  const pixels = new Uint32Array(size.w * size.h).fill(colour);
  for (const [[x0, y0, x1, y1], fill] of rects) {
    for (let y = y0; y < y1; y += 1) pixels.fill(fill, y * size.w + x0, y * size.w + x1);
  }
  return { size, data: new Uint8Array(pixels.buffer), at: 0 };
}

export function windowOf(id: number, over: Partial<WindowFacts> = {}): WindowFacts {
  return {
    id,
    pid: 100 + id,
    class: `Class${id}`,
    title: `Window ${id}`,
    bounds: { x: 0, y: 0, w: 10, h: 10, scale: 1 },
    ...over,
  };
}

/** Time passes only by sleeping. */
export function fakeClock(): Clock & { readonly pass: (ms: number) => void } {
  let time = 0;
  return {
    now: () => time,
    pass: (ms) => {
      time += ms;
    },
    sleep: async (ms, signal) => {
      if (!signal.aborted) time += ms;
    },
  };
}

/** A display at `at` that shows what `screen` says at the moment of each grab. */
export function fakeGrabber(screen: () => Frame, at: Point = [0, 0]): Grabber {
  return {
    display: async () => ({ x: at[0], y: at[1], ...screen().size, scale: 1 }),
    grab: async (region) => cropFrame(screen(), region),
    shot: async () => wholeShot(screen()),
    close: () => undefined,
  };
}

export type FakeHands = Hands & {
  readonly log: string[];
  /** Called with each line of the log as it is written. */
  onLine: (line: string) => void;
  /** Called in each primitive of the mouse between its last look and its input. */
  onLook: () => void;
  focus: WindowFacts | null;
  under: WindowFacts | null;
  times: ClickTimes;
  method: string | null;
};

/** Hands that write down what they are told. */
export function fakeHands(): FakeHands {
  const log: string[] = [];
  const say = (line: string) => {
    log.push(line);
    hands.onLine(line);
  };
  const parts = async (what: string, total: number, { signal, onProgress, keysFor }: Cut) => {
    for (let done = 1; done <= total; done += 1) {
      if (keysFor !== null && keysFor.window !== (hands.focus?.id ?? null)) throw new FocusMovedError(done - 1);
      if (signal.aborted) return { stopped: true };
      say(`${what} ${done}`);
      onProgress(done, total);
    }
    return { stopped: false };
  };
  const aimed = (aim: Aim | null) => {
    if (aim !== null && aim.window !== (hands.under?.id ?? null)) throw new AimMovedError(aim.done);
  };
  const looked = (check: LastCheck) => {
    hands.onLook();
    check();
  };
  const hands: FakeHands = {
    log,
    onLine: () => undefined,
    onLook: () => undefined,
    focus: windowOf(1),
    under: windowOf(1),
    method: null,
    times: { shortest: 200, longest: 500 },
    focusWindow: async () => hands.focus,
    windowAt: async () => hands.under,
    inputMethod: async () => hands.method,
    clickTimes: async () => hands.times,
    moveTo: async ([x, y]: Point, check) => {
      looked(check);
      say(`move ${x},${y}`);
    },
    buttonDown: async (button, aim, check) => {
      aimed(aim);
      looked(check);
      say(`down ${button}`);
    },
    buttonUp: async (button) => say(`up ${button}`),
    wheel: async (direction, aim, check) => {
      aimed(aim);
      looked(check);
      say(`wheel ${direction}`);
    },
    holdModifiers: async (modifiers, _keysFor, check) => {
      looked(check);
      say(`hold ${modifiers.join("+")}`);
      return async () => say(`free ${modifiers.join("+")}`);
    },
    press: (combo, times, cut) => parts(`press ${[...combo.modifiers, combo.key].join("+")}`, times, cut),
    hold: async (combo, _ms, { signal }) => {
      say(`keydown ${combo.key}`);
      say(`keyup ${combo.key}`);
      return { stopped: signal.aborted };
    },
    type: (text, cut) => parts("type", text.length, cut),
    releaseAll: async () => say("releaseAll"),
    close: async () => say("close"),
  };
  return hands;
}
