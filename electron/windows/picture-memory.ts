/** Gives back what Chromium keeps of pictures that were shown. */
import type { WebContents } from "electron";

/** Turns between two times. A shown picture takes 4 MB, twice that where it is enlarged. */
const EVERY = 10;

/**
 * Chromium keeps each picture it decoded until they are half a gigabyte, whether or not anybody looks at it, and a page
 * has no say in it. What makes it let go is the system's word that memory is short; the window's own debugger, attached
 * for this one message, passes that word on. What is on the screen is decoded again.
 */
export class PictureMemory {
  #turns = 0;

  /** A turn has begun: nothing waits at the gate. @param onTrouble told why it could not be done; nothing depends on it */
  turn(contents: WebContents | null, onTrouble: (error: unknown) => void): void {
    this.#turns += 1;
    if (this.#turns % EVERY !== 0 || contents === null || contents.isDestroyed() || contents.isCrashed()) return;
    const { debugger: inspector } = contents;
    // Somebody else's session on it is theirs.
    if (inspector.isAttached()) return;
    try {
      inspector.attach("1.3");
    } catch (error) {
      onTrouble(error);
      return;
    }
    inspector
      .sendCommand("Memory.simulatePressureNotification", { level: "critical" })
      .catch(onTrouble)
      .finally(() => !contents.isDestroyed() && inspector.isAttached() && inspector.detach());
  }
}
