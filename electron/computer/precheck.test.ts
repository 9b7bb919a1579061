import { describe, expect, test } from "vitest";
import type { Action } from "../../shared/action.ts";
import type { Point, Region } from "../../shared/geometry.ts";
import type { DesktopFacts } from "./computer.ts";
import { cropFrame, type Frame } from "./frame.ts";
import {
  around,
  barsError,
  geometrySurprise,
  pixelSurprise,
  sameFacts,
  targetPoints,
  windowSurprise,
} from "./precheck.ts";
import { frameOf, GREY, windowOf } from "./test-frames.ts";

const size = { w: 400, h: 300 };
const display = { x: 0, y: 0, ...size, scale: 1 };
const before = frameOf(size, GREY);

function changed(point: readonly [number, number], ...rects: readonly (readonly [Region, number])[]) {
  const after = frameOf(size, GREY, ...rects);
  const part = around(point, size);
  return pixelSurprise([point], [cropFrame(before, part)], [cropFrame(after, part)]);
}

describe("pixels around a target", () => {
  test("the part is 96x64 px, cut at the edges", () => {
    expect(around([200, 150], size)).toEqual([152, 118, 248, 182]);
    expect(around([0, 299], size)).toEqual([0, 267, 48, 300]);
  });

  test("nothing changed, or only outside the part", () => {
    expect(changed([200, 150])).toBeNull();
    expect(changed([200, 150], [[0, 0, 152, 300], 0])).toBeNull();
    expect(changed([200, 150], [[248, 0, 400, 300], 0])).toBeNull();
  });

  test("a difference of 24 in each channel is noise, 25 in one is not", () => {
    expect(changed([200, 150], [[152, 118, 248, 182], 0x989898])).toBeNull();
    expect(changed([200, 150], [[152, 118, 248, 182], 0x998080])).toMatchObject({ reason: "pixels" });
    expect(changed([200, 150], [[152, 118, 248, 182], 0x809980])).toMatchObject({ reason: "pixels" });
    expect(changed([200, 150], [[152, 118, 248, 182], 0x808067])).toMatchObject({ reason: "pixels" });
  });

  test("a blob of 64 px passes, one of 65 does not", () => {
    expect(changed([200, 150], [[160, 120, 168, 128], 0])).toBeNull();
    expect(changed([200, 150], [[160, 120, 168, 128], 0], [[168, 120, 169, 121], 0])).toMatchObject({
      reason: "pixels",
    });
  });

  test("a caret of 3x40 px is ignored, a wider or higher one is not", () => {
    expect(changed([200, 150], [[200, 120, 203, 160], 0])).toBeNull();
    expect(changed([200, 150], [[200, 120, 204, 160], 0])).toMatchObject({ reason: "pixels" });
    expect(changed([200, 150], [[200, 120, 203, 161], 0])).toMatchObject({ reason: "pixels" });
  });

  test("a caret over letters, whose change is cut into pieces", () => {
    const pieces = [122, 128, 134, 140].map((y) => [[200, y, 202, y + 4], 0] as const);
    expect(changed([200, 150], ...pieces, [[220, 122, 222, 150], 0])).toBeNull();
  });

  test("a caret may have moved, but three carets are not a caret", () => {
    expect(changed([200, 150], [[170, 120, 173, 160], 0], [[220, 120, 223, 160], 0])).toBeNull();
    const three = [170, 190, 210].map((x) => [[x, 120, x + 3, 160], 0] as const);
    expect(changed([200, 150], ...three)).toMatchObject({ reason: "pixels" });
  });

  test("on the line of the target more than 12 px count, in small groups too", () => {
    const dots = (count: number, x: number) =>
      Array.from({ length: count }, (_, i) => [[x + i * 5, 149, x + i * 5 + 2, 151], 0] as const);
    // Two of the groups pass for carets.
    expect(changed([200, 150], ...dots(5, 180))).toBeNull();
    expect(changed([200, 150], ...dots(6, 180))).toMatchObject({
      detail: expect.stringContaining("right at 200, 150"),
    });
    const above = dots(8, 155).map(([[x0, , x1], colour]) => [[x0, 120, x1, 122], colour] as const);
    expect(changed([200, 150], ...above)).toBeNull();
  });

  test("right at the target, at the display's edges", () => {
    expect(changed([2, 298], [[0, 295, 6, 300], 0])?.detail).toContain("right at 2, 298");
    expect(changed([398, 1], [[394, 0, 400, 5], 0])?.detail).toContain("right at 398, 1");
  });

  test("more than 2 % in small blobs counts", () => {
    // 6,144 px: 122 are 2 %. Squares of 16 px, apart from each other.
    const squares = (count: number) =>
      Array.from({ length: count }, (_, i) => {
        const x = 154 + i * 10;
        return [[x, 122, x + 4, 126], 0] as const;
      });
    expect(changed([200, 150], ...squares(7))).toBeNull();
    expect(changed([200, 150], ...squares(8))).toMatchObject({ reason: "pixels" });
  });

  test("both ends of a drag are looked at", () => {
    const after = frameOf(size, GREY, [[300, 200, 320, 220], 0]);
    const points = [
      [50, 50],
      [310, 210],
    ] as const;
    const parts = (frame: Frame) => points.map((point) => cropFrame(frame, around(point, size)));
    expect(pixelSurprise(points, parts(before), parts(after))?.detail).toContain("around 310, 210");
  });
});

describe("target points", () => {
  const space = { w: 200, h: 150 };
  test("named points, mapped to the screen", () => {
    expect(targetPoints({ action: "left_click", coordinate: [10, 10] }, space, display, [1, 1])).toEqual([[21, 21]]);
    const drag = { action: "left_click_drag", start_coordinate: [0, 0], coordinate: [199, 149] } as const;
    expect(targetPoints(drag, space, display, null)).toEqual([
      [1, 1],
      [399, 299],
    ]);
  });
  test("Claude's cursor when none is named", () => {
    expect(targetPoints({ action: "left_mouse_down" }, space, display, [5, 5])).toEqual([[11, 11]]);
    expect(
      targetPoints({ action: "scroll", scroll_direction: "up", scroll_amount: 1 }, space, display, [5, 5]),
    ).toEqual([[11, 11]]);
  });
  test("none for keys and looks", () => {
    for (const action of [
      { action: "type", text: "a" },
      { action: "screenshot" },
      { action: "zoom", region: [0, 0, 1, 1] },
      { action: "cursor_position" },
      { action: "wait", duration: 1 },
    ] as const) {
      expect(targetPoints(action, space, display, [5, 5])).toEqual([]);
    }
  });
});

describe("windows", () => {
  const facts = (over: Partial<DesktopFacts> = {}): DesktopFacts => ({
    display,
    focus: windowOf(1),
    targets: [windowOf(1)],
    ...over,
  });
  const expected = { window: windowOf(1), target: windowOf(1) };
  const click = { action: "left_click", coordinate: [1, 1] } as const;
  const type = { action: "type", text: "a" } as const;

  test("a new title is no surprise", () => {
    const renamed = windowOf(1, { title: "*Window 1" });
    expect(windowSurprise(click, expected, facts({ focus: renamed, targets: [renamed] }))).toBeNull();
    expect(windowSurprise(type, expected, facts({ focus: renamed }))).toBeNull();
  });
  test("keys need the same window and program", () => {
    const sibling = windowOf(2, { pid: 101, class: "Class1" });
    expect(windowSurprise(type, expected, facts({ focus: sibling }))).toMatchObject({ reason: "focus" });
    expect(windowSurprise(type, expected, facts({ focus: null }))).toMatchObject({ reason: "focus" });
    expect(windowSurprise(type, { window: null, target: null }, facts({ focus: null }))).toBeNull();
    expect(windowSurprise(type, expected, facts({ focus: windowOf(1, { pid: 9 }) }))).toMatchObject({
      reason: "focus",
    });
  });
  test("the pointer needs the same program in front and the same window below", () => {
    const sibling = windowOf(2, { pid: 101, class: "Class1" });
    expect(windowSurprise(click, expected, facts({ focus: sibling }))).toBeNull();
    expect(windowSurprise(click, expected, facts({ focus: windowOf(3) }))).toMatchObject({ reason: "window" });
    expect(windowSurprise(click, expected, facts({ targets: [sibling] }))).toMatchObject({ reason: "window" });
    expect(windowSurprise(click, expected, facts({ targets: [null] }))).toMatchObject({ reason: "window" });
  });
  test("looking needs neither", () => {
    expect(windowSurprise({ action: "screenshot" }, expected, facts({ focus: null }))).toBeNull();
  });
  test("one answer holds for the same facts only", () => {
    expect(sameFacts(facts(), facts())).toBe(true);
    expect(sameFacts(facts(), facts({ focus: windowOf(1, { title: "x" }) }))).toBe(false);
    expect(sameFacts(facts(), facts({ targets: [] }))).toBe(false);
    expect(sameFacts(facts(), facts({ display: { ...display, w: 401 } }))).toBe(false);
  });
});

describe("the bars beside the display", () => {
  // 400x300 in a picture of 400x400: bars of 50 px above and below.
  const space = { w: 400, h: 400 };
  const of = (action: Action, cursor: Point | null = null) => barsError(action, space, display, cursor);
  const outside = (field: string, at: string) => `${field}: [${at}] is outside the display's part of the screenshot`;
  test("every point of an action has to be beside them", () => {
    expect(of({ action: "left_click", coordinate: [10, 50] })).toBeNull();
    expect(of({ action: "left_click", coordinate: [10, 49] })).toBe(outside("coordinate", "10, 49"));
    expect(of({ action: "mouse_move", coordinate: [399, 350] })).toBe(outside("coordinate", "399, 350"));
    const drag = (y0: number, y1: number) =>
      of({ action: "left_click_drag", start_coordinate: [1, y0], coordinate: [2, y1] });
    expect(drag(60, 340)).toBeNull();
    expect(drag(20, 340)).toBe(outside("start_coordinate", "1, 20"));
    expect(drag(60, 390)).toBe(outside("coordinate", "2, 390"));
  });
  test("so has Claude's cursor where it is meant; elsewhere it may be anywhere", () => {
    expect(of({ action: "left_click" }, [5, 5])).toBe(outside("coordinate", "5, 5"));
    expect(of({ action: "left_mouse_up" }, [5, 395])).toBe(outside("coordinate", "5, 395"));
    expect(of({ action: "left_mouse_up" }, [5, 100])).toBeNull();
    for (const action of [
      { action: "left_click", coordinate: [5, 100] },
      { action: "cursor_position" },
      { action: "screenshot" },
      { action: "type", text: "a" },
    ] as const) {
      expect(of(action, [5, 5])).toBeNull();
    }
  });
  test("a zoom needs a pixel of the display", () => {
    expect(of({ action: "zoom", region: [0, 0, 400, 51] })).toBeNull();
    expect(of({ action: "zoom", region: [0, 0, 400, 50] })).toBe(outside("region", "0, 0, 400, 50"));
  });
});

test("geometry", () => {
  expect(geometrySurprise(display, { ...display })).toBeNull();
  expect(geometrySurprise(display, { ...display, w: 800 })).toEqual({
    reason: "geometry",
    detail: "The display was 400x300 and is now 800x300.",
  });
  expect(geometrySurprise(display, { ...display, x: 1 })).not.toBeNull();
  expect(geometrySurprise(display, { ...display, scale: 1.5 })).not.toBeNull();
});
