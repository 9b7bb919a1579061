/** The access cookie of an own desktop, in the Xauthority file format of the Xau library. */
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";

const FAMILY_WILD = 0xffff;
const PROTOCOL = "MIT-MAGIC-COOKIE-1";

/** A cookie as the `x11` package takes it: one char a byte. */
export type Cookie = { readonly name: string; readonly data: string };

/**
 * Writes a new random cookie to `file` (mode 0600) and returns it. The entry fits any address and any display number,
 * because the server picks its number only when it has read the file; the cookie opens no other server.
 */
export async function writeCookie(file: string): Promise<Cookie> {
  const secret = randomBytes(16);
  const parts = ["", "", PROTOCOL].map((text) => Buffer.from(text, "latin1"));
  const fields = [...parts, secret].flatMap((part) => [sixteen(part.length), part]);
  await rm(file, { force: true });
  await writeFile(file, Buffer.concat([sixteen(FAMILY_WILD), ...fields]), { mode: 0o600, flag: "wx" });
  return { name: PROTOCOL, data: secret.toString("latin1") };
}

function sixteen(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
