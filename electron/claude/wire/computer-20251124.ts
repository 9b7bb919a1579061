/** `computer_20251124`: all 17 actions, zooming when it is switched on. Beta header `computer-use-2025-11-24`. */
import { ACTION_NAMES } from "../../../shared/action.ts";
import { singleTool } from "./single-tool.ts";

export const computer20251124 = singleTool({
  type: "computer_20251124",
  actions: ACTION_NAMES,
  declare: (display) => ({ type: "computer_20251124", ...display, enable_zoom: true }),
});
