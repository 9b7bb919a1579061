/**
 * A bare connection to an X server for requests about pixels. Captures have one of their own: a reply of 33 MB must not
 * stand in the way of a key going up.
 */
import { createClient, type Property, type Reply, type XClient } from "x11";
import { displayNumber, readCookie } from "./x11/xauthority.ts";

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
  const auth = await readCookie(authority, number);
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

/** One request with a reply; rejects when the server refuses it or the connection has ended. */
export async function ask<T>(x: BareClient, request: (reply: Reply<T>) => void): Promise<T> {
  const ended = x.ended.then((error) => Promise.reject(error));
  const answer = new Promise<T>((resolve, reject) => {
    request((error, value) => {
      if (error) reject(error);
      else resolve(value);
      return true;
    });
  });
  return await Promise.race([answer, ended]);
}

/** The number of an atom on this server: the package's own table mixes up the servers of one process. */
export function atomOf(x: BareClient, name: string): Promise<number> {
  return ask<number>(x, (reply) => x.client.InternAtom(false, name, reply));
}

/** A property's text (Latin-1, at most 64 KiB); empty when the window has none. */
export async function textProperty(x: BareClient, window: number, name: string): Promise<string> {
  const atom = await atomOf(x, name);
  const got = await ask<Property>(x, (reply) => x.client.GetProperty(0, window, atom, 0, 0, 16_384, reply));
  return got.type === 0 ? "" : got.data.toString("latin1");
}
