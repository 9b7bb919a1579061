/** Holding the X server: nobody else's request is taken meanwhile, so that what was looked at still is so when it is used. */
import type { X11 } from "./connection.ts";

/**
 * Runs `work` while the server listens to this connection alone. It has to be done in milliseconds (the window manager and
 * every program wait) and may ask this connection only: whoever waits for another one waits for ever.
 */
export async function alone<T>(x11: X11, work: () => Promise<T>): Promise<T> {
  x11.tell((client) => client.GrabServer());
  try {
    return await work();
  } finally {
    x11.tell((client) => client.UngrabServer());
    // The server is free again before anything else happens: nut-js would wait for it with this whole process.
    await x11.inputFocus();
  }
}
