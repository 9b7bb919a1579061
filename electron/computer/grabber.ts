/**
 * Raw pictures of an X display, by shared memory or core GetImage. An area that does not fit the screen is an error here, while
 * Xlib inside nut-js ends the whole process.
 */
import type { Geometry } from "x11";
import type { Display, Region, Size } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import type { Frame } from "./frame.ts";
import { asCapture, getImage } from "./get-image.ts";
import { monitorNow } from "./monitors.ts";
import { openSharedPixels } from "./shared-pixels.ts";
import { Halver, type Shot, wholeShot } from "./shot.ts";
import { ask, type BareClient, openClient } from "./x11-client.ts";
import { xwaylandProblem } from "./xwayland.ts";

export type Grabber = {
  /** Geometry of the display now, physical px of the desktop; rejects with a ComputerError `no_monitor` when it is gone. */
  readonly display: () => Promise<Display>;
  /**
   * A region of the display (physical px, the display's top left corner is 0, 0); rejects with a ComputerError
   * `capture_failed`, `no_monitor` or `unsupported`.
   */
  readonly grab: (region: Region) => Promise<Frame>;
  /** The whole display, to be shown in `space`: at half its size where that is `space`. Rejects like `grab`. */
  readonly shot: (space: Size) => Promise<Shot>;
  readonly close: () => void;
};

/**
 * Opens a capture connection; rejects with a ComputerError `no_display`, or `wayland` when the display is XWayland's.
 * @param monitor the monitor to show alone, by its output's name; null for the whole surface (an own desktop has one)
 */
export async function openGrabber(name: string, authority: string, monitor: string | null): Promise<Grabber> {
  const x = await opened(name, authority);
  const problem = await asCapture(xwaylandProblem(x));
  if (problem !== null) {
    x.client.terminate();
    throw new ComputerError("wayland", problem);
  }
  const shared = await asCapture(openSharedPixels(x));
  const halver = await Halver.open(x, shared);
  const display = async (): Promise<Display> =>
    monitor === null ? { x: 0, y: 0, ...(await sizeOf(x)), scale: 1 } : await asCapture(monitorNow(x, monitor));
  const grab = async ([x0, y0, x1, y1]: Region): Promise<Frame> => {
    const at = monitor === null ? { x: 0, y: 0 } : await display();
    return await getImage(x, shared, x.root, [at.x + x0, at.y + y0, at.x + x1, at.y + y1]);
  };
  const shot = async (space: Size): Promise<Shot> => {
    const now = await display();
    if (now.w < 1 || now.h < 1) throw new ComputerError("capture_failed", "The display is empty: it has no area.");
    const half = now.w === space.w * 2 && now.h === space.h * 2;
    if (half && halver !== null) return await halver.take(now);
    return wholeShot(await getImage(x, shared, x.root, [now.x, now.y, now.x + now.w, now.y + now.h]));
  };
  // The display may change its size between two requests.
  return { display, grab, shot: (space) => shot(space).catch(() => shot(space)), close: () => x.client.terminate() };
}

async function opened(name: string, authority: string): Promise<BareClient> {
  try {
    return await openClient(name, authority, undefined, true);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ComputerError("no_display", `The display can't be captured: ${message}`);
  }
}

/** The size of the whole display now, physical px. Rejects with a ComputerError. */
export async function sizeOf(x: BareClient): Promise<Size> {
  const { width, height } = await asCapture(ask<Geometry>(x, (reply) => x.client.GetGeometry(x.root, reply)));
  return { w: width, h: height };
}
