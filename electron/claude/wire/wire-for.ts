import type { ToolVersion } from "../../../shared/model.ts";
import { computer20241022 } from "./computer-20241022.ts";
import { computer20250124 } from "./computer-20250124.ts";
import { computer20251124 } from "./computer-20251124.ts";
import { toolset20260801 } from "./toolset-20260801.ts";
import type { Wire } from "./wire.ts";

const WIRES: Readonly<Record<ToolVersion, Wire>> = {
  computer_toolset_20260801: toolset20260801,
  computer_20251124: computer20251124,
  computer_20250124: computer20250124,
  computer_20241022: computer20241022,
};

/** The wire module of a tool version. */
export function wireFor(toolVersion: ToolVersion): Wire {
  return WIRES[toolVersion];
}
