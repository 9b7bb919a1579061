/**
 * Raw pictures of an X display by core GetImage. Measured against nut-js's `screen.grab()` on one machine: 5.5 ms to 7 ms
 * at 1280x800, 64-100 ms to 130 ms at 3840x2160; an area that does not fit the screen is an error here, while Xlib
 * inside nut-js ends the whole process.
 */
import type { Region, Size } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import type { Frame } from "./frame.ts";
import { type BareClient, openClient } from "./x11-client.ts";

const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;

export type Grabber = {
  /** Size of the display now, physical px. */
  readonly size: () => Promise<Size>;
  /** The whole display, or `region` of it (physical px); rejects with a ComputerError `capture_failed` or `unsupported`. */
  readonly grab: (region?: Region) => Promise<Frame>;
  readonly close: () => void;
};

/** Opens a capture connection; rejects with a ComputerError `no_display`. */
export async function openGrabber(display: string, authority: string): Promise<Grabber> {
  let x: BareClient;
  try {
    x = await openClient(display, authority);
  } catch (error) {
    throw new ComputerError("no_display", `The display can't be captured: ${messageOf(error)}`);
  }
  const size = () => sizeOf(x);
  const grab = async (region?: Region): Promise<Frame> => {
    if (region !== undefined) return await getImage(x, region);
    const { w, h } = await size();
    try {
      return await getImage(x, [0, 0, w, h]);
    } catch {
      // The display may have changed its size between the two requests.
      const now = await size();
      return await getImage(x, [0, 0, now.w, now.h]);
    }
  };
  return { size, grab, close: () => x.client.terminate() };
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
  try {
    return await Promise.race([new Promise<T>(ask), ended]);
  } catch (error) {
    if (error instanceof ComputerError) throw error;
    throw new ComputerError("capture_failed", `The display could not be captured: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
