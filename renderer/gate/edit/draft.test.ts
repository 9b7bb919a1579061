import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACTION_NAMES, type Action, type ActionName, pointsOf, usesCursor } from "../../../shared/action.ts";
import { ACTIONS } from "../../fixtures/actions.ts";
import { checkDraft, type Draft, type DraftEvent, draftOf, draftPoint, reduceDraft, type Subject } from "./draft.ts";

const SPACE = { w: 1280, h: 800 };
const about = (proposed: Action, change: Partial<Subject> = {}): Subject => ({
  proposed,
  space: SPACE,
  cursor: [640, 400],
  ...change,
});

/** What the events make of an action: the checked draft. */
function edited(proposed: Action, events: readonly DraftEvent[], change: Partial<Subject> = {}) {
  const subject = about(proposed, change);
  const draft = events.reduce<Draft>((so, event) => reduceDraft(so, event, subject), draftOf(proposed));
  return checkDraft(draft, subject);
}
const kind = (action: ActionName): DraftEvent => ({ type: "kind", action });
const set = (field: keyof Omit<Draft, "action">, value: string): DraftEvent => ({ type: "field", field, value });

const CLICK: Action = { action: "left_click", coordinate: [412, 96] };
const DRAG: Action = { action: "left_click_drag", start_coordinate: [10, 20], coordinate: [300, 400], text: "ctrl" };

describe("a draft", () => {
  it.each(ACTIONS.map((action) => [action.action, action] as const))("of %s is that action, unchanged", (_, action) => {
    expect(edited(action, [])).toEqual({ ok: true, action, changed: false });
  });

  it.each(ACTIONS.map((action) => [action.action, action] as const))(
    "of %s can become every other kind, comes back the same, and resets",
    (_, action) => {
      for (const to of ACTION_NAMES) {
        const there = edited(action, [kind(to)]);
        if (there.ok) expect(there.action.action).toBe(to);
        // Only what has to be said by hand is missing: a text or a key.
        else expect(["text", "keys"]).toContain(there.field);
        expect(edited(action, [kind(to), set("x", "7"), { type: "reset" }])).toMatchObject({ changed: false });
        // A click without a point gets one on its way through a kind that needs it.
        const back = edited(action, [kind(to), kind(action.action)]);
        if (pointsOf(action).length > 0 || !usesCursor(action))
          expect(back).toEqual({ ok: true, action, changed: false });
      }
    },
  );

  it("keeps the point and the held keys from one click to another", () => {
    const click: Action = { action: "left_click", coordinate: [5, 6], text: "shift" };
    expect(edited(click, [kind("double_click")])).toEqual({
      ok: true,
      action: { action: "double_click", coordinate: [5, 6], text: "shift" },
      changed: true,
    });
    expect(edited({ action: "triple_click" }, [kind("right_click")])).toMatchObject({
      action: { action: "right_click" },
    });
  });

  it("makes a drag of a click from where it would press, and a click of a drag there", () => {
    expect(edited(CLICK, [kind("left_click_drag")])).toMatchObject({
      action: { start_coordinate: [412, 96], coordinate: [532, 96] },
    });
    expect(edited({ ...CLICK, coordinate: [1279, 799] }, [kind("left_click_drag")])).toMatchObject({
      action: { start_coordinate: [1279, 799], coordinate: [1159, 799] },
    });
    expect(edited(DRAG, [kind("left_click")])).toMatchObject({ action: { coordinate: [10, 20], text: "ctrl" } });
    expect(edited(DRAG, [kind("mouse_move"), kind("left_click_drag")])).toMatchObject({ changed: false });
  });

  it("gives what has no place yet one: the cursor's, else the middle", () => {
    expect(edited({ action: "screenshot" }, [kind("left_click")])).toMatchObject({
      action: { coordinate: [640, 400] },
    });
    expect(edited({ action: "wait", duration: 1 }, [kind("mouse_move")], { cursor: [3, 4] })).toMatchObject({
      action: { coordinate: [3, 4] },
    });
    expect(edited({ action: "key", text: "a" }, [kind("scroll")], { cursor: null })).toMatchObject({
      action: { coordinate: [640, 400], scroll_direction: "down", scroll_amount: 3 },
    });
    expect(edited(CLICK, [kind("zoom")])).toMatchObject({ action: { region: [212, 0, 612, 250] } });
    expect(edited(CLICK, [kind("zoom")], { space: { w: 300, h: 100 } })).toMatchObject({
      action: { region: [0, 0, 300, 100] },
    });
    expect(edited({ action: "zoom", region: [100, 100, 200, 300] }, [kind("left_click")])).toMatchObject({
      action: { coordinate: [150, 200] },
    });
  });

  it("takes a typed character as a key and the other way round", () => {
    expect(edited({ action: "type", text: "\n" }, [kind("key")])).toMatchObject({ action: { text: "Return" } });
    expect(edited({ action: "type", text: "ä" }, [kind("hold_key")])).toMatchObject({
      action: { action: "hold_key", text: "ä", duration: 1 },
    });
    expect(edited({ action: "key", text: "space" }, [kind("type")])).toMatchObject({ action: { text: " " } });
    expect(edited({ action: "type", text: "two words" }, [kind("key")])).toMatchObject({ ok: false, field: "keys" });
    expect(edited({ action: "key", text: "ctrl+s" }, [kind("type")])).toMatchObject({ ok: false, field: "text" });
  });

  it("moves points and frames of the picture and the fields as one", () => {
    expect(edited(CLICK, [{ type: "point", point: "point", at: [1, 2] }, set("y", "3")])).toMatchObject({
      action: { coordinate: [1, 3] },
    });
    expect(edited(DRAG, [{ type: "point", point: "end", at: [9, 9] }, set("x", "11")])).toMatchObject({
      action: { start_coordinate: [11, 20], coordinate: [9, 9] },
    });
    expect(
      edited({ action: "zoom", region: [1, 2, 3, 4] }, [{ type: "region", region: [5, 6, 70, 80] }]),
    ).toMatchObject({ action: { region: [5, 6, 70, 80] } });
  });

  it("means the cursor by an empty point, where it may", () => {
    expect(edited(CLICK, [set("x", ""), set("y", "")])).toMatchObject({ ok: true, action: { action: "left_click" } });
    expect(draftPoint({ ...draftOf(CLICK), x: "", y: "" }, "point", [7, 8])).toEqual([7, 8]);
    expect(edited(CLICK, [set("x", ""), set("y", "")], { cursor: null })).toMatchObject({ ok: false, field: "x" });
    expect(edited({ action: "mouse_move", coordinate: [1, 1] }, [set("x", ""), set("y", "")])).toMatchObject({
      ok: false,
      field: "x",
    });
  });

  it.each([
    ["x past the edge", CLICK, [set("x", "1280")], "x", "1280 is outside the 1280x800 screenshot"],
    ["y past the edge", CLICK, [set("y", "800")], "y", "800 is outside the 1280x800 screenshot"],
    ["a negative x", CLICK, [set("x", "-1")], "x", "must not be negative, got -1"],
    ["half a pixel", CLICK, [set("x", "1.5")], "x", "expected a whole number, got 1.5"],
    ["no number", CLICK, [set("y", "12a")], "y", 'expected a number, got "12a"'],
    ["half a point", CLICK, [set("y", "")], "y", "is missing"],
    ["the end of a drag", DRAG, [set("endY", "900")], "endY", "900 is outside the 1280x800 screenshot"],
    ["the start of a drag", DRAG, [set("x", "")], "x", "is missing"],
    ["a frame without area", { action: "zoom", region: [1, 1, 9, 9] }, [set("right", "1")], "right", "has no area"],
    [
      "a frame past the edge",
      { action: "zoom", region: [1, 1, 9, 9] },
      [set("bottom", "801")],
      "bottom",
      "801 is outside",
    ],
    ["no text", { action: "type", text: "a" }, [set("text", "")], "text", "must not be empty"],
    ["a text that can't be typed", { action: "type", text: "a" }, [set("text", "a\u0007")], "text", "can't be typed"],
    ["half an emoji", { action: "type", text: "a" }, [set("text", "\ud83d")], "text", "can't be typed"],
    ["an unknown key", { action: "key", text: "a" }, [set("keys", "Retrn")], "keys", "did you mean Return"],
    ["two keys", { action: "hold_key", text: "a", duration: 1 }, [set("keys", "a+b")], "keys", "two keys"],
    ["too many repeats", { action: "key", text: "a" }, [set("repeat", "101")], "repeat", "must be at most 100"],
    ["no wait", { action: "wait", duration: 1 }, [set("duration", "0")], "duration", "must be more than 0"],
    ["a held key that can't be", { ...CLICK, text: "shift" }, [set("held", "a")], "held", "can't be held"],
    [
      "a scroll of nothing",
      { action: "scroll", coordinate: [1, 1], scroll_direction: "up", scroll_amount: 1 },
      [set("amount", "")],
      "amount",
      "is missing",
    ],
  ] as const)("says what is wrong with %s, and where", (_, action, events, field, error) => {
    const checked = edited(action as Action, events as readonly DraftEvent[]);
    expect(checked).toMatchObject({ ok: false, field, error: expect.stringContaining(error) });
  });

  it("is never anything that Claude could not have sent, whatever is typed", () => {
    const field = fc.constantFrom(
      ...(Object.keys(draftOf(CLICK)).filter((name) => name !== "action") as (keyof Omit<Draft, "action">)[]),
    );
    const event = fc.oneof(
      fc.constantFrom(...ACTION_NAMES).map(kind),
      fc.tuple(field, fc.oneof(fc.string(), fc.integer({ min: -5, max: 1400 }).map(String))).map(([f, v]) => set(f, v)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...ACTIONS), fc.array(event, { maxLength: 12 }), (action, events) => {
        const checked = edited(action, events);
        if (checked.ok)
          expect(checkDraft(draftOf(checked.action), about(checked.action))).toEqual({ ...checked, changed: false });
        else expect(checked.error).not.toBe("");
      }),
    );
  });
});
