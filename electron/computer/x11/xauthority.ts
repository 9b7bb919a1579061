/**
 * Xauthority files (Xau library format): entries of a big-endian family and four length-prefixed strings. Read here
 * because the `x11` package only looks in the file that the environment names, which is not this desktop's.
 */

export type Cookie = { readonly name: string; readonly data: string };

const NO_COOKIE: Cookie = { name: "", data: "" };

/**
 * The cookie for display number `display` (`99` of `:99`), by any address: the file is the desktop's own. Strings are
 * Latin-1, one char a byte. An empty cookie when no entry fits; a file cut in the middle counts up to the cut.
 */
export function cookieFor(file: Uint8Array, display: string): Cookie {
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
  while (at + 2 <= bytes.length) {
    at += 2;
    const [address, number, name, data] = [field(), field(), field(), field()];
    if (address == null || number == null || name == null || data == null) break;
    if (name === "MIT-MAGIC-COOKIE-1" && (number === "" || number === display)) return { name, data };
  }
  return NO_COOKIE;
}

/** The number in a display name: `99` of `:99`, `:99.0` and `host:99`; null when there is none. */
export function displayNumber(display: string): string | null {
  return /:(\d+)(?:\.\d+)?$/.exec(display)?.[1] ?? null;
}
