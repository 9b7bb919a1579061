/** Waiting for the window manager to have taken in what happened. */
import type { X11 } from "./connection.ts";
import { pause } from "./wait.ts";

const LOOK = 5;

/**
 * Resolves with true when the window manager has worked off what was sent before: it answers a request for the frame's size (EWMH
 * `_NET_REQUEST_FRAME_EXTENTS`), in order. False when it did not within `limitMs`; at once when there is none that answers such requests. While openbox
 * starts it may announce itself and still lose the request: ask again then.
 */
export async function windowManagerReady(x11: X11, limitMs = 1000): Promise<boolean> {
  const [supported, request] = await Promise.all([
    x11.property(x11.root, "_NET_SUPPORTED"),
    x11.atom("_NET_REQUEST_FRAME_EXTENTS"),
  ]);
  if (supported === null || !hasAtom(supported.data, request)) return false;
  const window = x11.hiddenWindow();
  await x11.deleteProperty(window, "_NET_FRAME_EXTENTS");
  await x11.messageToRoot(window, request, [0, 0, 0, 0, 0]);
  for (let waited = 0; waited < limitMs; waited += LOOK) {
    if ((await x11.property(window, "_NET_FRAME_EXTENTS")) !== null) return true;
    await pause(LOOK);
  }
  return false;
}

/** Whether a property's list of atoms has `atom`. */
export function hasAtom(data: Buffer, atom: number): boolean {
  for (let at = 0; at + 4 <= data.length; at += 4) if (data.readUInt32LE(at) === atom) return true;
  return false;
}
