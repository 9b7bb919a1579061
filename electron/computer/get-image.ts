/** Core GetImage: the pixels of a window with everything on it, or of a pixmap. */
import type { Region } from "../../shared/geometry.ts";
import { deniedWords } from "./capture-words.ts";
import { ComputerError } from "./computer.ts";
import type { Frame } from "./frame.ts";
import type { SharedPixels } from "./shared-pixels.ts";
import { ask, type BareClient } from "./x11-client.ts";

const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;

/**
 * Rejects with a ComputerError `capture_failed`, or `unsupported` where a pixel is not 24 bits.
 * @param shared memory shared with the server, where there is any
 */
export async function getImage(
  x: BareClient,
  shared: SharedPixels | null,
  drawable: number,
  region: Region,
): Promise<Frame> {
  const [x0, y0, x1, y1] = region;
  const size = { w: x1 - x0, h: y1 - y0 };
  const bytes = size.w * size.h * 4;
  const image = await asCapture(
    (async () => (await shared?.get(drawable, region)) ?? (await throughSocket(x, drawable, region)))(),
  );
  if (image.data.length < bytes) {
    throw new ComputerError("unsupported", `The display keeps ${image.depth} bits a pixel; 24 are needed.`);
  }
  return { size, data: aligned(image.data, bytes), at: image.at };
}

async function throughSocket(x: BareClient, drawable: number, [x0, y0, x1, y1]: Region) {
  const at = performance.now();
  const image = await ask<{ readonly depth: number; readonly data: Buffer }>(x, (reply) =>
    x.client.GetImage(Z_PIXMAP, drawable, x0, y0, x1 - x0, y1 - y0, ALL_PLANES, reply),
  );
  return { ...image, at };
}

/** What goes wrong with the connection or a request, as a ComputerError `capture_failed`. */
export async function asCapture<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ComputerError) throw error;
    if (isDenied(error)) throw new ComputerError("no_permission", deniedWords(process.platform));
    const message = error instanceof Error ? error.message : String(error);
    throw new ComputerError("capture_failed", `The display could not be captured: ${message}`);
  }
}

/** BadAccess (X protocol, appendix B): the request is known, and this client may not make it. */
const BAD_ACCESS = 10;

function isDenied(error: unknown): boolean {
  return error instanceof Error && "error" in error && error.error === BAD_ACCESS;
}

/** The first `length` bytes on a multiple of four: the reply's header may have moved them off it. */
function aligned(data: Uint8Array, length: number): Uint8Array {
  return data.byteOffset % 4 === 0 ? data.subarray(0, length) : new Uint8Array(data.subarray(0, length));
}
