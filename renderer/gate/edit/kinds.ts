/** What the kinds of action are called in the form, and which fields each has. */
import type { ActionName } from "../../../shared/action.ts";
import type { FieldName } from "./draft.ts";

export const KIND_WORDS: Readonly<Record<ActionName, string>> = {
  screenshot: "Screenshot",
  zoom: "Zoom",
  left_click: "Left click",
  right_click: "Right click",
  middle_click: "Middle click",
  double_click: "Double click",
  triple_click: "Triple click",
  left_click_drag: "Drag",
  mouse_move: "Move the mouse",
  left_mouse_down: "Press left button",
  left_mouse_up: "Release left button",
  cursor_position: "Cursor position",
  scroll: "Scroll",
  type: "Type",
  key: "Key",
  hold_key: "Hold key",
  wait: "Wait",
};

export const DIRECTIONS = ["up", "down", "left", "right"];

const CLICK = ["x", "y", "held"] as const;

export const FIELDS: Readonly<Record<ActionName, readonly FieldName[]>> = {
  screenshot: [],
  zoom: ["left", "top", "right", "bottom"],
  left_click: CLICK,
  right_click: CLICK,
  middle_click: CLICK,
  double_click: CLICK,
  triple_click: CLICK,
  left_click_drag: ["x", "y", "endX", "endY", "held"],
  mouse_move: ["x", "y"],
  left_mouse_down: [],
  left_mouse_up: [],
  cursor_position: [],
  scroll: ["x", "y", "direction", "amount", "held"],
  type: ["text"],
  key: ["keys", "repeat"],
  hold_key: ["keys", "duration"],
  wait: ["duration"],
};
