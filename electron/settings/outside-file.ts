/** A file from outside, as text: whatever stands under its name, reading it ends, and nothing of it is guessed. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";

export type OutsideText =
  | { readonly ok: true; readonly text: string }
  /** `missing`: nothing has this name. */
  | { readonly ok: false; readonly missing: boolean; readonly error: string };

/** Nothing that is read here comes near. */
const MOST_BYTES = 4_000_000;

/**
 * Reads a UTF-8 file. Refused, each in words that say what to do: what is no plain file (a link, a folder, a pipe, a
 * device: some never end), a file of more than `most` bytes, bytes that are no UTF-8.
 */
export function readOutsideText(file: string, most = MOST_BYTES): OutsideText {
  let fd: number | null = null;
  try {
    const there = lstatSync(file);
    if (there.isSymbolicLink()) return refused("is a symbolic link; give the file that it points to");
    if (there.isDirectory()) return refused("is a folder; give a file");
    if (!there.isFile()) return refused("is no plain file; give one");
    // Not to be kept waiting by a pipe that has taken its place meanwhile.
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    if (!fstatSync(fd).isFile()) return refused("is no plain file; give one");
    const bytes = readAtMost(fd, most);
    return bytes === null ? refused(`is larger than ${most} bytes; nothing here needs that`) : decoded(bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { ok: false, missing: code === "ENOENT", error: `can't be read: ${WORDS[code] ?? wordsOf(error)}` };
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check its name",
  ENOTDIR: "there is no such file; check its name",
  EACCES: "you may not read it; check its permissions",
  EPERM: "you may not read it; check its permissions",
  ELOOP: "it is a symbolic link; give the file that it points to",
  ENAMETOOLONG: "its name is too long",
};

function refused(error: string): OutsideText {
  return { ok: false, missing: false, error: `can't be read: it ${error}` };
}

/** All bytes of an open file; null when there are more than `most`. Its size is not asked: some files lie about it. */
function readAtMost(fd: number, most: number): Buffer | null {
  const chunks: Buffer[] = [];
  for (let read = 0; ; ) {
    const chunk = Buffer.alloc(65_536);
    const length = readSync(fd, chunk, 0, chunk.length, null);
    if (length === 0) return Buffer.concat(chunks);
    read += length;
    if (read > most) return null;
    chunks.push(chunk.subarray(0, length));
  }
}

function decoded(bytes: Buffer): OutsideText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return refused("is UTF-16; save it as UTF-8");
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return refused("is not UTF-8; save it as UTF-8");
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
