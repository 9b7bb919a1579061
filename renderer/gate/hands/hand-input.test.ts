import { describe, expect, it } from "vitest";
import { type Action, actionSchema, boundsError } from "../../../shared/action.ts";
import type { Modifier } from "../../../shared/keys.ts";
import { feed, flush, HANDS_OFF, type HandEvent, type HandState, wheelClicks } from "./hand-input.ts";

const NONE: readonly Modifier[] = [];
const held = (...names: readonly Modifier[]): readonly Modifier[] => names;

const press = (x: number, y: number, button = 0): HandEvent => ({ kind: "press", at: [x, y], button });
const release = (x: number, y: number, keys: readonly Modifier[] = NONE): HandEvent => ({
  kind: "release",
  at: [x, y],
  held: keys,
});
const key = (keys: string): HandEvent => ({ kind: "key", keys });
const wheel = (dx: number, dy: number, keys: readonly Modifier[] = NONE): HandEvent => ({
  kind: "wheel",
  at: [50, 60],
  held: keys,
  dx,
  dy,
});
const letters = (text: string): readonly HandEvent[] => [...text].map((letter) => ({ kind: "text", text: letter }));

/** Everything a row of events does, each `apart` ms after the other, to the end. */
function done(events: readonly HandEvent[], apart = 20): readonly Action[] {
  let state: HandState = HANDS_OFF;
  const actions: Action[] = [];
  events.forEach((event, i) => {
    if (state.waiting !== null && state.due <= i * apart) {
      const sent = flush(state);
      state = sent.state;
      actions.push(...sent.actions);
    }
    const next = feed(state, event, i * apart);
    state = next.state;
    actions.push(...next.actions);
  });
  return [...actions, ...flush(state).actions];
}

const click = (x: number, y: number) => [press(x, y), release(x, y)];

describe("what the hand does on the live picture", () => {
  it.each<readonly [string, readonly HandEvent[], readonly Action[]]>([
    ["a click", click(10, 20), [{ action: "left_click", coordinate: [10, 20] }]],
    ["a click that trembled", [press(10, 20), release(12, 21)], [{ action: "left_click", coordinate: [10, 20] }]],
    [
      "a click with keys held",
      [press(1, 2), release(1, 2, held("ctrl", "shift"))],
      [{ action: "left_click", coordinate: [1, 2], text: "ctrl+shift" }],
    ],
    ["a double click", [...click(10, 20), ...click(11, 20)], [{ action: "double_click", coordinate: [10, 20] }]],
    [
      "a triple click",
      [...click(9, 9), ...click(9, 9), ...click(9, 9)],
      [{ action: "triple_click", coordinate: [9, 9] }],
    ],
    [
      "two clicks at two places",
      [...click(10, 20), ...click(90, 20)],
      [
        { action: "left_click", coordinate: [10, 20] },
        { action: "left_click", coordinate: [90, 20] },
      ],
    ],
    ["a right click", [press(3, 4, 2), release(3, 4)], [{ action: "right_click", coordinate: [3, 4] }]],
    ["a middle click", [press(3, 4, 1), release(3, 4)], [{ action: "middle_click", coordinate: [3, 4] }]],
    [
      "a drag",
      [press(10, 20), release(200, 90)],
      [{ action: "left_click_drag", start_coordinate: [10, 20], coordinate: [200, 90] }],
    ],
    ["a drag with the right button", [press(10, 20, 2), release(200, 90)], []],
    ["a button we do not know", [press(10, 20, 3), release(10, 20)], []],
    ["a release without a press", [release(10, 20)], []],
    [
      "the wheel, turned three times",
      [wheel(0, 1), wheel(0, 1), wheel(0, 1)],
      [{ action: "scroll", coordinate: [50, 60], scroll_direction: "down", scroll_amount: 3 }],
    ],
    [
      "a fine wheel, moved a little up",
      [wheel(0, -0.1), wheel(0, -0.1)],
      [{ action: "scroll", coordinate: [50, 60], scroll_direction: "up", scroll_amount: 1 }],
    ],
    [
      "a wheel turned sideways with a key held",
      [wheel(2, 0, held("alt"))],
      [{ action: "scroll", coordinate: [50, 60], scroll_direction: "right", scroll_amount: 2, text: "alt" }],
    ],
    ["a word", letters("Grüße, 你好"), [{ action: "type", text: "Grüße, 你好" }]],
    ["what an input method made", [{ kind: "text", text: "你好" }], [{ action: "type", text: "你好" }]],
    ["text with something invisible in it", [{ kind: "text", text: "a\u202eb\n" }], [{ action: "type", text: "ab" }]],
    [
      "a word, Enter, a word",
      [...letters("ab"), key("Return"), ...letters("cd")],
      [
        { action: "type", text: "ab" },
        { action: "key", text: "Return" },
        { action: "type", text: "cd" },
      ],
    ],
    [
      "a key held down",
      Array.from({ length: 9 }, () => key("BackSpace")),
      [{ action: "key", text: "BackSpace", repeat: 9 }],
    ],
    ["a combination", [key("ctrl+s")], [{ action: "key", text: "ctrl+s" }]],
    [
      "two keys",
      [key("Left"), key("Page_Down")],
      [
        { action: "key", text: "Left" },
        { action: "key", text: "Page_Down" },
      ],
    ],
    [
      "a click before a word: in this order",
      [...click(5, 5), ...letters("x")],
      [
        { action: "left_click", coordinate: [5, 5] },
        { action: "type", text: "x" },
      ],
    ],
    [
      "a word before a right click: in this order",
      [...letters("x"), press(5, 5, 2), release(5, 5)],
      [
        { action: "type", text: "x" },
        { action: "right_click", coordinate: [5, 5] },
      ],
    ],
  ])("%s", (_, events, expected) => {
    const actions = done(events);
    expect(actions).toEqual(expected);
    for (const action of actions) {
      expect(actionSchema.safeParse(action).success).toBe(true);
      expect(boundsError(action, { w: 1280, h: 800 })).toBeNull();
    }
  });

  it("takes slow clicks and slow letters for what they are", () => {
    expect(done([...click(1, 1), ...click(1, 1)], 400).map(({ action }) => action)).toEqual([
      "left_click",
      "left_click",
    ]);
    expect(done(letters("ab"), 400)).toEqual([
      { action: "type", text: "a" },
      { action: "type", text: "b" },
    ]);
  });

  it("does not hold back a long text, nor a key held for long", () => {
    const typed = done(letters("x".repeat(450)));
    expect(typed.map((action) => ("text" in action ? action.text?.length : 0))).toEqual([200, 200, 50]);
    const keys = done(Array.from({ length: 130 }, () => key("Delete")));
    expect(keys).toMatchObject([{ repeat: 100 }, { repeat: 30 }]);
  });
});

it("counts wheel clicks in each of the browser's units", () => {
  expect([wheelClicks(100, 0), wheelClicks(-3, 1), wheelClicks(1, 2)]).toEqual([1, -1, 5]);
});
