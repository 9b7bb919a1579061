import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointsOf } from "../../shared/action.ts";
import type { Point } from "../../shared/geometry.ts";
import { ACTIONS } from "../fixtures/actions.ts";
import { arrowHead, editMarks, fitInside, focusOf, loupeRegion, marksOf } from "./overlay.ts";

const CURSOR: Point = [640, 400];
const side = fc.integer({ min: 1, max: 8000 });

describe("marks", () => {
  it.each(ACTIONS.map((action) => [action.action, action] as const))("show every point of %s", (_, action) => {
    const marks = marksOf(action, CURSOR);
    const shown = JSON.stringify(marks);
    for (const [, at] of pointsOf(action)) expect(shown).toContain(JSON.stringify(at));
    const invisible = action.action === "screenshot" || action.action === "wait";
    expect(marks.length > 0).toBe(!invisible);
  });

  it("put an action without a point at Claude's cursor, and nowhere without one", () => {
    expect(marksOf({ action: "left_click" }, CURSOR)).toEqual([{ kind: "target", at: CURSOR, label: null }]);
    expect(marksOf({ action: "left_click" }, null)).toEqual([]);
    expect(marksOf({ action: "left_mouse_down" }, null)).toEqual([]);
    expect(marksOf({ action: "key", text: "Return" }, null)).toEqual([
      { kind: "badge", at: null, label: "presses Return" },
    ]);
  });

  it("say which window keys go to, and point at no place of the picture", () => {
    expect(marksOf({ action: "type", text: "a" }, CURSOR, "mousepad")).toEqual([
      { kind: "badge", at: null, label: "types 1 character into mousepad" },
    ]);
    expect(marksOf({ action: "hold_key", text: "shift", duration: 1 }, CURSOR, "a\u202eb")).toEqual([
      { kind: "badge", at: null, label: expect.not.stringContaining("\u202e") },
    ]);
  });

  it("name held keys and buttons that are not the left one", () => {
    expect(marksOf({ action: "right_click", coordinate: [1, 2], text: "Shift+ctrl" }, null)).toMatchObject([
      { label: "ctrl+shift + right" },
    ]);
    const scroll = { action: "scroll", coordinate: [1, 2], scroll_direction: "left", scroll_amount: 4 } as const;
    expect(marksOf(scroll, null)).toMatchObject([{ label: "4×", vector: [-1, 0] }]);
  });

  it("look closely at both ends of a drag", () => {
    const drag = { action: "left_click_drag", start_coordinate: [1, 2], coordinate: [3, 4] } as const;
    expect(focusOf(drag, null)).toEqual([
      { name: "Start", at: [1, 2] },
      { name: "End", at: [3, 4] },
    ]);
    expect(focusOf({ action: "mouse_move", coordinate: [3, 4] }, CURSOR)).toEqual([{ name: "Target", at: [3, 4] }]);
  });
});

describe("an edit on the picture", () => {
  it("draws what was proposed hollow, what would run solid, both with their coordinates, and a line between", () => {
    const drawing = editMarks(
      { action: "left_click", coordinate: [10, 20] },
      { action: "double_click", coordinate: [90, 40] },
      CURSOR,
    );
    expect(drawing.marks).toEqual([{ kind: "target", at: [90, 40], label: "2× 90, 40" }]);
    expect(drawing.ghosts).toEqual([
      { kind: "target", at: [10, 20], label: null },
      { kind: "link", from: [10, 20], to: [90, 40], label: null },
      { kind: "place", at: [10, 20], side: "left", label: "10, 20" },
    ]);
  });

  it("links each end of a drag that moved, and nothing that did not", () => {
    const drag = { action: "left_click_drag", start_coordinate: [1, 2], coordinate: [300, 400] } as const;
    expect(editMarks(drag, { ...drag, coordinate: [310, 400] }, null).ghosts).toEqual([
      { kind: "arrow", from: [1, 2], to: [300, 400], dashed: false, label: null },
      { kind: "link", from: [300, 400], to: [310, 400], label: null },
    ]);
    expect(editMarks(drag, { ...drag, text: "ctrl" }, null).ghosts).toEqual([]);
    expect(editMarks({ action: "type", text: "a" }, { action: "key", text: "b" }, CURSOR).ghosts).toEqual([]);
    expect(editMarks({ action: "zoom", region: [0, 0, 9, 9] }, { action: "zoom", region: [0, 0, 9, 5] }, null)).toEqual(
      {
        marks: [{ kind: "frame", region: [0, 0, 9, 5] }],
        ghosts: [
          { kind: "frame", region: [0, 0, 9, 9] },
          { kind: "link", from: [8, 8], to: [8, 4], label: null },
        ],
      },
    );
  });

  it("leaves only what was proposed while the edit is not valid", () => {
    expect(editMarks({ action: "left_click", coordinate: [10, 20] }, null, null)).toEqual({
      marks: [],
      ghosts: [
        { kind: "target", at: [10, 20], label: null },
        { kind: "place", at: [10, 20], side: "right", label: "10, 20" },
      ],
    });
  });
});

describe("geometry", () => {
  it("fits a picture into its place, shape kept, never past one and a half times its size", () => {
    expect(fitInside({ w: 1280, h: 800 }, { w: 640, h: 640 })).toEqual({ w: 640, h: 400 });
    expect(fitInside({ w: 100, h: 50 }, { w: 900, h: 900 })).toEqual({ w: 150, h: 75 });
    fc.assert(
      fc.property(side, side, side, side, (w, h, bw, bh) => {
        const fitted = fitInside({ w, h }, { w: bw, h: bh });
        expect(fitted.w).toBeLessThanOrEqual(bw);
        expect(fitted.h).toBeLessThanOrEqual(bh);
      }),
    );
  });

  it("keeps the loupe inside the picture, with the point in it", () => {
    fc.assert(
      fc.property(side, side, side, side, fc.nat(), fc.nat(), (w, h, vw, vh, x, y) => {
        const at: Point = [x % w, y % h];
        const [x0, y0, x1, y1] = loupeRegion(at, { w, h }, { w: vw, h: vh });
        expect(x0).toBeGreaterThanOrEqual(0);
        expect(y0).toBeGreaterThanOrEqual(0);
        expect(x1).toBeLessThanOrEqual(w);
        expect(y1).toBeLessThanOrEqual(h);
        expect(at[0] >= x0 && at[0] < x1 && at[1] >= y0 && at[1] < y1).toBe(true);
      }),
    );
  });

  it("points an arrow's head at its end, and draws none without a way", () => {
    expect(arrowHead([0, 0], [10, 0], 4)).toEqual([
      [10, 0],
      [6, 2],
      [6, -2],
    ]);
    expect(arrowHead([5, 5], [5, 5], 4)).toBeNull();
  });
});
