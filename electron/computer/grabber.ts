/**
 * Raw pictures of an X display by core GetImage. Measured against nut-js's `screen.grab()` on one machine: 5.5 ms to 7 ms
 * at 1280x800, 64-100 ms to 130 ms at 3840x2160; an area that does not fit the screen is an error here, while Xlib
 * inside nut-js ends the whole process.
 */
import type { Display, Region, Size } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import type { Frame } from "./frame.ts";
import { monitorNow } from "./monitors.ts";
import { type BareClient, openClient } from "./x11-client.ts";

const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;

export type Grabber = {
  /** Geometry of the display now, physical px of the desktop; rejects with a ComputerError `no_monitor` when it is gone. */
  readonly display: () => Promise<Display>;
  /**
   * The whole display, or `region` of it (physical px, the display's top left corner is 0, 0); rejects with a ComputerError
   * `capture_failed`, `no_monitor` or `unsupported`.
   */
  readonly grab: (region?: Region) => Promise<Frame>;
  readonly close: () => void;
};

/**
 * Opens a capture connection; rejects with a ComputerError `no_display`.
 * @param monitor the monitor to show alone, by its output's name; null for the whole surface (an own desktop has one)
 */
export async function openGrabber(name: string, authority: string, monitor: string | null): Promise<Grabber> {
  let x: BareClient;
  try {
    x = await openClient(name, authority);
  } catch (error) {
    throw new ComputerError("no_display", `The display can't be captured: ${messageOf(error)}`);
  }
  const display = async (): Promise<Display> =>
    monitor === null ? { x: 0, y: 0, ...(await sizeOf(x)), scale: 1 } : await asCapture(monitorNow(x, monitor));
  const whole = async () => {
    const { x: left, y: top, w, h } = await display();
    return await getImage(x, [left, top, left + w, top + h]);
  };
  const grab = async (region?: Region): Promise<Frame> => {
    if (region !== undefined) {
      const [x0, y0, x1, y1] = region;
      const at = monitor === null ? { x: 0, y: 0 } : await display();
      return await getImage(x, [at.x + x0, at.y + y0, at.x + x1, at.y + y1]);
    }
    // The display may change its size between two requests.
    return await whole().catch(whole);
  };
  return { display, grab, close: () => x.client.terminate() };
}

async function asCapture<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ComputerError) throw error;
    throw new ComputerError("capture_failed", `The display could not be captured: ${messageOf(error)}`);
  }
}

function sizeOf(x: BareClient): Promise<Size> {
  return orEnded(x, (resolve, reject) => {
    x.client.GetGeometry(x.root, (error, reply) => {
      if (error) reject(error);
      else resolve({ w: reply.width, h: reply.height });
      return true;
    });
  });
}

function getImage(x: BareClient, [x0, y0, x1, y1]: Region): Promise<Frame> {
  const at = performance.now();
  const size = { w: x1 - x0, h: y1 - y0 };
  return orEnded(x, (resolve, reject) => {
    x.client.GetImage(Z_PIXMAP, x.root, x0, y0, size.w, size.h, ALL_PLANES, (error, reply) => {
      if (error) reject(error);
      else if (reply.data.length < size.w * size.h * 4) {
        reject(new ComputerError("unsupported", `The display keeps ${reply.depth} bits a pixel; 24 are needed.`));
      } else resolve({ size, data: aligned(reply.data, size.w * size.h * 4), at });
      return true;
    });
  });
}

/** The first `length` bytes on a multiple of four: the reply's header may have moved them off it. */
function aligned(data: Buffer, length: number): Uint8Array {
  return data.byteOffset % 4 === 0 ? data.subarray(0, length) : new Uint8Array(data.subarray(0, length));
}

async function orEnded<T>(
  x: BareClient,
  ask: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  const ended = x.ended.then((error) => Promise.reject(error));
  return await asCapture(Promise.race([new Promise<T>(ask), ended]));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
