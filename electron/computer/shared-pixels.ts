/**
 * Pixels by memory that the X server shares with us (MIT-SHM 1.2): a screen of 4 MB comes in 2 ms, through the socket in 8. The
 * `x11` package hands the server an unlinked file of /dev/shm and reads it like any other; where that can't be had (a server
 * elsewhere, one without the extension), pixels come through the socket.
 */
import type { SharedSegment, Shm } from "x11";
import type { Region } from "../../shared/geometry.ts";
import { ask, type BareClient } from "./x11-client.ts";

const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;
const BYTES_PER_PIXEL = 4;
/** Less than this comes through the socket as fast, bytes. */
const WORTH_IT = 1 << 17;

export type SharedPixels = {
  /**
   * The pixels of a region of a drawable, as GetImage gives them, in memory of their own, and the `performance.now()` of asking; null for
   * one that is too small to be worth it, or when there is no memory. Rejects like any request of the connection.
   */
  readonly get: (
    drawable: number,
    region: Region,
  ) => Promise<{ readonly depth: number; readonly data: Uint8Array; readonly at: number } | null>;
};

/** Null where the server and we can't share memory. The connection has to be one opened with `shares`. */
export async function openSharedPixels(x: BareClient): Promise<SharedPixels | null> {
  const shm = await new Promise<Shm | null>((resolve) => {
    x.client.require("shm", (error, extension) => resolve(error ? null : extension));
  });
  if (shm === null || !(await ask<boolean>(x, (reply) => shm.usable(reply)))) return null;
  let segment: SharedSegment | null = null;
  let refused = false;
  let last: Promise<unknown> = Promise.resolve();

  const withRoom = async (bytes: number): Promise<SharedSegment | null> => {
    if (segment !== null && segment.size >= bytes) return segment;
    segment?.detach();
    segment = null;
    if (refused) return null;
    try {
      segment = await ask<SharedSegment>(x, (reply) => shm.createSegment(bytes, reply));
      // Takes the room now: where /dev/shm is full later, the server's pixels would be lost without a word.
      segment.commit(0, bytes);
    } catch {
      segment?.detach();
      segment = null;
      refused = true;
    }
    return segment;
  };
  const fetch = async (drawable: number, [x0, y0, x1, y1]: Region) => {
    const room = await withRoom((x1 - x0) * (y1 - y0) * BYTES_PER_PIXEL);
    if (room === null) return null;
    const at = performance.now();
    const { depth, size } = await ask<{ readonly depth: number; readonly size: number }>(x, (reply) =>
      room.getImage(drawable, x0, y0, x1 - x0, y1 - y0, ALL_PLANES, Z_PIXMAP, 0, reply),
    );
    return { depth, data: new Uint8Array(room.buffer.subarray(0, size)), at };
  };
  return {
    get: async (drawable, region) => {
      const [x0, y0, x1, y1] = region;
      if ((x1 - x0) * (y1 - y0) * BYTES_PER_PIXEL < WORTH_IT) return null;
      // One at a time: they share the memory.
      const mine = last.then(() => fetch(drawable, region));
      last = mine.catch(() => undefined);
      return await mine;
    },
  };
}
