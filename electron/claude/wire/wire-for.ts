import type { ToolVersion } from "../../../shared/model.ts";
import { toolset20260801 } from "./toolset-20260801.ts";
import type { Wire } from "./wire.ts";

const WIRES: Readonly<Partial<Record<ToolVersion, Wire>>> = {
  computer_toolset_20260801: toolset20260801,
};

/** A tool version this program can't speak. */
export class UnsupportedToolVersion extends Error {
  readonly toolVersion: ToolVersion;
  constructor(toolVersion: ToolVersion) {
    super(
      `The computer tool ${toolVersion} is not supported; choose a model that takes ${Object.keys(WIRES).join(" or ")}.`,
    );
    this.name = "UnsupportedToolVersion";
    this.toolVersion = toolVersion;
  }
}

/** The wire module of a tool version. Throws an UnsupportedToolVersion. */
export function wireFor(toolVersion: ToolVersion): Wire {
  const wire = WIRES[toolVersion];
  if (wire === undefined) throw new UnsupportedToolVersion(toolVersion);
  return wire;
}
