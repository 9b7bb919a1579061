/** RandR's monitors and Electron's displays are the same things under other names: joined by place and size. */
import type { Display } from "../../shared/geometry.ts";
import type { MonitorInfo } from "../../shared/ipc.ts";

/** What is used of an Electron display: its size in DIP, its origin in physical px, what it is called. */
export type ElectronDisplay = {
  readonly bounds: { readonly width: number; readonly height: number };
  readonly nativeOrigin: { readonly x: number; readonly y: number };
  readonly scaleFactor: number;
  readonly label: string;
};
type Monitor = Display & { readonly name: string; readonly primary: boolean };

/** DIP are whole numbers: at a scale of 1.25 that costs up to this many px. */
const ROUNDING = 2;

/** The monitors with the labels and scales that Electron has of them; without a match, what RandR says alone. */
export function matchDisplays(
  monitors: readonly Monitor[],
  displays: readonly ElectronDisplay[],
): readonly MonitorInfo[] {
  return monitors.map((monitor) => {
    const match = displays.find((display) => isSame(monitor, display));
    const label = match?.label ?? "";
    return {
      ...monitor,
      scale: match?.scaleFactor ?? monitor.scale,
      // Some systems call a display by its output's name; that says nothing new.
      label: label === monitor.name ? "" : label,
    };
  });
}

function isSame(monitor: Monitor, { bounds, nativeOrigin, scaleFactor }: ElectronDisplay): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) <= ROUNDING;
  return (
    near(monitor.x, nativeOrigin.x) &&
    near(monitor.y, nativeOrigin.y) &&
    near(monitor.w, bounds.width * scaleFactor) &&
    near(monitor.h, bounds.height * scaleFactor)
  );
}
