/**
 * The one layout an export's zip has (APPNOTE.TXT 6.3.x of PKWARE, a small part of it): members stored, not compressed,
 * one after another, then the directory, then its end; one fixed time, no extra fields, no comments. With names and
 * contents given, every byte of the file is; so a changed, hidden or added byte can't go unseen.
 */

/** A member as the directory lists it. */
export type Member = { readonly name: string; readonly size: number; readonly crc: number };

/** A private file of a Unix system. */
const MODE = 0o100600;
/** A plain zip (without its 64-bit extension) holds no more. */
export const MOST_MEMBERS = 65_000;
export const MOST_BYTES = 4_000_000_000;

const VERSION_NEEDED = 20;
const VERSION_MADE_BY = (3 << 8) | 63;
const NAMES_ARE_UTF8 = 1 << 11;
/** Every member's date: 1980-01-01, the earliest one a zip can say. */
const FIRST_DAY = (1 << 5) | 1;

/** The bytes before a member's own. */
export function localHeader({ name, size, crc }: Member): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(VERSION_NEEDED, 4);
  common(head, 6, { name, size, crc });
  return Buffer.concat([head, Buffer.from(name, "utf8")]);
}

/** The directory and its end, for members that stand one after another from the start of the file. */
export function directory(members: readonly Member[]): Buffer {
  const records: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    records.push(directoryRecord(member, offset));
    offset += localHeader(member).length + member.size;
  }
  const size = records.reduce((sum, record) => sum + record.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...records, end]);
}

function directoryRecord(member: Member, offset: number): Buffer {
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(VERSION_MADE_BY, 4);
  record.writeUInt16LE(VERSION_NEEDED, 6);
  common(record, 8, member);
  record.writeUInt32LE((MODE << 16) >>> 0, 38);
  record.writeUInt32LE(offset, 42);
  return Buffer.concat([record, Buffer.from(member.name, "utf8")]);
}

/** Flags, method, time, check, sizes and the name's length: the same in both kinds of header. */
function common(header: Buffer, at: number, { name, size, crc }: Member): void {
  header.writeUInt16LE(NAMES_ARE_UTF8, at);
  // Method 0 (stored) and time 0 are zero already.
  header.writeUInt16LE(FIRST_DAY, at + 6);
  header.writeUInt32LE(crc, at + 8);
  header.writeUInt32LE(size, at + 12);
  header.writeUInt32LE(size, at + 16);
  header.writeUInt16LE(Buffer.byteLength(name), at + 20);
}
