import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExportChoice, exportSession } from "./export.ts";
import { recordSample, SESSION, tickingClock } from "./sample-session.ts";
import { newPrivateKey, signerOf } from "./signer.ts";
import { openStore } from "./store.ts";
import { verifySession } from "./verify.ts";
import { verifyExport } from "./verify-export.ts";
import { directory, localHeader, type Member } from "./zip-layout.ts";
import { openZip } from "./zip-read.ts";

const WHOLE: ExportChoice = { steps: null, pictures: true };
const OPEN = "20261121-0002";

let root = "";
let dir = "";
const signer = signerOf(newPrivateKey());
const at = (name: string) => join(root, name);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "export-"));
  dir = join(root, "data");
  const store = openStore(dir, { signer });
  await recordSample(store.createSession(SESSION, tickingClock()), { turns: 4, end: true });
  await recordSample(store.createSession(OPEN, tickingClock()), { turns: 1, end: false });
  store.close();
  await exportSession(dir, SESSION, at("whole.zip"), WHOLE);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("exporting", () => {
  it("writes what verifies, signed by the key, the same bytes each time", async () => {
    const head = openHead();
    expect(await exportSession(dir, SESSION, at("again.zip"), WHOLE)).toEqual({ events: 32, pictures: 5, head });
    expect(readFileSync(at("again.zip")).equals(readFileSync(at("whole.zip")))).toBe(true);
    const result = await verifyExport(at("whole.zip"));
    expect(result).toMatchObject({ ok: true, blobs: 5, head, manifest: { session: SESSION, leftOut: 0 } });
    if (!result.ok) return;
    expect(result.signedBy).toMatch(/^[0-9a-f]{64}$/);
    const verified = await verifySession(dir, SESSION);
    expect(verified).toMatchObject({ ok: true, head, signedBy: result.signedBy });
  });

  it("is a zip that other programs read", () => {
    const words = execFileSync("python3", ["-m", "zipfile", "-l", at("whole.zip")], { encoding: "utf8" });
    expect(words).toContain("manifest.json");
    expect(words.match(/blobs\//g)).toHaveLength(5);
    execFileSync("python3", ["-m", "zipfile", "-t", at("whole.zip")]);
  });

  it("leaves the pictures out when asked to", async () => {
    expect(await exportSession(dir, SESSION, at("bare.zip"), { steps: null, pictures: false })).toMatchObject({
      pictures: 0,
    });
    expect(await verifyExport(at("bare.zip"))).toMatchObject({ ok: true, blobs: 0, manifest: { pictures: false } });
  });

  it("hands on chosen steps with their turns; of the rest only hashes", async () => {
    const made = await exportSession(dir, SESSION, at("steps.zip"), { steps: ["2.0", "4.0"], pictures: true });
    const result = await verifyExport(at("steps.zip"));
    expect(result).toMatchObject({ ok: true, head: openHead(), manifest: { events: 32, steps: ["2.0", "4.0"] } });
    if (!result.ok) return;
    expect(result.events).toHaveLength(made.events);
    const turns = result.events.flatMap((event) => (event.type === "turn.finished" ? [event.body.turn] : []));
    expect(turns).toEqual([2, 4]);
    expect(readFileSync(at("steps.zip"), "latin1")).not.toContain("line 3:");
  });

  it("says what is not there", async () => {
    await expect(exportSession(dir, "20261121-none", at("x.zip"), WHOLE)).rejects.toMatchObject({ code: "not_found" });
    await expect(exportSession(dir, SESSION, at("x.zip"), { steps: ["9.0"], pictures: true })).rejects.toThrow(
      /no step 9\.0/,
    );
    await expect(exportSession(dir, SESSION, join(root, "no", "x.zip"), WHOLE)).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("importing", () => {
  it("takes a session in that verifies there as it did here", async () => {
    const there = openStore(at("there"));
    expect(await there.importZip(at("whole.zip"))).toBe(SESSION);
    const here = openStore(dir, { readOnly: true });
    expect(there.events(SESSION)).toEqual(here.events(SESSION));
    expect(there.row(SESSION)).toEqual(here.row(SESSION));
    here.close();
    expect(there.search({ text: "naïve", session: SESSION, limit: 9 })).toHaveLength(4);
    expect(await verifySession(at("there"), SESSION)).toMatchObject({ ok: true, blobs: 5, head: openHead() });
    await expect(there.importZip(at("whole.zip"))).rejects.toThrow(/in this journal already/);
    there.close();
  });

  it("takes one without pictures, and verifies it as such", async () => {
    await exportSession(dir, SESSION, at("bare.zip"), { steps: null, pictures: false });
    const there = openStore(at("bare"));
    await there.importZip(at("bare.zip"));
    there.close();
    expect(await verifySession(at("bare"), SESSION)).toMatchObject({ ok: true, events: 32 });
  });

  it("refuses chosen steps, an open session, and what does not verify", async () => {
    const there = openStore(at("refusing"));
    await exportSession(dir, SESSION, at("steps.zip"), { steps: ["2.0"], pictures: true });
    await expect(there.importZip(at("steps.zip"))).rejects.toThrow(/only some of a session's steps/);
    await exportSession(dir, OPEN, at("open.zip"), WHOLE);
    expect(await verifyExport(at("open.zip"))).toMatchObject({ ok: true });
    await expect(there.importZip(at("open.zip"))).rejects.toThrow(/had not ended/);
    const bytes = readFileSync(at("whole.zip"));
    bytes[bytes.indexOf("naïve")] = 0x4e;
    writeFileSync(at("bad.zip"), bytes);
    await expect(there.importZip(at("bad.zip"))).rejects.toMatchObject({ code: "damaged" });
    await expect(there.importZip(at("none.zip"))).rejects.toMatchObject({ code: "not_found" });
    expect(there.list()).toEqual([]);
    there.close();
  });
});

describe("zips that no export is", () => {
  /** A zip in the right layout with other members. */
  const zipOf = (name: string, members: readonly (readonly [name: string, content: Buffer])[]) => {
    const listed = members.map(
      ([path, content]): Member => ({ name: path, size: content.length, crc: crc32(content) }),
    );
    const bodies = members.flatMap(([, content], i) => [localHeader(listed[i] as Member), content]);
    writeFileSync(at(name), Buffer.concat([...bodies, directory(listed)]));
    return at(name);
  };

  it.each([
    "../evil.png",
    "blobs/../../evil",
    "/etc/passwd",
    "C:\\evil",
    "blobs\\ab\\x.png",
    "blobs/ab/x.png",
    "manifest.json/",
    "events.jsonl\u0000.png",
    `blobs/aa/${"b".repeat(64)}.png`,
  ])("a member named %j", async (name) => {
    const path = zipOf("slip.zip", [
      ["manifest.json", Buffer.from("{}")],
      [name, Buffer.from("x")],
    ]);
    await expect(openZip(path)).rejects.toMatchObject({ name: "BadZip" });
    expect(await verifyExport(path)).toMatchObject({ ok: false });
  });

  it("the same member twice", async () => {
    const path = zipOf("twice.zip", [
      ["manifest.json", Buffer.from("{}")],
      ["manifest.json", Buffer.from("[]")],
    ]);
    await expect(openZip(path)).rejects.toThrow(/twice/);
  });

  it("a bomb: a member that says it is small, or that is compressed", async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000));
    const bytes = readFileSync(zipOf("bomb.zip", [["manifest.json", bomb]]));
    // Method 8 in both headers, and the size it would have.
    for (const [at8, size] of [
      [8, 22],
      [bytes.indexOf("PK\u0001\u0002") + 10, bytes.indexOf("PK\u0001\u0002") + 24],
    ] as const) {
      bytes.writeUInt16LE(8, at8);
      bytes.writeUInt32LE(50_000_000, size);
    }
    writeFileSync(at("bomb.zip"), bytes);
    await expect(openZip(at("bomb.zip"))).rejects.toThrow(/compressed/);
  });

  it("no zip at all, an empty one, one cut short", async () => {
    writeFileSync(at("none.zip"), "PK");
    await expect(openZip(at("none.zip"))).rejects.toMatchObject({ name: "BadZip" });
    expect(await verifyExport(zipOf("empty.zip", []))).toMatchObject({ ok: false });
    const bytes = readFileSync(at("whole.zip"));
    writeFileSync(at("cut.zip"), bytes.subarray(0, -30));
    await expect(openZip(at("cut.zip"))).rejects.toMatchObject({ name: "BadZip" });
  });

  it.each([
    ["before it", (whole: Buffer) => Buffer.concat([Buffer.from("#!/bin/sh\n"), whole])],
    ["after it", (whole: Buffer) => Buffer.concat([whole, Buffer.from("more")])],
    [
      "between members",
      (whole: Buffer) => {
        const second = whole.indexOf("PK\u0003\u0004", 4);
        return Buffer.concat([whole.subarray(0, second), Buffer.from("hidden"), whole.subarray(second)]);
      },
    ],
    [
      "before the directory",
      (whole: Buffer) => {
        const start = whole.indexOf("PK\u0001\u0002");
        return Buffer.concat([whole.subarray(0, start), Buffer.from("hidden"), whole.subarray(start)]);
      },
    ],
    [
      "in a comment",
      (whole: Buffer) => {
        const longer = Buffer.concat([whole, Buffer.from("note")]);
        longer.writeUInt16LE(4, whole.length - 2);
        return longer;
      },
    ],
  ])("bytes outside its members: %s", async (_where, change) => {
    writeFileSync(at("outside.zip"), change(readFileSync(at("whole.zip"))));
    const result = await verifyExport(at("outside.zip"));
    expect(result).toMatchObject({ ok: false });
  });

  it("any byte changed", { timeout: 60_000 }, async () => {
    const whole = readFileSync(at("whole.zip"));
    // Every byte that is no picture's, and some of those.
    const pictures = whole.indexOf("blobs/");
    const tail = whole.indexOf("PK\u0001\u0002");
    for (let i = 0; i < whole.length; i += i > pictures + 80 && i < tail - 40 ? 97 : 7) {
      const bytes = Buffer.from(whole);
      bytes[i] = (bytes[i] ?? 0) ^ (1 << (i % 8));
      writeFileSync(at("flipped.zip"), bytes);
      expect([i, (await verifyExport(at("flipped.zip"))).ok]).toEqual([i, false]);
    }
  });
});

function openHead(): string {
  const store = openStore(dir, { readOnly: true });
  try {
    return store.events(SESSION).at(-1)?.hash ?? "";
  } finally {
    store.close();
  }
}
