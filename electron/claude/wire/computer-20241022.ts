/**
 * `computer_20241022`: the first version, with ten actions; a drag starts where the cursor is and names only its end.
 * Beta header `computer-use-2024-10-22`.
 */
import type { ActionName } from "../../../shared/action.ts";
import type { Point } from "../../../shared/geometry.ts";
import { singleTool } from "./single-tool.ts";
import type { Block } from "./wire.ts";

export const computer20241022 = singleTool({
  type: "computer_20241022",
  actions: [
    "screenshot",
    "left_click",
    "right_click",
    "middle_click",
    "double_click",
    "left_click_drag",
    "mouse_move",
    "cursor_position",
    "type",
    "key",
  ],
  declare: (display) => ({ type: "computer_20241022", ...display }),
  complete: dragFromCursor,
});

/** The operator approves both ends of a drag, so its start is written down here, not found out when it runs. */
function dragFromCursor(action: ActionName, fields: Block, cursor: Point | null): Block | string {
  if (action !== "left_click_drag") return fields;
  if (fields.start_coordinate !== undefined && fields.start_coordinate !== null)
    return "start_coordinate: is not a field of this action; it drags from the cursor, so use mouse_move first";
  if (cursor === null)
    return "coordinate: there is no cursor position yet to drag from; use mouse_move to go to the start first";
  return { ...fields, start_coordinate: cursor };
}
