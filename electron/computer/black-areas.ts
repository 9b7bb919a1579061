import type { AreasNow, Blackout } from "./blackout.ts";
import { openProgramWindows } from "./x11/program-windows.ts";

/** Where the operator wants a display black: the places, and the windows of the programs, asked for over a connection of their own. */
export async function openAreas(name: string, authority: string, { regions, programs }: Blackout): Promise<AreasNow> {
  const windows = programs.length === 0 ? null : await openProgramWindows(name, authority, programs);
  return async ({ x, y }) => {
    const areas = (await windows?.areas()) ?? [];
    return [...regions, ...areas.map(([x0, y0, x1, y1]) => [x0 - x, y0 - y, x1 - x, y1 - y] as const)];
  };
}
