/** `computer_20250124`: everything but zooming. Beta header `computer-use-2025-01-24`. */
import { ACTION_NAMES } from "../../../shared/action.ts";
import { singleTool } from "./single-tool.ts";

export const computer20250124 = singleTool({
  type: "computer_20250124",
  actions: ACTION_NAMES.filter((action) => action !== "zoom"),
  declare: (display) => ({ type: "computer_20250124", ...display }),
});
