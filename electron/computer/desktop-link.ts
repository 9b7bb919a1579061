/** A session's hold on the desktop the operator sits at: its monitors, and the claim that keeps a second session off it. */
import { type Monitor, readMonitors } from "./monitors.ts";
import { ask, atomOf, openClient } from "./x11-client.ts";

export type DesktopLink = {
  readonly monitors: () => Promise<readonly Monitor[]>;
  /** Claims the desktop for one session; false when another holds it. Given up when the connection ends, by a crash too. */
  readonly claim: () => Promise<boolean>;
  /** Called at most once, when the connection ends without having been closed. */
  readonly onGone: (listener: (why: string) => void) => void;
  readonly close: () => void;
};

/** Owned by whoever works on the desktop: kept by the X server, so it holds across processes and users. */
const CLAIM = "_COUNTERSIGN_SESSION";
const INPUT_ONLY = 2;

/** Connects to the display; rejects with an Error in words. */
export async function openDesktopLink(display: string, authority: string): Promise<DesktopLink> {
  const x = await openClient(display, authority);
  let closed = false;
  const claim = async () => {
    const selection = await atomOf(x, CLAIM);
    const window = x.client.AllocID();
    x.client.CreateWindow(window, x.root, 0, 0, 1, 1, 0, 0, INPUT_ONLY, 0, {});
    // Nobody comes between the question and the claim.
    x.client.GrabServer();
    try {
      const owner = await ask<number>(x, (reply) => x.client.GetSelectionOwner(selection, reply));
      if (owner !== 0) return false;
      x.client.SetSelectionOwner(window, selection, 0);
      return (await ask<number>(x, (reply) => x.client.GetSelectionOwner(selection, reply))) === window;
    } finally {
      x.client.UngrabServer();
      await ask<number>(x, (reply) => x.client.GetSelectionOwner(selection, reply));
    }
  };
  return {
    monitors: () => readMonitors(x),
    claim,
    onGone: (listener) => void x.ended.then((error) => (closed ? undefined : listener(error.message))),
    close: () => {
      closed = true;
      x.client.terminate();
    },
  };
}
