import { describe, expect, test } from "vitest";
import type { Action } from "../../shared/action.ts";
import type { Point, Region } from "../../shared/geometry.ts";
import { Executor, type ExecutorHooks } from "./executor.ts";
import type { Frame } from "./frame.ts";
import { UNWATCHED } from "./live/live.ts";
import { fakeClock, fakeGrabber, fakeHands, frameOf, GREY, windowOf } from "./test-frames.ts";
import { requestOf } from "./test-support.ts";

const size = { w: 400, h: 300 };

function setUp() {
  const clock = fakeClock();
  const hands = fakeHands();
  const state: { screen: Frame; grabTakes: number } = { screen: frameOf(size, GREY), grabTakes: 0 };
  const executor = new Executor(
    hands,
    fakeGrabber(() => {
      clock.pass(state.grabTakes);
      return state.screen;
    }),
    clock,
  );
  const abort = new AbortController();
  const hooks: ExecutorHooks = { confirm: async () => true, onProgress: () => undefined, signal: abort.signal };
  const run = async (
    action: Action,
    options: { hooks?: Partial<ExecutorHooks>; cursor?: Point | null; meanwhile?: () => void } = {},
  ) => {
    const points = "coordinate" in action && action.coordinate !== undefined ? [action.coordinate] : [];
    const look = await executor.look(size, points);
    options.meanwhile?.();
    return await executor.perform(requestOf(action, look, options.cursor ?? null), { ...hooks, ...options.hooks });
  };
  return { clock, hands, state, executor, abort, run };
}

const click: Action = { action: "left_click", coordinate: [100, 100] };

test("on a display that does not begin at 0, 0, points are of that display and input goes to the whole desktop", async () => {
  const hands = fakeHands();
  const asked: Point[] = [];
  const windowAt = async (point: Point) => {
    asked.push(point);
    return hands.under;
  };
  const executor = new Executor(
    { ...hands, windowAt },
    fakeGrabber(() => frameOf(size, GREY), [1000, 50]),
    fakeClock(),
  );
  const look = await executor.look(size, [[100, 100]]);
  expect(look.facts.display).toEqual({ x: 1000, y: 50, w: 400, h: 300, scale: 1 });
  const hooks = { confirm: async () => true, onProgress: () => undefined, signal: new AbortController().signal };
  const result = await executor.perform(requestOf(click, look, null), hooks);
  expect(result).toMatchObject({ kind: "done", cursor: [100, 100], after: { facts: { display: { x: 1000 } } } });
  expect(hands.log[0]).toBe("move 1100,150");
  expect(new Set(asked.map(String))).toEqual(new Set(["1100,150"]));
});

test("a look waits for a still screen when asked to, and takes it as it is otherwise", async () => {
  const clock = fakeClock();
  const started = clock.now();
  // A window that is still being painted: another grey at every look, until it is done.
  const executor = new Executor(
    fakeHands(),
    fakeGrabber(() => frameOf(size, GREY - 0x1e1e1e * Math.max(0, 4 - Math.floor((clock.now() - started) / 60)))),
    clock,
  );
  const done = (
    await new Executor(
      fakeHands(),
      fakeGrabber(() => frameOf(size, GREY)),
      clock,
    ).look(size, [])
  ).picture;
  expect((await executor.look(size, [])).picture.sha256).not.toBe(done.sha256);
  expect((await executor.look(size, [], 2000)).picture.sha256).toBe(done.sha256);
});

test("whoever watches waits from before the precheck's first look to after its last, however it ends", async () => {
  const log: string[] = [];
  const hands = fakeHands();
  const around = {
    live: {
      ...UNWATCHED,
      hold: () => {
        log.push("hold");
        return () => log.push("release");
      },
    },
  };
  const grabber = fakeGrabber(() => frameOf(size, GREY));
  const grab = (region: Region) => {
    log.push("grab");
    return grabber.grab(region);
  };
  const noted = { ...grabber, grab };
  const executor = new Executor(hands, noted, fakeClock(), around);
  const look = await executor.look(size, [[100, 100]]);
  const hooks = { confirm: async () => true, onProgress: () => undefined, signal: new AbortController().signal };
  expect(await executor.perform(requestOf(click, look, null), hooks)).toMatchObject({ kind: "done" });
  expect(log).toEqual(["hold", "grab", "release"]);
  const refused = { ...hooks, confirm: async () => false };
  expect(await executor.perform(requestOf(click, look, null), refused)).toMatchObject({ kind: "returned" });
  expect(log.slice(3)).toEqual(["hold", "grab", "release"]);
});

describe("nothing is sent", () => {
  test("while an input method would change the keys, and it is named", async () => {
    const { hands, run } = setUp();
    hands.method = "ibus, Unikey";
    for (const action of [
      { action: "type", text: "tieengs" },
      { action: "key", text: "ctrl+s" },
      { action: "hold_key", text: "w", duration: 1 },
    ] as const) {
      expect(await run(action)).toMatchObject({
        kind: "returned",
        reason: "input_method",
        detail: expect.stringContaining("(ibus, Unikey)"),
      });
    }
    expect(hands.log).toEqual([]);
    expect(await run(click)).toMatchObject({ kind: "done" });
  });

  test("when the display, the window, the focus or the pixels changed", async () => {
    const { hands, state, run } = setUp();
    const changes: readonly [Action, () => void, string][] = [
      [
        click,
        () => {
          state.screen = frameOf({ w: 300, h: 300 }, GREY);
        },
        "geometry",
      ],
      [
        { action: "screenshot" },
        () => {
          state.screen = frameOf({ w: 301, h: 300 }, GREY);
        },
        "geometry",
      ],
      [
        click,
        () => {
          hands.focus = windowOf(2);
        },
        "window",
      ],
      [
        click,
        () => {
          hands.under = windowOf(2);
        },
        "window",
      ],
      [
        { action: "type", text: "abc" },
        () => {
          hands.focus = windowOf(2);
        },
        "focus",
      ],
      [
        click,
        () => {
          state.screen = frameOf(size, GREY, [[90, 90, 110, 110], 0]);
        },
        "pixels",
      ],
    ];
    for (const [action, meanwhile, reason] of changes) {
      state.screen = frameOf(size, GREY);
      hands.focus = windowOf(1);
      hands.under = windowOf(1);
      const result = await run(action, { meanwhile });
      expect(result).toMatchObject({ kind: "returned", reason });
      expect(result.kind === "returned" && result.now?.picture.size).toEqual(size);
    }
    expect(hands.log).toEqual([]);
  });

  test("when the rules say no, or the picture is unknown", async () => {
    const { hands, executor, run } = setUp();
    expect(await run(click, { hooks: { confirm: async () => false } })).toMatchObject({
      kind: "returned",
      reason: "policy",
    });
    const look = await executor.look(size, [[100, 100]]);
    const request = requestOf(click, look, null);
    const unknown = { ...request, expected: { ...request.expected, picture: "0".repeat(64) } };
    const hooks = { confirm: async () => true, onProgress: () => undefined, signal: new AbortController().signal };
    expect(await executor.perform(unknown, hooks)).toMatchObject({ kind: "returned", reason: "pixels" });
    expect(hands.log).toEqual([]);
  });

  test("when the desktop is too slow, after a bounded number of tries", async () => {
    const { hands, state, run } = setUp();
    let asked = 0;
    const confirm = async () => {
      asked += 1;
      return true;
    };
    state.grabTakes = 21;
    expect(await run(click, { hooks: { confirm } })).toMatchObject({ kind: "returned", reason: "late" });
    expect(asked).toBe(1);
    expect(hands.log).toEqual([]);
  });

  test("when a slow answer leaves the frame old, another frame is checked, and a change in between is seen", async () => {
    const { clock, hands, state, run } = setUp();
    const slowly = (then: () => void) => async () => {
      clock.pass(200);
      then();
      return true;
    };
    expect(await run(click, { hooks: { confirm: slowly(() => undefined) } })).toMatchObject({ kind: "done" });
    hands.log.length = 0;
    const cover = () => {
      state.screen = frameOf(size, GREY, [[90, 90, 110, 110], 0]);
    };
    expect(await run(click, { hooks: { confirm: slowly(cover) } })).toMatchObject({
      kind: "returned",
      reason: "pixels",
    });
    expect(hands.log).toEqual([]);
  });

  test("when facts change, the rules are asked again", async () => {
    const { clock, hands, run } = setUp();
    const titles: (string | undefined)[] = [];
    const confirm: ExecutorHooks["confirm"] = async (facts) => {
      titles.push(facts.focus?.title);
      clock.pass(30);
      hands.focus = windowOf(1, { title: "renamed" });
      return titles.length < 2;
    };
    expect(await run(click, { hooks: { confirm } })).toMatchObject({ kind: "returned", reason: "policy" });
    expect(titles).toEqual(["Window 1", "renamed"]);
  });

  test("without a cursor for an action that needs one", async () => {
    const { hands, run } = setUp();
    for (const action of [
      { action: "left_click" },
      { action: "left_mouse_down" },
      { action: "cursor_position" },
      { action: "scroll", scroll_direction: "up", scroll_amount: 1 },
    ] as const) {
      expect(await run(action)).toMatchObject({
        kind: "failed",
        message: "coordinate: is missing; there is no cursor position yet",
      });
    }
    expect(hands.log).toEqual([]);
  });

  test("after a stop, also one that comes while the rules are asked", async () => {
    const { hands, run, abort } = setUp();
    const confirm = () => {
      abort.abort();
      return new Promise<boolean>(() => undefined);
    };
    const result = await run(click, { hooks: { confirm } });
    expect(result).toMatchObject({ kind: "interrupted", progress: "before anything was sent" });
    expect(await run(click)).toMatchObject({ kind: "interrupted", progress: "before anything was sent" });
    expect(hands.log).toEqual([]);
  });

  test("into the bars of a picture of another shape, for points and for zooms", async () => {
    const { hands, executor } = setUp();
    const square = { w: 400, h: 400 };
    const hooks = { confirm: async () => true, onProgress: () => undefined, signal: new AbortController().signal };
    const look = await executor.look(square, [
      [10, 10],
      [10, 60],
    ]);
    expect(look.facts.targets).toMatchObject([null, { id: 1 }]);
    expect(look.picture.size).toEqual(square);
    for (const [action, field] of [
      [{ action: "left_click", coordinate: [10, 10] }, "coordinate: [10, 10]"],
      [{ action: "left_click_drag", start_coordinate: [10, 399], coordinate: [9, 60] }, "start_coordinate: [10, 399]"],
      [{ action: "zoom", region: [0, 0, 50, 50] }, "region: [0, 0, 50, 50]"],
      [{ action: "left_mouse_down" }, "coordinate: [7, 8]"],
    ] as const) {
      const result = await executor.perform(requestOf(action, look, [7, 8]), hooks);
      expect(result).toMatchObject({
        kind: "failed",
        message: `${field} is outside the display's part of the screenshot`,
        cursor: [7, 8],
        after: null,
      });
    }
    expect(hands.log).toEqual([]);
    const zoom = { action: "zoom", region: [0, 0, 40, 70] } as const;
    const zoomed = await executor.perform(requestOf(zoom, look, null), hooks);
    // The display's part of the region is 40x20 px.
    expect(zoomed).toMatchObject({ kind: "done", image: { size: { w: 400, h: 200 } } });
    const inside = await executor.perform(requestOf({ action: "left_click", coordinate: [10, 60] }, look, null), hooks);
    expect(inside).toMatchObject({ kind: "done", cursor: [10, 60] });
    expect(hands.log).toEqual(["move 10,10", "down left", "up left"]);
  });

  test("a display that changed its shape: the picture keeps its size, and the change is seen first", async () => {
    const { hands, state, run } = setUp();
    const result = await run(click, {
      meanwhile: () => {
        state.screen = frameOf({ w: 100, h: 300 }, GREY);
      },
    });
    expect(result).toMatchObject({
      kind: "returned",
      reason: "geometry",
      now: { picture: { size }, facts: { display: { w: 100, h: 300 }, targets: [null] } },
    });
    expect(hands.log).toEqual([]);
  });

  test("when the focus moves between the check and the first key", async () => {
    const { hands, run } = setUp();
    for (const action of [
      { action: "type", text: "abc" },
      { action: "key", text: "ctrl+s" },
    ] as const) {
      hands.focus = windowOf(1);
      const onProgress = (done: number) => {
        if (done === 0) hands.focus = windowOf(2);
      };
      expect(await run(action, { hooks: { onProgress } })).toMatchObject({
        kind: "returned",
        reason: "focus",
        detail: 'The keyboard focus was on "Window 1" and is now on "Window 2".',
        now: { facts: { focus: { id: 2 } } },
      });
    }
    expect(hands.log).toEqual(["releaseAll", "releaseAll"]);
  });

  test("at an edited point, where no window is expected, when its pixels changed", async () => {
    const { hands, state, executor } = setUp();
    const hooks = { confirm: async () => true, onProgress: () => undefined, signal: new AbortController().signal };
    const look = await executor.look(size, [[100, 100]]);
    const edited = (coordinate: Point) => {
      const request = requestOf({ action: "left_click", coordinate }, look, null);
      return { ...request, expected: { ...request.expected, target: null } };
    };
    hands.under = windowOf(2);
    state.screen = frameOf(size, GREY, [[290, 190, 310, 210], 0]);
    expect(await executor.perform(edited([300, 200]), hooks)).toMatchObject({ kind: "returned", reason: "pixels" });
    expect(hands.log).toEqual([]);
    // What changed elsewhere, even where Claude had pointed, does not matter.
    state.screen = frameOf(size, GREY, [[90, 90, 110, 110], 0]);
    expect(await executor.perform(edited([300, 200]), hooks)).toMatchObject({ kind: "done", cursor: [300, 200] });
    expect(hands.log[0]).toBe("move 300,200");
    const drag = { action: "left_click_drag", start_coordinate: [300, 200], coordinate: [100, 100] } as const;
    const both = requestOf(drag, look, null);
    expect(await executor.perform({ ...both, expected: { ...both.expected, target: null } }, hooks)).toMatchObject({
      kind: "returned",
      reason: "pixels",
    });
  });

  test("a black screen is a failed capture", async () => {
    const { state, executor } = setUp();
    state.screen = frameOf(size, 0);
    await expect(executor.look(size, [])).rejects.toMatchObject({ code: "black_capture" });
  });
});

describe("what is sent", () => {
  test.each<[Action, string[]]>([
    [click, ["move 100,100", "down left", "up left"]],
    [
      { action: "right_click", coordinate: [1, 2], text: "ctrl+shift" },
      ["move 1,2", "hold ctrl+shift", "down right", "up right", "free ctrl+shift"],
    ],
    [{ action: "middle_click" }, ["move 7,8", "down middle", "up middle"]],
    [{ action: "double_click" }, ["move 7,8", "down left", "up left", "down left", "up left"]],
    [
      { action: "triple_click", coordinate: [5, 5] },
      ["move 5,5", ...["down left", "up left"], ...["down left", "up left"], ...["down left", "up left"]],
    ],
    [{ action: "mouse_move", coordinate: [9, 9] }, ["move 9,9"]],
    [{ action: "left_mouse_down" }, ["move 7,8", "down left"]],
    [{ action: "left_mouse_up" }, ["move 7,8", "up left"]],
    [{ action: "scroll", scroll_direction: "left", scroll_amount: 2 }, ["move 7,8", "wheel left", "wheel left"]],
    [{ action: "key", text: "ctrl+s", repeat: 2 }, ["press ctrl+s 1", "press ctrl+s 2"]],
    [{ action: "hold_key", text: "a", duration: 1 }, ["keydown a", "keyup a"]],
    [{ action: "type", text: "ab" }, ["type 1", "type 2"]],
    [{ action: "wait", duration: 1 }, []],
    [{ action: "screenshot" }, []],
    [{ action: "zoom", region: [0, 0, 10, 10] }, []],
    [{ action: "cursor_position" }, []],
  ])("%o", async (action, log) => {
    const { hands, run } = setUp();
    expect(await run(action, { cursor: [7, 8] })).toMatchObject({ kind: "done" });
    expect(hands.log).toEqual(log);
  });

  test("a drag goes there in steps, its ends are the points", async () => {
    const { hands, run } = setUp();
    const result = await run({
      action: "left_click_drag",
      start_coordinate: [10, 10],
      coordinate: [160, 40],
      text: "shift",
    });
    expect(result).toMatchObject({ kind: "done", cursor: [160, 40] });
    expect(hands.log.slice(0, 3)).toEqual(["move 10,10", "hold shift", "down left"]);
    expect(hands.log.slice(-3)).toEqual(["move 160,40", "up left", "free shift"]);
    expect(hands.log.filter((line) => line.startsWith("move")).length).toBeGreaterThan(10);
  });

  test("a move with the button held goes in steps too", async () => {
    const { hands, run } = setUp();
    await run({ action: "left_mouse_down" }, { cursor: [10, 10] });
    hands.log.length = 0;
    await run({ action: "mouse_move", coordinate: [100, 10] }, { cursor: [10, 10] });
    expect(hands.log.length).toBeGreaterThan(10);
    await run({ action: "left_mouse_up" }, { cursor: [100, 10] });
    hands.log.length = 0;
    await run({ action: "mouse_move", coordinate: [10, 10] }, { cursor: [100, 10] });
    expect(hands.log).toEqual(["move 10,10"]);
  });

  test("two clicks in one place stay two clicks", async () => {
    const { clock, hands, run } = setUp();
    const times: number[] = [];
    hands.onLine = (line) => {
      if (line === "down left") times.push(clock.now());
    };
    await run(click);
    await run({ action: "left_click", coordinate: [104, 98] });
    await run({ action: "left_click", coordinate: [300, 200] });
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(500);
    expect(third - second).toBeLessThan(500);
  });

  test("what is a double click, and what is none, goes by the times of the programs there", async () => {
    const { clock, hands, run } = setUp();
    hands.times = { shortest: 100, longest: 900 };
    const times: number[] = [];
    hands.onLine = (line) => {
      if (line === "down left") times.push(clock.now());
    };
    await run({ action: "double_click", coordinate: [100, 100] });
    await run(click);
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeLessThanOrEqual(25);
    expect(third - second).toBeGreaterThanOrEqual(900);
  });
});

describe("stopped in the middle", () => {
  test.each<[Action, string, string]>([
    [click, "down left", "after the mouse press"],
    [click, "move 100,100", "after the mouse move"],
    [
      { action: "left_click_drag", start_coordinate: [0, 0], coordinate: [50, 50] },
      "down left",
      "after the mouse press",
    ],
    [{ action: "double_click", coordinate: [1, 1] }, "up left", "after 1 of 2 clicks"],
    [
      { action: "scroll", coordinate: [1, 1], scroll_direction: "down", scroll_amount: 9 },
      "wheel down",
      "after 1 of 9 wheel clicks",
    ],
    [{ action: "key", text: "Down", repeat: 5 }, "press Down 2", "after 2 of 5 key presses"],
    [{ action: "type", text: "hello" }, "type 3", "after 3 of 5 characters"],
    [{ action: "hold_key", text: "a", duration: 3 }, "keydown a", "after 0 of 3 seconds"],
  ])("%o at %s", async (action, line, progress) => {
    const { hands, run, abort } = setUp();
    hands.onLine = (said) => {
      if (said === line) abort.abort();
    };
    expect(await run(action)).toMatchObject({ kind: "interrupted", progress });
    expect(hands.log.at(-1)).toBe("releaseAll");
    const at = hands.log.indexOf(line);
    const allowed = ["releaseAll", "keyup a"];
    expect(hands.log.slice(at + 1).filter((said) => !allowed.includes(said))).toEqual([]);
  });

  test.each<[Action, number, string, string[]]>([
    [click, 1, "before anything was sent", []],
    [click, 2, "after the mouse move", ["move 100,100"]],
    [{ ...click, text: "ctrl" }, 2, "after the mouse move", ["move 100,100"]],
    [{ ...click, text: "ctrl" }, 3, "after the mouse move", ["move 100,100", "hold ctrl", "free ctrl"]],
    [
      { action: "scroll", coordinate: [1, 1], scroll_direction: "down", scroll_amount: 9 },
      3,
      "after 1 of 9 wheel clicks",
      ["move 1,1", "wheel down"],
    ],
  ])(
    "%o at look %i: what is looked at before it goes out does not go out any more",
    async (action, at, progress, sent) => {
      const { hands, run, abort } = setUp();
      let looks = 0;
      hands.onLook = () => {
        looks += 1;
        if (looks === at) abort.abort();
      };
      expect(await run(action)).toMatchObject({ kind: "interrupted", progress });
      expect(hands.log).toEqual([...sent, "releaseAll"]);
    },
  );

  test("typing stops when another window takes the focus, and says how far it came", async () => {
    const { hands, run } = setUp();
    for (const [taker, words] of [
      [windowOf(2), 'another window ("Window 2") took the keyboard focus.'],
      [null, "the window lost the keyboard focus."],
    ] as const) {
      hands.log.length = 0;
      hands.focus = windowOf(1);
      hands.onLine = (line) => {
        if (line === "type 3") hands.focus = taker;
      };
      const result = await run({ action: "type", text: "hello" });
      expect(result).toMatchObject({
        kind: "failed",
        message: `Typing stopped after 3 of 5 characters: ${words}`,
        after: { facts: { focus: taker === null ? null : { id: 2 } } },
      });
      expect(hands.log).toEqual(["type 1", "type 2", "type 3", "releaseAll"]);
    }
  });

  test("no press goes to a window that came under the pointer after the last look: back at the gate, nothing sent", async () => {
    const { hands, run } = setUp();
    for (const action of [
      click,
      { action: "double_click", coordinate: [100, 100] },
      { action: "scroll", coordinate: [100, 100], scroll_direction: "down", scroll_amount: 3 },
      { action: "left_click_drag", start_coordinate: [100, 100], coordinate: [150, 100] },
    ] satisfies Action[]) {
      hands.log.length = 0;
      hands.under = windowOf(1);
      hands.onLine = (line) => {
        if (line === "move 100,100") hands.under = windowOf(2);
      };
      const result = await run(action);
      expect(result).toMatchObject({ kind: "returned", reason: "window" });
      expect(hands.log).toEqual(["move 100,100", "releaseAll"]);
    }
  });

  test("a press in the middle that would go to another window is not made, and what came before is said", async () => {
    const { hands, run } = setUp();
    hands.onLine = (line) => {
      if (line === "up left" || line === "wheel down") hands.under = windowOf(2);
    };
    expect(await run({ action: "double_click", coordinate: [100, 100] })).toMatchObject({
      kind: "failed",
      message: 'Clicking stopped after 1 of 2: another window ("Window 2") came under the pointer.',
    });
    expect(hands.log).toEqual(["move 100,100", "down left", "up left", "releaseAll"]);
    hands.under = windowOf(1);
    expect(
      await run({ action: "scroll", coordinate: [1, 1], scroll_direction: "down", scroll_amount: 9 }),
    ).toMatchObject({
      kind: "failed",
      message: 'Scrolling stopped after 1 of 9: another window ("Window 2") came under the pointer.',
    });
  });

  test("a window that only changes its title keeps the keys", async () => {
    const { hands, run } = setUp();
    hands.onLine = (line) => {
      if (line === "type 1") hands.focus = windowOf(1, { title: "*Window 1" });
    };
    expect(await run({ action: "type", text: "ab" })).toMatchObject({ kind: "done" });
  });

  test("a failure releases everything and says what went wrong", async () => {
    const { hands, run } = setUp();
    hands.onLine = (line) => {
      if (line === "down left") throw new Error("the display is gone");
    };
    expect(await run(click)).toMatchObject({ kind: "failed", message: "the display is gone", cursor: [100, 100] });
    expect(hands.log.at(-1)).toBe("releaseAll");
  });
});
