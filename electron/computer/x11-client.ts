/**
 * A bare connection to an X server for requests about pixels. Captures have one of their own: a reply of 33 MB must not
 * stand in the way of a key going up.
 */
import { readFile } from "node:fs/promises";
import { createClient, type XClient } from "x11";
import { cookieFor, displayNumber } from "./x11/xauthority.ts";

export type BareClient = {
  readonly client: XClient;
  readonly root: number;
  /** Resolves with why, when the connection ends. */
  readonly ended: Promise<Error>;
};

/** Connects with the cookie of the file `authority`; rejects with an Error in words. */
export async function openClient(display: string, authority: string, timeoutMs = 5000): Promise<BareClient> {
  const number = displayNumber(display);
  if (number === null) throw new Error(`"${display}" is not the name of an X display`);
  const auth = cookieFor(await readFile(authority), number);
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>();
  const { promise: greeted, resolve, reject } = Promise.withResolvers<BareClient>();
  const client = createClient({ display, auth, shm: false, bufferRequests: true }, (error, opened) => {
    if (error) reject(error);
    else resolve({ client: opened.client, root: opened.screen[0]?.root ?? 0, ended });
  });
  // Failed requests without a reply come here too; they say nothing about the connection.
  client.on("error", (error) => {
    if (error.error !== undefined) return;
    reject(error);
    end(error);
  });
  client.on("end", () => end(new Error(`the display ${display} is gone`)));
  const timer = setTimeout(() => {
    reject(new Error(`${display}: no answer within ${timeoutMs} ms`));
    client.terminate();
  }, timeoutMs);
  try {
    return await greeted;
  } finally {
    clearTimeout(timer);
  }
}
