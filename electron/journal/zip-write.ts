/** Writes an export's zip in the layout of zip-layout.ts, member by member: however large it is, one picture is in memory. */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { journalError } from "./errors.ts";
import { JournalError } from "./journal.ts";
import { directory, localHeader, type Member, MOST_BYTES, MOST_MEMBERS } from "./zip-layout.ts";

/** A member to write; `read` is called once, when it is its turn. */
export type Content = { readonly name: string; readonly read: () => Promise<Uint8Array> };

/**
 * Writes a zip at `path`, whole and on disk or not at all: a file that is there is replaced at the end. Throws a
 * JournalError.
 */
export async function writeZip(path: string, contents: readonly Content[]): Promise<void> {
  if (contents.length > MOST_MEMBERS) throw tooLarge(`${contents.length} files`);
  await writeWhole(path, async (file) => {
    const members: Member[] = [];
    let bytes = 0;
    for (const { name, read } of contents) {
      const content = await read();
      const member = { name, size: content.length, crc: crc32(content) };
      bytes += content.length;
      if (bytes > MOST_BYTES) throw tooLarge("more than 4 GB");
      members.push(member);
      await file.writeFile(localHeader(member));
      await file.writeFile(content);
    }
    await file.writeFile(directory(members));
  });
}

/** Writes a private file, whole and on disk or not at all. Throws a JournalError. */
export async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const unfinished = `${path}.${process.pid}.unfinished`;
  try {
    const file = await open(unfinished, "wx", 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw journalError(error, `Writing ${path}`);
  }
}

function tooLarge(what: string): JournalError {
  return new JournalError(
    "failed",
    `The export would have ${what}; choose some of the steps, or leave the pictures out.`,
  );
}
