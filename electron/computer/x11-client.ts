/**
 * A bare connection to an X server for requests about pixels. Captures have one of their own: a reply of 33 MB must not
 * stand in the way of a key going up.
 */
import { createClient, type Property, type Reply, type XClient } from "x11";
import { displayNumber, readCookie } from "./x11/xauthority.ts";

export type BareClient = {
  readonly client: XClient;
  readonly root: number;
  /** The root window's visual, and its bits a pixel. */
  readonly visual: number;
  readonly depth: number;
  /** Resolves with why, when the connection ends. */
  readonly ended: Promise<Error>;
  /** Who waits for a reply: told when the connection ends. */
  readonly waiting: Set<(error: Error) => void>;
  /** Why it has ended, once it has. */
  readonly over: { readonly error: Error | null };
};

/**
 * Connects with the cookie of the file `authority`; rejects with an Error in words.
 * @param shares whether memory can be shared with the server (shared-pixels.ts)
 */
export async function openClient(
  display: string,
  authority: string,
  timeoutMs = 5000,
  shares = false,
): Promise<BareClient> {
  const number = displayNumber(display);
  if (number === null) throw new Error(`"${display}" is not the name of an X display`);
  const auth = await readCookie(authority, number);
  // Tests in the real app use this in Node 20, which has no Promise.withResolvers.
  let ending = (_error: Error): void => undefined;
  const ended = new Promise<Error>((resolve) => {
    ending = resolve;
  });
  const waiting = new Set<(error: Error) => void>();
  const over: { error: Error | null } = { error: null };
  const end = (error: Error) => {
    over.error ??= error;
    ending(error);
    for (const refuse of waiting) refuse(error);
    waiting.clear();
  };
  let [resolve, reject] = [(_opened: BareClient): void => undefined, (_error: Error): void => undefined];
  const greeted = new Promise<BareClient>((...settle) => {
    [resolve, reject] = settle;
  });
  const client = createClient({ display, auth, shm: shares, bufferRequests: true }, (error, opened) => {
    if (error) reject(error);
    else {
      const [screen] = opened.screen;
      const [root, visual, depth] = [screen?.root ?? 0, screen?.root_visual ?? 0, screen?.root_depth ?? 0];
      resolve({ client: opened.client, root, visual, depth, ended, waiting, over });
    }
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
export function ask<T>(x: BareClient, request: (reply: Reply<T>) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const answered = (error: Error | null | undefined, value: T) => {
      x.waiting.delete(reject);
      if (error) reject(error);
      else resolve(value);
      return true;
    };
    if (x.over.error !== null) return reject(x.over.error);
    x.waiting.add(reject);
    request(answered);
  });
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
