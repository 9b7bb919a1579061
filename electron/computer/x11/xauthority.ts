/**
 * Xauthority files (Xau library format): entries of a big-endian family and four length-prefixed strings. Read here
 * because the `x11` package only looks in the file that the environment names, which is not this desktop's.
 */

import { readFile } from "node:fs/promises";
import { hostname } from "node:os";

export type Cookie = { readonly name: string; readonly data: string };

const NO_COOKIE: Cookie = { name: "", data: "" };
/** Entries for connections on one machine: their address is its name. */
const FAMILY_LOCAL = 256;

/** The cookie for display number `display` of a file; an empty one when there is no such file: the server may want none. */
export async function readCookie(file: string, display: string): Promise<Cookie> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return NO_COOKIE;
    throw new Error(`the Xauthority file can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return cookieFor(bytes, display, hostname());
}

/**
 * The cookie for display number `display` (`99` of `:99`): first that of this machine (`host`), else by any address, since an
 * own desktop's file has one entry and a person's may hold other machines' displays of the same number. Strings are
 * Latin-1, one char a byte. An empty cookie when no entry fits; a file cut in the middle counts up to the cut.
 */
export function cookieFor(file: Uint8Array, display: string, host: string): Cookie {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  let at = 0;
  const field = (): string | null => {
    if (at + 2 > bytes.length) return null;
    const length = bytes.readUInt16BE(at);
    const end = at + 2 + length;
    if (end > bytes.length) return null;
    const value = bytes.toString("latin1", at + 2, end);
    at = end;
    return value;
  };
  let other: Cookie | null = null;
  while (at + 2 <= bytes.length) {
    const family = bytes.readUInt16BE(at);
    at += 2;
    const [address, number, name, data] = [field(), field(), field(), field()];
    if (address == null || number == null || name == null || data == null) break;
    if (name !== "MIT-MAGIC-COOKIE-1" || (number !== "" && number !== display)) continue;
    if (family === FAMILY_LOCAL && address === host) return { name, data };
    other ??= { name, data };
  }
  return other ?? NO_COOKIE;
}

/** The number in a display name: `99` of `:99`, `:99.0` and `host:99`; null when there is none. */
export function displayNumber(display: string): string | null {
  return /:(\d+)(?:\.\d+)?$/.exec(display)?.[1] ?? null;
}
