/** Zips that no export is: each refused with what is wrong and where, and the store byte for byte as it was. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runJournalCommand } from "./cli.ts";
import { exportSession } from "./export.ts";
import { recordSample, SESSION, tickingClock } from "./sample-session.ts";
import { type JournalStore, openStore } from "./store.ts";
import { type BadZip, badZips, type Members, packed } from "./test-bad-zips.ts";
import { verifyExport } from "./verify-export.ts";
import { openZip } from "./zip-read.ts";

const SEED = 20261124;
const root = mkdtempSync(join(tmpdir(), "bad-zips-"));
const good = join(root, "good.zip");
const bad = join(root, "bad.zip");
const there = join(root, "there");
let store: JournalStore;
let zips: readonly BadZip[] = [];
let before: readonly string[] = [];

beforeAll(async () => {
  const dir = join(root, "here");
  const here = openStore(dir);
  await recordSample(here.createSession(SESSION, tickingClock()), { turns: 3, end: true });
  here.close();
  await exportSession(dir, SESSION, good, { steps: null, pictures: true });
  const members = await membersOf(good);
  expect(packed(members).equals(readFileSync(good))).toBe(true);
  zips = badZips(members, seeded());
  store = openStore(there);
  await recordSample(store.createSession("20261121-0008", tickingClock()), { turns: 1, end: true });
  before = stateOf(there);
});
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

/** Every file below a folder with the hash of its bytes. */
function stateOf(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`)
    .sort();
}

async function membersOf(path: string): Promise<Members> {
  const zip = await openZip(path);
  const members = new Map<string, Buffer>();
  for (const { name } of zip.members) members.set(name, Buffer.from(await zip.read(name)));
  await zip.close();
  return members;
}

function seeded(): (limit: number) => number {
  let state = SEED;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** What is said about the file at `path`, by verifying and by importing; nothing is taken. */
async function refusal(path: string): Promise<string> {
  const found = await verifyExport(path);
  const said = await store.importZip(path).then(
    (session) => `imported ${session}`,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  expect(found.ok).toBe(false);
  expect(said).toMatch(/ was not imported, nor any part of it: .+ Ask for a fresh export of the session\.$/);
  if (!found.ok) expect(said).toContain(found.problem);
  expect(said).not.toMatch(/undefined|\[object|Error:|RangeError|Maximum call stack/);
  expect(said.length).toBeLessThan(900);
  return said;
}

describe("a zip that no export is", () => {
  it("is refused with what is wrong, and leaves the store as it was, whatever it is", {
    timeout: 120_000,
  }, async () => {
    const wrong: string[] = [];
    for (const { name, bytes, says } of zips) {
      writeFileSync(bad, bytes);
      const said = await refusal(bad).catch((error: unknown) => `not refused as it should be: ${error}`);
      if (!says.test(said)) wrong.push(`${name}: ${said.slice(0, 400)}`);
    }
    expect(wrong).toEqual([]);
    expect(stateOf(there)).toEqual(before);
    expect(store.list().map(({ id }) => id)).toEqual(["20261121-0008"]);
    expect(zips.length).toBeGreaterThan(150);
    // The good one still goes in.
    expect(await store.importZip(good)).toBe(SESSION);
    store.delete(SESSION, "operator");
    before = stateOf(there);
  });

  it.each<[string, (path: string) => void, RegExp]>([
    ["a folder", (path) => void mkdirSync(path), /is no plain file; give one/],
    ["a pipe", (path) => void execFileSync("mkfifo", [path]), /is no plain file; give one/],
    [
      "a link to the good one",
      (path) => symlinkSync(good, path),
      /is a symbolic link; give the file that it points to/,
    ],
    ["a link to /dev/zero", (path) => symlinkSync("/dev/zero", path), /is a symbolic link/],
    ["a link to itself", (path) => symlinkSync(path, path), /is a symbolic link/],
  ])("%s in its place", async (_name, put, says) => {
    rmSync(bad, { recursive: true, force: true });
    put(bad);
    expect(await refusal(bad)).toMatch(says);
    rmSync(bad, { recursive: true, force: true });
    expect(stateOf(there)).toEqual(before);
  });

  it("nothing in its place", async () => {
    const none = join(root, "none.zip");
    await expect(store.importZip(none)).rejects.toMatchObject({ code: "not_found", message: /it is not there/ });
  });

  it("from the command line: exit 1, and where", async () => {
    writeFileSync(bad, "no zip");
    for (const verb of ["verify", "import"]) {
      const said: string[] = [];
      const io = { out: (text: string) => void said.push(text), err: (text: string) => void said.push(text) };
      expect(await runJournalCommand([verb, bad, `--user-data-dir=${there}`], io, "")).toBe(1);
      expect(said.join("")).toMatch(/bad\.zip.*the zip is no zip that can be read/);
    }
  });
});
