import fc from "fast-check";
import { expect, describe as group, test } from "vitest";
import {
  ACTION_NAMES,
  type Action,
  actionSchema,
  boundsError,
  describe,
  doneText,
  isKeyboardAction,
  isPointerAction,
  LOOK_ONLY,
  MAX_TEXT,
  parseAction,
  pointsOf,
  usesCursor,
} from "./action.ts";
import { parseKeys } from "./keys.ts";

const SPACE = { w: 1280, h: 800 };

function errorOf(name: string, input: unknown): string {
  const parsed = parseAction(name, input, SPACE);
  return parsed.ok ? `accepted: ${JSON.stringify(parsed.action)}` : parsed.error;
}

/** One valid input of each action, with its sentence. */
const VALID: readonly (readonly [name: Action["action"], input: Record<string, unknown>, sentence: string])[] = [
  ["screenshot", {}, "Take a screenshot"],
  ["zoom", { region: [0, 0, 1280, 800] }, "Zoom into 0, 0 to 1280, 800"],
  ["left_click", { coordinate: [412, 96] }, "Left click at 412, 96"],
  ["left_click", {}, "Left click at the cursor"],
  ["right_click", { coordinate: [0, 0], text: "shift" }, "Hold shift: Right click at 0, 0"],
  ["middle_click", { coordinate: [1279, 799] }, "Middle click at 1279, 799"],
  ["double_click", { coordinate: [1, 2], text: "cmd+CTRL" }, "Hold ctrl+super: Double click at 1, 2"],
  ["triple_click", { coordinate: null, text: null }, "Triple click at the cursor"],
  ["left_click_drag", { start_coordinate: [1, 2], coordinate: [3, 4] }, "Drag from 1, 2 to 3, 4"],
  [
    "left_click_drag",
    { start_coordinate: [1, 2], coordinate: [3, 4], text: "alt" },
    "Hold alt: Drag from 1, 2 to 3, 4",
  ],
  ["mouse_move", { coordinate: [5, 6] }, "Move the mouse to 5, 6"],
  ["left_mouse_down", {}, "Press the left mouse button and hold it"],
  ["left_mouse_up", {}, "Release the left mouse button"],
  ["cursor_position", {}, "Read the cursor position"],
  ["scroll", { scroll_direction: "down", scroll_amount: 3, coordinate: [5, 6] }, "Scroll down 3 clicks at 5, 6"],
  [
    "scroll",
    { scroll_direction: "left", scroll_amount: 1, text: "shift" },
    "Hold shift: Scroll left 1 click at the cursor",
  ],
  ["type", { text: "Hello\r\n\tWorld" }, 'Type "Hello↵→World"'],
  ["type", { text: "\u202eевил\u200b" }, 'Type "<U+202E>евил<U+200B>"'],
  ["type", { text: "x".repeat(41) }, `Type "${"x".repeat(40)}"… (41 characters)`],
  ["type", { text: 'say "hi"' }, 'Type "say \\"hi\\""'],
  ["key", { text: "CTRL+s" }, "Press ctrl+s"],
  ["key", { text: "enter", repeat: 5 }, "Press Return 5 times"],
  ["key", { text: "ctrl++", repeat: 1 }, "Press ctrl++"],
  ["hold_key", { text: "shift", duration: 1 }, "Hold shift for 1 second"],
  ["hold_key", { text: "space", duration: 0.5 }, "Hold space for 0.5 seconds"],
  ["wait", { duration: 300 }, "Wait 300 seconds"],
];

group("valid actions", () => {
  test.each(VALID)("%s %j", (name, input, sentence) => {
    const parsed = parseAction(name, input, SPACE);
    if (!parsed.ok) throw new Error(parsed.error);
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
    expect(parsed.action).toStrictEqual({ action: name, ...given });
    expect(describe(parsed.action)).toBe(sentence);
  });

  test("all 17 are covered", () => {
    expect(ACTION_NAMES).toHaveLength(17);
    expect(new Set(VALID.map(([name]) => name))).toEqual(new Set(ACTION_NAMES));
  });

  test("-0 becomes 0, so that what is approved equals what is recorded", () => {
    const parsed = parseAction("mouse_move", JSON.parse('{"coordinate":[-0,-0]}'), SPACE);
    expect(parsed).toStrictEqual({ ok: true, action: { action: "mouse_move", coordinate: [0, 0] } });
  });
});

group("wrong input is an error that names the field", () => {
  test.each<[string, unknown, string]>([
    ["left_click", { coordinate: [1400, 3] }, "coordinate[0]: 1400 is outside the 1280x800 screenshot"],
    ["left_click", { coordinate: [1280, 3] }, "coordinate[0]: 1280 is outside the 1280x800 screenshot"],
    ["left_click", { coordinate: [3, 800] }, "coordinate[1]: 800 is outside the 1280x800 screenshot"],
    ["left_click", { coordinate: [-1, 3] }, "coordinate[0]: must not be negative, got -1"],
    ["left_click", { coordinate: [3, -0.5] }, "coordinate[1]: expected a whole number, got -0.5"],
    ["left_click", { coordinate: [Number.NaN, 3] }, "coordinate[0]: expected a number, got NaN"],
    ["left_click", { coordinate: [3, Number.POSITIVE_INFINITY] }, "coordinate[1]: expected a number, got Infinity"],
    ["left_click", { coordinate: [1e300, 3] }, "coordinate[0]: 1e+300 is too big"],
    ["left_click", { coordinate: [-1e300, 3] }, "coordinate[0]: -1e+300 is too small"],
    ["left_click", { coordinate: ["12", 3] }, 'coordinate[0]: expected a number, got "12"'],
    ["left_click", { coordinate: [true, 3] }, "coordinate[0]: expected a number, got true"],
    ["left_click", { coordinate: [[1], 3] }, "coordinate[0]: expected a number, got a list of 1"],
    ["left_click", { coordinate: [1, null] }, "coordinate[1]: expected a number, got null"],
    ["left_click", { coordinate: [1, { toString: 3 }] }, "coordinate[1]: expected a number, got an object"],
    ["left_click", { coordinate: [] }, "coordinate: expected 2 numbers, got a list of 0"],
    ["left_click", { coordinate: [1] }, "coordinate: expected 2 numbers, got a list of 1"],
    ["left_click", { coordinate: [1, 2, 3] }, "coordinate: expected 2 numbers, got a list of 3"],
    ["left_click", { coordinate: "1, 2" }, 'coordinate: expected a list of numbers, got "1, 2"'],
    ["left_click", { coordinate: { x: 1, y: 2 } }, "coordinate: expected a list of numbers, got an object"],
    ["left_click", { text: "a" }, 'text: "a" can\'t be held; use shift, ctrl, alt or super'],
    ["left_click", { text: "" }, "text: must not be empty; leave it out to hold nothing"],
    ["left_click", { text: 5 }, "text: expected a text, got 5"],
    ["left_click", { button: "left" }, "button: is not a field of this action"],
    ["left_click", { action: "left_click" }, "action: is not a field of this call"],
    ["left_click", JSON.parse('{"__proto__":{"polluted":1}}'), "__proto__: is not a field of this action"],
    ["left_click", { constructor: 1 }, "constructor: is not a field of this action"],
    ["left_click", { "\u202egnp": 1 }, '"<U+202E>gnp": is not a field of this action'],
    ["left_click", { "": 1 }, '"": is not a field of this action'],
    ["mouse_move", {}, "coordinate: is missing"],
    ["mouse_move", { coordinate: null }, "coordinate: is missing"],
    ["left_click_drag", { coordinate: [1, 2] }, "start_coordinate: is missing"],
    [
      "left_click_drag",
      { start_coordinate: [1, 900], coordinate: [1, 2] },
      "start_coordinate[1]: 900 is outside the 1280x800 screenshot",
    ],
    ["zoom", {}, "region: is missing"],
    ["zoom", { region: [1, 2, 3] }, "region: expected 4 numbers, got a list of 3"],
    [
      "zoom",
      { region: [5, 5, 5, 9] },
      "region: [5, 5, 5, 9] has no area; expected [x0, y0, x1, y1] with x1 > x0 and y1 > y0",
    ],
    [
      "zoom",
      { region: [5, 9, 7, 5] },
      "region: [5, 9, 7, 5] has no area; expected [x0, y0, x1, y1] with x1 > x0 and y1 > y0",
    ],
    ["zoom", { region: [0, 0, 1281, 9] }, "region[2]: 1281 is outside the 1280x800 screenshot"],
    ["zoom", { region: [0, 0, 9, 801] }, "region[3]: 801 is outside the 1280x800 screenshot"],
    ["zoom", { region: [0, 0, 9, "x"] }, 'region[3]: expected a number, got "x"'],
    ["type", {}, "text: is missing"],
    ["type", { text: "" }, "text: must not be empty"],
    ["type", { text: null }, "text: is missing"],
    ["type", { text: ["a"] }, "text: expected a text, got a list of 1"],
    ["type", { text: "x".repeat(200_000) }, "text: has 200000 characters, but at most 50000 can be typed at once"],
    ["type", { text: "ab\u0007" }, "text: the character ␇ at 2 can't be typed"],
    ["type", { text: "\u0085" }, "text: the character <U+0085> at 0 can't be typed"],
    ["type", { text: "😀\ud83d" }, "text: the character <U+D83D> at 1 can't be typed"],
    ["key", { text: "Retrun" }, 'text: unknown key "Retrun"; did you mean Return?'],
    ["key", { text: "" }, "text: expected a key such as Return or ctrl+s, got an empty text"],
    ["key", { text: "\u200b" }, 'text: unknown key "<U+200B>"'],
    ["key", { text: "a", repeat: 101 }, "repeat: must be at most 100, got 101"],
    ["key", { text: "a", repeat: 0 }, "repeat: must be at least 1, got 0"],
    ["key", { text: "a", repeat: 1.5 }, "repeat: expected a whole number, got 1.5"],
    ["key", { text: "a", repeat: "3" }, 'repeat: expected a number, got "3"'],
    ["hold_key", { text: "a" }, "duration: is missing"],
    ["hold_key", { text: "a", duration: 301 }, "duration: must be at most 300 seconds, got 301"],
    ["hold_key", { text: "constructor", duration: 1 }, 'text: unknown key "constructor"'],
    ["wait", { duration: 300.001 }, "duration: must be at most 300 seconds, got 300.001"],
    ["wait", { duration: 0 }, "duration: must be more than 0, got 0"],
    ["wait", { duration: -5 }, "duration: must be more than 0, got -5"],
    ["wait", { duration: Number.NaN }, "duration: expected a number, got NaN"],
    ["wait", { duration: "5" }, 'duration: expected a number, got "5"'],
    ["scroll", { scroll_amount: 3 }, "scroll_direction: is missing"],
    ["scroll", { scroll_direction: "up" }, "scroll_amount: is missing"],
    ["scroll", { scroll_direction: "up", scroll_amount: 101 }, "scroll_amount: must be at most 100, got 101"],
    ["scroll", { scroll_direction: "up", scroll_amount: -3 }, "scroll_amount: must be at least 1, got -3"],
    [
      "scroll",
      { scroll_direction: "north", scroll_amount: 3 },
      'scroll_direction: expected one of up, down, left, right, got "north"',
    ],
    ["screenshot", { delay: { a: [{ b: 1 }] } }, "delay: is not a field of this action"],
    ["wait", null, "input: expected an object, got null"],
    ["wait", undefined, "input: expected an object, got nothing"],
    ["wait", [1], "input: expected an object, got a list of 1"],
    ["wait", "5", 'input: expected an object, got "5"'],
    ["wait", "x".repeat(61), "input: expected an object, got a text of 61 characters"],
  ])("%s %j", (name, input, error) => {
    expect(errorOf(name, input)).toBe(error);
  });

  test.each(["", "click", "Left_Click", "toString", "__proto__", "constructor", "\u202e\n"])(
    "unknown action %j",
    (name) => {
      expect(errorOf(name, {})).toMatch(/^action: unknown action ".*"; expected one of screenshot, zoom, .*, wait$/);
    },
  );
});

/** Controls have no key, but for the three that are Enter and Tab. */
function hasKey(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return "\n\r\t".includes(character) || (code >= 0x20 && code < 0x7f) || code >= 0xa0;
}

/** Says in its own words whether an action can be run: nothing of the schema is used here. */
function runnable(action: Record<string, unknown>): boolean {
  const { action: name, ...fields } = action;
  const px = (n: unknown, max: number) =>
    typeof n === "number" && Number.isInteger(n) && !Object.is(n, -0) && n >= 0 && n < max;
  const at = (p: unknown) => Array.isArray(p) && p.length === 2 && px(p[0], SPACE.w) && px(p[1], SPACE.h);
  const optional = (value: unknown, check: (value: unknown) => boolean) => value === undefined || check(value);
  const keys = (text: unknown) => typeof text === "string" && parseKeys(text).ok;
  const held = (text: unknown) => {
    const parsed = typeof text === "string" ? parseKeys(text) : null;
    return parsed?.ok === true && parsed.combo.key === null && parsed.combo.modifiers.length > 0;
  };
  const upTo = (n: unknown, max: number) => typeof n === "number" && n > 0 && n <= max;
  const count = (n: unknown) => upTo(n, 100) && Number.isInteger(n);
  const only = (...names: string[]) => Object.keys(fields).every((field) => names.includes(field));
  const { coordinate, start_coordinate, region, text, repeat, duration, scroll_direction, scroll_amount } = fields;
  switch (name) {
    case "screenshot":
    case "left_mouse_down":
    case "left_mouse_up":
    case "cursor_position":
      return only();
    case "left_click":
    case "right_click":
    case "middle_click":
    case "double_click":
    case "triple_click":
      return only("coordinate", "text") && optional(coordinate, at) && optional(text, held);
    case "left_click_drag":
      return (
        only("coordinate", "start_coordinate", "text") && at(coordinate) && at(start_coordinate) && optional(text, held)
      );
    case "mouse_move":
      return only("coordinate") && at(coordinate);
    case "zoom": {
      if (!only("region") || !Array.isArray(region) || region.length !== 4) return false;
      const [x0, y0, x1, y1]: unknown[] = region;
      if (!px(x0, SPACE.w) || !px(y0, SPACE.h) || !px(x1, SPACE.w + 1) || !px(y1, SPACE.h + 1)) return false;
      return Number(x0) < Number(x1) && Number(y0) < Number(y1);
    }
    case "scroll":
      if (!only("scroll_direction", "scroll_amount", "coordinate", "text") || !count(scroll_amount)) return false;
      return (
        typeof scroll_direction === "string" &&
        ["up", "down", "left", "right"].includes(scroll_direction) &&
        optional(coordinate, at) &&
        optional(text, held)
      );
    case "type":
      if (!only("text") || typeof text !== "string" || text === "" || text.length > MAX_TEXT) return false;
      return text.isWellFormed() && [...text].every(hasKey);
    case "key":
      return only("text", "repeat") && keys(text) && optional(repeat, count);
    case "hold_key":
      return only("text", "duration") && keys(text) && upTo(duration, 300);
    case "wait":
      return only("duration") && upTo(duration, 300);
    default:
      return false;
  }
}

const number = fc.oneof(
  fc.integer({ min: -3, max: 1300 }),
  fc.constantFrom(
    0,
    -0,
    1,
    100,
    101,
    300,
    301,
    799,
    800,
    1279,
    1280,
    0.5,
    1e-9,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    1e300,
  ),
  fc.double(),
);
const words = fc.oneof(
  fc.constantFrom(
    "a",
    "ctrl+s",
    "shift",
    "ctrl+alt",
    "Return",
    "Retrun",
    "up",
    "down",
    "left",
    "right",
    "",
    "\u200b",
    "\u2028",
    "\ud83d",
    "x\n",
  ),
  fc.string({ unit: "binary" }),
  fc.string(),
);
const junk = fc.oneof(fc.anything(), fc.jsonValue(), number, words, fc.constant(null));
const list = fc.oneof(
  fc.tuple(number, number),
  fc.tuple(number, number, number, number),
  fc.array(junk, { maxLength: 5 }),
);
const FIELDS = [
  "coordinate",
  "start_coordinate",
  "region",
  "text",
  "repeat",
  "duration",
  "scroll_direction",
  "scroll_amount",
];
const fieldName = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...FIELDS) },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "action", "", "x") },
);
const wild = fc.oneof(fc.dictionary(fieldName, fc.oneof(list, number, words, junk), { maxKeys: 4 }), junk);
const anyName = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...ACTION_NAMES) },
  { weight: 1, arbitrary: fc.string() },
);

const pixelOf = (max: number) => fc.integer({ min: 0, max: max - 1 });
const spot = fc.tuple(pixelOf(SPACE.w), pixelOf(SPACE.h));
const held = fc.constantFrom("shift", "Ctrl", "alt+super", null);
const combo = fc.constantFrom("Return", "ctrl+shift+T", "ctrl++", "super", "é", "KP_5", "U20AC", "space");
const typed = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }).filter((text) => [...text].every(hasKey));

/** Calls that ought to run, nearly all of them. */
const good = fc.oneof(
  fc.tuple(fc.constantFrom("screenshot", "left_mouse_down", "left_mouse_up", "cursor_position"), fc.constant({})),
  fc.tuple(
    fc.constantFrom("left_click", "right_click", "middle_click", "double_click", "triple_click"),
    fc.record({ coordinate: fc.option(spot), text: held }, { requiredKeys: [] }),
  ),
  fc.tuple(fc.constant("mouse_move"), fc.record({ coordinate: spot })),
  fc.tuple(fc.constant("left_click_drag"), fc.record({ start_coordinate: spot, coordinate: spot, text: held })),
  fc.tuple(
    fc.constant("zoom"),
    fc.tuple(spot, spot).map(([a, b]) => ({
      region: [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]) + 1, Math.max(a[1], b[1]) + 1],
    })),
  ),
  fc.tuple(
    fc.constant("scroll"),
    fc.record({
      scroll_direction: fc.constantFrom("up", "down", "left", "right"),
      scroll_amount: fc.integer({ min: 1, max: 100 }),
      coordinate: fc.option(spot),
      text: held,
    }),
  ),
  fc.tuple(fc.constant("type"), fc.record({ text: typed })),
  fc.tuple(fc.constant("key"), fc.record({ text: combo, repeat: fc.option(fc.integer({ min: 1, max: 100 })) })),
  fc.tuple(
    fc.constant("hold_key"),
    fc.record({ text: combo, duration: fc.double({ min: 0.001, max: 300, noNaN: true }) }),
  ),
  fc.tuple(fc.constant("wait"), fc.record({ duration: fc.integer({ min: 1, max: 300 }) })),
);

/** One line, not blank, with nothing invisible in it. */
function isReadable(text: string): boolean {
  const bare = text.replace(/\p{RGI_Emoji}/gv, "e");
  return bare.trim() !== "" && !/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0]/u.test(bare);
}

group("fuzzed", () => {
  test("wild input never throws; what is accepted can run, and what is refused says why in one readable line", () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyName, wild, (name, input) => {
        const parsed = parseAction(name, input, SPACE);
        if (parsed.ok) {
          accepted += 1;
          expect(runnable(parsed.action)).toBe(true);
          expect(boundsError(parsed.action, SPACE)).toBeNull();
          expect(actionSchema.parse(parsed.action)).toStrictEqual(parsed.action);
          expect(isReadable(describe(parsed.action))).toBe(true);
        } else {
          expect(parsed.error).toMatch(/^(\w+(\[\d\])?|".*"): .+$/u);
          expect(parsed.error.length).toBeLessThan(600);
          expect(isReadable(parsed.error)).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test("every good call is accepted, with nulls for what is optional, and survives JSON", () => {
    fc.assert(
      fc.property(good, ([name, input]) => {
        const parsed = parseAction(name, input, SPACE);
        if (!parsed.ok) throw new Error(`${name} ${JSON.stringify(input)}: ${parsed.error}`);
        expect(runnable(parsed.action)).toBe(true);
        expect(JSON.parse(JSON.stringify(parsed.action))).toStrictEqual(parsed.action);
        expect(isReadable(describe(parsed.action))).toBe(true);
        expect(isReadable(doneText(parsed.action))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("a call with one field changed is refused only when it could not run", () => {
    fc.assert(
      fc.property(
        good,
        fc.constantFrom(...FIELDS),
        fc.oneof(number, words, list, fc.jsonValue()),
        ([name, input], field, value) => {
          const changed = Object.fromEntries([...Object.entries(input), [field, value]]);
          const parsed = parseAction(name, changed, SPACE);
          if (parsed.ok) return;
          const given = Object.entries(changed).filter(([, each]) => each !== null);
          expect(runnable({ ...Object.fromEntries(given), action: name })).toBe(false);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

group("what an action is", () => {
  const of = (name: string, input: object): Action => {
    const parsed = parseAction(name, input, SPACE);
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.action;
  };

  test("points, start first", () => {
    expect(pointsOf(of("left_click_drag", { start_coordinate: [1, 2], coordinate: [3, 4] }))).toEqual([
      ["start_coordinate", [1, 2]],
      ["coordinate", [3, 4]],
    ]);
    expect(pointsOf(of("left_click", {}))).toEqual([]);
    expect(pointsOf(of("zoom", { region: [0, 0, 1, 1] }))).toEqual([]);
  });

  test("kinds", () => {
    const kinds = VALID.map(([name, input]) => {
      const action = of(name, input);
      return [
        describe(action).slice(0, 24),
        usesCursor(action),
        isPointerAction(action),
        isKeyboardAction(action),
        LOOK_ONLY.has(name),
      ];
    });
    const known = (kind: number) => kinds.filter((row) => row[kind] === true).map((row) => row[0]);
    expect(known(1)).toEqual([
      "Left click at the cursor",
      "Triple click at the curs",
      "Press the left mouse but",
      "Release the left mouse b",
      "Read the cursor position",
      "Hold shift: Scroll left ",
    ]);
    expect(known(2)).toHaveLength(13);
    expect(known(3)).toHaveLength(9);
    expect(known(4)).toEqual([
      "Take a screenshot",
      "Zoom into 0, 0 to 1280, ",
      "Read the cursor position",
      "Wait 300 seconds",
    ]);
  });

  test("bounds are checked again for another screenshot", () => {
    const click = of("left_click", { coordinate: [1000, 700] });
    expect(boundsError(click, SPACE)).toBeNull();
    expect(boundsError(click, { w: 1024, h: 600 })).toBe("coordinate[1]: 700 is outside the 1024x600 screenshot");
    expect(boundsError({ action: "left_click", coordinate: [-1, 2] }, SPACE)).toBe(
      "coordinate[0]: -1 is outside the 1280x800 screenshot",
    );
    expect(boundsError({ action: "zoom", region: [-1, 0, 2, 2] }, SPACE)).toBe(
      "region[0]: -1 is outside the 1280x800 screenshot",
    );
  });

  test("what Claude reads when it was done", () => {
    expect(doneText(of("left_click", { coordinate: [1, 1] }))).toBe("Clicked.");
    expect(doneText(of("type", { text: "x" }))).toBe("Typed.");
    expect(doneText(of("key", { text: "CTRL+s" }))).toBe("Pressed ctrl+s.");
  });
});
