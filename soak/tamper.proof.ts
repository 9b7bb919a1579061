/**
 * Random edits of a record, each found, and found where it was made: in the store, and in an export. A second verifier,
 * written from docs/JOURNAL-FORMAT.md alone, agrees on every one.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { type Verdict, verifyStore, verifyZip } from "../e2e/independent-verifier.ts";
import { exportSession } from "../electron/journal/export.ts";
import { SESSION } from "../electron/journal/sample-session.ts";
import { sha256Hex } from "../electron/journal/sha256.ts";
import { editsOf, flipped, OTHER, type Random, sampleStore } from "../electron/journal/test-edits.ts";
import { type DamageAt, verifySession } from "../electron/journal/verify.ts";
import { verifyExport } from "../electron/journal/verify-export.ts";
import { directory, localHeader } from "../electron/journal/zip-layout.ts";
import { openZip } from "../electron/journal/zip-read.ts";
import { canonicalJson } from "../shared/jcs.ts";
import { type Proof, randomBelow } from "./proof.ts";

export const PROOFS: readonly Proof[] = [
  { name: "every edit of a store is found and located", whole: 2000, sample: 200, run: storeEdits },
  { name: "every edit of an export is found", whole: 2000, sample: 300, run: exportEdits },
];

async function storeEdits(count: number, seed: number): Promise<string> {
  const sample = await sampleStore();
  try {
    const random = randomBelow(seed);
    const kinds = Object.entries(editsOf(sample));
    agree(verifyStore(sample.whole, SESSION), await verifySession(sample.whole, SESSION));
    agree(verifyStore(sample.whole, OTHER), await verifySession(sample.whole, OTHER));
    let located = 0;
    for (let i = 0; i < count; i += 1) {
      const [name, edit] = kinds[i % kinds.length] ?? ["", () => null];
      let expected: DamageAt | null = null;
      const dir = sample.edited((folder) => {
        expected = edit(folder, random);
      });
      const result = await verifySession(dir, SESSION);
      if (result.ok) throw new Error(`edit ${i} (${name}) was not found`);
      if (verifyStore(dir, SESSION).ok) throw new Error(`edit ${i} (${name}) was not found by the second verifier`);
      if (expected === null) continue;
      located += 1;
      if (canonicalJson(result.at) !== canonicalJson(expected))
        throw new Error(`edit ${i} (${name}) was found at ${canonicalJson(result.at)}: ${result.problem}`);
    }
    return `${count} edits of ${kinds.length} kinds found, the ${located} with one place to be found at exactly there`;
  } finally {
    sample.remove();
  }
}

/** The members of an export, by name, in order. */
type Members = Map<string, Buffer>;
type ExportEdit = (members: Members, random: Random) => void;

const EVENTS = "events.jsonl";
const MANIFEST = "manifest.json";

/** Edits of what is in the zip, which is then packed anew in the right layout: only its content can show them. */
const EDITS: Readonly<Record<string, ExportEdit>> = {
  "a bit of an event": (members, random) => {
    const lines = linesOf(members);
    const at = random(lines.length);
    lines[at] = Buffer.from(flipped(Buffer.from(lines[at] ?? "", "latin1"), random)).toString("latin1");
    setLines(members, lines);
  },
  "an event removed": (members, random) => {
    const lines = linesOf(members);
    lines.splice(random(lines.length), 1);
    setLines(members, lines);
  },
  "an event twice": (members, random) => {
    const lines = linesOf(members);
    const at = random(lines.length);
    lines.splice(at, 0, lines[at] ?? "");
    setLines(members, lines);
  },
  "two events swapped": (members, random) => {
    const lines = linesOf(members);
    const at = random(lines.length - 1);
    lines.splice(at, 2, lines[at + 1] ?? "", lines[at] ?? "");
    setLines(members, lines);
  },
  "an event changed and its hash made to fit": (members, random) => {
    const lines = linesOf(members);
    const at = random(lines.length);
    const { hash: _, ...event } = JSON.parse(utf8(lines[at])) as Record<string, unknown> & { body: object };
    const before = at === 0 ? "0".repeat(64) : (JSON.parse(utf8(lines[at - 1])) as { hash: string }).hash;
    const changed = { ...event, body: { ...event.body, extra: "planted" } };
    const hash = sha256Hex(`${before}\n${canonicalJson(changed)}`);
    lines[at] = Buffer.from(canonicalJson({ ...changed, hash })).toString("latin1");
    setLines(members, lines);
  },
  "the last events cut off": (members, random) => {
    const lines = linesOf(members);
    setLines(members, lines.slice(0, 1 + random(lines.length - 1)));
  },
  "an event said to be left out": (members, random) => {
    const lines = linesOf(members);
    const at = random(lines.length);
    const { seq, hash } = JSON.parse(utf8(lines[at])) as { seq: number; hash: string };
    lines[at] = canonicalJson({ seq, hash });
    setLines(members, lines);
  },
  "a bit of the manifest": (members, random) => {
    members.set(MANIFEST, Buffer.from(flipped(members.get(MANIFEST) ?? Buffer.alloc(1), random)));
  },
  "a field of the manifest, its hash made to fit": (members, random) => {
    const { hash: _, ...rest } = JSON.parse(String(members.get(MANIFEST))) as Record<string, unknown> & { row: object };
    const ways: readonly object[] = [
      { ...rest, events: 5 },
      { ...rest, head: "0".repeat(64) },
      { ...rest, session: "20261121-0009" },
      { ...rest, row: { ...rest.row, edits: 9 } },
      { ...rest, row: { ...rest.row, task: "Another task" } },
      { ...rest, leftOut: 1 },
      { ...rest, pictures: false },
      { ...rest, steps: ["1.0"] },
      { ...rest, blobs: {} },
    ];
    const way = ways[random(ways.length)] ?? {};
    members.set(MANIFEST, Buffer.from(canonicalJson({ ...way, hash: sha256Hex(canonicalJson(way)) })));
  },
  "a bit of a picture": (members, random) => {
    const name = pictureOf(members, random);
    members.set(name, Buffer.from(flipped(members.get(name) ?? Buffer.alloc(1), random)));
  },
  "a picture removed": (members, random) => {
    members.delete(pictureOf(members, random));
  },
  "two pictures swapped": (members, random) => {
    const names = picturesOf(members);
    const at = random(names.length - 1);
    const [a = "", b = ""] = names.slice(at, at + 2);
    const [first, second] = [members.get(a), members.get(b)];
    members.set(a, second ?? Buffer.alloc(0));
    members.set(b, first ?? Buffer.alloc(0));
  },
  "a picture added": (members) => {
    const bytes = Buffer.from("one more picture");
    const hash = sha256Hex(bytes);
    members.set(`blobs/${hash.slice(0, 2)}/${hash}.png`, bytes);
  },
};

async function exportEdits(count: number, seed: number): Promise<string> {
  const sample = await sampleStore();
  try {
    const random = randomBelow(seed);
    const whole = join(sample.root, "whole.zip");
    const edited = join(sample.root, "edited.zip");
    await exportSession(sample.whole, SESSION, whole, { steps: null, pictures: true });
    const bytes = readFileSync(whole);
    const members = await membersOf(whole);
    writeFileSync(edited, packed(members));
    if (!readFileSync(edited).equals(bytes) || !(await verifyExport(edited)).ok)
      throw new Error("packing the same members again gives another zip");
    agree(verifyZip(edited), await verifyExport(edited));
    const kinds = Object.entries(EDITS);
    for (let i = 0; i < count; i += 1) {
      // Every second edit is one bit anywhere in the file.
      const [name, edit] = i % 2 === 0 ? ["a bit of the file", null] : (kinds[(i >> 1) % kinds.length] ?? ["", null]);
      if (edit === null) writeFileSync(edited, flipped(bytes, random));
      else {
        const copy: Members = new Map(members);
        edit(copy, random);
        writeFileSync(edited, packed(copy));
      }
      if ((await verifyExport(edited)).ok) throw new Error(`edit ${i} (${name}) was not found`);
      if (verifyZip(edited).ok) throw new Error(`edit ${i} (${name}) was not found by the second verifier`);
    }
    return `${count} edits of ${kinds.length + 1} kinds found`;
  } finally {
    sample.remove();
  }
}

/** Both find a record whole, with the same head. */
function agree(second: Verdict, ours: { readonly ok: boolean; readonly head?: string }): void {
  if (!second.ok || !ours.ok || second.head !== ours.head)
    throw new Error(`the verifiers disagree: ${JSON.stringify(second)}, ${JSON.stringify(ours)}`);
}

async function membersOf(path: string): Promise<Members> {
  const zip = await openZip(path);
  const members: Members = new Map();
  for (const { name } of zip.members) members.set(name, Buffer.from(await zip.read(name)));
  await zip.close();
  return members;
}

function packed(members: Members): Buffer {
  const listed = [...members].map(([name, content]) => ({ name, size: content.length, crc: crc32(content) }));
  const bodies = listed.flatMap((member) => [localHeader(member), members.get(member.name) ?? Buffer.alloc(0)]);
  return Buffer.concat([...bodies, directory(listed)]);
}

/** As latin1, so that any bit can be flipped. */
function linesOf(members: Members): string[] {
  return String(members.get(EVENTS)?.toString("latin1")).split("\n").slice(0, -1);
}

function setLines(members: Members, lines: readonly string[]): void {
  members.set(EVENTS, Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1"));
}

function utf8(line: string | undefined): string {
  return Buffer.from(line ?? "", "latin1").toString("utf8");
}

function picturesOf(members: Members): readonly string[] {
  return [...members.keys()].filter((name) => name.startsWith("blobs/"));
}

function pictureOf(members: Members, random: Random): string {
  const names = picturesOf(members);
  return names[random(names.length)] ?? "";
}
