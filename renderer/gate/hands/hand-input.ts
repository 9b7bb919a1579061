/**
 * The operator's mouse and keyboard on the live picture, as actions for the session's desktop. Pure: time comes in as
 * an argument. What belongs together waits a moment for its rest (characters of a word, the second half of a double
 * click, turns of the wheel), and whatever comes next sends it first, so that the order is the hand's own.
 */
import type { Action } from "../../../shared/action.ts";
import type { Point } from "../../../shared/geometry.ts";
import type { Modifier } from "../../../shared/keys.ts";
import { textPieces } from "../../../shared/visible-text.ts";

export type HandEvent =
  | { readonly kind: "press"; readonly at: Point; readonly button: number }
  | { readonly kind: "release"; readonly at: Point; readonly held: readonly Modifier[] }
  /** `clicks` of the wheel, not whole for fine ones; positive is right and down. */
  | {
      readonly kind: "wheel";
      readonly at: Point;
      readonly held: readonly Modifier[];
      readonly dx: number;
      readonly dy: number;
    }
  /** A key that makes no character, or a combination, in its canonical spelling. */
  | { readonly kind: "key"; readonly keys: string }
  /** Characters, as keyboard layout, dead keys and input methods have made them. */
  | { readonly kind: "text"; readonly text: string };

type Click = { readonly kind: "click"; readonly at: Point; readonly text: string | null; readonly count: number };
type Wheel = {
  readonly kind: "wheel";
  readonly at: Point;
  readonly text: string | null;
  readonly dx: number;
  readonly dy: number;
};
type Typed = { readonly kind: "typed"; readonly text: string };
type Keys = { readonly kind: "keys"; readonly keys: string; readonly repeat: number };
type Waiting = Click | Wheel | Typed | Keys;

export type HandState = {
  readonly down: { readonly at: Point; readonly button: number } | null;
  readonly waiting: Waiting | null;
  /** When what waits is sent at the latest, in the time of `feed`. */
  readonly due: number;
};

export const HANDS_OFF: HandState = { down: null, waiting: null, due: 0 };

/** ms that each kind waits for more of itself. */
const PATIENCE = { click: 260, wheel: 120, typed: 140, keys: 60 } as const;
/** Nearer than this, px in screenshot space, a press and its release are a click, and two clicks are a double click. */
const STILL = 5;
const MAX_REPEAT = 100;
/** Sent at once when this long, so that a paste-like burst does not wait for its end. */
const MAX_TYPED = 200;

export type Step = { readonly state: HandState; readonly actions: readonly Action[] };

/** Takes one event at `now` (ms, any clock that only goes forward); the actions are to be done in this order. */
export function feed(state: HandState, event: HandEvent, now: number): Step {
  switch (event.kind) {
    case "press":
      return { state: { ...state, down: { at: event.at, button: event.button } }, actions: [] };
    case "release":
      return release(state, event, now);
    case "wheel":
      return wait(
        state,
        { kind: "wheel", at: event.at, text: heldText(event.held), dx: event.dx, dy: event.dy },
        now,
        PATIENCE.wheel,
      );
    case "key":
      return wait(state, { kind: "keys", keys: event.keys, repeat: 1 }, now, PATIENCE.keys);
    case "text": {
      const text = textPieces(event.text)
        .map((piece) => (piece.kind === "plain" ? piece.text : ""))
        .join("");
      return text === "" ? { state, actions: [] } : wait(state, { kind: "typed", text }, now, PATIENCE.typed);
    }
  }
}

/** Sends what waits: when it is due, and when the picture is left. */
export function flush(state: HandState): Step {
  return { state: { ...state, waiting: null }, actions: state.waiting === null ? [] : actionsOf(state.waiting) };
}

/** Wheel movement in clicks: browsers tell it in px (100 a click), lines (3 a click) or pages. */
export function wheelClicks(delta: number, mode: number): number {
  return mode === 0 ? delta / 100 : mode === 1 ? delta / 3 : delta * 5;
}

function release(state: HandState, { at, held }: Extract<HandEvent, { kind: "release" }>, now: number): Step {
  const { down } = state;
  if (down === null) return { state, actions: [] };
  const up = { ...state, down: null };
  const text = heldText(held);
  const still = near(down.at, at);
  if (down.button === 0 && still) return wait(up, { kind: "click", at: down.at, text, count: 1 }, now, PATIENCE.click);
  const done = (action: Action): Step => {
    const sent = flush(up);
    return { ...sent, actions: [...sent.actions, action] };
  };
  const holding = text === null ? {} : { text };
  if (down.button === 0)
    return done({ action: "left_click_drag", start_coordinate: down.at, coordinate: at, ...holding });
  if (!still) return { state: up, actions: [] };
  if (down.button === 1) return done({ action: "middle_click", coordinate: at, ...holding });
  return down.button === 2 ? done({ action: "right_click", coordinate: at, ...holding }) : { state: up, actions: [] };
}

/** Adds to what waits where the two are one movement; else sends what waits, and the new one begins to wait. */
function wait(state: HandState, next: Waiting, now: number, patience: number): Step {
  const due = now + patience;
  const merged = state.waiting === null ? null : merge(state.waiting, next);
  if (merged === null) {
    const sent = flush(state);
    return { state: { ...sent.state, waiting: next, due }, actions: sent.actions };
  }
  const full = { state: { ...state, waiting: merged, due }, actions: [] };
  return isFull(merged) ? flush(full.state) : full;
}

function merge(a: Waiting, b: Waiting): Waiting | null {
  if (a.kind === "typed" && b.kind === "typed") return { kind: "typed", text: a.text + b.text };
  if (a.kind === "keys" && b.kind === "keys" && a.keys === b.keys) return { ...a, repeat: a.repeat + 1 };
  if (a.kind === "click" && b.kind === "click" && a.text === b.text && near(a.at, b.at))
    return { ...a, count: a.count + 1 };
  if (a.kind === "wheel" && b.kind === "wheel" && a.text === b.text && near(a.at, b.at))
    return { ...a, dx: a.dx + b.dx, dy: a.dy + b.dy };
  return null;
}

function isFull(waiting: Waiting): boolean {
  switch (waiting.kind) {
    case "click":
      return waiting.count === 3;
    case "typed":
      return waiting.text.length >= MAX_TYPED;
    case "keys":
      return waiting.repeat === MAX_REPEAT;
    case "wheel":
      return false;
  }
}

const CLICKS = ["left_click", "double_click", "triple_click"] as const;

function actionsOf(waiting: Waiting): readonly Action[] {
  switch (waiting.kind) {
    case "typed":
      return [{ action: "type", text: waiting.text }];
    case "keys":
      return [{ action: "key", text: waiting.keys, ...(waiting.repeat > 1 ? { repeat: waiting.repeat } : {}) }];
    case "click": {
      const { at, text, count } = waiting;
      const action = CLICKS[count - 1] ?? "left_click";
      return [{ action, coordinate: at, ...(text === null ? {} : { text }) }];
    }
    case "wheel":
      return [...scrolls(waiting, waiting.dy, "up", "down"), ...scrolls(waiting, waiting.dx, "left", "right")];
  }
}

function scrolls(wheel: Wheel, clicks: number, back: "up" | "left", forth: "down" | "right"): readonly Action[] {
  if (clicks === 0) return [];
  return [
    {
      action: "scroll",
      coordinate: wheel.at,
      scroll_direction: clicks < 0 ? back : forth,
      scroll_amount: Math.min(MAX_REPEAT, Math.max(1, Math.round(Math.abs(clicks)))),
      ...(wheel.text === null ? {} : { text: wheel.text }),
    },
  ];
}

function heldText(held: readonly Modifier[]): string | null {
  return held.length === 0 ? null : held.join("+");
}

function near(a: Point, b: Point): boolean {
  return Math.hypot(a[0] - b[0], a[1] - b[1]) <= STILL;
}
