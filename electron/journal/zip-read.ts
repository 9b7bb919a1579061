/** Reads an export's zip: yauzl finds the members, and the whole file has to be laid out exactly as zip-layout.ts says. */
import { type FileHandle, lstat, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import yauzl from "yauzl";
import { directory, localHeader, type Member, MOST_BYTES, MOST_MEMBERS } from "./zip-layout.ts";

/** Something about the zip that no export has; nothing of it was taken. */
export class BadZip extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = "BadZip";
  }
}

/** An export's zip, opened; every byte of it outside its members has been checked. */
export type Zip = {
  readonly members: readonly Member[];
  /** A member's bytes. Throws a BadZip when they don't have the check sum that the zip gives. */
  read(name: string): Promise<Uint8Array>;
  close(): Promise<void>;
};

/** No export has other names: nothing that could lead out of a folder. */
const NAMES = /^(manifest\.json|events\.jsonl|blobs\/([0-9a-f]{2})\/\2[0-9a-f]{62}\.png)$/;
const STORED = 0;
/** What is read into memory in one piece: the list of a session's events, and anything else. */
const MOST_EVENT_BYTES = 500_000_000;
const MOST_MEMBER_BYTES = 100_000_000;

/** Opens an export. Throws a BadZip, or what the file system throws. */
export async function openZip(path: string): Promise<Zip> {
  const there = await lstat(path);
  if (there.isSymbolicLink()) throw new BadZip("is a symbolic link; give the file that it points to");
  if (!there.isFile()) throw new BadZip("is no plain file; give one");
  const members = await listMembers(path);
  const file = await open(path, "r");
  try {
    const offsets = await checkLayout(file, members);
    return {
      members,
      read: async (name) => {
        const at = offsets.get(name);
        if (at === undefined) throw new BadZip(`${name} is not in the zip`);
        const bytes = await readAt(file, at.offset, at.member.size);
        if (crc32(bytes) !== at.member.crc)
          throw new BadZip(`${name} does not have the check sum that the zip gives it`);
        return bytes;
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function listMembers(path: string): Promise<readonly Member[]> {
  const zip = await yauzl
    .openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true })
    .catch((error: unknown) => {
      if (error instanceof Error && "code" in error) throw error;
      throw new BadZip(`is no zip that can be read: ${error instanceof Error ? error.message : String(error)}`);
    });
  try {
    if (zip.entryCount > MOST_MEMBERS) throw new BadZip(`holds ${zip.entryCount} files, more than any export`);
    const members: Member[] = [];
    const names = new Set<string>();
    let bytes = 0;
    for await (const entry of zip.eachEntry()) {
      const { fileName: name, uncompressedSize: size, compressedSize, compressionMethod, crc32: crc } = entry;
      if (!NAMES.test(name)) throw new BadZip(`holds a file that no export has: ${JSON.stringify(name).slice(0, 200)}`);
      if (names.has(name)) throw new BadZip(`has ${name} twice`);
      // Stored and nothing else: what is read can't be larger than the file.
      if (compressionMethod !== STORED || compressedSize !== size) throw new BadZip(`has ${name} compressed`);
      if (size > (name === "events.jsonl" ? MOST_EVENT_BYTES : MOST_MEMBER_BYTES))
        throw new BadZip(`has ${name} larger than any export has it`);
      bytes += size;
      if (bytes > MOST_BYTES) throw new BadZip("has more in it than any export");
      names.add(name);
      members.push({ name, size, crc });
    }
    return members;
  } catch (error) {
    if (error instanceof BadZip) throw error;
    throw new BadZip(`can't be read: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    zip.close();
  }
}

type Place = { readonly member: Member; readonly offset: number };

/** Compares every byte outside the members with what it has to be. */
async function checkLayout(file: FileHandle, members: readonly Member[]): Promise<ReadonlyMap<string, Place>> {
  const { size } = await file.stat();
  const places = new Map<string, Place>();
  let offset = 0;
  for (const member of members) {
    const header = localHeader(member);
    if (!header.equals(await readAt(file, offset, header.length)))
      throw new BadZip(`has bytes before ${member.name} that no export has`);
    offset += header.length;
    places.set(member.name, { member, offset });
    offset += member.size;
  }
  const end = directory(members);
  if (offset + end.length !== size) throw new BadZip("has bytes outside its files");
  if (!end.equals(await readAt(file, offset, end.length))) throw new BadZip("lists its files as no export does");
  return places;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new BadZip("ends too early");
  return buffer;
}
