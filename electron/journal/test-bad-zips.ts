/** Zips that no export is, made of a good one's members: each kind of lie a zip can tell, and each kind of content. */
import { crc32, deflateRawSync } from "node:zlib";
import { canonicalJson } from "../../shared/jcs.ts";
import { FIRST_PREV_HASH, hashText, type SessionEvent } from "../../shared/session-event.ts";
import { sha256Hex } from "./sha256.ts";
import { directory, localHeader, type Member } from "./zip-layout.ts";

const MANIFEST = "manifest.json";
const EVENTS = "events.jsonl";

export type Members = ReadonlyMap<string, Buffer>;
export type BadZip = { readonly name: string; readonly bytes: Buffer; readonly says: RegExp };

/** A zip in the one right layout, of any members. */
export function packed(members: Iterable<readonly [name: string, content: Buffer]>): Buffer {
  const all = [...members];
  const listed = all.map(([name, content]): Member => ({ name, size: content.length, crc: crc32(content) }));
  const bodies = all.flatMap(([, content], i) => [localHeader(listed[i] as Member), content]);
  return Buffer.concat([...bodies, directory(listed)]);
}

const UNREADABLE =
  /the zip (is no zip that can be read|can't be read|ends too early|holds .*that no export has|lists .* as no export does|has .*that no export has|has bytes)/;

/** Offsets of a zip's own records. */
function placesIn(zip: Buffer) {
  const local = (n: number) => indexOfNth(zip, "PK\u0003\u0004", n);
  const central = (n: number) => indexOfNth(zip, "PK\u0001\u0002", n);
  return { local, central, end: zip.lastIndexOf("PK\u0005\u0006") };
}

function indexOfNth(zip: Buffer, mark: string, n: number): number {
  let at = -1;
  for (let i = 0; i <= n; i += 1) at = zip.indexOf(mark, at + 1, "latin1");
  return at;
}

type Places = ReturnType<typeof placesIn>;

/** Every kind of bad zip, and how the refusal has to say what is wrong. @param random whole numbers below a limit, seeded */
export function badZips(members: Members, random: (limit: number) => number): readonly BadZip[] {
  const good = packed(members);
  const picture = [...members.keys()].find((name) => name.startsWith("blobs/")) ?? "";
  const manifest = members.get(MANIFEST) ?? Buffer.alloc(0);
  const edited = (name: string, says: RegExp, change: (zip: Buffer, at: Places) => Buffer | undefined): BadZip => {
    const zip = Buffer.from(good);
    return { name, says, bytes: change(zip, placesIn(zip)) ?? zip };
  };
  const having = (name: string, member: string, says: RegExp, content: Buffer = Buffer.from("x")): BadZip => ({
    name,
    says,
    bytes: packed([...members, [member, content]]),
  });
  return [
    ...[
      "../evil.png",
      "blobs/../../evil",
      "blobs/ab/../../../../home/me/.bashrc",
      "/etc/passwd",
      "//server/share/x",
      "C:\\evil",
      "C:evil",
      "blobs\\ab\\x.png",
      "..\\..\\evil",
      "./manifest.json",
      "manifest.json/",
      "manifest.json ",
      "MANIFEST.JSON",
      "Manifest.json",
      "Events.jsonl",
      "Blobs/ab/x.png",
      picture.toUpperCase(),
      picture.replace(".png", ".PNG"),
      picture.replace(".png", ".jpg"),
      picture.replace(/blobs\/../, "blobs/zz"),
      picture.replace("blobs/", "blobs//"),
      picture.replace("blobs/", ""),
      "blobs/",
      "blobs/ab/",
      "blobs/ab/x.png",
      `blobs/aa/${"b".repeat(64)}.png`,
      "events.jsonl\u0000.png",
      "manifest.js\u043en",
      "gnp.\u202elnosj.stneve",
      "nul",
      "con.png",
      "__MACOSX/._manifest.json",
      ".DS_Store",
      "journal.db",
      "settings.json",
      "a".repeat(60_000),
    ].map((name) => having(`a member ${JSON.stringify(name.slice(0, 70))}`, name, /no export has|can't be read/)),
    having("a member without a name", "", /no export has|can't be read/),
    having("the manifest twice", MANIFEST, /has manifest\.json twice/, manifest),
    having("a picture twice", picture, /has blobs\/.* twice/, members.get(picture)),
    having("a picture of no event", blobOf("stranger"), /is named by no event/, Buffer.from("stranger")),
    { name: "no member at all", bytes: packed([]), says: /manifest\.json .*is not in the zip/ },
    ...[MANIFEST, EVENTS, picture].map((gone): BadZip => {
      const rest = [...members].filter(([name]) => name !== gone);
      return {
        name: `no ${gone.slice(0, 8)}`,
        bytes: packed(rest),
        says: /is not in the zip|not where it has to be|missing/,
      };
    }),
    {
      name: "members in another order",
      bytes: packed([...members].toReversed()),
      says: /not where it has to be/,
    },
    ...[8, 9, 12, 14, 93, 99].map((method) =>
      edited(`a member by method ${method}`, /has manifest\.json compressed/, (zip, { local, central }) => {
        zip.writeUInt16LE(method, local(0) + 8);
        zip.writeUInt16LE(method, central(0) + 10);
        return undefined;
      }),
    ),
    bomb(members),
    edited("a member that says it is 4 GB", /larger than any export|can't be read/, (zip, { central }) => {
      zip.writeUInt32LE(0xfffffff0, central(1) + 20);
      zip.writeUInt32LE(0xfffffff0, central(1) + 24);
      return undefined;
    }),
    edited("a member larger than the file", UNREADABLE, (zip, { central }) => {
      zip.writeUInt32LE(90_000_000, central(0) + 20);
      zip.writeUInt32LE(90_000_000, central(0) + 24);
      return undefined;
    }),
    edited("a member that says it is empty", UNREADABLE, (zip, { central }) => {
      zip.writeUInt32LE(0, central(0) + 20);
      zip.writeUInt32LE(0, central(0) + 24);
      return undefined;
    }),
    edited("two members in the same place", UNREADABLE, (zip, { central }) => {
      zip.writeUInt32LE(zip.readUInt32LE(central(0) + 42), central(1) + 42);
      return undefined;
    }),
    edited("a member inside another", UNREADABLE, (zip, { central }) => {
      zip.writeUInt32LE(zip.readUInt32LE(central(0) + 42) + 10, central(1) + 42);
      return undefined;
    }),
    overlapping(members),
    ...[
      ["encrypted", 0x0001],
      ["strongly encrypted", 0x0041],
      ["with its sizes behind it", 0x0008],
      ["with its header masked", 0x2000],
      ["patched", 0x0020],
    ].map(([words, bit]) =>
      edited(`a member ${words}`, UNREADABLE, (zip, { local, central }) => {
        for (const at of [local(0) + 6, central(0) + 8]) zip.writeUInt16LE(zip.readUInt16LE(at) | Number(bit), at);
        return undefined;
      }),
    ),
    edited("another check sum in the directory", UNREADABLE, (zip, { central }) => flip(zip, central(0) + 16)),
    edited("another check sum before the member", UNREADABLE, (zip, { local }) => flip(zip, local(0) + 14)),
    edited("another check sum in both", /does not have the check sum/, (zip, { local, central }) => {
      flip(zip, local(0) + 14);
      return flip(zip, central(0) + 16);
    }),
    edited("another name before the member than in the directory", UNREADABLE, (zip, { local }) =>
      flip(zip, local(0) + 30),
    ),
    ...[
      ["a symbolic link", 0o120777],
      ["a folder", 0o040755],
      ["a device", 0o020666],
      ["a program that runs as its owner", 0o104755],
    ].map(([words, mode]) =>
      edited(`a member that is ${words}`, UNREADABLE, (zip, { central }) => {
        zip.writeUInt32LE((Number(mode) << 16) >>> 0, central(0) + 38);
        return undefined;
      }),
    ),
    edited("made on Windows", UNREADABLE, (zip, { central }) => flip(zip, central(0) + 5)),
    edited("another day", UNREADABLE, (zip, { local }) => flip(zip, local(0) + 12)),
    edited("names that say they are no UTF-8", UNREADABLE, (zip, { local, central }) => {
      for (const at of [local(0) + 7, central(0) + 9]) zip[at] = 0;
      return undefined;
    }),
    edited("an extra field", UNREADABLE, (zip, { central }) => {
      const at = central(0);
      const name = zip.readUInt16LE(at + 28);
      zip.writeUInt16LE(8, at + 30);
      const extra = Buffer.from([0x99, 0x99, 4, 0, 1, 2, 3, 4]);
      const end = at + 46 + name;
      return Buffer.concat([zip.subarray(0, end), extra, zip.subarray(end)]);
    }),
    zip64(good),
    edited("a size for zip64 only", UNREADABLE, (zip, { central }) => {
      zip.writeUInt32LE(0xffffffff, central(0) + 24);
      return undefined;
    }),
    edited("a comment", UNREADABLE, (zip, { end }) => {
      zip.writeUInt16LE(4, end + 20);
      return Buffer.concat([zip, Buffer.from("note")]);
    }),
    edited("a comment that is a zip's end", UNREADABLE, (zip, { end }) => {
      const tail = Buffer.from(zip.subarray(end));
      zip.writeUInt16LE(tail.length, end + 20);
      return Buffer.concat([zip, tail]);
    }),
    edited("one member more than there is", UNREADABLE, (zip, { end }) => counted(zip, end, 1)),
    edited("one member less", UNREADABLE, (zip, { end }) => counted(zip, end, -1)),
    edited("65,535 members", /holds 65535 files, more than any export/, (zip, { end }) =>
      counted(zip, end, 65_535 - members.size),
    ),
    edited("a directory elsewhere", UNREADABLE, (zip, { end }) => flip(zip, end + 16)),
    edited("a directory beyond the end", UNREADABLE, (zip, { end }) => {
      zip.writeUInt32LE(0x7fffffff, end + 16);
      return undefined;
    }),
    edited("one of several disks", UNREADABLE, (zip, { end }) => flip(zip, end + 4)),
    edited("a program before it", UNREADABLE, (zip) => Buffer.concat([Buffer.from("#!/bin/sh\n"), zip])),
    edited("words after it", UNREADABLE, (zip) => Buffer.concat([zip, Buffer.from("more")])),
    edited("bytes between its members", UNREADABLE, (zip, { local }) =>
      Buffer.concat([zip.subarray(0, local(1)), Buffer.from("hidden"), zip.subarray(local(1))]),
    ),
    edited("itself twice", UNREADABLE, (zip) => Buffer.concat([zip, zip])),
    ...Array.from({ length: 14 }, (_, i) =>
      edited(`cut short (${i})`, UNREADABLE, (zip) => zip.subarray(0, random(zip.length))),
    ),
    ...[
      "",
      "PK",
      "PK\u0003\u0004",
      "PK\u0005\u0006",
      "\u001f\u008b\u0008",
      "7z\u00bc\u00af\u0027\u001c",
      "Rar!\u001a\u0007",
      "<html>no",
    ].map(
      (start): BadZip => ({
        name: `a file of ${JSON.stringify(start)}`,
        bytes: Buffer.from(start, "latin1"),
        says: UNREADABLE,
      }),
    ),
    { name: "NULs", bytes: Buffer.alloc(4096), says: UNREADABLE },
    ...badManifests(members),
    ...badEvents(members),
  ];
}

function flip(zip: Buffer, at: number): Buffer {
  zip[at] = (zip[at] ?? 0) ^ 1;
  return zip;
}

function counted(zip: Buffer, end: number, more: number): Buffer {
  for (const at of [end + 8, end + 10]) zip.writeUInt16LE(zip.readUInt16LE(at) + more, at);
  return zip;
}

function blobOf(content: string): string {
  const hash = sha256Hex(Buffer.from(content));
  return `blobs/${hash.slice(0, 2)}/${hash}.png`;
}

/** 50 MB of zeros in 50 kB, as an honest zip would have them. */
function bomb(members: Members): BadZip {
  const bytes = packed([[MANIFEST, deflateRawSync(Buffer.alloc(50_000_000))], ...[...members].slice(1)]);
  const { local, central } = placesIn(bytes);
  for (const [method, size] of [
    [local(0) + 8, local(0) + 22],
    [central(0) + 10, central(0) + 24],
  ] as const) {
    bytes.writeUInt16LE(8, method);
    bytes.writeUInt32LE(50_000_000, size);
  }
  return { name: "a bomb", bytes, says: /has manifest\.json compressed/ };
}

/** Many members that share one another's bytes: each as large as all that follow it. */
function overlapping(members: Members): BadZip {
  const names = ["one", "two", "three"].map(blobOf);
  const inner = packed(names.map((name) => [name, Buffer.from("x")] as const));
  const bytes = packed([...members, [blobOf("outer"), inner]]);
  const { central } = placesIn(bytes);
  // The last member of the directory begins where the one before it does.
  const last = members.size;
  bytes.writeUInt32LE(bytes.readUInt32LE(central(last - 1) + 42), central(last) + 42);
  return { name: "members that overlap", bytes, says: UNREADABLE };
}

/** The same with the 64-bit records a zip may have. */
function zip64(good: Buffer): BadZip {
  const { end } = placesIn(good);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(good.readUInt16LE(end + 10)), 24);
  record.writeBigUInt64LE(BigInt(good.readUInt16LE(end + 10)), 32);
  record.writeBigUInt64LE(BigInt(good.readUInt32LE(end + 12)), 40);
  record.writeBigUInt64LE(BigInt(good.readUInt32LE(end + 16)), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(end), 8);
  locator.writeUInt32LE(1, 16);
  const tail = Buffer.from(good.subarray(end));
  tail.writeUInt16LE(0xffff, 10);
  tail.writeUInt32LE(0xffffffff, 16);
  return { name: "zip64", bytes: Buffer.concat([good.subarray(0, end), record, locator, tail]), says: UNREADABLE };
}

/** Manifests whose hash fits, and whose content does not. */
function badManifests(members: Members): readonly BadZip[] {
  const text = String(members.get(MANIFEST));
  const { hash: _, ...fields } = JSON.parse(text) as Record<string, unknown>;
  const zip = (name: string, manifest: string | Buffer, says: RegExp): BadZip => ({
    name: `a manifest: ${name}`,
    says,
    bytes: packed(new Map(members).set(MANIFEST, Buffer.from(manifest as string))),
  });
  const sealed = (change: object) => {
    const rest = { ...fields, ...change };
    return canonicalJson({ ...rest, hash: sha256Hex(canonicalJson(rest)) });
  };
  const field = (name: string, value: unknown, says: RegExp) =>
    zip(`${name} ${JSON.stringify(value)?.slice(0, 40)}`, sealed({ [name]: value }), says);
  return [
    zip("empty", "", /manifest\.json .*is empty/),
    zip("no JSON", "{", /manifest\.json .*line 1, column 2: expected/),
    zip("a byte order mark", `\ufeff${text}`, /byte order mark/),
    zip(
      "invalid UTF-8",
      Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xff]), Buffer.from('"}')]),
      /manifest\.json is not UTF-8/,
    ),
    zip("a name twice", text.replace("{", '{"format":"x",'), /format: is given twice/),
    zip("a prototype", text.replace("{", '{"__proto__":{},'), /__proto__: is a name that is never read/),
    zip(
      "100,000 deep",
      text.replace("{", `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)},`),
      /nested more than 64 deep/,
    ),
    zip("a huge number", text.replace(/"events":\d+/, '"events":1e999'), /events: is a number too large/),
    zip("a list", "[]", /is not an object/),
    zip("no hash", canonicalJson(fields), /has no hash/),
    zip(
      "another hash",
      text.replace(/"hash":"[0-9a-f]{64}","head"/, `"hash":"${"0".repeat(64)}","head"`),
      /its hash does not fit/,
    ),
    zip("white space", JSON.stringify(JSON.parse(text), null, 2), /its hash does not fit its content/),
    field("v", 2, /has the format version 2; this program reads 1: update it/),
    field("format", "other", /format: expected "countersign-export", got "other"/),
    field("session", "../../evil", /session: /),
    field("session", "a\u0000bcdefgh", /session: /),
    field("session", 5, /session: expected a text, got 5/),
    field("row", null, /row: expected an object, got null/),
    field("row", {}, /row is not what the events give/),
    field("events", -1, /events: /),
    field("events", 1e15, /the manifest says 1000000000000000 events/),
    field("events", "32", /events: expected a number, got "32"/),
    field("head", "ABC", /head: /),
    field("leftOut", 1, /1 events were left out, and 0 were/),
    field("steps", "1.0", /steps: expected a list, got "1\.0"/),
    field("pictures", "yes", /pictures: expected true or false, got "yes"/),
    field("blobs", { "../x": 5 }, /blobs/),
    field("blobs", { ["A".repeat(64)]: 5 }, /blobs/),
    field("vouch", { n: 1 }, /vouch\.\w+: /),
    field("vouch", 5, /vouch: expected an object, got 5/),
    field("more", 1, /more: is not a known field/),
  ];
}

type Line = Record<string, unknown> & { readonly body: Record<string, unknown> };

/** Events whose chain fits, made by somebody who can hash; and lines that are none. */
function badEvents(members: Members): readonly BadZip[] {
  const texts = String(members.get(EVENTS)).split("\n").slice(0, -1);
  const events = texts.map((text) => JSON.parse(text) as Line);
  const withText = (lines: string | Buffer): Buffer =>
    packed(new Map(members).set(EVENTS, Buffer.from(lines as string)));
  const line = (name: string, says: RegExp, change: (lines: string[]) => string): BadZip => ({
    name: `events: ${name}`,
    says,
    bytes: withText(change([...texts])),
  });
  const joined = (lines: readonly string[]) => lines.map((each) => `${each}\n`).join("");
  /** The first event of a type with another body, everything after it chained anew. */
  const body = (type: string, change: (body: Record<string, unknown>) => unknown, says: RegExp): BadZip => {
    const at = events.findIndex((event) => event.type === type);
    const changed = events.map((event, i) => (i === at ? { ...event, body: change(event.body) } : event));
    return { name: `events: a ${type} that says ${says.source.slice(0, 60)}`, says, bytes: withText(chained(changed)) };
  };
  const whole = (fields: object, says: RegExp): BadZip => {
    const changed = events.map((event, i) => (i === 3 ? { ...event, ...fields } : event));
    return { name: `events: ${JSON.stringify(fields).slice(0, 50)}`, says, bytes: withText(chained(changed)) };
  };
  const proposal = (fields: object, says: RegExp) =>
    body("action.proposed", (given) => ({ proposal: { ...(given.proposal as object), ...fields } }), says);
  const config = (fields: object, says: RegExp) =>
    body("session.started", (given) => ({ ...given, config: { ...(given.config as object), ...fields } }), says);
  return [
    line("none", /event 1 is not session\.started|the manifest says \d+ events, and 0/, () => ""),
    line("no end of the last line", /has no end of its line/, (lines) => lines.join("\n")),
    line("an empty line", /event 2 /, (lines) => joined(lines.toSpliced(1, 0, ""))),
    line("carriage returns", /event 1 /, (lines) => lines.map((each) => `${each}\r\n`).join("")),
    line("no JSON", /event 3 is no JSON object/, (lines) => joined(lines.with(2, "{"))),
    line("a list", /event 3 is no JSON object/, (lines) => joined(lines.with(2, "[]"))),
    line("null", /event 3 is no JSON object/, (lines) => joined(lines.with(2, "null"))),
    line("a NUL", /event 3 is no JSON object/, (lines) => joined(lines.with(2, `\u0000${lines[2]}`))),
    line("a name twice", /event 3 was changed: its line is not canonical/, (lines) =>
      joined(lines.with(2, (lines[2] ?? "").replace("{", `{"body":${JSON.stringify(events[2]?.body)},`))),
    ),
    line("a huge number", /event 3 /, (lines) => joined(lines.with(2, (lines[2] ?? "").replace('"v":1', '"v":1e999')))),
    line("100,000 deep", /event 3 is nested more than 2000 deep/, (lines) =>
      joined(lines.with(2, (lines[2] ?? "").replace("{", `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)},`))),
    ),
    line("a gap", /event 4 is missing; the next one there has the number 5/, (lines) => joined(lines.toSpliced(3, 1))),
    line("one twice", /event 5 is missing; the next one there has the number 4/, (lines) =>
      joined(lines.toSpliced(3, 0, lines[3] ?? "")),
    ),
    {
      name: "events: invalid UTF-8",
      bytes: withText(Buffer.concat([Buffer.from(joined(texts.slice(0, 2))), Buffer.from([0xff, 0x0a])])),
      says: /event 3 is not UTF-8/,
    },
    whole({ v: 2 }, /event 4 has the format version 2/),
    whole({ session: "20261121-9999" }, /event 4 belongs to another session/),
    whole({ type: "session.exploded" }, /event 4 .*type: there is no event "session\.exploded"/),
    whole({ type: "constructor" }, /event 4 .*type: there is no event "constructor"/),
    whole({ type: 5 }, /event 4 has no type, time or body/),
    whole({ ts: "yesterday" }, /event 4 .*ts: must be a time/),
    whole({ ts: 5 }, /event 4 has no type, time or body/),
    whole({ body: null }, /event 4 has no type, time or body/),
    whole({ body: [] }, /event 4 has no type, time or body/),
    config({ task: { html: "<b>" } }, /config\.task: expected a text, got an object/),
    config({ task: null }, /config\.task: expected a text, got null/),
    config({ toolVersion: "computer_use" }, /config\.toolVersion: expected one of/),
    config({ mode: { kind: "free" } }, /config\.mode/),
    config({ where: { kind: "own", size: { w: 1e9, h: 1 }, programs: [] } }, /config\.where\.size\.w: /),
    config({ limits: null }, /config\.limits: expected an object, got null/),
    body("session.started", (given) => ({ ...given, space: { w: 0, h: 0 } }), /space\.w: /),
    body("session.started", (given) => ({ ...given, desktop: { display: ":1", pids: ["1"] } }), /desktop\.pids\[0\]: /),
    body(
      "turn.finished",
      (given) => ({ ...given, thinking: { toString: "x" } }),
      /thinking: expected a text, got an object/,
    ),
    body("turn.finished", (given) => ({ ...given, calls: {} }), /calls: expected a list, got an object/),
    body("turn.finished", (given) => ({ ...given, calls: [null] }), /calls\[0\]: expected an object, got null/),
    body("turn.finished", (given) => ({ ...given, usage: { input: "1" } }), /usage\.input: expected a number, got "1"/),
    body("turn.finished", (given) => ({ ...given, turn: -1 }), /turn: /),
    body(
      "turn.started",
      (given) => ({ ...given, screenshot: { sha256: "../../x", w: 1, h: 1 } }),
      /screenshot\.sha256: must be a SHA-256/,
    ),
    body(
      "turn.started",
      (given) => ({ ...given, screenshot: { sha256: "0".repeat(64), w: -5, h: 1 } }),
      /screenshot\.w: /,
    ),
    proposal({ action: { action: "left_click", coordinate: ["1", "2"] } }, /proposal\.action/),
    proposal({ action: { action: "explode" } }, /proposal\.action/),
    proposal({ action: { action: "type", text: "\u0007" } }, /proposal\.action/),
    proposal(
      { display: { x: 0, y: 0, w: 1, h: 1, scale: "2" } },
      /proposal\.display\.scale: expected a number, got "2"/,
    ),
    proposal({ cursor: [1] }, /proposal\.cursor/),
    proposal({ id: "" }, /proposal\.id: /),
    body("decision.made", (given) => ({ ...given, by: { kind: "nobody" } }), /by/),
    body(
      "decision.made",
      (given) => ({ ...given, decision: { kind: "reject", reason: 5 } }),
      /decision\.reason: expected a text, got 5/,
    ),
    body("action.finished", (given) => ({ ...given, outcome: "exploded" }), /outcome: expected one of/),
    body("action.finished", (given) => ({ ...given, text: ["Clicked."] }), /text: expected a text, got a list of 1/),
    body("session.ended", (given) => ({ ...given, reason: "bored" }), /reason: expected one of/),
  ];
}

/** The lines of these events, each with the hash that fits. */
function chained(events: readonly Record<string, unknown>[]): string {
  let before = FIRST_PREV_HASH;
  return events
    .map(({ hash: _, ...event }) => {
      before = sha256Hex(hashText(before, event as unknown as SessionEvent));
      return `${canonicalJson({ ...event, hash: before })}\n`;
    })
    .join("");
}
